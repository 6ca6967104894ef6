//! Tests of the rules for the built HTML, on this book and on books that break them.

use std::path::Path;

use book_tests::fixture::Fixture;
use book_tests::{Problem, assert_none, assert_one, html};
use manuscript::layout::Tree;

#[test]
fn the_html_of_the_book_has_no_problem() {
    assert_none(problems(Tree::here().root()));
}

#[test]
fn a_correct_book_has_no_problem() {
    assert_none(problems(Fixture::book().root()));
}

fn problems(root: &Path) -> Vec<Problem> {
    let folder = tempfile::tempdir().unwrap();
    html::check(root, folder.path()).unwrap()
}

/// Checks that there is one problem, at this line.
#[track_caller]
fn found(book: &Fixture, file: &str, line: usize, message: &str) {
    assert_one(&problems(book.root()), file, line, message);
}

const PAGE: &str = "src/one.md";

/// Creates a book whose page has one more line, the ninth.
fn with(line: &str) -> Fixture {
    let book = Fixture::book();
    book.append(PAGE, &format!("\n{line}"));
    book
}

#[test]
fn links_that_lead_somewhere_have_no_problem() {
    let book =
        with("[here](one.md), [above](#one), [both](one.md#one), [out](https://near.org/nowhere)");

    assert_none(problems(book.root()));
}

#[test]
fn a_link_to_a_missing_page_is_found() {
    found(
        &with("[two](two.md)"),
        PAGE,
        9,
        "there is no two.html in the book",
    );
}

#[test]
fn a_link_to_a_missing_heading_is_found() {
    found(
        &with("[two](one.md#two)"),
        PAGE,
        9,
        "one.html has no `#two`",
    );
}

#[test]
fn a_link_to_a_missing_heading_of_the_same_page_is_found() {
    found(&with("[two](#two)"), PAGE, 9, "one.html has no `#two`");
}

#[test]
fn a_link_that_says_below_and_leads_to_another_page_is_found() {
    let book = with("[below](index.html)");

    found(&book, PAGE, 9, "the link `below` leads to another page");
}

#[test]
fn a_missing_image_is_found() {
    found(
        &with("![A call](call.png)"),
        PAGE,
        9,
        "there is no call.png",
    );
}

#[test]
fn an_image_without_a_description_is_found() {
    let book = with("![](call.svg)");
    book.write(
        "src/call.svg",
        "<svg><title>A call</title><desc>From us to hello.</desc></svg>",
    );

    found(&book, PAGE, 9, "the image `call.svg` has no description");
}

#[test]
fn a_figure_file_without_a_description_is_found() {
    let book = with("![A call](call.svg)");
    book.write("src/call.svg", "<svg><title>A call</title></svg>");

    found(&book, "src/call.svg", 1, "no <desc>");
}

#[test]
fn a_figure_on_the_page_without_a_description_is_found() {
    let book = with("<svg role=\"img\"><desc>From us to hello.</desc></svg>");

    found(&book, PAGE, 9, "no <title>");
}

#[test]
fn a_figure_with_a_description_has_no_problem() {
    let book = with("<svg role=\"img\"><title>A call</title><desc>From us to hello.</desc></svg>");

    assert_none(problems(book.root()));
}

#[test]
fn the_icon_of_an_alert_needs_no_description() {
    assert_none(problems(with("> [!NOTE]\n> A callback is a call.").root()));
}

#[test]
fn a_page_with_two_first_level_headings_is_found() {
    found(&with("# Two"), PAGE, 1, "2 headings of the first level");
}

#[test]
fn two_pages_with_the_same_title_are_found() {
    let book = Fixture::book();
    book.append("src/SUMMARY.md", "- [One](two.md)");
    book.write("src/two.md", "# Two\n");

    found(&book, "src/two.md", 1, "src/one.md has the title");
}

#[test]
fn a_directive_that_is_not_replaced_is_found() {
    found(
        &with("{{#inlcude one.rs}}"),
        PAGE,
        9,
        "mdBook did not replace a directive",
    );
}

const CONFIGURATION: &str = "book.toml";

/// Creates a book with these redirects. The first is in line seven of its configuration.
fn with_redirects(redirects: &str) -> Fixture {
    let book = Fixture::book();
    book.append(
        CONFIGURATION,
        &format!("[output.html.redirect]\n{redirects}"),
    );
    book
}

#[test]
fn redirects_to_pages_and_sections_have_no_problem() {
    let book = with_redirects(
        "\"/one.html#old\" = \"one.html#one\"\n\
         \"/old.html\" = \"one.html\"\n\
         \"/old.html#part\" = \"one.html#one\"\n\
         \"/gone.html\" = \"https://near.org/nowhere\"",
    );

    assert_none(problems(book.root()));
}

#[test]
fn a_redirect_to_a_missing_page_is_found() {
    found(
        &with_redirects("\"/old.html\" = \"two.html\""),
        CONFIGURATION,
        7,
        "the book has no page two.html",
    );
}

#[test]
fn a_redirect_to_a_page_that_has_moved_itself_is_found() {
    let book = with_redirects(
        "\"/older.html\" = \"old.html\"\n\
         \"/old.html\" = \"one.html\"",
    );

    found(&book, CONFIGURATION, 7, "the book has no page old.html");
}

#[test]
fn a_redirect_to_a_missing_heading_is_found() {
    found(
        &with_redirects("\"/one.html#old\" = \"one.html#two\""),
        CONFIGURATION,
        7,
        "one.html has no `#two`",
    );
}

#[test]
fn a_redirect_from_a_heading_that_exists_is_found() {
    let book = with_redirects("\"/one.html#one\" = \"one.html\"");

    found(&book, CONFIGURATION, 7, "one.html still has `#one`");
}

#[test]
fn a_redirect_from_a_page_that_exists_is_an_error_of_mdbook() {
    let book = with_redirects("\"/one.html\" = \"one.html#one\"");
    let folder = tempfile::tempdir().unwrap();

    let error = html::check(book.root(), folder.path()).unwrap_err();

    let error = format!("{error:#}");
    assert!(
        error.contains("redirect found for existing chapter"),
        "{error}"
    );
}
