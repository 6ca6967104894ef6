//! Copies of crates, in folders outside of the tree.
//!
//! A copy of a chapter or of a study can carry the solutions of its exercises. They lie in `tests/solutions/<its name>`,
//! a folder that mirrors it: a file there replaces the one of the same path or is added.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::files::{self, FileError};
use crate::layout::{self, Tree};
use crate::templates::name::{self, NAMED_IN, Rename};

/// The files that configure cargo for the folder that they lie in and for the folders below.
const CONFIGURATIONS: [&str; 2] = [".cargo/config.toml", ".cargo/config"];

/// An error of a crate that could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file above the copy would configure cargo there.
    #[error(
        "{} configures cargo in {} too, where a copy must stand alone: move it away, or name another folder in \
         TMPDIR",
        configuration.display(),
        folder.display()
    )]
    NotAlone {
        /// The file.
        configuration: PathBuf,
        /// The folder of the copy.
        folder: PathBuf,
    },
}

/// The files of a crate: the path of each in the crate, with the path of the file to copy.
pub type Files = BTreeMap<PathBuf, PathBuf>;

/// Returns every file of a folder, without what cargo built.
pub fn files_of(folder: &Path) -> Result<Files, FileError> {
    let from_folder = |path: PathBuf| {
        let in_crate = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        (in_crate, path)
    };
    Ok(files::written(folder)?
        .into_iter()
        .map(from_folder)
        .collect())
}

/// Copies a chapter or a starter to a folder that has nothing else, and returns the folder.
///
/// The folder is the same each time, and an unchanged file is not written again. So cargo builds only what has
/// changed since the last copy.
pub fn copy(tree: &Tree, template: &Path) -> Result<PathBuf, CopyError> {
    let folder = copies(tree).join(tree.relative(template));
    lay_alone(&files_of(template)?, None, &folder)?;
    Ok(folder)
}

/// Copies a chapter or a study with the solutions in `overlay` laid over it, and returns the folder.
///
/// The package gets another name. So cargo takes neither its contract nor its tests for those of the chapter,
/// which are built in the same target folder.
pub fn copy_solved(tree: &Tree, overlay: &Path) -> Result<PathBuf, CopyError> {
    let chapter = tree.chapter_or_study(&layout::name(overlay));
    let from = name::name_of(&chapter)?;
    let to = format!("{from}-solutions");
    let mut files = files_of(&chapter)?;
    files.extend(files_of(overlay)?);

    let folder = copies(tree).join("solutions").join(layout::name(overlay));
    lay_alone(&files, Some(&Rename { from, to }), &folder)?;
    Ok(folder)
}

/// Returns the folder of a tree's copies.
fn copies(tree: &Tree) -> PathBuf {
    let book = hash(tree.root());
    env::temp_dir().join(format!("starters-{book:016x}"))
}

/// Copies files to a folder, and removes all others from it.
fn lay_alone(files: &Files, rename: Option<&Rename>, folder: &Path) -> Result<(), CopyError> {
    if let Some(configuration) = configuration_above(folder) {
        let folder = folder.to_owned();
        return Err(CopyError::NotAlone {
            configuration,
            folder,
        });
    }
    for (in_crate, path) in files_of(folder)? {
        if !files.contains_key(&in_crate) {
            files::remove(&path)?;
        }
    }
    Ok(lay(files, rename, folder)?)
}

/// Copies files to a folder. A file that is there with the same content keeps its modification time.
pub fn lay(files: &Files, rename: Option<&Rename>, folder: &Path) -> Result<(), FileError> {
    for (in_crate, from) in files {
        let to = folder.join(in_crate);
        let is_named = NAMED_IN.iter().any(|named| in_crate == Path::new(named));
        let content = match rename.filter(|_| is_named) {
            Some(rename) => rename
                .apply(in_crate, from, files::read_text(from)?)?
                .into_bytes(),
            None => files::read(from)?,
        };
        if !to.is_file() || files::read(&to)? != content {
            files::write(&to, content)?;
        }
    }
    Ok(())
}

/// Returns a file above a folder that configures cargo there. The reader's own, in cargo's home, does not count:
/// it applies everywhere.
fn configuration_above(folder: &Path) -> Option<PathBuf> {
    let home = files::cargo_home().map(canonical);
    folder
        .ancestors()
        .skip(1)
        .filter(|above| home != Some(canonical(above.join(".cargo"))))
        .flat_map(|above| CONFIGURATIONS.map(|configuration| above.join(configuration)))
        .find(|configuration| configuration.is_file())
}

/// Returns every file outside of the tree that configures cargo in the tree or in its copies.
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

/// Returns the arguments that let cargo build the dependencies of a copy as it builds them in the tree, whose
/// target folder has them already: the profiles of the tree's `.cargo/config.toml`, in a file beside the copy.
pub fn profiles(tree: &Tree, folder: &Path) -> Result<[String; 2], FileError> {
    let mut configuration = files::read_toml(&tree.root().join(CONFIGURATIONS[0]))?;
    configuration.retain(|key, _| key == "profile");
    let profiles = folder.with_extension("profiles.toml");
    files::write(&profiles, configuration.to_string())?;
    Ok([
        "--config".to_owned(),
        profiles.to_string_lossy().into_owned(),
    ])
}

/// Returns the arguments that let cargo build a copy in the target folder of the tree.
///
/// cargo tells a package there by its path in its workspace, so it would take the copy for the crate itself, and
/// run that crate's tests. A profile of its own keeps them apart. The number of codegen units is larger than any
/// number of units that there are, so it has no other effect.
pub fn apart(folder: &Path) -> Result<[String; 2], FileError> {
    let package = name::name_of(folder)?;
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
    use std::fs::{self, File};
    use std::time::SystemTime;

    use tempfile::TempDir;

    use super::*;

    const MANIFEST: &str = "[package]\nname = \"one\"\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"one\"\nversion = \"0.1.0\"\n";

    /// Returns a tree with a chapter `one` and solutions for it.
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
            ("tests/solutions/one/tests/it/solutions.rs", "// tests"),
        ] {
            files::write(&root.path().join(path), text).unwrap();
        }
        let tree = Tree::at(root.path());
        (root, tree)
    }

    /// The copies of a tree, removed at the end of a test.
    struct Copies(PathBuf);

    impl Drop for Copies {
        fn drop(&mut self) {
            // A test that failed early has none.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_copy_has_every_file_and_none_of_an_earlier_copy() {
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

    /// Gives a file an older modification time than all others.
    fn age(path: &Path) {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }

    #[test]
    fn an_unchanged_file_keeps_its_modification_time() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let chapter = tree.chapter("one");
        let copied = copy(&tree, &chapter).unwrap().join("src/lib.rs");
        age(&copied);

        copy(&tree, &chapter).unwrap();

        assert_eq!(time(&copied), SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn a_changed_file_gets_a_new_modification_time_even_if_its_source_is_old() {
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
    fn a_solution_replaces_a_file_of_the_chapter_or_is_added() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let overlay = tree.root().join("tests/solutions/one");

        let folder = copy_solved(&tree, &overlay).unwrap();

        let text = |path: &str| files::read_text(&folder.join(path)).unwrap();
        assert_eq!(text("src/lib.rs"), "// solution");
        assert_eq!(text("src/other.rs"), "// other");
        assert_eq!(text("tests/it/solutions.rs"), "// tests");
    }

    #[test]
    fn a_chapter_with_solutions_has_another_package_name() {
        let (_root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let overlay = tree.root().join("tests/solutions/one");

        let folder = copy_solved(&tree, &overlay).unwrap();

        assert_eq!(name::name_of(&folder).unwrap(), "one-solutions");
        let lock = files::read_text(&folder.join("Cargo.lock")).unwrap();
        assert!(lock.contains("name = \"one-solutions\""), "{lock}");
    }

    #[test]
    fn solutions_of_an_unknown_chapter_are_an_error() {
        let (_root, tree) = tree();
        let overlay = tree.root().join("tests/solutions/two");
        fs::create_dir_all(&overlay).unwrap();

        let error = copy_solved(&tree, &overlay).unwrap_err().to_string();

        assert!(error.ends_with("chapters/two/Cargo.toml"), "{error}");
    }

    #[test]
    fn a_copy_below_a_configuration_of_cargo_is_refused() {
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
    fn a_configuration_above_the_tree_applies_to_it() {
        let above = tempfile::tempdir().unwrap();
        let configuration = above.path().join(".cargo/config.toml");
        files::write(&configuration, "[build]").unwrap();
        let tree = Tree::at(above.path().join("book"));

        assert!(configurations_around(&tree).contains(&configuration));
    }

    #[test]
    fn the_configuration_of_the_copy_itself_is_accepted() {
        let folder = tempfile::tempdir().unwrap();
        files::write(&folder.path().join(".cargo/config.toml"), "[build]").unwrap();

        assert_eq!(configuration_above(folder.path()), None);
    }

    #[test]
    fn a_copy_gets_the_profiles_of_the_tree_and_nothing_else() {
        let (root, tree) = tree();
        let _copies = Copies(copies(&tree));
        let configuration = "[build]\njobs = 1\n\n[profile.dev]\ndebug = false\n";
        files::write(&root.path().join(".cargo/config.toml"), configuration).unwrap();

        let [option, path] = profiles(&tree, &copies(&tree).join("one")).unwrap();

        assert_eq!(option, "--config");
        let profiles = files::read_text(Path::new(&path)).unwrap();
        assert_eq!(profiles, "[profile.dev]\ndebug = false\n");
    }

    #[test]
    fn a_copy_has_a_profile_of_its_own() {
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
