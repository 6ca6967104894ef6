//! Everything there is to test: the workspace with the contracts and the sandbox, the built book in a browser,
//! each chapter, and the solutions of its exercises.
//!
//! A chapter is tested as a reader has it, copied to a folder that knows nothing of this book; so are
//! its solutions, laid over another copy. cargo's own output goes through as it comes. What has not changed
//! since it passed is not run again. At the end stands one summary, with the command that runs a failing thing
//! again.

mod browser;
mod counts;
mod fingerprint;
mod passed;
mod summary;
mod transcript;

use crate::child;
use crate::files::FileError;
use crate::pages::PagesError;
use crate::sandbox_binary;
use crate::setup::{self, SetupError};
use crate::starter::{self, StarterError};
use crate::toolchain::Toolchain;
use crate::tree::{self, Tree};
use counts::{CountError, Counts};
use fingerprint::Surroundings;
use passed::{Memory, Passed};
use std::env;
use std::io::{self, IsTerminal, PipeReader, Read, Write, pipe, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use summary::Summary;
use transcript::{Target, Transcript};

/// The tests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// A file or folder could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A chapter could not be copied.
    #[error(transparent)]
    Starter(#[from] StarterError),
    /// What there is could not be counted.
    #[error(transparent)]
    Count(#[from] CountError),
    /// The book could not be built for the browser.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// The set-up failed.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// There is no such suite.
    #[error("there is no suite `{suite}`; there are {}", known.join(", "))]
    NoSuite {
        /// What was asked for.
        suite: String,
        /// What there is.
        known: Vec<String>,
    },
    /// cargo could not be started, or its output not be read.
    #[error("cannot run the tests of {suite}: {why}")]
    Run {
        /// What was to be tested.
        suite: String,
        /// Why it was not.
        why: io::Error,
    },
}

/// Which tests are asked for.
#[derive(Debug)]
pub enum Scope {
    /// All that have not passed yet as they are now.
    Changed,
    /// All.
    Everything,
    /// A part, whether it has changed or not.
    Part(Part),
}

/// A part of the tests.
#[derive(Debug)]
pub struct Part {
    /// The suite, as the summary names it.
    pub suite: String,
    /// What `cargo test` gets there instead of what it gets otherwise.
    pub arguments: Vec<String>,
}

/// Tests that one `cargo test` runs.
#[derive(Debug, PartialEq, Eq)]
struct Suite {
    name: String,
    folder: PathBuf,
    kind: Kind,
    /// What `cargo test` gets besides what it always gets.
    arguments: Vec<String>,
}

/// Where a suite runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// In its folder.
    Workspace,
    /// In a copy of its folder.
    Starter,
    /// In a copy of a chapter, over which its folder is laid.
    Solutions,
}

/// What came of a suite.
struct Outcome {
    suite: Suite,
    targets: Vec<Target>,
    success: bool,
    /// How long it ran. What has not changed since it passed did not run.
    time: Option<Duration>,
}

impl Outcome {
    /// A suite that is not run again, and what its targets came to.
    pub fn unchanged(suite: Suite, targets: Vec<Target>) -> Self {
        Self {
            suite,
            targets,
            success: true,
            time: None,
        }
    }
}

/// Sets up, runs what is asked for, and says whether all of that passed.
pub fn run(tree: &Tree, scope: Scope) -> Result<bool, TestError> {
    let memory = scope.memory();
    let suites = suites(tree)?;
    let (suites, is_everything) = match scope {
        Scope::Changed | Scope::Everything => (suites, true),
        Scope::Part(part) => (vec![part.of(suites)?], false),
    };
    let toolchain = setup::run(tree)?;
    let (suites, left_out) = browser::or_leave_out(tree, suites);
    let passed = Passed::of(tree, Surroundings::here(tree, &toolchain));
    let mut outcomes = Vec::new();
    for suite in suites {
        println!("\n── {} ──\n", suite.name);
        let outcome = passed.outcome(suite, memory, |suite| suite.run(tree))?;
        if outcome.time.is_none() {
            println!(
                "not run: unchanged since its {} tests passed",
                outcome.passed()
            );
        }
        outcomes.push(outcome);
    }
    let summary = Summary::of(tree, &outcomes);
    print!("\n{summary}");
    if is_everything {
        print!("{}", Counts::of(tree, &outcomes)?);
    }
    if let Some(left_out) = &left_out {
        print!("\n{left_out}");
    }
    let may_be = left_out.is_none_or(|left_out| left_out.may_be(is_everything));
    Ok(summary.success() && may_be)
}

/// The workspace first: it is what the others are run with.
fn suites(tree: &Tree) -> Result<Vec<Suite>, FileError> {
    let mut suites = vec![
        Suite::new(Kind::Workspace, "workspace".to_owned(), tree.root()),
        Suite::new(Kind::Workspace, browser::NAME.to_owned(), &tree.browser()),
    ];
    suites.retain(|suite| suite.folder == tree.root() || suite.folder.join("Cargo.toml").is_file());
    for chapter in tree.chapters()? {
        let name = format!("chapters/{}", tree::name(&chapter));
        suites.push(Suite::new(Kind::Starter, name, &chapter));
    }
    for overlay in tree.solutions()? {
        let name = format!("solutions/{}", tree::name(&overlay));
        suites.push(Suite::new(Kind::Solutions, name, &overlay));
    }
    Ok(suites)
}

impl Scope {
    /// What is asked for by its name is run, and so is a part of a suite.
    fn memory(&self) -> Memory {
        match self {
            Self::Changed => Memory::Used,
            Self::Part(part) if !part.arguments.is_empty() => Memory::Untouched,
            Self::Everything | Self::Part(_) => Memory::Renewed,
        }
    }
}

impl Part {
    /// The one suite that is meant.
    fn of(self, suites: Vec<Suite>) -> Result<Suite, TestError> {
        let known: Vec<_> = suites.iter().map(|suite| suite.name.clone()).collect();
        let mut suite = suites
            .into_iter()
            .find(|suite| suite.name == self.suite)
            .ok_or_else(|| TestError::NoSuite {
                suite: self.suite,
                known,
            })?;
        if !self.arguments.is_empty() {
            suite.arguments = self.arguments;
        }
        Ok(suite)
    }
}

impl Suite {
    fn new(kind: Kind, name: String, folder: &Path) -> Self {
        // The other tests of a solved chapter are the chapter's own.
        let arguments: &[&str] = match kind {
            Kind::Workspace | Kind::Starter => &[],
            Kind::Solutions => &["--lib", "--test", "solutions"],
        };
        Self {
            name,
            folder: folder.to_owned(),
            kind,
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    /// A suite that cannot be run has failed; the others run all the same.
    fn run(self, tree: &Tree) -> Outcome {
        let started = Instant::now();
        let ran = self.cargo(tree).and_then(|cargo| {
            self.stream(cargo).map_err(|why| TestError::Run {
                suite: self.name.clone(),
                why,
            })
        });
        let (targets, success) = ran.unwrap_or_else(|error| {
            eprintln!("error: {error}");
            (Vec::new(), false)
        });
        Outcome {
            suite: self,
            targets,
            success,
            time: Some(started.elapsed()),
        }
    }

    /// `cargo test` where this suite runs.
    fn cargo(&self, tree: &Tree) -> Result<Command, TestError> {
        let mut cargo = match self.kind {
            Kind::Workspace if self.name == browser::NAME => browser::cargo(tree)?,
            Kind::Workspace => Toolchain::Active.cargo(&self.folder),
            Kind::Starter => in_copy(tree, &starter::copy(tree, &self.folder)?)?,
            Kind::Solutions => in_copy(tree, &starter::copy_solved(tree, &self.folder)?)?,
        };
        cargo
            .args(["test", "--workspace", "--locked", "--no-fail-fast"])
            .args(&self.arguments);
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
    fn command(&self, tree: &Tree, arguments: &str) -> String {
        // A chapter with its solutions is no folder of the tree.
        if self.kind == Kind::Solutions {
            return format!("cargo book test {}{arguments}", self.name);
        }
        if self.folder == tree.root() {
            // With the features of all members: else the virtual machine would be compiled again.
            return format!("cargo test --workspace{arguments}");
        }
        let command = format!("cargo test{arguments}");
        let folder = tree.relative(&self.folder).to_string_lossy().into_owned();
        format!("(cd {} && {command})", child::quoted(&folder))
    }
}

/// `cargo` in a copy of a chapter.
///
/// It is told nothing of the toolchain that compiles contracts: the tests find one, as a reader's do.
fn in_copy(tree: &Tree, copy: &Path) -> Result<Command, TestError> {
    println!("in a copy, {}\n", copy.display());
    let mut cargo = Toolchain::Active.cargo(copy);
    cargo
        .args(starter::profiles(tree)?)
        .args(starter::apart(copy)?)
        .env("CARGO_TARGET_DIR", tree.target())
        .env(sandbox_binary::VARIABLE, sandbox_binary::path(tree));
    Ok(cargo)
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
    use tempfile::TempDir;

    /// A tree with workspaces, two chapters and solutions for one of them.
    fn tree() -> (TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        for package in ["tests/browser", "chapters/batch", "chapters/setup"] {
            let package = folder.path().join(package);
            fs::create_dir_all(&package).unwrap();
            fs::write(package.join("Cargo.toml"), "").unwrap();
        }
        fs::create_dir_all(folder.path().join("tests/solutions/setup")).unwrap();
        let tree = Tree::at(folder.path());
        (folder, tree)
    }

    #[test]
    fn suites_are_every_workspace_every_chapter_and_all_solutions() {
        let (_folder, tree) = tree();

        let suites = suites(&tree).unwrap();

        let names: Vec<_> = suites.iter().map(|suite| suite.name.as_str()).collect();
        let all = [
            "workspace",
            "tests/browser",
            "chapters/setup",
            "chapters/batch",
            "solutions/setup",
        ];
        assert_eq!(names, all);
    }

    fn part(suite: &str, arguments: &[&str]) -> Part {
        Part {
            suite: suite.to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    #[test]
    fn a_part_is_one_suite_with_what_it_always_gets() {
        let (_folder, tree) = tree();

        let suite = part("solutions/setup", &[]).of(suites(&tree).unwrap());

        let suite = suite.unwrap();
        assert_eq!(suite.name, "solutions/setup");
        assert_eq!(suite.arguments, ["--lib", "--test", "solutions"]);
    }

    #[test]
    fn a_part_can_be_smaller_than_a_suite() {
        let (_folder, tree) = tree();

        let suite = part("solutions/setup", &["--lib"]).of(suites(&tree).unwrap());

        assert_eq!(suite.unwrap().arguments, ["--lib"]);
    }

    #[test]
    fn a_part_that_there_is_not_is_answered_with_those_that_there_are() {
        let (_folder, tree) = tree();

        let error = part("setup", &[]).of(suites(&tree).unwrap()).unwrap_err();

        assert_eq!(
            error.to_string(),
            "there is no suite `setup`; there are workspace, tests/browser, chapters/setup, \
             chapters/batch, solutions/setup"
        );
    }

    #[test]
    fn what_has_passed_is_left_out_unless_it_is_asked_for() {
        let memory = [Scope::Changed, Scope::Everything].map(|scope| scope.memory());

        assert_eq!(memory, [Memory::Used, Memory::Renewed]);
    }

    #[test]
    fn a_suite_that_is_asked_for_by_name_is_run_and_remembered() {
        let scope = Scope::Part(part("chapters/setup", &[]));

        assert_eq!(scope.memory(), Memory::Renewed);
    }

    #[test]
    fn of_a_part_of_a_suite_nothing_is_remembered() {
        let scope = Scope::Part(part("chapters/setup", &["--lib"]));

        assert_eq!(scope.memory(), Memory::Untouched);
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
