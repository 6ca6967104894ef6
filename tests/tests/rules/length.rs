//! Tests of the length of pages, and of what counts.

use book_tests::{assert_none, length};
use manuscript::layout::Tree;

#[test]
fn every_page_can_be_read_at_a_sitting() {
    assert_none(length::check(Tree::here().root()).unwrap());
}

#[test]
fn words_of_paragraphs_and_lists_count() {
    assert_eq!(length::words("One two `three`.\n\n- four, *five*\n"), 5);
}

#[test]
fn headings_tables_and_code_do_not_count() {
    let page = "# A title\n\n| a | b |\n|---|---|\n| c | d |\n\n```rust\nlet e = 1;\n```\n\nOne.\n";

    assert_eq!(length::words(page), 1);
}

#[test]
fn closed_details_do_not_count() {
    let page = "One.\n\n<details><summary>More</summary>\n\nTwo three.\n\n</details>\n\nFour.\n";

    assert_eq!(length::words(page), 2);
}
