//! A chapter's crate as a reader has it: copied to a folder that knows nothing of this book.

use crate::files::{self, FileError};
use crate::tree::{self, Tree};
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Copies a chapter to an empty folder, and says which.
///
/// The folder is the same each time, and the files keep their times: what cargo built from them in the
/// last run is good in this one.
pub fn copy(tree: &Tree, chapter: &Path) -> Result<PathBuf, FileError> {
    let book = hash(tree.root());
    let folder = env::temp_dir()
        .join(format!("starters-{book:016x}"))
        .join(tree::name(chapter));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(FileError::at(&folder))?;
    }
    for from in files::written(chapter)? {
        let to = folder.join(from.strip_prefix(chapter).unwrap_or(&from));
        files::write(&to, files::read(&from)?)?;
        let same_time = || {
            let modified = fs::metadata(&from)?.modified()?;
            File::options()
                .write(true)
                .open(&to)?
                .set_modified(modified)
        };
        same_time().map_err(FileError::at(&to))?;
    }
    Ok(folder)
}

/// What cargo has to be told to build a copy in the tree's target folder, where the dependencies are
/// built already.
///
/// There, cargo tells a package by its path in its workspace, so the copy would pass for the chapter
/// itself, and the chapter's tests would run instead of the copy's. A profile of its own keeps them
/// apart. The number is more than there are units, so it changes nothing else.
pub fn apart(folder: &Path) -> Result<[String; 2], FileError> {
    let package = package(&folder.join("Cargo.toml"))?;
    let units = 1_000 + hash(folder) % 1_000_000;
    let profile = format!("profile.dev.package.{package}.codegen-units={units}");
    Ok(["--config".to_owned(), profile])
}

fn package(manifest: &Path) -> Result<String, FileError> {
    let invalid =
        |why: String| FileError::at(manifest)(io::Error::new(ErrorKind::InvalidData, why));
    let text: toml::Table = files::read_text(manifest)?
        .parse()
        .map_err(|why: toml::de::Error| invalid(why.to_string()))?;
    let name = text.get("package").and_then(|package| package.get("name"));
    let name = name.and_then(toml::Value::as_str).map(str::to_owned);
    name.ok_or_else(|| invalid("the package has no name".to_owned()))
}

fn hash(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_every_file_with_its_time_and_no_older_one() {
        let root = tempfile::tempdir().unwrap();
        let tree = Tree::at(root.path());
        let chapter = root.path().join("chapters/one");
        files::write(&chapter.join("gone.rs"), "").unwrap();
        copy(&tree, &chapter).unwrap();
        fs::remove_file(chapter.join("gone.rs")).unwrap();
        files::write(&chapter.join(".cargo/config.toml"), "[build]").unwrap();
        files::write(&chapter.join("target/one.wasm"), "").unwrap();

        let folder = copy(&tree, &chapter).unwrap();

        let copied = files::written(&folder).unwrap();
        assert_eq!(copied, [folder.join(".cargo/config.toml")]);
        let time = |folder: &Path| {
            let file = fs::metadata(folder.join(".cargo/config.toml")).unwrap();
            file.modified().unwrap()
        };
        assert_eq!(time(&folder), time(&chapter));
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
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
