//! Every listing is a piece of a file that compiles; and each way to break that is found.

mod anchors;
mod figures;
mod includes;
mod names;
mod pages;

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, listings};
use manuscript::layout::Tree;

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

/// One thing is wrong, and it is there.
#[track_caller]
fn found(book: &Fixture, file: &str, line: usize, message: &str) {
    assert_one(&listings::check(book.root()).unwrap(), file, line, message);
}
