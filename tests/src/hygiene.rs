//! The rules of the house: licences, no traces of the machine that it was written on, no loose ends.

use crate::{Problem, text};
use anyhow::Result;
use regex::Regex;
use std::env;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Under what everything here may be used.
pub const LICENCE: &str = "MIT OR Apache-2.0";

/// What a file of Rust has at the most; more of it wants another module.
pub const LINES: usize = 600;

/// The folder that holds what programs made, beside those whose name begins with a dot.
const MADE: &str = "target";

/// Folders whose name begins with a dot, and yet were written.
const WRITTEN: [&str; 3] = [".cargo", ".ci", ".github"];

/// Every file that people wrote, from the root of the book.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let files = text::files_but(root, |entry| {
        let name = entry.file_name().to_string_lossy();
        let hidden = name.starts_with('.') && !WRITTEN.contains(&name.as_ref());
        entry.file_type().is_dir() && (hidden || name == MADE)
    })?;
    let relative = files.iter().filter_map(|path| path.strip_prefix(root).ok());
    Ok(relative.map(Path::to_owned).collect())
}

/// The texts of both licences lie at the root, and every crate names them.
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

/// What must not be in any file, and why.
struct Traces {
    patterns: Vec<(Regex, &'static str)>,
}

impl Traces {
    /// Written in pieces, so that this file is not one that it finds.
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
        let places = [
            Some(root.to_owned()),
            env::home_dir(),
            env::var_os("CARGO_HOME").map(PathBuf::from),
        ];
        for place in places.into_iter().flatten() {
            // A folder at the top has a name that others have too.
            if place.components().count() > 2 {
                let place = regex::escape(&place.to_string_lossy());
                patterns.push((
                    Regex::new(&format!(r"{place}\b"))?,
                    "a path of this machine",
                ));
            }
        }
        Ok(Self { patterns })
    }

    fn in_file(&self, path: &Path, text: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            for (pattern, what) in &self.patterns {
                if let Some(found) = pattern.find(line) {
                    let fault = format!("`{}` is {what}: remove it", found.as_str());
                    problems.push(Problem::at(path, number, fault));
                }
            }
        }
        problems
    }
}

/// Paths of one machine, hosts of registries, and what is not finished.
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

/// The same in a file that is no text: a contract carries the paths of its sources.
pub fn traces_in_bytes(root: &Path, path: &Path, bytes: &[u8]) -> Result<Vec<Problem>> {
    let printable = |byte: &u8| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '\n',
    };
    let text: String = bytes.iter().map(printable).collect();
    let mut problems = Traces::new(root)?.in_file(path, &text);
    // Lines mean nothing here.
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

/// Where cargo may fetch from: the name that every lock file has for the one registry.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Lock files that name another registry would send a reader there.
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
                let fault = "this comes from elsewhere than the others: take it from the registry";
                problems.push(Problem::at(path, number, fault));
            }
        }
    }
    Ok(problems)
}

/// Files of Rust that want to be two.
pub fn long_files(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in files(root)?.iter().filter(|path| text::is(path, "rs")) {
        let lines = text::read(&root.join(path))?.lines().count();
        if lines > LINES {
            let fault =
                format!("{lines} lines are more than {LINES}: make a module of a part of them");
            problems.push(Problem::at(path, LINES, fault));
        }
    }
    Ok(problems)
}
