//! Tests of pages and the table of contents.

use book_tests::fixture::Fixture;

use super::one_problem::assert_found;

#[test]
fn a_page_that_the_table_of_contents_leaves_out_is_found() {
    let book = Fixture::book();
    book.write("src/two.md", "# Two\n");

    assert_found(&book, "src/two.md", 1, "this page is not in src/SUMMARY.md");
}

#[test]
fn a_page_that_only_the_table_of_contents_has_is_found() {
    let book = Fixture::book();
    book.append("src/SUMMARY.md", "- [Two](two.md)");

    assert_found(&book, "src/SUMMARY.md", 4, "there is no page src/two.md");
}

#[test]
fn a_book_without_a_table_of_contents_is_found() {
    let book = Fixture::book();
    book.remove("src/SUMMARY.md");

    assert_found(&book, "src/SUMMARY.md", 1, "no table of contents");
}

#[test]
fn a_stale_list_of_files_is_found() {
    let book = Fixture::book();
    book.append("src/SUMMARY.md", "- [Files](files.md)");
    book.write(
        "src/files.md",
        "# Files\n\n<!-- cargo book sync lists chapters/setup -->\n",
    );
    book.write(
        "chapters/setup/src/greeting.rs",
        "// ANCHOR: all\n//! Hello.\n// ANCHOR_END: all\n",
    );

    assert_found(&book, "src/files.md", 4, "`cargo book sync` writes it");
}
