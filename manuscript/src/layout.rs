//! The folders of the tree.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::files::{self, FileError};

/// The chapters and the field studies in the order of the book. A folder that is not named here comes after them.
const ORDER: [&str; 9] = [
    "setup",
    "batch",
    "parallel",
    "responses",
    "testing",
    "swap",
    "market",
    "council",
    "trade",
];

/// The beginning of the folders of contracts that are wrong on purpose, from the root of the tree.
const VULNERABLE: &str = "contract/vulnerable";

/// The folder of the field studies, from the root of the tree.
pub const STUDIES: &str = "studies";

/// The folder that holds the book, and the paths in it.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
    target: PathBuf,
}

impl Tree {
    /// Returns the tree around the current folder, or else the one in which this program was built. A tree that
    /// was moved keeps the programs of its old folder.
    pub fn here() -> Self {
        let folder = env::current_dir().unwrap_or_default();
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let built_in = package.parent().unwrap_or(package);
        let mut around = folder.ancestors();
        let root = around.find(|folder| folder.join("book.toml").is_file());
        let tree = Self::at(root.unwrap_or(built_in));
        match env::var_os("CARGO_TARGET_DIR") {
            Some(named) => Self {
                target: tree.root.join(named),
                ..tree
            },
            None => tree,
        }
    }

    /// Returns the tree at `root`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let target = root.join("target");
        Self { root, target }
    }

    /// Returns the folder with `book.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of the contracts that the chapters call.
    pub fn contract(&self) -> PathBuf {
        self.root.join("contract")
    }

    /// Returns the workspace that tests the built book in a browser.
    pub fn browser(&self) -> PathBuf {
        self.root.join("tests/browser")
    }

    /// Returns the folder into which `mdbook build` writes.
    pub fn html(&self) -> PathBuf {
        self.root.join("target/html")
    }

    /// Returns the folder of every chapter that has a crate, in the order of the book.
    pub fn chapters(&self) -> Result<Vec<PathBuf>, FileError> {
        let mut chapters = self.crates("chapters")?;
        chapters.sort_by_key(|chapter| order(chapter));
        Ok(chapters)
    }

    /// Returns the folder of every starter: a template that is no chapter. The field studies are starters too.
    pub fn starters(&self) -> Result<Vec<PathBuf>, FileError> {
        Ok([self.crates("starters")?, self.studies()?].concat())
    }

    /// Returns the folder of every field study, in the order of the book.
    pub fn studies(&self) -> Result<Vec<PathBuf>, FileError> {
        let mut studies = self.crates(STUDIES)?;
        studies.sort_by_key(|study| order(study));
        Ok(studies)
    }

    fn crates(&self, folder: &str) -> Result<Vec<PathBuf>, FileError> {
        let mut crates = files::folders(&self.root.join(folder))?;
        crates.retain(|folder| folder.join("Cargo.toml").is_file());
        Ok(crates)
    }

    /// Returns the folder of a chapter, which need not exist.
    pub fn chapter(&self, name: &str) -> PathBuf {
        self.root.join("chapters").join(name)
    }

    /// Returns the folder of a field study, or else that of a chapter, which need not exist.
    pub fn chapter_or_study(&self, name: &str) -> PathBuf {
        let study = self.root.join(STUDIES).join(name);
        match study.is_dir() {
            true => study,
            false => self.chapter(name),
        }
    }

    /// Returns the solutions of the exercises, in the order of the book: a folder for each chapter that has some.
    pub fn solutions(&self) -> Result<Vec<PathBuf>, FileError> {
        let mut solutions = files::folders(&self.root.join("tests/solutions"))?;
        solutions.sort_by_key(|folder| order(folder));
        Ok(solutions)
    }

    /// Returns cargo's target folder. The workspace and the chapters share it.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Returns the path of the embedded sandbox once it is built. The launcher puts it there even where cargo
    /// builds in another folder.
    pub fn sandbox_binary(&self) -> PathBuf {
        self.root.join("target/debug/embedded-sandbox")
    }

    /// Returns the path that `NEAR_SANDBOX_BIN_PATH` has by default.
    pub fn sandbox_launcher(&self) -> PathBuf {
        self.root.join("sandbox/launch")
    }

    /// Returns `path` from the root, if it lies below it.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// Returns `true` for a file of a contract that is wrong on purpose, by its path from the root of the tree.
pub fn is_vulnerable(file: &Path) -> bool {
    let mut parts = file.iter();
    let folder: PathBuf = parts.by_ref().take(2).collect();
    folder.to_string_lossy().starts_with(VULNERABLE)
}

/// Returns the number of a chapter or a field study, with which the names of its pages begin.
pub fn number(folder: &Path) -> usize {
    order(folder).0 + 1
}

/// Returns the key that sorts the folders of chapters, and of studies.
fn order(folder: &Path) -> (usize, String) {
    let name = name(folder);
    let index = ORDER.iter().position(|chapter| *chapter == name);
    (index.unwrap_or(ORDER.len()), name)
}

/// Returns the last part of a path as text.
pub fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Returns whether a name is that of a hidden file, as editors and git write them.
pub fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folders: &[PathBuf]) -> Vec<String> {
        folders.iter().map(|folder| name(folder)).collect()
    }

    #[test]
    fn chapters_come_in_the_order_of_the_book() {
        let folder = tempfile::tempdir().unwrap();
        for chapter in ["batch", "appendix", "testing", "setup"] {
            let manifest = folder.path().join("chapters").join(chapter);
            files::write(&manifest.join("Cargo.toml"), "").unwrap();
        }

        let chapters = Tree::at(folder.path()).chapters().unwrap();

        assert_eq!(names(&chapters), ["setup", "batch", "testing", "appendix"]);
    }

    #[test]
    fn a_folder_without_a_crate_is_no_chapter() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("chapters/notes")).unwrap();

        let chapters = Tree::at(folder.path()).chapters().unwrap();

        assert_eq!(chapters, Vec::<PathBuf>::new());
    }

    #[test]
    fn a_study_is_found_by_its_name_before_a_chapter() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("studies/swap")).unwrap();
        let tree = Tree::at(folder.path());

        assert!(tree.chapter_or_study("swap").ends_with("studies/swap"));
        assert!(tree.chapter_or_study("setup").ends_with("chapters/setup"));
        assert_eq!(number(&tree.chapter_or_study("swap")), 6);
    }

    #[test]
    fn a_contract_is_wrong_on_purpose_if_its_folder_says_so() {
        for (file, is_wrong) in [
            ("contract/vulnerable/src/lib.rs", true),
            ("contract/vulnerable_swap/src/lib.rs", true),
            ("contract/token/src/vulnerable.rs", false),
            ("chapters/setup/src/lib.rs", false),
        ] {
            assert_eq!(is_vulnerable(Path::new(file)), is_wrong, "{file}");
        }
    }

    #[test]
    fn a_tree_without_the_folder_has_no_starters() {
        let folder = tempfile::tempdir().unwrap();

        assert!(Tree::at(folder.path()).starters().unwrap().is_empty());
    }
}
