//! A suite is left out where the browser or the Node.js that it needs is missing.

use std::env;
use std::fmt;

use manuscript::layout::Tree;
use manuscript::machine::Machine;

use super::node;
use super::suite::{Kind, Suite};
use crate::browser::{self, Browser};
use crate::step;

/// A suite that was left out.
pub struct LeftOut {
    suite: String,
    reason: String,
    remedy: String,
    is_ci: bool,
}

/// Removes the suites from the others whose browser or Node.js is missing and cannot be installed.
pub fn leave_out(tree: &Tree, suites: Vec<Suite>) -> (Vec<Suite>, Vec<LeftOut>) {
    let machine = Machine::here(tree.root());
    let (mut complete, mut left_out) = (Vec::new(), Vec::new());
    for suite in suites {
        match missing(&machine, &suite) {
            None => complete.push(suite),
            Some(missing) => left_out.push(missing),
        }
    }
    (complete, left_out)
}

/// Returns the suite as one that is left out, if something that it needs is missing.
fn missing(machine: &Machine, suite: &Suite) -> Option<LeftOut> {
    let (thing, error, remedy) = match suite.kind {
        Kind::Browser => {
            let error = Browser::ensure(machine).err()?;
            let remedy = format!("To get a browser: {}", browser::by_hand());
            ("browser", error.to_string(), remedy)
        }
        Kind::Node => ("node", node::missing(machine)?, node::BY_HAND.to_owned()),
        Kind::Workspace | Kind::Copy | Kind::Solutions => return None,
    };
    step::say(thing, &error);
    Some(LeftOut {
        suite: suite.name.clone(),
        reason: error.lines().next().unwrap_or_default().to_owned(),
        remedy,
        is_ci: env::var_os("CI").is_some_and(|ci| ci == "true"),
    })
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
        let (suite, reason) = (&self.suite, &self.reason);
        writeln!(f, "{suite} was left out: {reason}. {}", self.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(is_ci: bool) -> LeftOut {
        LeftOut {
            suite: "tests/browser".to_owned(),
            reason: "there is no ChromeDriver on PATH".to_owned(),
            remedy: "To get a browser: ask".to_owned(),
            is_ci,
        }
    }

    #[test]
    fn a_reader_needs_no_browser_but_ci_and_the_suite_itself_do() {
        assert!(left_out(false).is_accepted(true));
        assert!(!left_out(true).is_accepted(true));
        assert!(!left_out(false).is_accepted(false));
    }

    #[test]
    fn one_line_has_the_reason_and_the_remedy() {
        assert_eq!(
            left_out(false).to_string(),
            "tests/browser was left out: there is no ChromeDriver on PATH. To get a browser: ask\n"
        );
    }

    #[test]
    fn a_suite_without_its_node_is_left_out_and_others_are_not() {
        let mut machine = Machine::here(&env::temp_dir());
        machine.environment.clear();
        let suite = |kind| Suite::new(kind, "name", &machine.folder);

        assert!(missing(&machine, &suite(Kind::Node)).is_some());
        assert!(missing(&machine, &suite(Kind::Copy)).is_none());
    }
}
