//! Tests of includes that mdBook would leave, or replace by something else.

use book_tests::fixture::Fixture;

use super::one_problem::{INCLUDE, LABEL, LIB, PAGE, RECORDED, assert_found};

#[test]
fn an_include_of_a_missing_file_is_found() {
    let book = Fixture::book();
    book.append(PAGE, "\n{{#include ../chapters/setup/src/main.rs:answer}}");

    assert_found(
        &book,
        PAGE,
        9,
        "there is no file chapters/setup/src/main.rs",
    );
}

#[test]
fn an_include_of_a_missing_anchor_is_found() {
    let book = Fixture::book();
    let question = INCLUDE.replace(":answer", ":question");
    book.append(
        PAGE,
        &format!("\n{LABEL}\n\n```rust,ignore\n{question}\n```"),
    );

    assert_found(&book, PAGE, 12, "has no anchor `question`");
}

#[test]
fn an_include_without_an_anchor_is_found() {
    let book = Fixture::book();
    let whole = INCLUDE.replace(":answer", "");
    book.append(PAGE, &format!("\n{LABEL}\n\n```rust,ignore\n{whole}\n```"));

    assert_found(&book, PAGE, 12, "wrap it in `ANCHOR: all`");
}

#[test]
fn an_include_of_an_empty_anchor_is_found() {
    let book = Fixture::book();
    book.append(LIB, "// ANCHOR: nothing\n\n// ANCHOR_END: nothing");
    let nothing = INCLUDE.replace(":answer", ":nothing");
    book.append(
        PAGE,
        &format!("\n{LABEL}\n\n```rust,ignore\n{nothing}\n```"),
    );

    assert_found(&book, PAGE, 12, "is empty");
}

#[test]
fn an_include_of_an_empty_figure_is_found() {
    let book = Fixture::book();
    book.write("src/figures/run.txt", "\n");
    book.append(
        PAGE,
        &format!("\n{RECORDED}\n\n```text\n{{{{#include figures/run.txt}}}}\n```"),
    );

    assert_found(&book, PAGE, 12, "is empty");
}

#[test]
fn an_include_of_lines_is_found() {
    for lines in [":1:4", ":2", ":2:", "::4"] {
        let book = Fixture::book();
        let numbered = INCLUDE.replace(":answer", lines);
        book.append(
            PAGE,
            &format!("\n{LABEL}\n\n```rust,ignore\n{numbered}\n```"),
        );

        assert_found(&book, PAGE, 12, "can change");
    }
}

#[test]
fn a_playground_is_found() {
    let book = Fixture::book();
    book.append(PAGE, "\n{{#playground ../chapters/setup/src/lib.rs}}");

    assert_found(&book, PAGE, 9, "a playground takes a whole file");
}

#[test]
fn an_unknown_directive_is_found() {
    let book = Fixture::book();
    book.append(PAGE, "\n{{#inlcude ../chapters/setup/src/lib.rs:answer}}");

    assert_found(&book, PAGE, 9, "mdBook does not replace");
}

#[test]
fn an_escaped_directive_is_found() {
    let book = Fixture::book();
    book.append(PAGE, &format!("\n\\{INCLUDE}"));

    assert_found(&book, PAGE, 9, "mdBook does not replace");
}
