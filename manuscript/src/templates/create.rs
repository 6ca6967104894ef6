//! A chapter or a starter, copied as the beginning of a crate with a name of its own.

use std::fs;
use std::path::{self, Path, PathBuf};

use crate::files::{self, FileError};
use crate::layout::{self, Tree};
use crate::locks::LOCK;
use crate::templates::name::{self, NameFault, Rename};
use crate::templates::{copy, explore};

/// An error of a crate that could not be created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is no such chapter or starter.
    #[error("there is no `{template}`; there are {}", known.join(", "))]
    Unknown {
        /// The name that was asked for.
        template: String,
        /// The names of all chapters and starters.
        known: Vec<String>,
    },
    /// The crate cannot have this name.
    #[error("`{name}` is no name for this crate: {fault}; `--name` gives it another one")]
    Name {
        /// The name that was asked for.
        name: String,
        /// The reason.
        fault: NameFault,
    },
    /// The folder has something in it.
    #[error("{} exists and is not empty: name another folder", .0.display())]
    Occupied(PathBuf),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A new crate.
#[derive(Debug)]
pub struct Created {
    /// The chapter or starter that was copied.
    pub template: PathBuf,
    /// The folder of the crate.
    pub folder: PathBuf,
    /// The name of the crate.
    pub name: String,
}

/// The crate that is asked for.
#[derive(Debug)]
pub struct NewCrate<'a> {
    /// The name of the chapter or starter to copy.
    pub template: &'a str,
    /// The folder of the crate, which does not exist or is empty.
    pub folder: &'a Path,
    /// The name of the crate. Without it, the crate has the name of the folder.
    pub name: Option<&'a str>,
    /// Adds the library `chain`, and a test that explores every order: see [`explore`].
    pub explores: bool,
}

/// Copies a chapter or a starter.
///
/// The folder exists with all files in it or not at all: they are written beside it and then moved.
pub fn create(tree: &Tree, new: &NewCrate) -> Result<Created, CreateError> {
    let template = find(tree, new.template)?;
    let folder = path::absolute(new.folder).map_err(FileError::at(new.folder))?;
    let name = new
        .name
        .map_or_else(|| layout::name(&folder), str::to_owned);
    let lock = template.join(LOCK);
    let lock = match new.explores {
        true => explore::lock_with_chain(tree, &lock)?,
        false => files::read_text(&lock)?,
    };
    let rename = rename(&template, &lock, &name)?;
    if is_occupied(&folder)? {
        return Err(CreateError::Occupied(folder));
    }

    let parent = folder.parent().unwrap_or(&folder);
    let beside = parent.ancestors().find(|above| above.is_dir());
    let beside = beside.unwrap_or(parent);
    let staging = tempfile::Builder::new()
        .prefix(".cargo-book-new-")
        .tempdir_in(beside)
        .map_err(FileError::at(beside))?;
    let complete = staging.path().join("crate");
    copy::lay(&copy::files_of(&template)?, Some(&rename), &complete)?;
    if new.explores {
        explore::add(tree, &template, &complete)?;
    }

    fs::create_dir_all(parent).map_err(FileError::at(parent))?;
    fs::rename(&complete, &folder).map_err(FileError::at(&folder))?;
    Ok(Created {
        template,
        folder,
        name,
    })
}

fn find(tree: &Tree, template: &str) -> Result<PathBuf, CreateError> {
    let templates = [tree.chapters()?, tree.starters()?].concat();
    let names = templates.iter().map(|folder| layout::name(folder));
    let known: Vec<_> = names.collect();
    match known.iter().position(|name| name == template) {
        Some(index) => Ok(templates[index].clone()),
        None => Err(CreateError::Unknown {
            template: template.to_owned(),
            known,
        }),
    }
}

/// Checks the name against those of the packages in a lock file.
fn rename(template: &Path, lock: &str, name: &str) -> Result<Rename, CreateError> {
    let refused = |fault| CreateError::Name {
        name: name.to_owned(),
        fault,
    };
    name::check_name(name).map_err(refused)?;
    let from = name::name_of(template)?;
    if name::is_used(lock, name, &from) {
        return Err(refused(NameFault::Used));
    }
    Ok(Rename {
        from,
        to: name.to_owned(),
    })
}

/// Returns whether a path leads to something else than an empty folder.
fn is_occupied(path: &Path) -> Result<bool, FileError> {
    if !path.is_dir() {
        return Ok(path.symlink_metadata().is_ok());
    }
    let mut entries = fs::read_dir(path).map_err(FileError::at(path))?;
    Ok(entries.next().is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tempfile::TempDir;

    use super::*;
    use crate::process;

    const MANIFEST: &str =
        "[package]\nname = \"cross-contract-setup\"\n\n[dev-dependencies]\nanyhow = \"1\"\n";
    const LOCK: &str = "version = 4\n\n\
        [[package]]\nname = \"cross-contract-setup\"\nversion = \"0.1.0\"\n\n\
        [[package]]\nname = \"near-sdk\"\nversion = \"5.30.0\"\n";

    const BARE: &str = "[package]\nname = \"bare\"\n\n[dev-dependencies]\nanyhow = \"1\"\n";
    const BARE_LOCK: &str = "version = 4\n\n[[package]]\nname = \"bare\"\nversion = \"0.1.0\"\n";

    const BOOK: &str = "[workspace.dependencies]\nnear-primitives = \"=0.38.0\"\n";
    const BOOK_LOCK: &str = "version = 4\n\n\
        [[package]]\nname = \"chain\"\nversion = \"0.1.0\"\n\n\
        [[package]]\nname = \"near-sdk\"\nversion = \"5.30.0\"\n\
        source = \"registry\"\n\n\
        [[package]]\nname = \"near-vm-runner\"\nversion = \"0.38.0\"\n\
        source = \"registry\"\n\n\
        [[package]]\nname = \"runs\"\nversion = \"0.1.0\"\n";

    /// Returns a tree with a chapter and a starter, and an empty folder beside it.
    fn tree() -> (TempDir, Tree, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("book/chapters/setup/Cargo.toml", MANIFEST),
            ("book/chapters/setup/Cargo.lock", LOCK),
            ("book/chapters/setup/README.md", "# cross-contract-setup\n"),
            ("book/chapters/setup/.cargo/config.toml", "[target]\n"),
            ("book/chapters/setup/src/lib.rs", "// setup\n"),
            ("book/chapters/setup/target/debug/setup.rlib", ""),
            ("book/starters/bare/Cargo.toml", BARE),
            ("book/starters/bare/Cargo.lock", BARE_LOCK),
            (
                "book/starters/bare/README.md",
                "# It\n\n## Test\n\n## Licence\n",
            ),
            ("book/starters/bare/.cargo/config.toml", "[target]\n"),
            ("book/starters/explore/bare.rs", "// bare\n"),
            ("book/starters/explore/chapters.rs", "// chapters\n"),
            ("book/starters/explore/README.md", "## Explore\n"),
            ("book/Cargo.toml", BOOK),
            ("book/Cargo.lock", BOOK_LOCK),
            (
                "book/.cargo/config.toml",
                "[env]\nA = \"1\"\n\n[profile.dev]\ndebug = false\n",
            ),
        ] {
            files::write(&root.path().join(path), text).unwrap();
        }
        let tree = Tree::at(root.path().join("book"));
        let home = root.path().join("home");
        fs::create_dir(&home).unwrap();
        (root, tree, home)
    }

    /// Copies without additions.
    fn create(
        tree: &Tree,
        template: &str,
        folder: &Path,
        name: Option<&str>,
    ) -> Result<Created, CreateError> {
        let explores = false;
        let new = NewCrate {
            template,
            folder,
            name,
            explores,
        };
        super::create(tree, &new)
    }

    /// Copies with the additions, to a folder that has the name of the crate.
    fn create_that_explores(
        tree: &Tree,
        template: &str,
        folder: &Path,
    ) -> Result<PathBuf, CreateError> {
        let new = NewCrate {
            template,
            folder,
            name: None,
            explores: true,
        };
        super::create(tree, &new).map(|created| created.folder)
    }

    fn entries(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn the_crate_has_every_file_of_the_chapter_and_its_own_name() {
        let (_root, tree, home) = tree();

        let folder = create(&tree, "setup", &home.join("shop"), Some("my-shop"))
            .unwrap()
            .folder;

        let copied: Vec<_> = copy::files_of(&folder).unwrap().into_keys().collect();
        let chapter = copy::files_of(&tree.chapter("setup")).unwrap();
        assert_eq!(copied, chapter.into_keys().collect::<Vec<_>>());
        assert_eq!(name::name_of(&folder).unwrap(), "my-shop");
        let readme = files::read_text(&folder.join("README.md")).unwrap();
        assert_eq!(readme, "# my-shop\n");
        assert_eq!(entries(&home), 1, "nothing else was left there");
    }

    #[test]
    fn the_folders_above_are_created_too() {
        let (_root, tree, home) = tree();

        let folder = create(&tree, "setup", &home.join("near/shop"), Some("shop"))
            .unwrap()
            .folder;

        assert!(folder.join("src/lib.rs").is_file());
        assert_eq!(entries(&home), 1, "nothing else was left there");
    }

    #[test]
    fn a_starter_is_copied_as_a_chapter_is() {
        let (_root, tree, home) = tree();

        let created = create(&tree, "bare", &home.join("shop"), Some("my-shop")).unwrap();

        assert_eq!(name::name_of(&created.folder).unwrap(), "my-shop");
        assert_eq!(created.template, tree.root().join("starters/bare"));
    }

    #[test]
    fn without_a_name_the_crate_has_that_of_the_folder() {
        let (_root, tree, home) = tree();

        let created = create(&tree, "bare", &home.join("shop"), None).unwrap();

        assert_eq!(created.name, "shop");
        assert_eq!(name::name_of(&created.folder).unwrap(), "shop");
    }

    #[test]
    fn an_empty_folder_is_accepted() {
        let (_root, tree, home) = tree();
        fs::create_dir(home.join("shop")).unwrap();

        let folder = create(&tree, "setup", &home.join("shop"), Some("shop"))
            .unwrap()
            .folder;

        assert!(folder.join("src/lib.rs").is_file());
    }

    #[test]
    fn a_folder_with_something_in_it_is_unchanged() {
        let (_root, tree, home) = tree();
        files::write(&home.join("shop/mine.txt"), "mine").unwrap();

        let error = create(&tree, "setup", &home.join("shop"), Some("shop")).unwrap_err();

        assert!(matches!(error, CreateError::Occupied(_)), "{error}");
        assert_eq!(entries(&home.join("shop")), 1);
        assert_eq!(entries(&home), 1, "nothing else was left there");
    }

    #[test]
    fn a_file_at_the_path_of_the_folder_is_unchanged() {
        let (_root, tree, home) = tree();
        files::write(&home.join("shop"), "mine").unwrap();

        let error = create(&tree, "setup", &home.join("shop"), Some("shop")).unwrap_err();

        assert!(matches!(error, CreateError::Occupied(_)), "{error}");
        assert_eq!(files::read_text(&home.join("shop")).unwrap(), "mine");
    }

    #[test]
    fn the_error_of_an_unknown_template_lists_all() {
        let (_root, tree, home) = tree();

        let error = create(&tree, "bach", &home.join("shop"), Some("shop")).unwrap_err();

        assert_eq!(
            error.to_string(),
            "there is no `bach`; there are setup, bare"
        );
        assert_eq!(entries(&home), 0);
    }

    #[test]
    fn the_error_of_an_invalid_name_says_what_is_wrong() {
        let (_root, tree, home) = tree();

        let error = create(&tree, "setup", &home.join("shop"), Some("my shop")).unwrap_err();

        assert_eq!(
            error.to_string(),
            "`my shop` is no name for this crate: it contains ` `: \
             use letters from a to z, digits, `-` and `_`; `--name` gives it another one"
        );
        assert_eq!(entries(&home), 0);
    }

    #[test]
    fn the_name_of_a_dependency_is_refused() {
        let (_root, tree, home) = tree();

        let error = create(&tree, "setup", &home.join("shop"), Some("near_sdk")).unwrap_err();

        let used = matches!(
            error,
            CreateError::Name {
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

        let error = create(&tree, "setup", &home.join("near/shop"), Some("shop")).unwrap_err();

        assert!(matches!(error, CreateError::File(_)), "{error}");
        assert_eq!(entries(&home), 0);
    }

    #[test]
    fn a_crate_that_explores_has_a_dependency_by_path_on_the_chain_of_this_tree() {
        let (root, tree, home) = tree();

        let folder = create_that_explores(&tree, "bare", &home.join("shop")).unwrap();

        let manifest = files::read_toml(&folder.join("Cargo.toml")).unwrap();
        let dependencies = &manifest["dev-dependencies"];
        let chain = root.path().join("book/chain");
        assert_eq!(
            dependencies["chain"]["path"].as_str(),
            Some(chain.to_str().unwrap())
        );
        assert_eq!(dependencies["near-primitives"].as_str(), Some("=0.38.0"));
        assert_eq!(dependencies["anyhow"].as_str(), Some("1"));
    }

    #[test]
    fn a_crate_that_explores_has_the_test_of_its_template() {
        let (_root, tree, home) = tree();
        let test_of = |template| {
            let folder = create_that_explores(&tree, template, &home.join(template).join("shop"));
            files::read_text(&folder.unwrap().join("tests/explore.rs")).unwrap()
        };

        assert_eq!(test_of("bare"), "// bare\n");
        assert_eq!(test_of("setup"), "// chapters\n");
    }

    #[test]
    fn the_section_about_exploring_comes_before_the_licence() {
        let (_root, tree, home) = tree();

        let folder = create_that_explores(&tree, "bare", &home.join("shop")).unwrap();

        assert_eq!(
            files::read_text(&folder.join("README.md")).unwrap(),
            "# It\n\n## Test\n\n## Explore\n\n## Licence\n"
        );
    }

    #[test]
    fn a_crate_that_explores_has_the_profile_of_the_tree_and_nothing_else_of_its_configuration() {
        let (_root, tree, home) = tree();

        let folder = create_that_explores(&tree, "bare", &home.join("shop")).unwrap();

        let configuration = files::read_toml(&folder.join(".cargo/config.toml")).unwrap();
        assert!(configuration.contains_key("target"), "its own");
        assert!(!configuration.contains_key("env"), "the tree's");
        assert_eq!(
            configuration["profile"]["dev"]["debug"].as_bool(),
            Some(false)
        );
    }

    #[test]
    fn a_crate_that_explores_has_the_versions_of_the_tree_where_it_has_none_of_its_own() {
        let (_root, tree, home) = tree();

        let folder = create_that_explores(&tree, "setup", &home.join("shop")).unwrap();

        let lock = files::read_text(&folder.join("Cargo.lock")).unwrap();
        let names: Vec<_> = lock
            .lines()
            .filter_map(|line| line.strip_prefix("name = "))
            .collect();
        assert_eq!(
            names,
            [
                "\"chain\"",
                "\"near-sdk\"",
                "\"near-vm-runner\"",
                "\"shop\""
            ]
        );
    }

    #[test]
    fn the_name_of_a_dependency_of_the_chain_is_refused_only_to_a_crate_that_explores() {
        let (_root, tree, home) = tree();
        for name in ["chain", "near-vm-runner"] {
            let error = create_that_explores(&tree, "bare", &home.join(name)).unwrap_err();
            assert!(matches!(error, CreateError::Name { .. }), "{error}");

            create(&tree, "bare", &home.join(name), None).unwrap();
        }
    }

    #[test]
    fn cargo_accepts_every_copy_with_its_lock_file_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let tree = Tree::here();
        let mut rustc = process::command("rustc", home.path());
        let host = process::run(rustc.args(["--print", "host-tuple"])).unwrap();
        for chapter in [tree.chapters().unwrap(), tree.starters().unwrap()].concat() {
            // A package that is on this machine is not downloaded again.
            let mut fetch = process::cargo(&chapter);
            fetch.args(["fetch", "--locked", "--target", host.trim()]);
            process::run(&mut fetch).unwrap();
            let folder = home.path().join(layout::name(&chapter));

            create(
                &tree,
                &layout::name(&chapter),
                &folder,
                Some("a-shop-of-mine"),
            )
            .unwrap();

            let mut cargo = process::cargo(&folder);
            cargo
                .args(["metadata", "--format-version=1", "--offline", "--locked"])
                .args(["--filter-platform", host.trim()]);
            let metadata = process::run(&mut cargo).unwrap();
            let metadata: Value = serde_json::from_str(&metadata).unwrap();
            let root = metadata["resolve"]["root"].as_str().unwrap();
            assert!(root.contains("a-shop-of-mine"), "{root}");
        }
    }
}
