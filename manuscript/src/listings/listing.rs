//! A listing of a page, with its number.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use super::helpers::function;
use super::mark::Mark;
use crate::appendix;
use crate::layout::is_vulnerable;

/// The folder of the solutions, which have the layout of their chapters.
pub const SOLUTIONS: &str = "tests/solutions";

/// A listing.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The page, from the root of the tree.
    pub page: PathBuf,
    /// The line of its mark in the page, from one on.
    pub line: usize,
    /// The mark.
    pub mark: Mark,
    /// The number, on the page of a chapter.
    pub number: Option<Number>,
    /// The code, without the indentation of its file.
    pub code: String,
}

/// The number of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The number of the chapter.
    pub chapter: usize,
    /// The position among the listings of the chapter, from one on.
    pub index: usize,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listing {}-{}", self.chapter, self.index)
    }
}

/// Returns the number of the chapter of a page, with which its name begins.
pub fn chapter(page: &Path) -> Option<usize> {
    let name = page.file_name().and_then(OsStr::to_str)?;
    name.split_once('-')?.0.parse().ok()
}

impl Listing {
    /// Returns the name, which no other listing of the page has: `money-vault-spend`.
    pub fn name(&self) -> String {
        let file = &self.mark.shown.file;
        let skipped = match file {
            file if file.starts_with(SOLUTIONS) => 3,
            // A contract has one file. The name of its folder says more than `lib`.
            file if file.starts_with("contract") => 1,
            _ => 2,
        };
        let path: PathBuf = file.iter().skip(skipped).collect();
        format!("{}-{}", appendix::anchor(&path), self.mark.shown.anchors[0])
    }

    /// Returns the path from `src`.
    pub fn path(&self) -> PathBuf {
        let page = self.page.file_stem().unwrap_or_default();
        Path::new("listings").join(page).join(self.name() + ".md")
    }

    /// Returns the identifier on its page.
    pub fn id(&self) -> String {
        format!("listing-{}", self.name())
    }

    /// Returns a link from another page.
    pub fn link(&self) -> String {
        let page = self.page.file_name().unwrap_or_default();
        format!("{}#{}", page.to_string_lossy(), self.id())
    }

    /// Returns `true` if its code is wrong on purpose.
    pub fn is_vulnerable(&self) -> bool {
        is_vulnerable(&self.mark.shown.file)
    }

    /// Returns `true` if it is code of tests. A crate has its tests on a chain in `tests/it`.
    pub fn is_test(&self) -> bool {
        let file = &self.mark.shown.file;
        let is_in_tests = file.iter().any(|part| part == "it");
        !self.tests().is_empty()
            || (is_in_tests && file.extension().is_some_and(|kind| kind == "rs"))
    }

    /// Returns the names of its tests.
    pub fn tests(&self) -> Vec<&str> {
        let mut is_test = false;
        let mut tests = Vec::new();
        for line in self.code.lines().map(str::trim_start) {
            is_test |= line.starts_with("#[") && line.contains("test]");
            if let Some(name) = function(line).filter(|_| is_test) {
                tests.push(name);
                is_test = false;
            }
        }
        tests
    }

    /// Returns the caption: that of the mark, or else what its tests say.
    pub fn caption(&self) -> Option<String> {
        let said = self.mark.caption.clone();
        said.or_else(|| {
            let tests = self.tests().join("; ");
            (!tests.is_empty()).then(|| sentence(&tests))
        })
    }
}

/// Returns the names of tests as a sentence.
fn sentence(names: &str) -> String {
    let words = names.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
