//! No Rust block on a page is without a test.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, snippets};
use manuscript::layout::Tree;

#[test]
fn every_rust_block_of_the_book_is_tested() {
    assert_none(snippets::check(Tree::here().root()).unwrap());
}

/// One block is wrong, and it begins there.
#[track_caller]
fn found(book: &Fixture, line: usize, message: &str) {
    let problems = snippets::check(book.root()).unwrap();
    assert_one(&problems, "src/one.md", line, message);
}

#[test]
fn a_block_that_a_chapter_compiles_may_be_ignored() {
    assert_none(snippets::check(Fixture::book().root()).unwrap());
}

#[test]
fn a_block_that_skeptic_runs_needs_no_source() {
    let book = Fixture::book();
    book.append("src/one.md", "\n```rust\nfn main() {}\n```");

    assert_none(snippets::check(book.root()).unwrap());
}

#[test]
fn a_block_of_another_language_is_let_be() {
    let book = Fixture::book();
    book.append("src/one.md", "\n```console,ignore\nnear call\n```");

    assert_none(snippets::check(book.root()).unwrap());
}

#[test]
fn a_block_of_two_pieces_of_a_file_may_be_ignored() {
    let book = Fixture::book();
    let lib = "chapters/setup/src/lib.rs";
    book.append(
        lib,
        "\nfn question() {}\n\n// ANCHOR: six\nfn six() {}\n// ANCHOR_END: six",
    );
    let answer = "{{#include ../chapters/setup/src/lib.rs:answer}}";
    let six = answer.replace("answer", "six");
    book.replace("src/one.md", answer, &format!("{answer}\n\n{six}"));

    assert_none(snippets::check(book.root()).unwrap());
}

#[test]
fn an_ignored_block_that_no_file_has_is_not_tested() {
    let book = Fixture::book();
    book.append(
        "src/one.md",
        "\n```rust,ignore\nfn nobody_compiles_me() {}\n```",
    );

    found(
        &book,
        9,
        "nothing tests the ignored block that begins with `fn nobody_compiles_me",
    );
}

#[test]
fn an_ignored_block_with_half_a_line_of_a_file_is_not_tested() {
    let book = Fixture::book();
    book.append(
        "src/one.md",
        "\n```rust,ignore\nfn answer() -> u8 {\n    42\n}\n```",
    );

    found(&book, 9, "nothing tests");
}

#[test]
fn a_block_that_shall_not_compile_is_not_for_skeptic() {
    let book = Fixture::book();
    book.append("src/one.md", "\n```rust,compile_fail\nfn main() { 1 }\n```");

    found(&book, 9, "compile_fail");
}

#[test]
fn a_block_of_rust_is_called_rust() {
    let book = Fixture::book();
    book.append("src/one.md", "\n```rs\nfn main() {}\n```");

    found(&book, 9, "write `rust`");
}
