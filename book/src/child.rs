//! The programs that this one starts.

use crate::step::Step;
use std::collections::VecDeque;
use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::iter;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// A program that did not do what it was started for.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It did not start.
    #[error("cannot run `{command}`: {why}")]
    Start {
        /// As one would type it.
        command: String,
        /// Why not.
        why: io::Error,
    },
    /// It ended with an error of its own.
    #[error("`{command}` ended with {status}\n{said}")]
    Failed {
        /// As one would type it.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it wrote to stderr.
        said: String,
    },
}

/// How much of a program's last words goes into an error: enough to see why it failed.
const LAST_LINES: usize = 60;

/// What an outer `cargo run` sets for the program it starts.
///
/// A child that inherits these takes this crate's name and version for its own, or this crate's
/// compiler for the one that it was told to use.
const OF_THE_OUTER_CARGO: [&str; 7] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// Whether an outer `cargo run` sets a variable for the program that it starts, and for no other.
pub fn is_of_the_outer_cargo(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    OF_THE_OUTER_CARGO.contains(&name.as_ref()) || name.starts_with("CARGO_PKG_")
}

/// A program that knows nothing of an outer cargo, in the folder whose `.cargo/config.toml` shall
/// hold. It is found on PATH, as the reader's shell would find it.
pub fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in env::vars_os() {
        if is_of_the_outer_cargo(&name) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end and gives what it wrote to stdout.
///
/// Its stderr goes to the step's progress, and into the error when it fails.
pub fn run(command: &mut Command, step: &Step) -> Result<String, ChildError> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|why| not_started(command, why))?;
    let (mut stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut answer = Vec::new();
    let (read, said) = thread::scope(|scope| {
        let said = scope.spawn(|| {
            stderr
                .map(|stderr| listen(stderr, step))
                .unwrap_or_default()
        });
        let read = stdout
            .as_mut()
            .map(|stdout| stdout.read_to_end(&mut answer));
        (read.transpose(), said.join().unwrap_or_default())
    });
    let status = read
        .and_then(|_| child.wait())
        .map_err(|why| not_started(command, why))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&answer).into_owned());
    }
    Err(ChildError::Failed {
        command: typed(command),
        status,
        said: said.join("\n"),
    })
}

fn not_started(command: &Command, why: io::Error) -> ChildError {
    ChildError::Start {
        command: typed(command),
        why,
    }
}

/// Shows each line as progress and keeps the last ones.
fn listen(stderr: impl Read, step: &Step) -> Vec<String> {
    let mut last = VecDeque::new();
    for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        step.progress(&line);
        last.push_back(line);
        if last.len() > LAST_LINES {
            last.pop_front();
        }
    }
    last.into()
}

/// The command as one would type it.
pub fn typed(command: &Command) -> String {
    let words = iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| quoted(&word.to_string_lossy())).collect();
    words.join(" ")
}

/// A word as a shell takes it for one.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=/.,:+@%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn what_a_child_writes_to_stdout_is_the_answer() {
        let answer = run(&mut shell("echo yes; echo no >&2"), &Step::silent());

        assert_eq!(answer.unwrap(), "yes\n");
    }

    #[test]
    fn the_error_of_a_child_that_fails_has_what_it_said() {
        let error = run(
            &mut shell("echo no such target >&2; exit 3"),
            &Step::silent(),
        );

        assert_eq!(
            error.unwrap_err().to_string(),
            "`sh -c 'echo no such target >&2; exit 3'` ended with exit status: 3\nno such target"
        );
    }

    #[test]
    fn a_word_with_a_quote_in_it_survives_the_shell() {
        let word = "it's";

        let answer = run(
            &mut shell(&format!("printf %s {}", quoted(word))),
            &Step::silent(),
        );

        assert_eq!(answer.unwrap(), word);
    }
}
