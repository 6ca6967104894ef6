//! A suite: the tests that one `cargo test` runs, or one `node --test`.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use manuscript::layout::{self, Tree};
use manuscript::machine::Machine;
use manuscript::pages;
use manuscript::process;
use manuscript::templates::copy;

use super::environment::Environment;
use super::node;
use crate::browser::Browser;
use crate::sandbox::{self, Sandbox};

/// The name of the suite that tests the built book in a browser.
pub const BROWSER: &str = "tests/browser";

/// The name of the suite that tests the sandbox with the clients for Node.js.
pub const CLIENTS_JS: &str = "tests/clients-js";

/// The variable that names the folder of the built book to that suite.
const BOOK_HTML: &str = "BOOK_HTML";

/// The variable that tells the tests in a browser the program that serves the book.
const BOOK_COMMAND: &str = "BOOK_COMMAND";

/// The tests that one command runs.
#[derive(Debug, PartialEq, Eq)]
pub struct Suite {
    /// The name, from the root of the tree.
    pub name: String,
    /// The folder of its crate, or that of the solutions.
    pub folder: PathBuf,
    /// The kind.
    pub kind: Kind,
    /// The arguments of the command, besides those that all suites have.
    pub arguments: Vec<String>,
}

/// The folder in which a suite runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The workspace at the root of the tree.
    Workspace,
    /// The workspace that needs the built book and a browser.
    Browser,
    /// The clients for Node.js.
    Node,
    /// A copy of a chapter, a study or another starter.
    Copy,
    /// A copy of a chapter or a study with the solutions of its exercises.
    Solutions,
}

impl Kind {
    /// Returns whether the suite tests a crate that stands alone. Such suites share nothing but the target folder.
    pub fn stands_alone(self) -> bool {
        matches!(self, Self::Copy | Self::Solutions)
    }
}

/// Returns all suites of a tree. The workspace comes first: it tests what the others run with.
pub fn all(tree: &Tree) -> Result<Vec<Suite>> {
    let mut suites = vec![Suite::new(Kind::Workspace, "workspace", tree.root())];
    if tree.browser().join("Cargo.toml").is_file() {
        suites.push(Suite::new(Kind::Browser, BROWSER, &tree.browser()));
    }
    for template in [tree.chapters()?, tree.starters()?].concat() {
        let name = tree.relative(&template).to_string_lossy().into_owned();
        suites.push(Suite::new(Kind::Copy, &name, &template));
    }
    for overlay in tree.solutions()? {
        let name = format!("solutions/{}", layout::name(&overlay));
        suites.push(Suite::new(Kind::Solutions, &name, &overlay));
    }
    Ok(suites)
}

/// Returns the suites of a tree that run only when they are asked for by name: they install packages.
pub fn on_request(tree: &Tree) -> Option<Suite> {
    let folder = tree.root().join(CLIENTS_JS);
    let is_there = folder.join("package.json").is_file();
    is_there.then(|| Suite::new(Kind::Node, CLIENTS_JS, &folder))
}

impl Suite {
    /// Returns a suite with the arguments of its kind.
    pub fn new(kind: Kind, name: &str, folder: &Path) -> Self {
        // The other tests of a chapter with solutions are those of the chapter.
        let arguments: &[&str] = match kind {
            Kind::Solutions => &["--lib", "--test", "it"],
            Kind::Workspace | Kind::Browser | Kind::Node | Kind::Copy => &[],
        };
        Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            kind,
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    /// Runs the suite, with the command's own output, and returns whether it passed.
    pub fn run(&self, tree: &Tree, environment: &Environment) -> Result<bool> {
        let mut command = self.command(tree, environment)?;
        let status = command.status().with_context(|| cannot_run(&command))?;
        Ok(status.success())
    }

    /// Runs the suite, calls `on_line` with each line of the command's output, and returns whether it passed, and
    /// the output.
    pub fn run_quietly(
        &self,
        tree: &Tree,
        environment: &Environment,
        on_line: impl Fn(&str),
    ) -> Result<(bool, String)> {
        let mut command = self.command(tree, environment)?;
        let (lines, writer) = io::pipe().context("a pipe for the output")?;
        command.stdout(writer.try_clone()?).stderr(writer);
        let mut child = command.spawn().with_context(|| cannot_run(&command))?;
        // The pipe ends when nobody can write into it any more.
        drop(command);
        let mut output = String::new();
        for line in BufReader::new(lines).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            on_line(&line);
            output.push_str(&line);
            output.push('\n');
        }
        Ok((child.wait()?.success(), output))
    }

    /// Returns the command that tests the suite. Writes the copy or the pages that it needs.
    fn command(&self, tree: &Tree, environment: &Environment) -> Result<Command> {
        let mut command = match self.kind {
            Kind::Workspace => cargo(environment, &self.folder),
            Kind::Browser => self.in_browser(tree, environment)?,
            Kind::Node => self.in_node(tree, environment)?,
            Kind::Copy => in_copy(tree, environment, &copy::copy(tree, &self.folder)?)?,
            Kind::Solutions => in_copy(tree, environment, &copy::copy_solved(tree, &self.folder)?)?,
        };
        if self.kind != Kind::Node {
            command.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
        }
        command.args(&self.arguments).stdin(Stdio::null());
        Ok(command)
    }

    /// Builds the book, and returns the `cargo` that tests it.
    fn in_browser(&self, tree: &Tree, environment: &Environment) -> Result<Command> {
        let html = tree.html();
        pages::build(tree, &html)?;
        let mut cargo = cargo(environment, &self.folder);
        cargo.env(BOOK_HTML, html);
        let command = std::env::current_exe().context("the path of this program")?;
        cargo.env(BOOK_COMMAND, command);
        // Without a browser the tests say what is missing.
        if let Ok(browser) = Browser::find(&Machine::here(tree.root())) {
            browser.apply(&mut cargo);
        }
        Ok(cargo)
    }

    /// Returns the `node` that tests the clients, which start the sandbox of the other suites.
    fn in_node(&self, tree: &Tree, environment: &Environment) -> Result<Command> {
        let mut node = node::command(&self.folder, environment)?;
        node.env(sandbox::VARIABLE, Sandbox::here(tree).path(tree));
        Ok(node)
    }
}

fn cannot_run(command: &Command) -> String {
    format!("cannot run `{}`", process::typed(command))
}

/// Returns the active `cargo` with the environment of the suites.
fn cargo(environment: &Environment, folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    environment.apply(cargo.current_dir(folder));
    cargo
}

/// Returns `cargo` in a copy. Its tests look for a compiler with the target by themselves, as a reader's do.
fn in_copy(tree: &Tree, environment: &Environment, copy: &Path) -> Result<Command> {
    let mut cargo = cargo(environment, copy);
    cargo
        .args(copy::profiles(tree, copy)?)
        .args(copy::apart(copy)?)
        .env("CARGO_TARGET_DIR", tree.target())
        // Nobody edits a copy, so what the next build of it could use again is not kept.
        .env("CARGO_INCREMENTAL", "0")
        .env(sandbox::VARIABLE, Sandbox::here(tree).path(tree));
    Ok(cargo)
}
