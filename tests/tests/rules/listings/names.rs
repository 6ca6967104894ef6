//! Tests of listings without the name of their file.

use book_tests::fixture::Fixture;

use super::one_problem::{INCLUDE, LABEL, PAGE, RECORDED, assert_found};

#[test]
fn a_listing_without_the_name_of_its_file_is_found() {
    let book = Fixture::book();
    book.replace(PAGE, LABEL, "A function:");

    assert_found(&book, PAGE, 6, "has no label: write `<span");
}

#[test]
fn a_listing_with_the_name_of_another_file_is_found() {
    let book = Fixture::book();
    book.replace(
        PAGE,
        "File: chapters/setup/src/lib.rs",
        "File: chapters/setup/src/main.rs",
    );

    assert_found(
        &book,
        PAGE,
        6,
        "change it to `File: chapters/setup/src/lib.rs`",
    );
}

#[test]
fn a_figure_that_is_not_labelled_as_recorded_is_found() {
    let book = Fixture::book();
    book.write("src/figures/run.txt", "green\n");
    let typed = RECORDED.replace("Recorded", "File");
    book.append(
        PAGE,
        &format!("\n{typed}\n\n```text\n{{{{#include figures/run.txt}}}}\n```"),
    );

    assert_found(
        &book,
        PAGE,
        12,
        "change it to `Recorded: src/figures/run.txt`",
    );
}

#[test]
fn a_listing_outside_of_a_code_block_is_found() {
    let book = Fixture::book();
    book.append(PAGE, &format!("\n{INCLUDE}"));

    assert_found(&book, PAGE, 9, "is outside of a code block");
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
