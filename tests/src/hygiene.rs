//! The rules for all files: licences, no traces of one machine, no loose ends.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;
use regex::Regex;
use toml::{Table, Value};

use crate::{Problem, text};

/// The licence of everything in this tree.
pub const LICENCE: &str = "MIT OR Apache-2.0";

/// The largest number of lines in a file of Rust. A longer one should be two modules.
pub const LINES: usize = 600;

/// The folders with the output of programs, beside those whose name begins with a dot.
const MADE: [&str; 2] = ["node_modules", "target"];

/// The folders with sources whose name begins with a dot.
const WRITTEN: [&str; 3] = [".cargo", ".ci", ".github"];

/// Returns every file that people wrote, from the root of the book.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let files = text::files_but(root, |entry| {
        let name = entry.file_name().to_string_lossy();
        let hidden = name.starts_with('.') && !WRITTEN.contains(&name.as_ref());
        entry.file_type().is_dir() && (hidden || MADE.contains(&name.as_ref()))
    })?;
    let relative = files.iter().filter_map(|path| path.strip_prefix(root).ok());
    Ok(relative.map(Path::to_owned).collect())
}

/// Finds missing licences: both texts lie at the root, and every crate names them.
pub fn licences(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for text in ["LICENSE-MIT", "LICENSE-APACHE"] {
        if !root.join(text).is_file() {
            problems.push(Problem::of(
                text,
                "the licence is missing: put its text here",
            ));
        }
    }
    for path in files(root)?
        .iter()
        .filter(|path| path.ends_with("Cargo.toml"))
    {
        let manifest: Table = text::read(&root.join(path))?.parse()?;
        for table in [manifest.get("package"), workspace_package(&manifest)]
            .into_iter()
            .flatten()
        {
            let licence = table.get("license");
            let inherited = licence
                .and_then(|licence| licence.get("workspace"))
                .is_some();
            if !inherited && licence.and_then(Value::as_str) != Some(LICENCE) {
                let fault =
                    format!("the crate does not name its licence: write `license = \"{LICENCE}\"`");
                problems.push(Problem::of(path, fault));
            }
        }
    }
    Ok(problems)
}

fn workspace_package(manifest: &Table) -> Option<&Value> {
    manifest.get("workspace")?.get("package")
}

/// The patterns that no file may contain, with the reasons.
struct Traces {
    patterns: Vec<(Regex, &'static str)>,
}

impl Traces {
    /// Returns the patterns. They are assembled from pieces, so this file does not match.
    fn new(root: &Path) -> Result<Self> {
        let mut patterns = vec![
            (Regex::new(r"/ro[o]t/")?, "a path of one machine"),
            (
                Regex::new(r"registry/s[r]c/[\w.-]+-[0-9a-f]{16}")?,
                "a path of one machine",
            ),
            (
                Regex::new(r"\b(index|static)\.crates\.i[o]\b")?,
                "the host of a registry",
            ),
            (Regex::new(r"\b(TOD[O]|FIXM[E])\b")?, "a loose end"),
        ];
        let folders = [
            Some(root.to_owned()),
            env::home_dir(),
            env::var_os("CARGO_HOME").map(PathBuf::from),
        ];
        for folder in folders.into_iter().flatten() {
            // The name of a folder at the top is too common to search for.
            if folder.components().count() > 2 {
                let folder = regex::escape(&folder.to_string_lossy());
                patterns.push((
                    Regex::new(&format!(r"{folder}\b"))?,
                    "a path of this machine",
                ));
            }
        }
        Ok(Self { patterns })
    }

    fn in_file(&self, path: &Path, text: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            for (pattern, description) in &self.patterns {
                if let Some(found) = pattern.find(line) {
                    let fault = format!("`{}` is {description}: remove it", found.as_str());
                    problems.push(Problem::at(path, number, fault));
                }
            }
        }
        problems
    }
}

/// Finds paths of one machine, hosts of registries, and unfinished work.
pub fn traces(root: &Path) -> Result<Vec<Problem>> {
    let traces = Traces::new(root)?;
    let mut problems = Vec::new();
    for path in files(root)? {
        if let Some(text) = text::read_if_text(&root.join(&path))? {
            problems.extend(traces.in_file(&path, &text));
        }
    }
    Ok(problems)
}

/// Finds the same in a binary file: a contract contains the paths of its sources.
pub fn traces_in_bytes(root: &Path, path: &Path, bytes: &[u8]) -> Result<Vec<Problem>> {
    let printable = |byte: &u8| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '\n',
    };
    let text: String = bytes.iter().map(printable).collect();
    let mut problems = Traces::new(root)?.in_file(path, &text);
    // A binary file has no lines.
    problems.iter_mut().for_each(|problem| problem.line = 1);
    for trace in ["/home/", "/Users/", ".cargo/registry"] {
        if text.contains(trace) {
            let fault =
                format!("`{trace}` is a path of one machine: build it with `cargo book contracts`");
            problems.push(Problem::of(path, fault));
        }
    }
    Ok(problems)
}

/// The source of packages in a lock file: the name of the one registry.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Finds lock files that name another registry, which readers may not reach.
pub fn registries(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in files(root)?
        .iter()
        .filter(|path| path.ends_with("Cargo.lock"))
    {
        for (number, line) in (1..).zip(text::read(&root.join(path))?.lines()) {
            let source = line
                .strip_prefix("source = ")
                .map(|source| source.trim_matches('"'));
            if source.is_some_and(|source| source != REGISTRY) {
                let fault = "this package is from another source: take it from the registry";
                problems.push(Problem::at(path, number, fault));
            }
        }
    }
    Ok(problems)
}

/// Finds files of Rust that are too long.
pub fn long_files(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in files(root)?.iter().filter(|path| text::is(path, "rs")) {
        let lines = text::read(&root.join(path))?.lines().count();
        if lines > LINES {
            let fault =
                format!("{lines} lines are more than {LINES}: move a part of them into a module");
            problems.push(Problem::at(path, LINES, fault));
        }
    }
    Ok(problems)
}
