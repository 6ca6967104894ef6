//! Tests of the length of pages, and of what counts.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, length};
use manuscript::layout::Tree;

#[test]
fn every_page_can_be_read_at_a_sitting() {
    assert_none(length::check(Tree::here().root()).unwrap());
}

#[test]
fn the_first_page_has_the_time_of_each_chapter() {
    assert_none(length::times(Tree::here().root()).unwrap());
}

#[test]
fn another_time_than_that_of_the_words_is_found() {
    let book = Fixture::book();
    book.write(
        "src/SUMMARY.md",
        "# Summary\n\n[I](introduction.md)\n\n- [A](1-a.md)\n  - [B](1-b.md)\n",
    );
    let card = "# I\n\n<ol>\n<li><a href=\"1-a.html\">A</a> <small>20 min</small></li>\n</ol>\n";
    book.write("src/introduction.md", card);
    let page = format!("# A\n\n{}\n", "word ".repeat(750));
    book.write("src/1-a.md", &page);
    book.write("src/1-b.md", &page);

    let problems = length::times(book.root()).unwrap();

    assert_one(
        &problems,
        "src/introduction.md",
        1,
        "1-a takes 10 min, and the page says 20 min",
    );
}

#[test]
fn a_time_is_rounded_to_five_minutes() {
    assert_eq!([1, 449, 451, 1_499].map(length::minutes_of), [0, 5, 5, 10]);
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
