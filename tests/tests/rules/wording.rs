//! Tests of the rules for words, on this tree and on trees that break them.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, wording};
use manuscript::layout::Tree;

#[test]
fn documentation_begins_with_a_verb_or_a_noun() {
    assert_none(wording::questions(Tree::here().root()).unwrap());
}

#[test]
fn one_thing_has_one_name() {
    assert_none(wording::names(Tree::here().root()).unwrap());
}

#[test]
fn sources_and_pages_have_no_word_that_is_not_used() {
    assert_none(wording::words(Tree::here().root()).unwrap());
}

#[test]
fn every_document_that_a_comment_names_exists() {
    assert_none(wording::documents(Tree::here().root()).unwrap());
}

fn source(text: &str) -> Fixture {
    let book = Fixture::empty();
    book.write("chain/src/lib.rs", text);
    book.write(
        "chain/SPEC.md",
        "# Rules\n\n## 2. Receipts\n\n### 2.1 Joins\n",
    );
    book
}

#[test]
fn documentation_that_begins_with_a_question_word_is_found() {
    let book = source("/// Returns it.\nfn it() {}\n\n/// Whether it is.\nfn is() {}\n");

    let message = "documentation begins with `Whether`";
    assert_one(
        &wording::questions(book.root()).unwrap(),
        "chain/src/lib.rs",
        4,
        message,
    );
}

#[test]
fn a_question_word_in_the_middle_of_documentation_has_no_problem() {
    let book = source("/// Returns the code.\n/// What it is.\nfn it() {}\n");

    assert_none(wording::questions(book.root()).unwrap());
}

#[test]
fn a_few_question_words_among_many_have_no_problem() {
    let many = "/// Returns it.\nfn it() {}\n".repeat(49);
    let book = source(&format!("{many}/// Whether it is.\nfn is() {{}}\n"));

    assert_none(wording::questions(book.root()).unwrap());
}

#[test]
fn a_name_that_is_not_the_fields_is_found() {
    let book = source("fn find() {\n    let place = 1;\n}\n");

    let message = "`place` is not the name of this: write index";
    assert_one(
        &wording::names(book.root()).unwrap(),
        "chain/src/lib.rs",
        2,
        message,
    );
}

#[test]
fn a_word_in_a_text_has_no_problem() {
    let book = source("/// Returns the place.\nfn index() -> &'static str {\n    \"place\"\n}\n");

    assert_none(wording::names(book.root()).unwrap());
}

#[test]
fn a_missing_document_is_found() {
    let book = source("// As RULES.md says.\n");

    let message = "there is no `RULES.md`";
    assert_one(
        &wording::documents(book.root()).unwrap(),
        "chain/src/lib.rs",
        1,
        message,
    );
}

#[test]
fn a_missing_section_is_found() {
    let book = source("// Receipts wait (SPEC.md §2.1).\n// They end (SPEC.md §2.2).\n");

    let message = "`SPEC.md` has no §2.2";
    assert_one(
        &wording::documents(book.root()).unwrap(),
        "chain/src/lib.rs",
        2,
        message,
    );
}

#[test]
fn a_word_that_is_not_used_is_found_inside_a_name() {
    let name = concat!("by_a_stran", "ger");
    let book = source(&format!("fn calls() {{\n    {name}();\n}}\n"));

    assert_one(
        &wording::words(book.root()).unwrap(),
        "chain/src/lib.rs",
        2,
        "is not a word of this book",
    );
}
