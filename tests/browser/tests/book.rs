//! The book, looked at once, and every rule applied to what was seen.

use browser_tests::rules::{assert_none, contrast, figures, network, places, weight, width};
use browser_tests::{Book, Survey};
use std::sync::LazyLock;

static BOOK: LazyLock<Result<Survey, String>> = LazyLock::new(|| {
    let survey = Book::built().and_then(|book| Survey::of(&book));
    survey.map_err(|error| format!("{error:#}"))
});

fn book() -> &'static Survey {
    BOOK.as_ref().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn no_figure_is_empty() {
    assert_none(&figures::empty(book()));
}

#[test]
fn every_figure_that_a_page_includes_is_shown_whole() {
    assert_none(&figures::lost(book()));
}

#[test]
fn no_text_reaches_out_of_its_figure() {
    assert_none(&places::cut_off(book()));
}

#[test]
fn no_text_reaches_out_of_its_card() {
    assert_none(&places::out_of_card(book()));
}

#[test]
fn no_texts_lie_over_each_other() {
    assert_none(&places::texts_over_texts(book()));
}

#[test]
fn no_cards_lie_over_each_other() {
    assert_none(&places::cards_over_cards(book()));
}

#[test]
fn no_arrow_goes_through_a_text() {
    assert_none(&places::arrows_over_texts(book()));
}

#[test]
fn every_text_stands_out_in_every_theme() {
    assert_none(&contrast::pale(book()));
}

#[test]
fn no_page_is_heavy() {
    let book = book();
    println!("{}", weight::table(book));
    assert_none(&weight::heavier_than(weight::MOST, book));
}

#[test]
fn no_page_asks_anything_of_others() {
    assert_none(&network::asked_of_others(book()));
}

#[test]
fn no_page_misses_a_file() {
    assert_none(&network::missing(book()));
}

#[test]
fn no_page_complains() {
    assert_none(&network::complaints(book()));
}

#[test]
fn no_page_is_wider_than_a_telephone() {
    assert_none(&width::too_wide(book()));
}
