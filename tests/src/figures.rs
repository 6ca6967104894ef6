//! Figures: what a run of real wasm recorded for the pages, in `src/figures/*.txt`.
//!
//! A figure is recorded again by every test run and compared with its file; `BLESS=1` writes the file
//! instead, which is what `cargo book bless` does.
//!
//! Another compiler makes other wasm, and so other gas. `recorded-with.txt` names the compiler of the
//! files. Where the contracts were built by another one, figures are compared [`without_gas`]: a
//! number before ` Tgas`, a number after `~`, and where the blanks and the line ends stand may differ.
//! Nothing else may. What depends on gas is always written in one of these two ways, see
//! [`crate::scene::text`].

pub mod batch;
pub mod changes;
pub mod money;
pub mod parallel;
pub mod release;
pub mod responses;
pub mod sandbox;
pub mod setup;
pub mod testing;

use std::fs;
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use crate::scene;

/// The file that names the compiler of the figures.
pub const RECORDED_WITH: &str = "recorded-with";

/// What is recorded outside of this package: by the tests in `tests/clients`, and by the benchmarks there
/// and in `sandbox/`.
pub const RECORDED_ELSEWHERE: [&str; 4] = [
    "sandbox-clients",
    "sandbox-scenarios",
    "sandbox-speed",
    "sandbox-speed-for-clients",
];

/// Whether figures are to be written instead of compared.
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Where a figure lies.
pub fn path(name: &str) -> PathBuf {
    folder().join(name).with_extension("txt")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/figures")
}

/// The names of the figures that have a file.
pub fn on_disk() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("there is a folder of figures");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "txt"))
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

/// Compares what a run has recorded with the figure of this name, or writes it.
///
/// # Panics
/// The figure is stale. The message shows the lines that differ.
pub fn check(name: &str, recorded: &str) {
    let path = path(name);
    if is_blessing() {
        write(&path, recorded);
        return;
    }
    let on_page = fs::read_to_string(&path).unwrap_or_default();
    if let Some(difference) = difference(&on_page, recorded, same_compiler()) {
        panic!(
            "src/figures/{name}.txt is stale (- the page, + the run). \
             If the run is right: cargo book bless\n{difference}"
        );
    }
}

/// Writes down which compiler the contracts were built by.
pub fn write_compiler() {
    write(&path(RECORDED_WITH), &format!("{}\n", scene::compiler()));
}

/// Removes a figure that no run records any more.
pub fn remove(name: &str) {
    let path = path(name);
    fs::remove_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn same_compiler() -> bool {
    let recorded_with = fs::read_to_string(path(RECORDED_WITH)).unwrap_or_default();
    recorded_with.trim() == scene::compiler()
}

/// A file that is right already is not touched: whoever watches it would rebuild the book.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|before| before == text) {
        return;
    }
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The lines that differ, if any.
fn difference(on_page: &str, recorded: &str, same_compiler: bool) -> Option<String> {
    if on_page == recorded || (!same_compiler && words(on_page) == words(recorded)) {
        return None;
    }
    let (on_page, recorded) = match same_compiler {
        true => (on_page.to_owned(), recorded.to_owned()),
        false => (without_gas(on_page), without_gas(recorded)),
    };
    let diff = TextDiff::from_lines(&on_page, &recorded);
    let lines = diff.iter_all_changes().filter_map(|change| {
        let mark = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => return None,
        };
        Some(format!(
            "{mark} {}\n",
            change.value().trim_end_matches('\n')
        ))
    });
    Some(lines.collect())
}

/// What a figure says without its gas, however its lines are broken: a longer number breaks them
/// elsewhere.
fn words(figure: &str) -> Vec<String> {
    let figure = without_gas(figure);
    let words = figure.split_whitespace().filter(|word| !is_branch(word));
    words.map(str::to_owned).collect()
}

fn is_branch(word: &str) -> bool {
    word.chars().all(|letter| "│├└─".contains(letter))
}

/// A figure without what depends on gas: those numbers are `#`, and rows of blanks are one blank.
pub fn without_gas(figure: &str) -> String {
    let lines = figure.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let masked = words.iter().enumerate().map(|(place, word)| {
            let is_gas = words
                .get(place + 1)
                .is_some_and(|unit| unit.starts_with("Tgas"));
            match word.split_once('~') {
                Some((sign, number)) if is_number(number) => format!("{sign}~#"),
                _ if is_gas && is_number(word) => "#".to_owned(),
                _ => (*word).to_owned(),
            }
        });
        masked.collect::<Vec<_>>().join(" ") + "\n"
    });
    lines.collect()
}

fn is_number(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
        && word
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.' || letter == ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_compiler_may_burn_other_gas() {
        let page = "burnt    1.234 Tgas\nrefund   ~0.001 NEAR of gas, to alice.near\n";
        let run = "burnt   11.234 Tgas\nrefund   ~0.002 NEAR of gas, to alice.near\n";

        assert_eq!(difference(page, run, false), None);
        assert!(difference(page, run, true).is_some());
    }

    #[test]
    fn another_compiler_may_not_change_what_happens() {
        let page = "answer   5\nrefund   1 NEAR of deposit\n";
        let run = "answer   5\nrefund   2 NEAR of deposit\n";

        let difference = difference(page, run, false).expect("they differ");

        assert_eq!(
            difference,
            "- refund 1 NEAR of deposit\n+ refund 2 NEAR of deposit\n"
        );
    }

    #[test]
    fn a_loss_is_no_gain() {
        assert_ne!(without_gas("-~0.1 NEAR"), without_gas("~0.1 NEAR"));
    }

    #[test]
    fn a_number_that_is_no_gas_stays() {
        let line = "Action #1: 127 steps, 3 in all";

        assert_eq!(without_gas(line), format!("{line}\n"));
    }
}
