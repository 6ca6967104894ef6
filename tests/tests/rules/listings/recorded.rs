//! Tests of the rules for listings with a mark.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, listings};

use super::one_problem::{LIB, PAGE, assert_found};

const MARK: &str = "<!-- listing chapters/setup/src/lib.rs answer: The answer -->";
const INCLUDE: &str = "{{#include listings/1-one/lib-answer.md}}";
const LISTING: &str = "src/listings/1-one/lib-answer.md";
const CHAPTER: &str = "src/1-one.md";

/// Returns a correct book whose one listing has a mark.
fn book() -> Fixture {
    let book = Fixture::book();
    book.remove(PAGE);
    book.replace("src/SUMMARY.md", "one.md", "1-one.md");
    book.write(CHAPTER, &format!("# One\n\n{MARK}\n{INCLUDE}\n"));
    book.write(
        LISTING,
        "<figure class=\"listing\" id=\"listing-lib-answer\">\n\
         <figcaption><strong>Listing 1-1</strong> The answer \
         <span class=\"filename\">chapters/setup/src/lib.rs</span></figcaption>\n\n\
         ```rust,ignore\npub fn answer() -> u8 {\n    42\n}\n```\n\n</figure>\n",
    );
    book
}

#[test]
fn a_correct_book_with_a_mark_has_no_problem() {
    assert_none(listings::check(book().root()).unwrap());
}

#[test]
fn a_listing_that_is_not_its_source_any_more_is_found() {
    let book = book();
    book.replace(LIB, "42", "43");

    assert_found(
        &book,
        LISTING,
        6,
        "this is stale: `cargo book sync` writes it",
    );
}

#[test]
fn a_comment_in_a_listing_that_is_too_long_for_its_page_is_found() {
    let book = book();
    let long = format!("// {}\n    42", "x".repeat(100));
    book.replace(LIB, "42", &long);
    book.replace(LISTING, "42", &long);

    assert_found(
        &book,
        LISTING,
        6,
        "a reader has to scroll this comment: break it after 100 characters",
    );
}

#[test]
fn a_listing_that_no_page_shows_is_found() {
    let book = book();
    book.write("src/listings/1-one/old.md", "old\n");

    assert_found(&book, "src/listings/1-one/old.md", 1, "this is stale");
}

#[test]
fn a_mark_without_its_include_is_found() {
    let book = book();
    book.replace(CHAPTER, &format!("{INCLUDE}\n"), "");

    assert_found(&book, CHAPTER, 4, "this is stale");
}

#[test]
fn a_listing_of_a_chapter_without_a_mark_is_found() {
    let book = book();
    book.append(
        CHAPTER,
        "\n<span class=\"filename\">File: chapters/setup/src/lib.rs</span>\n\n```rust,ignore\n\
         {{#include ../chapters/setup/src/lib.rs:answer}}\n```",
    );

    assert_found(&book, CHAPTER, 9, "this listing has no number");
}

#[test]
fn an_anchor_that_no_mark_shows_is_found() {
    let book = book();
    book.append(LIB, "// ANCHOR: six\nfn six() {}\n// ANCHOR_END: six");

    assert_found(&book, LIB, 6, "no page shows anchor `six`");
}
