//! Listings that do not say which file they are from.

use super::one_problem::{INCLUDE, LABEL, PAGE, RECORDED, assert_found};
use book_tests::fixture::Fixture;

#[test]
fn a_listing_that_does_not_name_its_file_is_found() {
    let book = Fixture::book();
    book.replace(PAGE, LABEL, "A function:");

    assert_found(&book, PAGE, 6, "does not name its file: write `<span");
}

#[test]
fn a_listing_that_names_another_file_is_found() {
    let book = Fixture::book();
    book.replace(
        PAGE,
        "File: chapters/setup/src/lib.rs",
        "File: chapters/setup/src/main.rs",
    );

    assert_found(&book, PAGE, 6, "call it `File: chapters/setup/src/lib.rs`");
}

#[test]
fn a_figure_that_does_not_say_that_it_was_recorded_is_found() {
    let book = Fixture::book();
    book.write("src/figures/run.txt", "green\n");
    let typed = RECORDED.replace("Recorded", "File");
    book.append(
        PAGE,
        &format!("\n{typed}\n\n```text\n{{{{#include figures/run.txt}}}}\n```"),
    );

    assert_found(&book, PAGE, 12, "call it `Recorded: src/figures/run.txt`");
}

#[test]
fn a_listing_outside_of_a_code_block_is_found() {
    let book = Fixture::book();
    book.append(PAGE, &format!("\n{INCLUDE}"));

    assert_found(&book, PAGE, 9, "stands outside of a code block");
}

#[test]
fn a_listing_that_was_typed_by_hand_is_found() {
    let book = Fixture::book();
    book.append(
        PAGE,
        &format!("\n{LABEL}\n\n```rust,ignore\nfn typed() {{}}\n```"),
    );

    assert_found(&book, PAGE, 11, "typed by hand");
}
