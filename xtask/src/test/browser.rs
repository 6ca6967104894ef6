//! The suite that tests the built book in a browser is left out where there is none.

use std::env;
use std::fmt;

use manuscript::layout::Tree;
use manuscript::machine::Machine;

use super::suite::{BROWSER, Kind, Suite};
use crate::browser::{Browser, NoBrowser, by_hand};
use crate::step;

/// The reason why the suite was left out.
pub struct LeftOut {
    error: NoBrowser,
    is_ci: bool,
}

/// Removes the suite from the others if there is no browser and none can be installed.
pub fn or_leave_out(tree: &Tree, mut suites: Vec<Suite>) -> (Vec<Suite>, Option<LeftOut>) {
    let is_of_browser = |suite: &Suite| suite.kind == Kind::Browser;
    if !suites.iter().any(is_of_browser) {
        return (suites, None);
    }
    let Err(error) = Browser::ensure(&Machine::here(tree.root())) else {
        return (suites, None);
    };
    step::say("browser", &error.to_string());
    suites.retain(|suite| !is_of_browser(suite));
    let is_ci = env::var_os("CI").is_some_and(|ci| ci == "true");
    (suites, Some(LeftOut { error, is_ci }))
}

impl LeftOut {
    /// Returns whether the run can succeed without the suite: not if it was asked for by its name, and not in CI,
    /// where nobody reads that it was left out.
    pub fn is_accepted(&self, is_everything: bool) -> bool {
        is_everything && !self.is_ci
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.error.to_string();
        let error = error.lines().next().unwrap_or_default();
        let by_hand = by_hand();
        writeln!(
            f,
            "{BROWSER} was left out: {error}. To get a browser: {by_hand}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(is_ci: bool) -> LeftOut {
        let error = NoBrowser::NoDriver;
        LeftOut { error, is_ci }
    }

    #[test]
    fn a_reader_needs_no_browser_but_ci_and_the_suite_itself_do() {
        assert!(left_out(false).is_accepted(true));
        assert!(!left_out(true).is_accepted(true));
        assert!(!left_out(false).is_accepted(false));
    }

    #[test]
    fn one_line_has_the_reason_and_how_to_get_a_browser() {
        let text = left_out(false).to_string();

        let reason =
            "tests/browser was left out: there is no ChromeDriver on PATH. To get a browser: ";
        assert!(
            text.starts_with(reason) && text.lines().count() == 1,
            "{text}"
        );
    }
}
