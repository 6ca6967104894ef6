//! Tests of anchors that mdBook would cut wrongly, or that are not used.

use std::fs;

use book_tests::fixture::Fixture;
use book_tests::{assert_none, listings};

use super::one_problem::{INCLUDE, LABEL, LIB, PAGE, assert_found};

#[test]
fn an_anchor_without_an_end_is_found() {
    let book = Fixture::book();
    book.replace(LIB, "// ANCHOR_END: answer\n", "");

    assert_found(&book, LIB, 1, "anchor `answer` has no end");
}

#[test]
fn an_anchor_without_a_beginning_is_found() {
    let book = Fixture::book();
    book.append(LIB, "// ANCHOR_END: question");

    assert_found(
        &book,
        LIB,
        6,
        "anchor `question` has an end and no beginning",
    );
}

#[test]
fn an_anchor_that_begins_twice_is_found() {
    let book = Fixture::book();
    book.replace(LIB, "    42\n", "    // ANCHOR: answer\n    42\n");

    assert_found(&book, LIB, 3, "anchor `answer` begins a second time");
}

#[test]
fn an_anchor_that_ends_twice_is_found() {
    let book = Fixture::book();
    book.append(LIB, "// ANCHOR_END: answer");

    assert_found(&book, LIB, 6, "anchor `answer` ends a second time");
}

#[test]
fn a_mark_that_mdbook_does_not_know_is_found() {
    let book = Fixture::book();
    book.append(LIB, "// ANCHOR_END answer");

    assert_found(&book, LIB, 6, "mdBook does not know this mark");
}

#[test]
fn an_anchor_that_no_page_shows_is_found() {
    let book = Fixture::book();
    book.replace(
        LIB,
        "    42\n",
        "    // ANCHOR: number\n    42\n    // ANCHOR_END: number\n",
    );

    assert_found(&book, LIB, 3, "no page shows anchor `number`");
}

#[test]
fn an_anchor_that_another_chapter_shows_has_no_problem() {
    let book = Fixture::book();
    let lib = fs::read_to_string(book.root().join(LIB)).unwrap();
    book.write("chapters/batch/src/lib.rs", &lib);
    book.write(
        "chapters/batch/src/batch.rs",
        "// ANCHOR: one\nfn one() {}\n// ANCHOR_END: one\n",
    );
    let batch = INCLUDE.replace("setup/src/lib.rs:answer", "batch/src/batch.rs:one");
    let label = LABEL.replace("setup/src/lib.rs", "batch/src/batch.rs");
    book.append(PAGE, &format!("\n{label}\n\n```rust,ignore\n{batch}\n```"));

    assert_none(listings::check(book.root()).unwrap());
}

#[test]
fn an_anchor_of_a_solution_that_no_page_shows_is_found() {
    let book = Fixture::book();
    let solution = "tests/solutions/setup/src/six.rs";
    book.write(
        solution,
        "// ANCHOR: six\nfn six() {}\n// ANCHOR_END: six\n\n\
         // ANCHOR: nine\nfn nine() {}\n// ANCHOR_END: nine\n",
    );
    let six = INCLUDE.replace(
        "chapters/setup/src/lib.rs:answer",
        &format!("{solution}:six"),
    );
    let label = LABEL.replace(LIB, solution);
    book.append(PAGE, &format!("\n{label}\n\n```rust,ignore\n{six}\n```"));

    assert_found(&book, solution, 5, "no page shows anchor `nine`");
}

#[test]
fn a_chapter_without_a_page_may_have_anchors() {
    let book = Fixture::book();
    book.write(
        "chapters/batch/src/batch.rs",
        "// ANCHOR: one\nfn one() {}\n// ANCHOR_END: one\n",
    );

    assert_none(listings::check(book.root()).unwrap());
}

#[test]
fn the_anchor_of_a_whole_file_need_not_be_shown() {
    let book = Fixture::book();
    let lib = fs::read_to_string(book.root().join(LIB)).unwrap();
    book.write(LIB, &format!("// ANCHOR: all\n{lib}// ANCHOR_END: all\n"));

    assert_none(listings::check(book.root()).unwrap());
}

#[test]
fn the_anchor_of_a_whole_file_that_leaves_a_line_out_is_found() {
    let book = Fixture::book();
    let lib = fs::read_to_string(book.root().join(LIB)).unwrap();
    book.write(
        LIB,
        &format!("//! Left out.\n// ANCHOR: all\n{lib}// ANCHOR_END: all\n"),
    );

    assert_found(&book, LIB, 2, "anchor `all` leaves lines out");
}
