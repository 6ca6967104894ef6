//! The program as clients start it: its command line, its files, its life.


mod command_line;
mod files;
mod life;

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::node::{command, free_address, output};
use serde_json::Value;

/// One line on stderr that holds all of `words`, the exit code, and no panic.
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

/// Runs what is in a folder, which must come to an end.
pub(crate) fn run(home: &Path) -> Output {
    output(command(
        home,
        &["run", "--rpc-addr", &free_address().to_string()],
    ))
}

/// Changes a JSON file.
pub(crate) fn change(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}
