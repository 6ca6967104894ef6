//! Every listing is a piece of a file that compiles; and each way to break that is found.

mod anchors;
mod figures;
mod includes;
mod names;
mod pages;

use book::tree::Tree;
use book_tests::fixture::Fixture;
use book_tests::{Problem, assert_none, listings};

const LIB: &str = "chapters/setup/src/lib.rs";
const PAGE: &str = "src/one.md";
const INCLUDE: &str = "{{#include ../chapters/setup/src/lib.rs:answer}}";
const LABEL: &str = "<span class=\"filename\">File: chapters/setup/src/lib.rs</span>";
const RECORDED: &str = "<span class=\"filename\">Recorded: src/figures/run.txt</span>";

#[test]
fn the_listings_of_the_book_are_whole() {
    assert_none(listings::check(Tree::here().root()).unwrap());
}

#[test]
fn a_whole_book_has_no_problem() {
    assert_none(listings::check(Fixture::book().root()).unwrap());
}

/// The one thing that is wrong, and where.
#[track_caller]
fn assert_one(book: &Fixture, file: &str, line: usize, message: &str) {
    let problems = listings::check(book.root()).unwrap();
    let [
        Problem {
            file: at,
            line: number,
            message: said,
        },
    ] = &problems[..]
    else {
        panic!("not one problem: {problems:#?}");
    };
    assert_eq!((at.to_str(), *number), (Some(file), line), "{said}");
    assert!(said.contains(message), "`{message}` is not in `{said}`");
}
