//! The process: its command line, its files, its start and its end.

mod command_line;
mod files;
mod launcher;
mod life;

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::node::{ANY_PORT, command, output};

/// Checks the exit code, and that stderr has one line with all of `words`.
#[track_caller]
pub(crate) fn assert_refused(output: &Output, code: i32, words: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "{word:?} is not in {stderr}");
    }
}

/// Runs a node that must fail at its start.
pub(crate) fn run(home: &Path) -> Output {
    output(command(home, &["run", "--rpc-addr", ANY_PORT]))
}

/// Changes a JSON file.
pub(crate) fn change(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}
