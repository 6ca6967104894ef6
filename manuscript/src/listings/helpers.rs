//! The functions of a chapter that its listings call. A listing says what such a function does if its page has not
//! shown it yet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::anchors::without_anchors;
use crate::appendix;
use crate::files::{self, FileError};
use crate::layout::Tree;

/// The beginning of a function: the code before its name has only words like `pub` and `async`.
static FUNCTION: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:[a-z()]+ )*?fn (\w+)"));
/// A call of a function of this crate, or of a method of its own.
static CALL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:\bself(?:\.\w+)*\.|(?:^|[^\w.:]))(\w+)\("));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// A function that other code calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helper {
    /// The name of the function.
    pub name: String,
    /// The first sentence of its documentation.
    pub about: String,
    /// The path in the crate.
    pub file: PathBuf,
}

/// The functions of one crate by their names, without names that several functions have.
#[derive(Debug, Default)]
pub struct Helpers(BTreeMap<String, Option<Helper>>);

impl Helpers {
    /// Reads the documented functions of a crate, without its tests.
    pub fn read(tree: &Tree, folder: &Path) -> Result<Self, FileError> {
        let mut helpers = Self::default();
        let root = tree.root().join(folder);
        for path in files::written(&root.join("src"))? {
            let text = without_anchors(&files::read_text(&path)?);
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let file = path.strip_prefix(&root).unwrap_or(&path);
            helpers.add(file, code);
        }
        Ok(helpers)
    }

    fn add(&mut self, file: &Path, code: &str) {
        let mut documentation = Vec::new();
        for line in code.lines() {
            let line = line.trim_start();
            if let Some(words) = line.strip_prefix("///") {
                documentation.push(words.trim());
            } else if let Some(name) = function(line) {
                let paragraph = documentation.split(|line| line.is_empty()).next();
                let about = appendix::first_sentence(&paragraph.unwrap_or_default().join(" "));
                let helper = about.map(|about| Helper {
                    name: name.to_owned(),
                    about,
                    file: file.to_owned(),
                });
                let known = self.0.entry(name.to_owned());
                known.and_modify(|known| *known = None).or_insert(helper);
                documentation.clear();
            } else if !line.starts_with("#[") {
                documentation.clear();
            }
        }
    }

    /// Returns the functions that some code calls and does not have, in the order of their first calls.
    pub fn called_in(&self, code: &str) -> Vec<&Helper> {
        let own: Vec<_> = code.lines().filter_map(function).collect();
        let mut called: Vec<&Helper> = Vec::new();
        for line in code.lines() {
            let line = line.split("//").next().unwrap_or_default();
            let names = CALL.captures_iter(line).filter_map(|call| call.get(1));
            for name in names.map(|name| name.as_str()) {
                let helper = self.0.get(name).and_then(Option::as_ref);
                let is_new = !own.contains(&name) && !called.iter().any(|known| known.name == name);
                called.extend(helper.filter(|_| is_new));
            }
        }
        called
    }
}

/// Returns the name of the function that begins in a line.
pub fn function(line: &str) -> Option<&str> {
    let found = FUNCTION.captures(line)?;
    found.get(1).map(|name| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn helpers(code: &str) -> Helpers {
        let mut helpers = Helpers::default();
        helpers.add(Path::new("src/lib.rs"), code);
        helpers
    }

    fn called(helpers: &Helpers, code: &str) -> Vec<String> {
        let called = helpers.called_in(code).into_iter();
        called
            .map(|helper| format!("{}: {}", helper.name, helper.about))
            .collect()
    }

    #[test]
    fn a_call_is_explained_by_the_first_sentence_of_the_function() {
        let helpers = helpers("/// Takes money. And more.\n#[inline]\npub(crate) fn take() {}\n");

        assert_eq!(
            called(&helpers, "    self.money.take(1);"),
            ["take: Takes money."]
        );
        assert_eq!(
            called(&helpers, "    require!(take());"),
            ["take: Takes money."]
        );
    }

    #[test]
    fn a_method_of_another_type_is_no_call() {
        let helpers = helpers("/// Takes money.\nfn take() {}\n");

        assert!(called(&helpers, "    iterator.take(1); // take()\n    // take()").is_empty());
        assert!(called(&helpers, "    Option::take(1);").is_empty());
    }

    #[test]
    fn a_function_that_the_code_has_needs_no_explanation() {
        let helpers = helpers("/// Takes money.\nfn take() {}\n");

        assert!(called(&helpers, "fn give() { take(); }\nfn take() {}").is_empty());
    }

    #[test]
    fn a_name_of_two_functions_explains_nothing() {
        let helpers = helpers("/// Returns one.\nfn new() {}\n/// Returns two.\nfn new() {}\n");

        assert!(called(&helpers, "new();").is_empty());
    }
}
