//! Programs that this one starts.

use std::collections::VecDeque;
use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::iter;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// An error of a program that did not start or did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The program did not start.
    #[error("cannot run `{command}`")]
    Start {
        /// The command as one types it.
        command: String,
        /// The reason.
        source: io::Error,
    },
    /// The program ended with an error.
    #[error("`{command}` ended with {status}\n{stderr}")]
    Failed {
        /// The command as one types it.
        command: String,
        /// The exit status.
        status: ExitStatus,
        /// The last lines of stderr.
        stderr: String,
    },
}

/// The number of lines of stderr that an error shows.
const LAST_LINES: usize = 60;

/// The variables that `cargo run` sets for the program that it starts, besides `CARGO_PKG_*`. A cargo that is
/// started from there must not take them for its own.
const OUTER_CARGO: [&str; 7] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// Returns whether `cargo run` set the variable for this program alone.
pub fn is_of_outer_cargo(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    OUTER_CARGO.contains(&name.as_ref()) || name.starts_with("CARGO_PKG_")
}

/// Returns a command that runs in `folder`, without the variables of an outer `cargo run`.
pub fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in env::vars_os() {
        if is_of_outer_cargo(&name) {
            command.env_remove(name);
        }
    }
    command
}

/// Returns the active `cargo`, to run in `folder`.
pub fn cargo(folder: &Path) -> Command {
    command("cargo", folder)
}

/// Runs a command and returns its stdout.
pub fn run(command: &mut Command) -> Result<String, ProcessError> {
    run_with(command, &|_| {})
}

/// Runs a command, calls `on_line` with each line of its stderr, and returns its stdout.
pub fn run_with(
    command: &mut Command,
    on_line: &(dyn Fn(&str) + Sync),
) -> Result<String, ProcessError> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| not_started(command, source))?;
    let (mut stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut bytes = Vec::new();
    let (read, last_lines) = thread::scope(|scope| {
        let reader = scope.spawn(|| stderr.map(|stderr| read_lines(stderr, on_line)));
        let read = stdout.as_mut().map(|stdout| stdout.read_to_end(&mut bytes));
        (read.transpose(), reader.join().ok().flatten())
    });
    let status = read
        .and_then(|_| child.wait())
        .map_err(|source| not_started(command, source))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    Err(ProcessError::Failed {
        command: typed(command),
        status,
        stderr: last_lines.unwrap_or_default().join("\n"),
    })
}

fn not_started(command: &Command, source: io::Error) -> ProcessError {
    ProcessError::Start {
        command: typed(command),
        source,
    }
}

/// Calls `on_line` with each line, and returns the last ones.
fn read_lines(stderr: impl Read, on_line: &dyn Fn(&str)) -> Vec<String> {
    let mut last = VecDeque::new();
    for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        on_line(&line);
        last.push_back(line);
        if last.len() > LAST_LINES {
            last.pop_front();
        }
    }
    last.into()
}

/// Returns the command as one types it into a shell.
pub fn typed(command: &Command) -> String {
    let words = iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| quoted(&word.to_string_lossy())).collect();
    words.join(" ")
}

/// Returns the word with the quotes that a shell needs.
pub fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=/.,:+@%".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
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
    fn the_result_is_what_the_program_writes_to_stdout() {
        let stdout = run(&mut shell("echo yes; echo no >&2"));

        assert_eq!(stdout.unwrap(), "yes\n");
    }

    #[test]
    fn the_error_of_a_program_that_fails_has_its_stderr() {
        let error = run(&mut shell("echo no such target >&2; exit 3")).unwrap_err();

        assert_eq!(
            error.to_string(),
            "`sh -c 'echo no such target >&2; exit 3'` ended with exit status: 3\nno such target"
        );
    }

    #[test]
    fn a_quoted_word_survives_the_shell() {
        let word = "it's";

        let stdout = run(&mut shell(&format!("printf %s {}", quoted(word))));

        assert_eq!(stdout.unwrap(), word);
    }
}
