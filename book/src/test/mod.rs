//! Everything there is to test: the workspace, the contracts, the sandbox with its clients, each chapter.
//!
//! A chapter is tested as a reader has it, copied to a folder that knows nothing of this book.
//! cargo's own output goes through as it comes. At the end stands one summary, with the command
//! that runs a failing thing again.

mod summary;
mod transcript;

use crate::child;
use crate::files::FileError;
use crate::sandbox_binary;
use crate::starter;
use crate::toolchain::Toolchain;
use crate::tree::{self, Tree};
use std::env;
use std::io::{self, IsTerminal, PipeReader, Read, Write, pipe, stdout};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use summary::Summary;
use transcript::{Target, Transcript};

/// The tests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// A folder could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// cargo could not be started, or its output not be read.
    #[error("cannot run the tests of {suite}: {why}")]
    Run {
        /// What was to be tested.
        suite: String,
        /// Why it was not.
        why: io::Error,
    },
}

/// Tests that one `cargo test` runs.
#[derive(Debug, PartialEq, Eq)]
struct Suite {
    name: String,
    folder: PathBuf,
    is_starter: bool,
}

/// What came of a suite.
struct Outcome {
    suite: Suite,
    targets: Vec<Target>,
    success: bool,
    time: Duration,
}

/// Runs everything, and says whether all of it passed.
pub fn run(tree: &Tree, toolchain: &Toolchain) -> Result<bool, TestError> {
    let mut outcomes = Vec::new();
    for suite in suites(tree)? {
        println!("\n── {} ──\n", suite.name);
        let started = Instant::now();
        let (targets, success) = suite.run(tree, toolchain)?;
        outcomes.push(Outcome {
            suite,
            targets,
            success,
            time: started.elapsed(),
        });
    }
    let summary = Summary::of(tree, toolchain, &outcomes);
    print!("\n{summary}");
    Ok(summary.success())
}

/// The workspace first: it is what the others are run with.
fn suites(tree: &Tree) -> Result<Vec<Suite>, FileError> {
    let workspace = |name: &str, folder: PathBuf| Suite {
        name: name.to_owned(),
        folder,
        is_starter: false,
    };
    let mut suites = vec![
        workspace("workspace", tree.root().to_owned()),
        workspace("contract", tree.contract()),
        workspace("sandbox/clients", tree.clients()),
    ];
    suites.retain(|suite| suite.folder == tree.root() || suite.folder.join("Cargo.toml").is_file());
    suites.extend(tree.chapters()?.into_iter().map(|folder| Suite {
        name: format!("chapters/{}", tree::name(&folder)),
        folder,
        is_starter: true,
    }));
    Ok(suites)
}

impl Suite {
    fn run(&self, tree: &Tree, toolchain: &Toolchain) -> Result<(Vec<Target>, bool), TestError> {
        let mut cargo = if self.is_starter {
            self.starter(tree, toolchain)?
        } else {
            toolchain.cargo(&self.folder)
        };
        cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
        self.stream(cargo).map_err(|why| TestError::Run {
            suite: self.name.clone(),
            why,
        })
    }

    /// `cargo` in a copy of this chapter.
    fn starter(&self, tree: &Tree, toolchain: &Toolchain) -> Result<Command, TestError> {
        let copy = starter::copy(tree, &self.folder)?;
        println!("in a copy, {}\n", copy.display());
        let mut cargo = toolchain.cargo(&copy);
        cargo
            .args(starter::apart(&copy)?)
            .env("CARGO_TARGET_DIR", tree.target())
            .env(sandbox_binary::VARIABLE, sandbox_binary::path(tree));
        Ok(cargo)
    }

    fn stream(&self, mut cargo: Command) -> io::Result<(Vec<Target>, bool)> {
        if stdout().is_terminal() {
            as_on_a_terminal(&mut cargo);
        }
        // One pipe for both: what cargo says about a target stays before what the target says.
        let (output, from_stdout) = pipe()?;
        let from_stderr = from_stdout.try_clone()?;
        cargo
            .stdin(Stdio::null())
            .stdout(from_stdout)
            .stderr(from_stderr);
        let mut child = cargo.spawn()?;
        // The command holds the ends that are written to: as long as it lives, so does the pipe.
        drop(cargo);
        let targets = pass_through(output, &mut stdout())?;
        Ok((targets, child.wait()?.success()))
    }

    /// The command that runs a part of this suite again, to be typed at the root of the tree.
    fn command(&self, tree: &Tree, toolchain: &Toolchain, arguments: &str) -> String {
        let command = format!("{}cargo test{arguments}", toolchain.prefix());
        if self.folder == tree.root() {
            return command;
        }
        let folder = tree.relative(&self.folder).to_string_lossy().into_owned();
        format!("(cd {} && {command})", child::quoted(&folder))
    }
}

/// Tells cargo what it cannot see through a pipe.
fn as_on_a_terminal(cargo: &mut Command) {
    let (_, columns) = console::Term::stdout().size();
    for (name, value) in [
        ("CARGO_TERM_COLOR", "always"),
        ("CARGO_TERM_PROGRESS_WHEN", "always"),
        ("CARGO_TERM_PROGRESS_WIDTH", &columns.to_string()),
    ] {
        if env::var_os(name).is_none() {
            cargo.env(name, value);
        }
    }
}

/// Hands every byte on as it comes, and reads along.
fn pass_through(mut output: PipeReader, to: &mut impl Write) -> io::Result<Vec<Target>> {
    let mut transcript = Transcript::default();
    let mut bytes = [0; 8192];
    loop {
        let read = output.read(&mut bytes)?;
        if read == 0 {
            return Ok(transcript.finish());
        }
        to.write_all(&bytes[..read])?;
        to.flush()?;
        transcript.read(&bytes[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn suites_are_every_workspace_and_every_chapter() {
        let folder = tempfile::tempdir().unwrap();
        for package in [
            "contract",
            "sandbox/clients",
            "chapters/batch",
            "chapters/setup",
        ] {
            let package = folder.path().join(package);
            fs::create_dir_all(&package).unwrap();
            fs::write(package.join("Cargo.toml"), "").unwrap();
        }

        let suites = suites(&Tree::at(folder.path())).unwrap();

        let names: Vec<_> = suites.iter().map(|suite| suite.name.as_str()).collect();
        let all = [
            "workspace",
            "contract",
            "sandbox/clients",
            "chapters/setup",
            "chapters/batch",
        ];
        assert_eq!(names, all);
    }

    #[test]
    fn what_a_suite_says_goes_through_byte_for_byte() {
        let said = b"   Compiling \x1b[1mbook\x1b[0m\r\nnot UTF-8: \xff\nno end of line";
        let (output, mut input) = pipe().unwrap();
        input.write_all(said).unwrap();
        drop(input);
        let mut passed = Vec::new();

        pass_through(output, &mut passed).unwrap();

        assert_eq!(passed, said);
    }
}
