//! A chapter's crate as a reader has it: copied to a folder that knows nothing of this book.
//!
//! A copy can carry the solutions of the chapter's exercises. They lie in `tests/solutions/<chapter>`,
//! which mirrors the chapter: a file there takes the place of the chapter's, or is one more.

use crate::files::{self, FileError};
use crate::package::{self, NAMED_IN, Rename};
use crate::tree::{self, Tree};
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// What cargo reads in every folder above the one that it runs in.
const CONFIGURATIONS: [&str; 2] = [".cargo/config.toml", ".cargo/config"];

/// A chapter that could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The copy would not be alone: cargo reads this file there as well.
    #[error(
        "{} lies above {}, and cargo would go by it there: move it away, or name another folder in TMPDIR",
        configuration.display(),
        folder.display()
    )]
    NotAlone {
        /// The file.
        configuration: PathBuf,
        /// Where the copy was to lie.
        folder: PathBuf,
    },
}

/// The files of a crate: the place of each, and which file to take for it.
pub type Files = BTreeMap<PathBuf, PathBuf>;

/// Every file of a folder that people wrote, by its place there.
pub fn files_of(folder: &Path) -> Result<Files, FileError> {
    let place = |path: PathBuf| {
        let place = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        (place, path)
    };
    Ok(files::written(folder)?.into_iter().map(place).collect())
}

/// Copies a chapter to a folder that has nothing else, and says which.
///
/// The folder is the same each time, and a file that is as it was is not written again: what cargo
/// built from it in the last run is good in this one.
pub fn copy(tree: &Tree, chapter: &Path) -> Result<PathBuf, StarterError> {
    let folder = copies(tree).join(tree::name(chapter));
    lay_alone(&files_of(chapter)?, None, &folder)?;
    Ok(folder)
}

/// The same with the solutions in `overlay` laid over the chapter.
///
/// The package gets a name of its own. So cargo takes neither its contract nor its tests for the
/// chapter's, which it builds in the same target folder.
pub fn copy_solved(tree: &Tree, overlay: &Path) -> Result<PathBuf, StarterError> {
    let chapter = tree.chapter(&tree::name(overlay));
    let from = package::name_of(&chapter)?;
    let to = format!("{from}-solutions");
    let mut files = files_of(&chapter)?;
    files.extend(files_of(overlay)?);

    let folder = copies(tree).join("solutions").join(tree::name(overlay));
    lay_alone(&files, Some(&Rename { from, to }), &folder)?;
    Ok(folder)
}

/// Where the copies of a tree lie.
fn copies(tree: &Tree) -> PathBuf {
    let book = hash(tree.root());
    env::temp_dir().join(format!("starters-{book:016x}"))
}

/// Lays files into a folder, and removes the others from it.
fn lay_alone(files: &Files, rename: Option<&Rename>, folder: &Path) -> Result<(), StarterError> {
    if let Some(configuration) = configuration_above(folder) {
        let folder = folder.to_owned();
        return Err(StarterError::NotAlone {
            configuration,
            folder,
        });
    }
    for (place, path) in files_of(folder)? {
        if !files.contains_key(&place) {
            fs::remove_file(&path).map_err(FileError::at(&path))?;
        }
    }
    Ok(lay(files, rename, folder)?)
}

/// Lays files into a folder. A file that is there already, and the same, stays with its time.
pub fn lay(files: &Files, rename: Option<&Rename>, folder: &Path) -> Result<(), FileError> {
    for (place, from) in files {
        let to = folder.join(place);
        let is_named = NAMED_IN.iter().any(|named| place == Path::new(named));
        let content = match rename.filter(|_| is_named) {
            Some(rename) => rename
                .apply(place, from, files::read_text(from)?)?
                .into_bytes(),
            None => files::read(from)?,
        };
        if !to.is_file() || files::read(&to)? != content {
            files::write(&to, content)?;
        }
    }
    Ok(())
}

/// A file above a folder by which cargo would go there. The reader's own, in cargo's home, holds
/// everywhere.
fn configuration_above(folder: &Path) -> Option<PathBuf> {
    let home = files::cargo_home().map(canonical);
    folder
        .ancestors()
        .skip(1)
        .filter(|above| home != Some(canonical(above.join(".cargo"))))
        .flat_map(|above| CONFIGURATIONS.map(|configuration| above.join(configuration)))
        .find(|configuration| configuration.is_file())
}

/// Every file that lies around the tree and its copies, and by which cargo goes in them.
pub fn configurations_around(tree: &Tree) -> Vec<PathBuf> {
    let copies = copies(tree);
    let above = [tree.root(), &copies].map(|folder| folder.ancestors().skip(1));
    let above = above.into_iter().flatten();
    let above =
        above.flat_map(|above| CONFIGURATIONS.map(|configuration| above.join(configuration)));
    let home = files::cargo_home().into_iter();
    let home = home.flat_map(|home| ["config.toml", "config"].map(|file| home.join(file)));
    above.chain(home).filter(|path| path.is_file()).collect()
}

fn canonical(path: PathBuf) -> PathBuf {
    path.canonicalize().unwrap_or(path)
}

/// What cargo has to be told to build the dependencies of a copy as the tree builds them, in whose
/// target folder they are built already: the profiles in the tree's `.cargo/config.toml`.
pub fn profiles(tree: &Tree) -> Result<[String; 2], FileError> {
    let path = tree.root().join(CONFIGURATIONS[0]);
    let configuration: Result<toml::Table, toml::de::Error> = files::read_text(&path)?.parse();
    let mut configuration = configuration
        .map_err(io::Error::other)
        .map_err(FileError::at(&path))?;
    configuration.retain(|key, _| key == "profile");
    let profiles = copies(tree).join("profiles.toml");
    files::write(&profiles, configuration.to_string())?;
    Ok([
        "--config".to_owned(),
        profiles.to_string_lossy().into_owned(),
    ])
}

/// What cargo has to be told to build a copy in the tree's target folder, where the dependencies are
/// built already.
///
/// There, cargo tells a package by its path in its workspace, so the copy would pass for the chapter
/// itself, and the chapter's tests would run instead of the copy's. A profile of its own keeps them
/// apart. The number is more than there are units, so it changes nothing else.
pub fn apart(folder: &Path) -> Result<[String; 2], FileError> {
    let package = package::name_of(folder)?;
    let units = 1_000 + hash(folder) % 1_000_000;
    let profile = format!("profile.dev.package.{package}.codegen-units={units}");
    Ok(["--config".to_owned(), profile])
}

fn hash(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::time::SystemTime;
    use tempfile::TempDir;

    const MANIFEST: &str = "[package]\nname = \"one\"\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"one\"\nversion = \"0.1.0\"\n";

    /// A tree with a chapter `one`, and solutions for it.
    fn tree() -> (TempDir, Tree) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("chapters/one/Cargo.toml", MANIFEST),
            ("chapters/one/Cargo.lock", LOCK),
            ("chapters/one/src/lib.rs", "// exercise"),
            ("chapters/one/src/other.rs", "// other"),
            ("chapters/one/.cargo/config.toml", "[build]"),
            ("chapters/one/target/one.wasm", ""),
            ("tests/solutions/one/src/lib.rs", "// solution"),
            ("tests/solutions/one/tests/solutions.rs", "// tests"),
        ] {
            files::write(&root.path().join(path), text).unwrap();
        }
        let tree = Tree::at(root.path());
        (root, tree)
    }

    /// Removes the copies of a tree at the end of a test.
    struct Copies(PathBuf);

    impl Drop for Copies {
        fn drop(&mut self) {
            // There are none when the test failed early.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_copy_has_every_file_and_no_older_one() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let chapter = tree.chapter("one");
        files::write(&chapter.join("gone.rs"), "").unwrap();
        copy(&tree, &chapter).unwrap();
        fs::remove_file(chapter.join("gone.rs")).unwrap();

        let folder = copy(&tree, &chapter).unwrap();

        let copied: Vec<_> = files_of(&folder).unwrap().into_keys().collect();
        let written: Vec<_> = files_of(&chapter).unwrap().into_keys().collect();
        assert_eq!(copied, written);
        assert!(!folder.join("target").exists());
    }

    fn time(path: &Path) -> SystemTime {
        fs::metadata(path).unwrap().modified().unwrap()
    }

    /// Lets a file look as if it had been written before everything else.
    fn age(path: &Path) {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }

    #[test]
    fn a_file_that_is_as_it_was_keeps_its_time_for_cargo() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let chapter = tree.chapter("one");
        let copied = copy(&tree, &chapter).unwrap().join("src/lib.rs");
        age(&copied);

        copy(&tree, &chapter).unwrap();

        assert_eq!(time(&copied), SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn a_file_that_has_changed_is_new_for_cargo_however_old_it_is() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let chapter = tree.chapter("one");
        let copied = copy(&tree, &chapter).unwrap().join("src/lib.rs");
        let before = time(&copied);
        files::write(&chapter.join("src/lib.rs"), "// changed").unwrap();
        age(&chapter.join("src/lib.rs"));

        copy(&tree, &chapter).unwrap();

        assert!(time(&copied) > before);
    }

    #[test]
    fn a_solution_takes_the_place_of_the_chapters_file_or_is_one_more() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let overlay = tree.root().join("tests/solutions/one");

        let folder = copy_solved(&tree, &overlay).unwrap();

        let text = |path: &str| files::read_text(&folder.join(path)).unwrap();
        assert_eq!(text("src/lib.rs"), "// solution");
        assert_eq!(text("src/other.rs"), "// other");
        assert_eq!(text("tests/solutions.rs"), "// tests");
    }

    #[test]
    fn a_chapter_with_solutions_is_another_package() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let overlay = tree.root().join("tests/solutions/one");

        let folder = copy_solved(&tree, &overlay).unwrap();

        assert_eq!(package::name_of(&folder).unwrap(), "one-solutions");
        let lock = files::read_text(&folder.join("Cargo.lock")).unwrap();
        assert!(lock.contains("name = \"one-solutions\""), "{lock}");
    }

    #[test]
    fn solutions_of_a_chapter_that_there_is_not_are_an_error() {
        let (_root, tree) = tree();
        let overlay = tree.root().join("tests/solutions/two");
        fs::create_dir_all(&overlay).unwrap();

        let error = copy_solved(&tree, &overlay).unwrap_err().to_string();

        assert!(error.contains("chapters/two/Cargo.toml"), "{error}");
    }

    #[test]
    fn a_copy_that_cargo_would_configure_from_above_is_refused() {
        let above = tempfile::tempdir().unwrap();
        let configuration = above.path().join(".cargo/config.toml");
        files::write(&configuration, "[build]").unwrap();
        let folder = above.path().join("copies/one");

        let error = lay_alone(&Files::new(), None, &folder).unwrap_err();

        assert!(
            error
                .to_string()
                .starts_with(&configuration.display().to_string()),
            "{error}"
        );
        assert!(!folder.exists());
    }

    #[test]
    fn a_configuration_above_the_tree_is_around_it() {
        let above = tempfile::tempdir().unwrap();
        let configuration = above.path().join(".cargo/config.toml");
        files::write(&configuration, "[build]").unwrap();
        let tree = Tree::at(above.path().join("book"));

        assert!(configurations_around(&tree).contains(&configuration));
    }

    #[test]
    fn the_configuration_of_the_copy_itself_is_its_own() {
        let folder = tempfile::tempdir().unwrap();
        files::write(&folder.path().join(".cargo/config.toml"), "[build]").unwrap();

        assert_eq!(configuration_above(folder.path()), None);
    }

    #[test]
    fn of_the_trees_configuration_a_copy_gets_the_profiles() {
        let (root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let configuration = "[build]\njobs = 1\n\n[profile.dev]\ndebug = false\n";
        files::write(&root.path().join(".cargo/config.toml"), configuration).unwrap();

        let [option, path] = profiles(&tree).unwrap();

        assert_eq!(option, "--config");
        let profiles = files::read_text(Path::new(&path)).unwrap();
        assert_eq!(profiles, "[profile.dev]\ndebug = false\n");
    }

    #[test]
    fn a_copy_of_a_chapter_is_a_package_apart() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = "[package]\nname = \"my-contract\"\n";
        files::write(&folder.path().join("Cargo.toml"), manifest).unwrap();

        let [option, profile] = apart(folder.path()).unwrap();

        assert_eq!(option, "--config");
        assert!(
            profile.starts_with("profile.dev.package.my-contract."),
            "{profile}"
        );
    }
}
