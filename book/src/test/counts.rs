//! What the book has, and how much of it has run.

use super::{Kind, Outcome};
use crate::files::{self, FileError};
use crate::pages::{self, PagesError};
use crate::tree::Tree;
use std::fmt;

/// A piece of a source file on a page.
const LISTING: &str = "{{#include ../";

/// The tests that compile and run the Rust blocks of the pages.
const SNIPPETS: &str = "tests/skeptic.rs";

/// How a figure tells of a receipt, a call or a transaction that fails.
const FAILURES: [&str; 4] = ["fail", "fails", "fails:", "failed"];

/// How the files of a figure are called: what a run said, what was drawn of it, where its gas went.
const TEXT: &str = ".txt";
const DRAWING: &str = ".svg";
const LEDGER: &str = ".gas.txt";

/// How much there is.
#[derive(Debug, PartialEq, Eq)]
pub struct Counts {
    pages: usize,
    listings: usize,
    snippets: usize,
    figures: usize,
    figures_of_failures: usize,
    drawings: usize,
    chain_tests: usize,
}

/// What there is could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum CountError {
    /// mdBook could not load the book.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// A page or a figure could not be read.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Counts {
    /// Counts pages and what stands on them, and what of it these suites have run.
    pub fn of(tree: &Tree, outcomes: &[Outcome]) -> Result<Self, CountError> {
        let folder = tree.root().join("src");
        let mut listings = 0;
        let mut pages = 0;
        for page in pages::expanded(tree)? {
            pages += 1;
            let text = files::read_text(&folder.join(page.path))?;
            listings += text.matches(LISTING).count();
        }
        let mut figures = 0;
        let mut figures_of_failures = 0;
        let mut drawings = 0;
        for figure in files::written(&folder.join("figures"))? {
            let name = figure.to_string_lossy();
            if name.ends_with(DRAWING) {
                drawings += 1;
            } else if name.ends_with(TEXT) && !name.ends_with(LEDGER) {
                figures += 1;
                figures_of_failures += usize::from(tells_of_a_failure(&files::read_text(&figure)?));
            }
        }
        Ok(Self {
            pages,
            listings,
            snippets: passed(outcomes, |_, source| source == SNIPPETS),
            figures,
            figures_of_failures,
            drawings,
            chain_tests: passed(outcomes, |kind, source| {
                kind != Kind::Workspace && source.starts_with("tests/")
            }),
        })
    }
}

fn tells_of_a_failure(figure: &str) -> bool {
    figure
        .split_whitespace()
        .any(|word| FAILURES.contains(&word))
}

/// How many tests passed in targets of which this is true.
fn passed(outcomes: &[Outcome], is_meant: impl Fn(Kind, &str) -> bool) -> usize {
    let targets = outcomes.iter().flat_map(|outcome| {
        let kind = outcome.suite.kind;
        outcome.targets.iter().map(move |target| (kind, target))
    });
    targets
        .filter(|(kind, target)| is_meant(*kind, &target.source))
        .map(|(_, target)| target.passed)
        .sum()
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pages,
            listings,
            snippets,
            figures,
            figures_of_failures,
            drawings,
            chain_tests,
        } = self;
        writeln!(
            f,
            "{pages} pages, {listings} listings, {snippets} snippets run, {figures} figures of which \
             {figures_of_failures} show a failure, {drawings} drawings, {chain_tests} tests of chapters on a chain"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Suite, Target};
    use super::*;
    use std::path::Path;
    use std::time::Duration;
    use tempfile::TempDir;

    /// A book of two pages, with two listings and two figures.
    fn book() -> (TempDir, Tree) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("book.toml", "[book]\ntitle = \"Small\"\n"),
            (
                "src/SUMMARY.md",
                "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n",
            ),
            (
                "src/one.md",
                "{{#include ../a.rs:a}}\n{{#include figures/a.txt}}\n",
            ),
            ("src/two.md", "{{#include ../a.rs:b}}\n"),
            ("src/figures/a.txt", "failed   Action #0\n"),
            ("src/figures/b.txt", "answer   \"Hello\"\n"),
            ("src/figures/b.svg", "<svg>failed</svg>\n"),
            ("src/figures/b.gas.txt", "failed 1 Tgas\n"),
        ] {
            files::write(&root.path().join(path), text).unwrap();
        }
        let tree = Tree::at(root.path());
        (root, tree)
    }

    fn outcome(kind: Kind, source: &str, passed: usize) -> Outcome {
        let target = Target {
            source: source.to_owned(),
            passed,
            ..Target::default()
        };
        Outcome {
            suite: Suite::new(kind, "suite".to_owned(), Path::new("/book/suite")),
            targets: vec![target],
            success: true,
            time: Some(Duration::ZERO),
        }
    }

    #[test]
    fn pages_and_what_stands_on_them_are_counted() {
        let (_root, tree) = book();

        let counts = Counts::of(&tree, &[]).unwrap();

        assert_eq!((counts.pages, counts.listings), (2, 2));
    }

    #[test]
    fn a_figure_in_which_something_fails_is_counted_apart() {
        let (_root, tree) = book();

        let counts = Counts::of(&tree, &[]).unwrap();

        assert_eq!((counts.figures, counts.figures_of_failures), (2, 1));
    }

    #[test]
    fn a_drawing_is_counted_apart_from_what_it_is_of() {
        let (_root, tree) = book();

        let counts = Counts::of(&tree, &[]).unwrap();

        assert_eq!(counts.drawings, 1);
    }

    #[test]
    fn tests_on_a_chain_are_those_beside_the_sources_of_a_chapter() {
        let (_root, tree) = book();
        let outcomes = [
            outcome(Kind::Workspace, "tests/figures.rs", 1),
            outcome(Kind::Starter, "unittests src/lib.rs", 2),
            outcome(Kind::Starter, "tests/setup.rs", 4),
            outcome(Kind::Solutions, "tests/solutions.rs", 8),
        ];

        assert_eq!(Counts::of(&tree, &outcomes).unwrap().chain_tests, 12);
    }

    #[test]
    fn snippets_are_counted_by_their_tests() {
        let (_root, tree) = book();
        let outcomes = [outcome(Kind::Workspace, SNIPPETS, 7)];

        assert_eq!(Counts::of(&tree, &outcomes).unwrap().snippets, 7);
    }
}
