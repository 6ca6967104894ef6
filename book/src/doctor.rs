//! Says what is there, what is missing, and how to get it. Compiles, downloads and writes nothing.

use crate::browser::{self, Browser};
use crate::contracts;
use crate::pages;
use crate::sandbox_binary::{self, Sandbox, VARIABLE};
use crate::toolchain::{Machine, Plan, TARGET, Toolchain, by_hand, plan};
use crate::tree::Tree;
use std::env;
use std::fmt;

/// A thing that the book needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is called.
    pub thing: &'static str,
    /// How it is.
    pub state: State,
}

/// How a thing is.
#[derive(Debug, PartialEq, Eq)]
pub enum State {
    /// It is there.
    There(String),
    /// It is not, and something is left out without it.
    LeftOut {
        /// What is wrong.
        what: String,
        /// How to get it.
        how: String,
    },
    /// It is not.
    Missing {
        /// What is wrong.
        what: String,
        /// How to get it.
        how: String,
    },
}

/// All findings, in the order in which they are needed.
pub struct Report(Vec<Finding>);

impl Report {
    /// Whether nothing is missing.
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
                State::LeftOut { what, how } => {
                    writeln!(f, "– {thing:width$}  {what}")?;
                    writeln!(f, "  {:width$}  to get it: {how}", "")?;
                }
                State::Missing { what, how } => {
                    writeln!(f, "✗ {thing:width$}  {what}")?;
                    writeln!(f, "  {:width$}  to get it: {how}", "")?;
                }
            }
        }
        Ok(())
    }
}

/// Looks at everything.
pub fn examine(tree: &Tree) -> Report {
    let machine = Machine::here(tree.root());
    Report(vec![
        finding("rustc", version(&machine, "rustc")),
        finding("cargo", version(&machine, "cargo")),
        finding("OpenSSL", openssl(&machine)),
        finding("wasm target", wasm_target(&machine)),
        finding("sandbox", sandbox(tree)),
        finding(VARIABLE, sandbox_path(tree)),
        finding("contracts", contracts_in_step(tree)),
        finding("pages", all_pages(tree)),
        browser(&machine),
    ])
}

/// What was found, or what is missing and how to get it.
type Found = Result<String, (String, String)>;

fn finding(thing: &'static str, found: Found) -> Finding {
    let state = match found {
        Ok(found) => State::There(found),
        Err((what, how)) => State::Missing { what, how },
    };
    Finding { thing, state }
}

fn missing(what: impl fmt::Display, how: impl fmt::Display) -> Found {
    Err((what.to_string(), how.to_string()))
}

fn version(machine: &Machine, program: &str) -> Found {
    match machine.ask(program, ["--version"]) {
        Some(version) => Ok(version),
        None => missing("not on PATH", "install Rust 1.95 or later"),
    }
}

/// near-workspaces speaks to networks through the system's.
fn openssl(machine: &Machine) -> Found {
    let named = env::var("OPENSSL_DIR").ok();
    let by_pkg_config = || machine.ask("pkg-config", ["--modversion", "openssl"]);
    let by_homebrew = || machine.ask("brew", ["--prefix", "openssl@3"]);
    let how = "apt-get install -y libssl-dev pkg-config, or brew install openssl, or what your system has; \
               or name it in OPENSSL_DIR";
    match named.or_else(by_pkg_config).or_else(by_homebrew) {
        Some(found) => Ok(found),
        None => missing("there are no headers of it", how),
    }
}

fn wasm_target(machine: &Machine) -> Found {
    let Plan { ways, .. } = plan(&machine.survey());
    match (Toolchain::find(machine), ways.first()) {
        (Ok(toolchain), _) => Ok(toolchain.to_string()),
        (Err(_), Some(way)) => missing(
            format!("the active toolchain lacks {TARGET}"),
            format!("cargo book test, which brings it by way of {way}"),
        ),
        (Err(_), None) => missing(
            format!("the active toolchain lacks {TARGET}"),
            by_hand().join("; or "),
        ),
    }
}

fn sandbox(tree: &Tree) -> Found {
    let build = "sandbox/launch --version (`cargo book test` does it)";
    match sandbox_binary::chosen(tree) {
        Sandbox::Named(path) if path.is_file() => Ok(format!("yours, {}", path.display())),
        Sandbox::Named(path) => missing(format!("{} is no file", path.display()), "name another"),
        Sandbox::Embedded if tree.sandbox_binary().is_file() => {
            Ok(tree.sandbox_binary().display().to_string())
        }
        Sandbox::Embedded => missing("not built yet", build),
    }
}

fn sandbox_path(tree: &Tree) -> Found {
    match sandbox_binary::chosen(tree) {
        Sandbox::Named(path) => Ok(path.display().to_string()),
        Sandbox::Embedded if tree.sandbox_launcher().is_file() => {
            Ok("sandbox/launch, from .cargo/config.toml".to_owned())
        }
        Sandbox::Embedded => missing("sandbox/launch is not there", "git restore sandbox/launch"),
    }
}

fn contracts_in_step(tree: &Tree) -> Found {
    let how = "cargo book contracts";
    match contracts::check(tree) {
        Ok(drifts) if drifts.is_empty() => Ok("the chapters have what contract/ builds".to_owned()),
        Ok(drifts) => {
            let drifts: Vec<_> = drifts.iter().map(ToString::to_string).collect();
            missing(drifts.join("; "), how)
        }
        Err(error) => missing(error, how),
    }
}

fn all_pages(tree: &Tree) -> Found {
    match pages::expanded(tree) {
        Ok(pages) => Ok(format!("{} pages", pages.len())),
        Err(error) => missing(error, "git status says what has changed"),
    }
}

/// Without it, `cargo book test` does not look at the built book.
fn browser(machine: &Machine) -> Finding {
    let state = match Browser::find(machine) {
        Ok(browser) => State::There(browser.to_string()),
        Err(why) => State::LeftOut {
            what: why.to_string(),
            how: browser::by_hand(),
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
    fn one_missing_thing_is_enough_to_be_unwell() {
        let state = State::Missing {
            what: "not built yet".to_owned(),
            how: "cargo build".to_owned(),
        };

        assert!(!report(state).is_healthy());
    }

    #[test]
    fn a_thing_without_which_something_is_left_out_makes_nobody_unwell() {
        let state = State::LeftOut {
            what: "there is no ChromeDriver".to_owned(),
            how: "apt-get".to_owned(),
        };

        assert!(report(state).is_healthy());
    }

    #[test]
    fn nothing_missing_is_healthy() {
        assert!(report(State::There("built".to_owned())).is_healthy());
    }

    #[test]
    fn a_missing_thing_says_how_to_get_it() {
        let state = State::Missing {
            what: "not built yet".to_owned(),
            how: "cargo build".to_owned(),
        };

        assert!(report(state).to_string().contains("to get it: cargo build"));
    }

    #[test]
    fn an_empty_tree_is_examined_to_its_end() {
        let folder = tempfile::tempdir().unwrap();

        assert!(!examine(&Tree::at(folder.path())).is_healthy());
    }
}
