//! The mark of a listing: the line of a page that says which code is shown there.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::layout::STUDIES;

/// The beginning of a mark.
const START: &str = "<!-- listing ";

static MARK: LazyLock<Regex> = LazyLock::new(|| {
    let pieces = r"([^\s:]+)((?: [\w-]+)+?)(?: against ([^\s:]+)((?: [\w-]+)+))?";
    let pattern = format!("^{START}{pieces}(?:: (.+))? -->$");
    Regex::new(&pattern).expect("the pattern is valid")
});

/// Pieces of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    /// The path from the root of the tree.
    pub file: PathBuf,
    /// The anchors around the pieces, in the order in which they are shown.
    pub anchors: Vec<String>,
}

impl Pieces {
    fn new(file: &str, anchors: &str) -> Self {
        Self {
            file: PathBuf::from(file),
            anchors: anchors.split_whitespace().map(str::to_owned).collect(),
        }
    }

    /// Returns the folder of the crate of a chapter or a study, and the path in it.
    pub fn in_crate(&self) -> Option<(PathBuf, &Path)> {
        let folder: PathBuf = self.file.iter().take(2).collect();
        let path = self.file.strip_prefix(&folder).ok()?;
        let is_crate = folder.starts_with("chapters") || folder.starts_with(STUDIES);
        is_crate.then_some((folder, path))
    }
}

/// A mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The code that is shown.
    pub shown: Pieces,
    /// The code with which it is compared.
    pub against: Option<Pieces>,
    /// The caption, in Markdown with no more than `code`.
    pub caption: Option<String>,
}

impl Mark {
    /// Returns `true` if a line is meant as a mark.
    pub fn is_meant_in(line: &str) -> bool {
        line.starts_with(START)
    }

    /// Parses the line of a page.
    pub fn parse(line: &str) -> Option<Self> {
        let parts = MARK.captures(line)?;
        let part = |index| parts.get(index).map(|part| part.as_str());
        Some(Self {
            shown: Pieces::new(part(1)?, part(2)?),
            against: part(3)
                .zip(part(4))
                .map(|(file, anchors)| Pieces::new(file, anchors)),
            caption: part(5).map(str::to_owned),
        })
    }
}

/// A fault of a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The page, from the root of the tree.
    pub page: PathBuf,
    /// The line of the mark, from one on.
    pub line: usize,
    /// The fault, with a remedy.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.page.display(), self.line, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(file: &str, anchors: &[&str]) -> Pieces {
        Pieces::new(file, &anchors.join(" "))
    }

    #[test]
    fn a_mark_names_a_file_its_anchors_and_a_caption() {
        let mark =
            Mark::parse("<!-- listing src/lib.rs state init: The state: `new` writes it -->");

        let expected = Mark {
            shown: pieces("src/lib.rs", &["state", "init"]),
            against: None,
            caption: Some("The state: `new` writes it".to_owned()),
        };
        assert_eq!(mark, Some(expected));
    }

    #[test]
    fn a_mark_may_name_the_code_that_it_is_compared_with() {
        let mark = Mark::parse("<!-- listing a.rs spend take against b.rs spend -->");

        let expected = Mark {
            shown: pieces("a.rs", &["spend", "take"]),
            against: Some(pieces("b.rs", &["spend"])),
            caption: None,
        };
        assert_eq!(mark, Some(expected));
    }

    #[test]
    fn a_mark_without_an_anchor_is_none() {
        assert_eq!(Mark::parse("<!-- listing a.rs: The state -->"), None);
    }
}
