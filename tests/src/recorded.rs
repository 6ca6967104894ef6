//! The files of the figures, in `src/figures`: compared with new recordings of the same runs, or written.
//!
//! Every test run records a figure again and compares it with its files. `BLESS=1` writes the files instead, as
//! `cargo book bless` does.
//!
//! Another compiler makes another wasm, which burns other gas. `recorded-with.txt` names the compiler of the
//! files. If another compiler built the contracts, figures are compared [`without_gas`]: numbers before `
//! Tgas`, numbers after `~`, spaces and line breaks may differ, and nothing else. A number that depends on gas
//! is always written in one of these two ways, see [`runs::text`]. For a drawing only the words are compared
//! then, because longer numbers need wider cards. The numbers of a gas scale are left out too, because more gas
//! needs another scale. And in data the columns of gas are left out.

use std::fs;
use std::path::{Path, PathBuf};

use runs::figure::{EXTENSIONS, Figure};
use runs::plot::GAS_TICK;
use runs::test_chain;
use runs::text::{is_number, without_gas};
use similar::{ChangeTag, TextDiff};

/// The file that names the compiler of the figures.
pub const RECORDED_WITH: &str = "recorded-with";

/// The figures that other packages record: the tests in `tests/clients`, and the benchmarks there and in
/// `sandbox/`.
pub const RECORDED_ELSEWHERE: [&str; 4] = [
    "sandbox-clients",
    "sandbox-scenarios",
    "sandbox-speed",
    "sandbox-speed-for-clients",
];

/// Returns true if figures are written instead of compared.
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Returns the path of a figure's file.
fn path(name: &str, extension: &str) -> PathBuf {
    folder().join(format!("{name}.{extension}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/figures")
}

/// Returns the name and the extension of each file.
pub fn on_disk() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).expect("the folder of figures exists");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| {
            let name = name.to_string_lossy().into_owned();
            let (name, extension) = name.split_once('.').expect("the name has an extension");
            (name.to_owned(), extension.to_owned())
        })
        .collect();
    names.sort();
    names
}

/// Compares a recording with the files of its figure, or writes them. The statement is the name of its test.
///
/// # Panics
/// The figure is stale. The message shows the lines that differ.
pub fn check(name: &str, statement: &str, recorded: impl Into<Figure>) {
    let files = recorded.into().files(name, &sentence(statement));
    let mut stale = String::new();
    for extension in EXTENSIONS {
        if files.iter().any(|(known, _)| *known == extension) || !path(name, extension).exists() {
            continue;
        }
        match is_blessing() {
            true => remove(name, extension),
            false => stale.push_str(&format!(
                "src/figures/{name}.{extension} is not recorded any more.\n"
            )),
        }
    }
    for (extension, recorded) in files {
        let path = path(name, extension);
        if is_blessing() {
            write(&path, &recorded);
            continue;
        }
        let on_page = fs::read_to_string(&path).unwrap_or_default();
        let difference = match extension {
            "svg" | "md" if !same_compiler() => compared(&words_of(&on_page), &words_of(&recorded)),
            "csv" if !same_compiler() => compared(&facts_of(&on_page), &facts_of(&recorded)),
            _ => compared(&on_page, &recorded),
        };
        if let Some(difference) = difference {
            stale.push_str(&format!(
                "src/figures/{name}.{extension} is stale (- the page, + the run).\n{difference}"
            ));
        }
    }
    assert!(
        stale.is_empty(),
        "{stale}If the run is right: cargo book bless"
    );
}

/// Returns the name of a test as a sentence.
fn sentence(statement: &str) -> String {
    let mut letters = statement.chars().map(|letter| match letter {
        '_' => ' ',
        letter => letter,
    });
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Returns the lines in which two recordings differ, if any. If the compilers differ, everything that depends
/// on gas is left out.
pub fn compared(before: &str, now: &str) -> Option<String> {
    difference(before, now, same_compiler())
}

/// Returns the words of a drawing, without the numbers of a gas scale.
fn words_of(svg: &str) -> String {
    let pieces = svg.split('<').filter_map(|tag| tag.split_once('>'));
    let is_of_gas = |tag: &str| tag.contains(&format!("class=\"{GAS_TICK}\""));
    let words: Vec<_> = pieces
        .filter(|(tag, _)| !is_of_gas(tag))
        .map(|(_, text)| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    words.join("\n")
}

/// Replaces the gas in data by a mark. Each row must have a number in the same columns.
fn facts_of(csv: &str) -> String {
    let header = csv.lines().next().unwrap_or_default();
    let is_gas: Vec<_> = header
        .split(',')
        .map(|name| name.ends_with("(Tgas)"))
        .collect();
    let lines = csv.lines().map(|line| {
        let cells = line
            .split(',')
            .zip(&is_gas)
            .map(|(cell, is_gas)| match cell {
                number if *is_gas && is_number(number) => "#",
                other => other,
            });
        cells.collect::<Vec<_>>().join(",") + "\n"
    });
    lines.collect()
}

/// Writes the file with the compiler of the contracts.
pub fn write_compiler() {
    write(
        &path(RECORDED_WITH, "txt"),
        &format!("{}\n", test_chain::compiler()),
    );
}

/// Removes a file of a figure that no run records any more.
pub fn remove(name: &str, extension: &str) {
    let path = path(name, extension);
    fs::remove_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn same_compiler() -> bool {
    let recorded_with = fs::read_to_string(path(RECORDED_WITH, "txt")).unwrap_or_default();
    recorded_with.trim() == test_chain::compiler()
}

/// Writes a file unless it has this content already, because a new date would rebuild the book.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|before| before == text) {
        return;
    }
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Returns the lines that differ, if any.
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

/// Returns the words of a figure without its gas and its line breaks: a longer number breaks lines elsewhere.
fn words(figure: &str) -> Vec<String> {
    let figure = without_gas(figure);
    let words = figure.split_whitespace().filter(|word| !is_branch(word));
    words.map(str::to_owned).collect()
}

fn is_branch(word: &str) -> bool {
    word.chars().all(|letter| "│├└─".contains(letter))
}

#[cfg(test)]
mod tests;
