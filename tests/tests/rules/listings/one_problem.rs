//! The lines of a small book that tests break, and the check for the one problem.

use book_tests::fixture::Fixture;
use book_tests::{assert_one, listings};

pub const LIB: &str = "chapters/setup/src/lib.rs";
pub const PAGE: &str = "src/one.md";
pub const INCLUDE: &str = "{{#include ../chapters/setup/src/lib.rs:answer}}";
pub const LABEL: &str = "<span class=\"filename\">File: chapters/setup/src/lib.rs</span>";
pub const RECORDED: &str = "<span class=\"filename\">Recorded: src/figures/run.txt</span>";

/// Checks that there is exactly one problem, at this line.
#[track_caller]
pub fn assert_found(book: &Fixture, file: &str, line: usize, message: &str) {
    assert_one(&listings::check(book.root()).unwrap(), file, line, message);
}
