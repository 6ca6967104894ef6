//! A chapter as the beginning of a reader's own crate: copied to a folder of theirs, and renamed.

use crate::files::{self, FileError};
use crate::package::{self, NameFault, Rename};
use crate::starter;
use crate::tree::{self, Tree};
use std::fs;
use std::path::{self, Path, PathBuf};

/// A chapter that could not be copied to where the reader wants it.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// There is no such chapter.
    #[error("there is no chapter `{chapter}`; there are {}", known.join(", "))]
    Chapter {
        /// What was asked for.
        chapter: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A crate cannot have this name.
    #[error("`{name}` is no name for this crate: {fault}")]
    Name {
        /// What was asked for.
        name: String,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// Something is there already.
    #[error("{} is there already, and not empty: name another folder", .0.display())]
    Occupied(PathBuf),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Copies `chapter` to `folder` as a crate called `name`, and says where that is.
///
/// The folder is there with everything in it, or it is not there: it is written beside its place, and
/// moved when it is whole.
pub fn run(tree: &Tree, chapter: &str, folder: &Path, name: &str) -> Result<PathBuf, NewError> {
    let chapter = find(tree, chapter)?;
    let rename = rename(&chapter, name)?;
    let folder = path::absolute(folder).map_err(FileError::at(folder))?;
    if is_occupied(&folder)? {
        return Err(NewError::Occupied(folder));
    }

    let parent = folder.parent().unwrap_or(&folder);
    let beside = parent.ancestors().find(|above| above.is_dir());
    let beside = beside.unwrap_or(parent);
    let staging = tempfile::Builder::new()
        .prefix(".cargo-book-new-")
        .tempdir_in(beside)
        .map_err(FileError::at(beside))?;
    let whole = staging.path().join("crate");
    starter::lay(&starter::files_of(&chapter)?, Some(&rename), &whole)?;

    fs::create_dir_all(parent).map_err(FileError::at(parent))?;
    fs::rename(&whole, &folder).map_err(FileError::at(&folder))?;
    Ok(folder)
}

fn find(tree: &Tree, chapter: &str) -> Result<PathBuf, NewError> {
    let chapters = tree.chapters()?;
    let found = chapters
        .iter()
        .find(|folder| tree::name(folder) == chapter)
        .cloned();
    found.ok_or_else(|| NewError::Chapter {
        chapter: chapter.to_owned(),
        known: chapters.iter().map(|folder| tree::name(folder)).collect(),
    })
}

fn rename(chapter: &Path, name: &str) -> Result<Rename, NewError> {
    let refused = |fault| NewError::Name {
        name: name.to_owned(),
        fault,
    };
    package::check_name(name).map_err(refused)?;
    let from = package::name_of(chapter)?;
    let lock = files::read_text(&chapter.join("Cargo.lock"))?;
    if package::is_used(&lock, name, &from) {
        return Err(refused(NameFault::Used));
    }
    Ok(Rename {
        from,
        to: name.to_owned(),
    })
}

/// Whether there is something at this path that is more than an empty folder.
fn is_occupied(path: &Path) -> Result<bool, FileError> {
    if !path.is_dir() {
        return Ok(path.symlink_metadata().is_ok());
    }
    let mut entries = fs::read_dir(path).map_err(FileError::at(path))?;
    Ok(entries.next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::child;
    use crate::step::Step;
    use serde_json::Value;
    use tempfile::TempDir;

    const MANIFEST: &str = "[package]\nname = \"cross-contract-setup\"\n";
    const LOCK: &str = "version = 4\n\n\
        [[package]]\nname = \"cross-contract-setup\"\nversion = \"0.1.0\"\n\n\
        [[package]]\nname = \"near-sdk\"\nversion = \"5.30.0\"\n";

    /// A tree with one chapter, and an empty folder beside it.
    fn tree() -> (TempDir, Tree, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("book/chapters/setup/Cargo.toml", MANIFEST),
            ("book/chapters/setup/Cargo.lock", LOCK),
            ("book/chapters/setup/README.md", "# cross-contract-setup\n"),
            ("book/chapters/setup/.cargo/config.toml", "[target]\n"),
            ("book/chapters/setup/src/lib.rs", "// setup\n"),
            ("book/chapters/setup/target/debug/setup.rlib", ""),
        ] {
            files::write(&root.path().join(path), text).unwrap();
        }
        let tree = Tree::at(root.path().join("book"));
        let home = root.path().join("home");
        fs::create_dir(&home).unwrap();
        (root, tree, home)
    }

    fn entries(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn the_crate_has_every_file_of_the_chapter_and_its_own_name() {
        let (_root, tree, home) = tree();

        let folder = run(&tree, "setup", &home.join("shop"), "my-shop").unwrap();

        let copied: Vec<_> = starter::files_of(&folder).unwrap().into_keys().collect();
        let chapter = starter::files_of(&tree.chapter("setup")).unwrap();
        assert_eq!(copied, chapter.into_keys().collect::<Vec<_>>());
        assert_eq!(package::name_of(&folder).unwrap(), "my-shop");
        let readme = files::read_text(&folder.join("README.md")).unwrap();
        assert_eq!(readme, "# my-shop\n");
        assert_eq!(entries(&home), 1, "nothing else was left there");
    }

    #[test]
    fn the_folders_above_are_made_too() {
        let (_root, tree, home) = tree();

        let folder = run(&tree, "setup", &home.join("near/shop"), "shop").unwrap();

        assert!(folder.join("src/lib.rs").is_file());
        assert_eq!(entries(&home), 1, "nothing else was left there");
    }

    #[test]
    fn an_empty_folder_is_taken() {
        let (_root, tree, home) = tree();
        fs::create_dir(home.join("shop")).unwrap();

        let folder = run(&tree, "setup", &home.join("shop"), "shop").unwrap();

        assert!(folder.join("src/lib.rs").is_file());
    }

    #[test]
    fn a_folder_with_something_in_it_stays_as_it_is() {
        let (_root, tree, home) = tree();
        files::write(&home.join("shop/mine.txt"), "mine").unwrap();

        let error = run(&tree, "setup", &home.join("shop"), "shop").unwrap_err();

        assert!(matches!(error, NewError::Occupied(_)), "{error}");
        assert_eq!(entries(&home.join("shop")), 1);
        assert_eq!(entries(&home), 1, "nothing else was left there");
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_stays_as_it_is() {
        let (_root, tree, home) = tree();
        files::write(&home.join("shop"), "mine").unwrap();

        let error = run(&tree, "setup", &home.join("shop"), "shop").unwrap_err();

        assert!(matches!(error, NewError::Occupied(_)), "{error}");
        assert_eq!(files::read_text(&home.join("shop")).unwrap(), "mine");
    }

    #[test]
    fn an_unknown_chapter_is_answered_with_those_that_there_are() {
        let (_root, tree, home) = tree();

        let error = run(&tree, "bach", &home.join("shop"), "shop").unwrap_err();

        assert_eq!(
            error.to_string(),
            "there is no chapter `bach`; there are setup"
        );
        assert_eq!(entries(&home), 0);
    }

    #[test]
    fn a_bad_name_is_answered_with_what_is_wrong_in_it() {
        let (_root, tree, home) = tree();

        let error = run(&tree, "setup", &home.join("shop"), "my shop").unwrap_err();

        assert_eq!(
            error.to_string(),
            "`my shop` is no name for this crate: ` ` is in it: \
             use letters from a to z, digits, `-` and `_`"
        );
        assert_eq!(entries(&home), 0);
    }

    #[test]
    fn the_name_of_a_dependency_is_refused() {
        let (_root, tree, home) = tree();

        let error = run(&tree, "setup", &home.join("shop"), "near_sdk").unwrap_err();

        let used = matches!(
            error,
            NewError::Name {
                fault: NameFault::Used,
                ..
            }
        );
        assert!(used, "{error}");
    }

    #[test]
    fn when_a_file_cannot_be_copied_there_is_no_folder() {
        let (_root, tree, home) = tree();
        // The last of the files in their order, so that others are written before it.
        files::write(&tree.chapter("setup").join("Cargo.lock"), LOCK).unwrap();
        let readme = tree.chapter("setup").join("README.md");
        fs::write(&readme, b"no text: \xff").unwrap();

        let error = run(&tree, "setup", &home.join("near/shop"), "shop").unwrap_err();

        assert!(matches!(error, NewError::File(_)), "{error}");
        assert_eq!(entries(&home), 0);
    }

    #[test]
    fn cargo_takes_every_chapter_under_its_new_name_with_the_lock_file_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let tree = Tree::here();
        let host = child::run(
            child::command("rustc", home.path()).args(["--print", "host-tuple"]),
            &Step::silent(),
        );
        let host = host.unwrap();
        for chapter in tree.chapters().unwrap() {
            // Whatever is on this machine already is not fetched.
            let mut fetch = child::command("cargo", &chapter);
            fetch.args(["fetch", "--locked", "--target", host.trim()]);
            child::run(&mut fetch, &Step::silent()).unwrap();
            let folder = home.path().join(tree::name(&chapter));

            run(&tree, &tree::name(&chapter), &folder, "a-shop-of-mine").unwrap();

            let mut cargo = child::command("cargo", &folder);
            cargo
                .args(["metadata", "--format-version=1", "--offline", "--locked"])
                .args(["--filter-platform", host.trim()]);
            let metadata = child::run(&mut cargo, &Step::silent()).unwrap();
            let metadata: Value = serde_json::from_str(&metadata).unwrap();
            let root = metadata["resolve"]["root"].as_str().unwrap();
            assert!(root.contains("a-shop-of-mine"), "{root}");
        }
    }
}
