//! Tests of recorded figures.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, listings};

use super::one_problem::{PAGE, RECORDED, assert_found};

#[test]
fn a_figure_on_a_page_has_no_problem() {
    let book = Fixture::book();
    book.write("src/figures/run.txt", "green\n");
    book.write("src/figures/call.svg", "<svg/>\n");
    book.write("src/figures/answer.svg", "<svg/>\n");
    book.append(
        PAGE,
        &format!("\n{RECORDED}\n\n```text\n{{{{#include figures/run.txt}}}}\n```"),
    );
    book.append(
        PAGE,
        "\n![A call](figures/call.svg)\n\n{{#include figures/answer.svg}}",
    );

    assert_none(listings::check(book.root()).unwrap());
}

#[test]
fn a_figure_that_no_page_shows_is_found() {
    let book = Fixture::book();
    book.write("src/figures/run.txt", "green\n");

    assert_found(&book, "src/figures/run.txt", 1, "no page shows this figure");
}

#[test]
fn a_figure_without_a_recording_is_found() {
    let book = Fixture::book();
    book.append(PAGE, "\n![A call](figures/call.svg)");

    assert_found(&book, PAGE, 9, "there is no figure src/figures/call.svg");
}

#[test]
fn an_include_of_a_missing_figure_is_found_once() {
    let book = Fixture::book();
    book.append(PAGE, "\n{{#include figures/call.svg}}");

    assert_found(&book, PAGE, 9, "there is no file src/figures/call.svg");
}
