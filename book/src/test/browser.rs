//! The suite that looks at the built book: the book is built right before, and without a browser there is
//! no such suite.

use super::{Suite, TestError};
use crate::browser::{Browser, NoBrowser, by_hand};
use crate::pages;
use crate::step;
use crate::toolchain::{Machine, Toolchain};
use crate::tree::Tree;
use std::env;
use std::fmt;
use std::process::Command;

/// What the suite is called.
pub const NAME: &str = "tests/browser";

/// Says to the suite where the book was built.
const BOOK_HTML: &str = "BOOK_HTML";

/// The suite is not run, for there is no browser.
pub struct LeftOut {
    why: NoBrowser,
    is_ci: bool,
}

/// Takes the suite out of the others where there is no browser and none can be brought.
pub fn or_leave_out(tree: &Tree, mut suites: Vec<Suite>) -> (Vec<Suite>, Option<LeftOut>) {
    let is_asked_for = suites.iter().any(|suite| suite.name == NAME);
    if !is_asked_for {
        return (suites, None);
    }
    let left_out = match Browser::ensure(&Machine::here(tree.root())) {
        Ok(_) => None,
        Err(why) => {
            step::say("browser", &why.to_string());
            suites.retain(|suite| suite.name != NAME);
            let is_ci = env::var_os("CI").is_some_and(|ci| ci == "true");
            Some(LeftOut { why, is_ci })
        }
    };
    (suites, left_out)
}

/// Builds the book, and gives `cargo` where the suite lies.
pub fn cargo(tree: &Tree) -> Result<Command, TestError> {
    let html = tree.html();
    pages::build(tree, &html)?;
    let mut cargo = Toolchain::Active.cargo(&tree.browser());
    cargo.env(BOOK_HTML, html);
    // Without one, the tests say so.
    if let Ok(browser) = Browser::find(&Machine::here(tree.root())) {
        browser.apply(&mut cargo);
    }
    Ok(cargo)
}

/// Which browser looks at the book: another one may see it otherwise.
pub fn version(tree: &Tree) -> Option<String> {
    let machine = Machine::here(tree.root());
    Browser::find(&machine).ok()?.version(&machine)
}

impl LeftOut {
    /// Whether all is well without the suite: not where it is asked for by its name, and not in CI, where
    /// nobody reads that it was left out.
    pub fn may_be(&self, is_everything: bool) -> bool {
        is_everything && !self.is_ci
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = self.why.to_string();
        let why = why.lines().next().unwrap_or_default();
        writeln!(
            f,
            "{NAME} was left out: {why}. To get a browser: {}",
            by_hand()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(is_ci: bool) -> LeftOut {
        let why = NoBrowser::NoDriver;
        LeftOut { why, is_ci }
    }

    #[test]
    fn a_reader_without_a_browser_may_do_without() {
        assert!(left_out(false).may_be(true));
    }

    #[test]
    fn ci_may_not_do_without() {
        assert!(!left_out(true).may_be(true));
    }

    #[test]
    fn who_asks_for_the_suite_may_not_do_without() {
        assert!(!left_out(false).may_be(false));
    }

    #[test]
    fn what_is_left_out_is_said_in_one_line_with_how_to_get_it() {
        let said = left_out(false).to_string();

        assert!(
            said.starts_with(
                "tests/browser was left out: there is no ChromeDriver on PATH. To get a browser: "
            ) && said.lines().count() == 1,
            "{said}"
        );
    }
}
