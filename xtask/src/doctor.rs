//! Reports the state of everything that the book needs, and how to get what is missing. Changes nothing.

use std::env;
use std::fmt;

use anyhow::Error;
use manuscript::compiler::Compiler;
use manuscript::layout::Tree;
use manuscript::machine::Machine;
use manuscript::{pages, partners};

use crate::browser::{self, Browser};
use crate::sandbox::{Sandbox, VARIABLE};
use crate::wasm_target;

/// The state of a thing that the book needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the thing.
    pub thing: &'static str,
    /// Its state.
    pub state: State,
}

/// The state of a thing.
#[derive(Debug, PartialEq, Eq)]
pub enum State {
    /// It is there, with a description.
    There(String),
    /// It is missing, and without it a suite is left out.
    LeftOut {
        /// The fault.
        fault: String,
        /// The remedy.
        remedy: String,
    },
    /// It is missing.
    Missing {
        /// The fault.
        fault: String,
        /// The remedy.
        remedy: String,
    },
}

/// All findings, in the order in which the book needs the things.
pub struct Report(Vec<Finding>);

impl Report {
    /// Returns whether nothing is missing.
    pub fn is_healthy(&self) -> bool {
        let missing = |finding: &Finding| matches!(finding.state, State::Missing { .. });
        !self.0.iter().any(missing)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .0
            .iter()
            .map(|finding| finding.thing.len())
            .max()
            .unwrap_or(0);
        for Finding { thing, state } in &self.0 {
            match state {
                State::There(found) => writeln!(f, "✓ {thing:width$}  {found}")?,
                State::LeftOut { fault, remedy } => {
                    writeln!(f, "– {thing:width$}  {fault}")?;
                    writeln!(f, "  {:width$}  to get it: {remedy}", "")?;
                }
                State::Missing { fault, remedy } => {
                    writeln!(f, "✗ {thing:width$}  {fault}")?;
                    writeln!(f, "  {:width$}  to get it: {remedy}", "")?;
                }
            }
        }
        Ok(())
    }
}

/// Examines everything.
pub fn examine(tree: &Tree) -> Report {
    let machine = Machine::here(tree.root());
    Report(vec![
        finding("rustc", version(&machine, "rustc")),
        finding("cargo", version(&machine, "cargo")),
        finding("OpenSSL", openssl(&machine)),
        finding("wasm target", wasm_target(&machine)),
        finding("sandbox", sandbox(tree)),
        finding(VARIABLE, sandbox_path(tree)),
        finding("contracts", partners_in_step(tree)),
        finding("pages", all_pages(tree)),
        browser(&machine),
    ])
}

/// A description, or a fault with its remedy.
type Found = Result<String, (String, String)>;

fn finding(thing: &'static str, found: Found) -> Finding {
    let state = match found {
        Ok(found) => State::There(found),
        Err((fault, remedy)) => State::Missing { fault, remedy },
    };
    Finding { thing, state }
}

fn missing(fault: impl fmt::Display, remedy: impl fmt::Display) -> Found {
    Err((fault.to_string(), remedy.to_string()))
}

fn version(machine: &Machine, program: &str) -> Found {
    match machine.ask(program, &["--version"]) {
        Some(version) => Ok(version),
        None => missing("not on PATH", "install Rust 1.95 or later"),
    }
}

/// Finds the headers of OpenSSL, with which near-workspaces is compiled.
fn openssl(machine: &Machine) -> Found {
    let named = env::var("OPENSSL_DIR").ok();
    let by_pkg_config = || machine.ask("pkg-config", &["--modversion", "openssl"]);
    let by_homebrew = || machine.ask("brew", &["--prefix", "openssl@3"]);
    let remedy = "apt-get install -y libssl-dev pkg-config, or brew install openssl, or what your system has; \
               or name it in OPENSSL_DIR";
    match named.or_else(by_pkg_config).or_else(by_homebrew) {
        Some(found) => Ok(found),
        None => missing("there are no headers of it", remedy),
    }
}

fn wasm_target(machine: &Machine) -> Found {
    match Compiler::find(machine) {
        Ok(compiler) => Ok(compiler.to_string()),
        Err(fault) => missing(fault, wasm_target::by_hand()),
    }
}

fn sandbox(tree: &Tree) -> Found {
    let build = "sandbox/launch --version (`cargo book test` does it)";
    match Sandbox::here(tree) {
        Sandbox::Named(path) if path.is_file() => Ok(format!("yours, {}", path.display())),
        Sandbox::Named(path) => missing(format!("{} is no file", path.display()), "name another"),
        Sandbox::Embedded if tree.sandbox_binary().is_file() => {
            Ok(tree.sandbox_binary().display().to_string())
        }
        Sandbox::Embedded => missing("not built yet", build),
    }
}

fn sandbox_path(tree: &Tree) -> Found {
    match Sandbox::here(tree) {
        Sandbox::Named(path) => Ok(path.display().to_string()),
        Sandbox::Embedded if tree.sandbox_launcher().is_file() => {
            Ok("sandbox/launch, from .cargo/config.toml".to_owned())
        }
        Sandbox::Embedded => missing("sandbox/launch is missing", "git restore sandbox/launch"),
    }
}

fn partners_in_step(tree: &Tree) -> Found {
    let remedy = "cargo book contracts";
    match partners::check(tree) {
        Ok(drifts) if drifts.is_empty() => Ok("the chapters have what contract/ builds".to_owned()),
        Ok(drifts) => {
            let drifts: Vec<_> = drifts.iter().map(ToString::to_string).collect();
            missing(drifts.join("; "), remedy)
        }
        Err(error) => missing(format!("{:#}", Error::from(error)), remedy),
    }
}

fn all_pages(tree: &Tree) -> Found {
    match pages::expanded(tree) {
        Ok(pages) => Ok(format!("{} pages", pages.len())),
        Err(error) => missing(error, "git status says what has changed"),
    }
}

/// Finds the browser. Without it, `cargo book test` leaves a suite out.
fn browser(machine: &Machine) -> Finding {
    let state = match Browser::find(machine) {
        Ok(browser) => State::There(browser.to_string()),
        Err(error) => State::LeftOut {
            fault: format!("{:#}", Error::from(error)),
            remedy: browser::by_hand(),
        },
    };
    Finding {
        thing: "browser",
        state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(state: State) -> Report {
        Report(vec![
            finding("rustc", Ok("rustc 1.96.0".to_owned())),
            Finding {
                thing: "sandbox",
                state,
            },
        ])
    }

    #[test]
    fn a_report_with_one_missing_thing_is_not_healthy() {
        let state = State::Missing {
            fault: "not built yet".to_owned(),
            remedy: "cargo build".to_owned(),
        };

        assert!(!report(state).is_healthy());
    }

    #[test]
    fn a_report_with_a_thing_that_may_be_missing_is_healthy() {
        let state = State::LeftOut {
            fault: "there is no ChromeDriver".to_owned(),
            remedy: "apt-get".to_owned(),
        };

        assert!(report(state).is_healthy());
    }

    #[test]
    fn a_report_without_a_missing_thing_is_healthy() {
        assert!(report(State::There("built".to_owned())).is_healthy());
    }

    #[test]
    fn the_report_says_how_to_get_a_missing_thing() {
        let state = State::Missing {
            fault: "not built yet".to_owned(),
            remedy: "cargo build".to_owned(),
        };

        assert!(report(state).to_string().contains("to get it: cargo build"));
    }

    #[test]
    fn an_empty_tree_can_be_examined() {
        let folder = tempfile::tempdir().unwrap();

        assert!(!examine(&Tree::at(folder.path())).is_healthy());
    }
}
