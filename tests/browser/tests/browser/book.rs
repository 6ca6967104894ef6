//! Tests of the book: it is measured once, and every rule is applied to the measurements.

use std::sync::LazyLock;

use browser_tests::rules::{
    assert_none, contrast, figures, network, overlaps, screens, weight, width,
};
use browser_tests::{Book, Survey};

static SURVEY: LazyLock<Result<Survey, String>> = LazyLock::new(|| {
    let survey = Book::built().and_then(|book| Survey::of(&book));
    survey.map_err(|error| format!("{error:#}"))
});

fn book() -> &'static Survey {
    SURVEY.as_ref().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn no_figure_is_empty() {
    assert_none(&figures::empty(book()));
}

#[test]
fn every_included_figure_is_complete() {
    assert_none(&figures::incomplete(book()));
}

#[test]
fn no_text_reaches_out_of_its_figure() {
    assert_none(&overlaps::cut_off(book()));
}

#[test]
fn no_text_reaches_out_of_its_card() {
    assert_none(&overlaps::out_of_card(book()));
}

#[test]
fn no_texts_overlap() {
    assert_none(&overlaps::overlapping_texts(book()));
}

#[test]
fn no_cards_overlap() {
    assert_none(&overlaps::overlapping_cards(book()));
}

#[test]
fn no_arrow_crosses_a_text() {
    assert_none(&overlaps::crossed_by_arrows(book()));
}

#[test]
fn every_text_has_enough_contrast_in_every_theme() {
    assert_none(&contrast::pale(book()));
}

#[test]
fn no_page_is_too_large() {
    let book = book();
    println!("{}", weight::table(book));
    assert_none(&weight::heavier_than(weight::MOST, book));
}

#[test]
fn no_page_is_too_long() {
    let book = book();
    println!("{}", screens::table(book));
    assert_none(&screens::longer_than(screens::MOST, book));
}

#[test]
fn no_page_sends_a_request_to_another_host() {
    assert_none(&network::requests_to_others(book()));
}

#[test]
fn no_page_requests_a_missing_file() {
    assert_none(&network::missing(book()));
}

#[test]
fn no_page_logs_a_problem() {
    assert_none(&network::console_problems(book()));
}

#[test]
fn no_page_is_wider_than_a_telephone() {
    assert_none(&width::too_wide(book()));
}
