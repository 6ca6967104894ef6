//! Figures: what a run of real wasm recorded for the pages, in `src/figures`.
//!
//! A [`Figure`] is a text, `name.txt`. One that tells of transactions is drawn as well, `name.svg`, and
//! accounts for their gas, `name.gas.txt`. One that shows how a number grows is drawn as a [`Plot`],
//! `name.svg`, and has the data for who wants to go on with them, `name.csv`.
//!
//! A figure knows what it is there to show, so that no recording can say the opposite of its page. One
//! of transactions is made with an [`Expectation`], a table or a plot with the [`claim`]s of its page. Only
//! a [`Listing`] claims nothing.
//!
//! A figure is recorded again by every test run and compared with its files; `BLESS=1` writes the files
//! instead, which is what `cargo book bless` does.
//!
//! Another compiler makes other wasm, and so other gas. `recorded-with.txt` names the compiler of the
//! files. Where the contracts were built by another one, figures are compared [`without_gas`]: a
//! number before ` Tgas`, a number after `~`, and where the blanks and the line ends stand may differ.
//! Nothing else may. What depends on gas is always written in one of these two ways, see
//! [`crate::scene::text`]. Of a drawing only its words are compared then: longer numbers need wider cards.
//! The numbers at a scale of gas are none of them, for more gas needs another scale. And in data the
//! columns of gas are left out.

pub mod batch;
pub mod changes;
pub mod claim;
pub mod money;
pub mod parallel;
pub mod release;
pub mod responses;
pub mod sandbox;
pub mod setup;
pub mod testing;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use near_primitives::hash::CryptoHash;
use similar::{ChangeTag, TextDiff};
use trace::{Diagram, Ledger, Transaction};

use crate::plot::{GAS_TICK, Plot};
use crate::scene::{self, Expectation, Scene};
use claim::{Claim, hold};

/// The file that names the compiler of the figures.
pub const RECORDED_WITH: &str = "recorded-with";

/// What is recorded outside of this package: by the tests in `tests/clients`, and by the benchmarks there,
/// in `chain/` and in `sandbox/`.
pub const RECORDED_ELSEWHERE: [&str; 4] = [
    "sandbox-clients",
    "sandbox-scenarios",
    "sandbox-speed",
    "sandbox-speed-for-clients",
];

/// How the names of a figure's files end.
pub const ENDINGS: [&str; 4] = ["txt", "svg", "gas.txt", "csv"];

/// Whether figures are to be written instead of compared.
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// The recording of a run, and of what it had to show.
pub struct Figure {
    /// What it says.
    text: String,
    /// The transactions that it tells of.
    transactions: Vec<Transaction>,
    /// How a number grows, in a figure that tells of no transaction alone.
    plot: Option<Plot>,
}

/// A figure that lists facts, of which its page says nothing that could be wrong: versions, say.
pub struct Listing(pub String);

impl From<Listing> for Figure {
    fn from(Listing(text): Listing) -> Self {
        Self::of_text(text)
    }
}

impl Figure {
    fn of_text(text: String) -> Self {
        Self {
            text,
            transactions: Vec::new(),
            plot: None,
        }
    }

    /// A text about transactions, which are drawn as well.
    ///
    /// # Panics
    /// They do not show what is expected of them.
    pub fn of_transactions(
        scene: &Scene,
        hashes: &[CryptoHash],
        text: String,
        expected: Expectation,
    ) -> Self {
        hold(&text, [scene.shows(hashes, expected)]);
        let transactions = hashes.iter().map(|hash| scene.transaction(*hash));
        Self {
            transactions: transactions.collect(),
            ..Self::of_text(text)
        }
    }

    /// A table, or another text of several runs.
    ///
    /// # Panics
    /// A claim does not hold, or there is none.
    pub fn table(text: String, claims: impl IntoIterator<Item = Claim>) -> Self {
        hold(&text, claims);
        Self::of_text(text)
    }

    /// A table that is drawn as well.
    ///
    /// # Panics
    /// As for [`Figure::table`].
    pub fn plotted(table: String, plot: Plot, claims: impl IntoIterator<Item = Claim>) -> Self {
        Self {
            plot: Some(plot),
            ..Self::table(table, claims)
        }
    }

    /// The figure with more text below it, of which something is claimed.
    ///
    /// # Panics
    /// The claim does not hold.
    pub fn with(self, text: &str, claim: Claim) -> Self {
        hold(text, [claim]);
        self.above(text)
    }

    /// The figure, of which one thing more is claimed.
    ///
    /// # Panics
    /// The claim does not hold.
    pub fn claims(self, claim: Claim) -> Self {
        hold(&self.text, [claim]);
        self
    }

    /// The figure with a table of [`scene::Money`] below it. The expectation knows all that it says.
    pub fn with_money(self, table: &str) -> Self {
        self.above(table)
    }

    fn above(mut self, text: &str) -> Self {
        self.text.push('\n');
        self.text.push_str(text);
        self
    }

    /// The files of the figure: the endings of their names, and what is in them.
    fn files(&self, name: &str) -> Vec<(&'static str, String)> {
        let mut files = vec![("txt", self.text.clone())];
        if !self.transactions.is_empty() {
            let ledgers = self.transactions.iter().map(Ledger::of);
            let ledgers: Vec<_> = ledgers.map(|ledger| ledger.to_text()).collect();
            files.push(("svg", Diagram::of(name, &self.transactions).to_svg()));
            files.push(("gas.txt", ledgers.join("\n")));
        }
        if let Some(plot) = &self.plot {
            files.push(("svg", plot.to_svg(name)));
            files.push(("csv", plot.to_csv()));
        }
        files
    }
}

/// Where a file of a figure lies.
fn path(name: &str, ending: &str) -> PathBuf {
    folder().join(format!("{name}.{ending}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/figures")
}

/// The files that there are, by the name of their figure and the ending.
pub fn on_disk() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).expect("there is a folder of figures");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| {
            let name = name.to_string_lossy().into_owned();
            let (name, ending) = name.split_once('.').expect("a name with an ending");
            (name.to_owned(), ending.to_owned())
        })
        .collect();
    names.sort();
    names
}

/// Compares what a run has recorded with the files of the figure of this name, or writes them.
///
/// # Panics
/// The figure is stale. The message shows the lines that differ.
pub fn check(name: &str, recorded: impl Into<Figure>) {
    let files = recorded.into().files(name);
    let mut stale = String::new();
    for ending in ENDINGS {
        if files.iter().any(|(known, _)| *known == ending) || !path(name, ending).exists() {
            continue;
        }
        match is_blessing() {
            true => remove(name, ending),
            false => stale.push_str(&format!(
                "src/figures/{name}.{ending} is recorded no more.\n"
            )),
        }
    }
    for (ending, recorded) in files {
        let path = path(name, ending);
        if is_blessing() {
            write(&path, &recorded);
            continue;
        }
        let on_page = fs::read_to_string(&path).unwrap_or_default();
        let difference = match ending {
            "svg" if !same_compiler() => compared(&words_of(&on_page), &words_of(&recorded)),
            "csv" if !same_compiler() => compared(&facts_of(&on_page), &facts_of(&recorded)),
            _ => compared(&on_page, &recorded),
        };
        if let Some(difference) = difference {
            stale.push_str(&format!(
                "src/figures/{name}.{ending} is stale (- the page, + the run).\n{difference}"
            ));
        }
    }
    assert!(
        stale.is_empty(),
        "{stale}If the run is right: cargo book bless"
    );
}

/// The lines in which two recordings differ, if any. What depends on the compiler does not count where it
/// is another one.
pub fn compared(before: &str, now: &str) -> Option<String> {
    difference(before, now, same_compiler())
}

/// The words of a drawing, one after the other, without the numbers at a scale of gas.
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

/// Data without their gas. That a number is there counts, in each row.
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

/// Writes down which compiler the contracts were built by.
pub fn write_compiler() {
    write(
        &path(RECORDED_WITH, "txt"),
        &format!("{}\n", scene::compiler()),
    );
}

/// Removes a file of a figure that no run records any more.
pub fn remove(name: &str, ending: &str) {
    let path = path(name, ending);
    fs::remove_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn same_compiler() -> bool {
    let recorded_with = fs::read_to_string(path(RECORDED_WITH, "txt")).unwrap_or_default();
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
