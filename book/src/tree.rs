//! Where things lie in the book's tree.

use crate::files::{self, FileError};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The chapters in the order of the book. A folder that is not named here comes after them.
const ORDER: [&str; 5] = ["setup", "batch", "parallel", "responses", "testing"];

/// The folder that holds the book, and the places in it.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
    target: PathBuf,
}

impl Tree {
    /// The tree around the current folder, or else the one that this program was built in: a tree that was
    /// moved keeps the programs of its old place.
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

    /// The tree at `root`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let target = root.join("target");
        Self { root, target }
    }

    /// The folder with `book.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The contracts that the chapters call, each in a folder.
    pub fn contract(&self) -> PathBuf {
        self.root.join("contract")
    }

    /// The workspace that looks at the built book in a browser.
    pub fn browser(&self) -> PathBuf {
        self.root.join("tests/browser")
    }

    /// Where `mdbook build` puts the book.
    pub fn html(&self) -> PathBuf {
        self.root.join("target/html")
    }

    /// Every chapter that has a crate, in the order of the book.
    pub fn chapters(&self) -> Result<Vec<PathBuf>, FileError> {
        let folder = self.root.join("chapters");
        let mut chapters = files::folders(&folder)?;
        chapters.retain(|chapter| chapter.join("Cargo.toml").is_file());
        chapters.sort_by_key(|chapter| place(chapter));
        Ok(chapters)
    }

    /// Where the crate of a chapter lies, if there is such a chapter.
    pub fn chapter(&self, name: &str) -> PathBuf {
        self.root.join("chapters").join(name)
    }

    /// The solutions of the chapters' exercises, in the order of the book: for each chapter that has some,
    /// a folder of its name.
    pub fn solutions(&self) -> Result<Vec<PathBuf>, FileError> {
        let mut solutions = files::folders(&self.root.join("tests/solutions"))?;
        solutions.sort_by_key(|folder| place(folder));
        Ok(solutions)
    }

    /// Where cargo puts what it builds: the workspace and the chapters share one folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The embedded chain, once it is built. The launcher puts it there whatever folder cargo builds in
    /// otherwise.
    pub fn sandbox_binary(&self) -> PathBuf {
        self.root.join("target/debug/embedded-sandbox")
    }

    /// What `NEAR_SANDBOX_BIN_PATH` names unless the reader says otherwise.
    pub fn sandbox_launcher(&self) -> PathBuf {
        self.root.join("sandbox/launch")
    }

    /// `path` as the reader would type it at the root.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// Where a chapter's folder comes among the others.
fn place(folder: &Path) -> (usize, String) {
    let name = name(folder);
    let place = ORDER.iter().position(|chapter| *chapter == name);
    (place.unwrap_or(ORDER.len()), name)
}

/// The last part of a path, for people.
pub fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Whether a name is that of a hidden file: an editor's, git's.
pub fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn chapters_come_in_the_order_of_the_book() {
        let folder = tempfile::tempdir().unwrap();
        for chapter in ["batch", "appendix", "testing", "setup"] {
            let chapter = folder.path().join("chapters").join(chapter);
            fs::create_dir_all(&chapter).unwrap();
            fs::write(chapter.join("Cargo.toml"), "").unwrap();
        }

        let chapters = Tree::at(folder.path()).chapters().unwrap();

        let names: Vec<_> = chapters.iter().map(|chapter| name(chapter)).collect();
        assert_eq!(names, ["setup", "batch", "testing", "appendix"]);
    }

    #[test]
    fn a_folder_without_a_crate_is_no_chapter() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("chapters/notes")).unwrap();

        let chapters = Tree::at(folder.path()).chapters().unwrap();

        assert_eq!(chapters, Vec::<PathBuf>::new());
    }
}
