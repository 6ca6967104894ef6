//! Tests of the rule that every Rust block is tested.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, snippets};
use manuscript::layout::Tree;

#[test]
fn every_rust_block_of_the_book_is_tested() {
    assert_none(snippets::check(Tree::here().root()).unwrap());
}

/// Checks that there is one problem, at the block on this line.
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
fn a_block_in_another_language_has_no_problem() {
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
    let include = "{{#include ../chapters/setup/src/lib.rs:answer}}";
    let six = include.replace("answer", "six");
    book.replace("src/one.md", include, &format!("{include}\n\n{six}"));

    assert_none(snippets::check(book.root()).unwrap());
}

#[test]
fn an_ignored_block_that_is_in_no_file_is_found() {
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
fn an_ignored_block_with_a_part_of_a_line_is_found() {
    let book = Fixture::book();
    book.append(
        "src/one.md",
        "\n```rust,ignore\nfn answer() -> u8 {\n    42\n}\n```",
    );

    found(&book, 9, "nothing tests");
}

#[test]
fn a_compile_fail_block_is_found() {
    let book = Fixture::book();
    book.append("src/one.md", "\n```rust,compile_fail\nfn main() { 1 }\n```");

    found(&book, 9, "compile_fail");
}

#[test]
fn a_rust_block_with_another_name_is_found() {
    let book = Fixture::book();
    book.append("src/one.md", "\n```rs\nfn main() {}\n```");

    found(&book, 9, "write `rust`");
}

#[test]
fn a_block_below_a_listing_is_found_in_its_own_line() {
    let book = Fixture::book();
    book.write(
        "src/listings/one.md",
        "```rust,ignore\npub fn answer() -> u8 {\n    42\n}\n```\n",
    );
    book.append(
        "src/one.md",
        "\n{{#include listings/one.md}}\n\n```rs\nfn main() {}\n```",
    );

    found(&book, 11, "write `rust`");
}

#[test]
fn a_block_that_lost_its_indentation_may_be_ignored() {
    let book = Fixture::book();
    book.append(
        "chapters/setup/src/lib.rs",
        "impl One {\n    fn six() {\n        6\n    }\n}",
    );
    book.append("src/one.md", "\n```rust,ignore\nfn six() {\n    6\n}\n```");

    assert_none(snippets::check(book.root()).unwrap());
}
