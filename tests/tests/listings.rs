//! Every listing is a piece of a file that compiles; and each way to break that is found.

use book::tree::Tree;
use book_tests::fixture::Fixture;
use book_tests::{Problem, assert_none, listings};

const LIB: &str = "chapters/setup/src/lib.rs";
const PAGE: &str = "src/one.md";
const INCLUDE: &str = "{{#include ../chapters/setup/src/lib.rs:answer}}";
const LABEL: &str = "<span class=\"filename\">File: chapters/setup/src/lib.rs</span>";
const RECORDED: &str = "<span class=\"filename\">Recorded: src/figures/run.txt</span>";

#[test]
fn the_listings_of_the_book_are_whole() {
    assert_none(listings::check(Tree::here().root()).unwrap());
}

#[test]
fn a_whole_book_has_no_problem() {
    assert_none(listings::check(Fixture::book().root()).unwrap());
}

/// The one thing that is wrong, and where.
#[track_caller]
fn assert_one(book: &Fixture, file: &str, line: usize, message: &str) {
    let problems = listings::check(book.root()).unwrap();
    let [Problem { file: at, line: number, message: said }] = &problems[..] else {
        panic!("not one problem: {problems:#?}");
    };
    assert_eq!((at.to_str(), *number), (Some(file), line), "{said}");
    assert!(said.contains(message), "`{message}` is not in `{said}`");
}

mod anchors {
    use super::*;

    #[test]
    fn an_anchor_that_never_ends_is_found() {
        let book = Fixture::book();
        book.replace(LIB, "// ANCHOR_END: answer\n", "");

        assert_one(&book, LIB, 1, "anchor `answer` never ends");
    }

    #[test]
    fn an_anchor_that_never_began_is_found() {
        let book = Fixture::book();
        book.append(LIB, "// ANCHOR_END: question");

        assert_one(&book, LIB, 6, "anchor `question` ends and never began");
    }

    #[test]
    fn an_anchor_that_begins_twice_is_found() {
        let book = Fixture::book();
        book.replace(LIB, "    42\n", "    // ANCHOR: answer\n    42\n");

        assert_one(&book, LIB, 3, "anchor `answer` begins a second time");
    }

    #[test]
    fn an_anchor_that_ends_twice_is_found() {
        let book = Fixture::book();
        book.append(LIB, "// ANCHOR_END: answer");

        assert_one(&book, LIB, 6, "anchor `answer` ends a second time");
    }

    #[test]
    fn a_mark_that_mdbook_does_not_know_is_found() {
        let book = Fixture::book();
        book.append(LIB, "// ANCHOR_END answer");

        assert_one(&book, LIB, 6, "mdBook does not know this mark");
    }

    #[test]
    fn an_anchor_that_no_page_shows_is_found() {
        let book = Fixture::book();
        book.replace(LIB, "    42\n", "    // ANCHOR: number\n    42\n    // ANCHOR_END: number\n");

        assert_one(&book, LIB, 3, "no page shows anchor `number`");
    }

    #[test]
    fn an_anchor_is_shown_when_another_chapter_shows_it() {
        let book = Fixture::book();
        let lib = std::fs::read_to_string(book.root().join(LIB)).unwrap();
        book.write("chapters/batch/src/lib.rs", &lib);
        book.write("chapters/batch/src/batch.rs", "// ANCHOR: one\nfn one() {}\n// ANCHOR_END: one\n");
        let batch = INCLUDE.replace("setup/src/lib.rs:answer", "batch/src/batch.rs:one");
        let label = LABEL.replace("setup/src/lib.rs", "batch/src/batch.rs");
        book.append(PAGE, &format!("\n{label}\n\n```rust,ignore\n{batch}\n```"));

        assert_none(listings::check(book.root()).unwrap());
    }

    #[test]
    fn a_chapter_without_a_page_may_have_anchors_for_it() {
        let book = Fixture::book();
        book.write("chapters/batch/src/batch.rs", "// ANCHOR: one\nfn one() {}\n// ANCHOR_END: one\n");

        assert_none(listings::check(book.root()).unwrap());
    }

    #[test]
    fn the_anchor_of_a_whole_file_need_not_be_shown() {
        let book = Fixture::book();
        let lib = std::fs::read_to_string(book.root().join(LIB)).unwrap();
        book.write(LIB, &format!("// ANCHOR: all\n{lib}// ANCHOR_END: all\n"));

        assert_none(listings::check(book.root()).unwrap());
    }

    #[test]
    fn the_anchor_of_a_whole_file_that_leaves_a_line_out_is_found() {
        let book = Fixture::book();
        let lib = std::fs::read_to_string(book.root().join(LIB)).unwrap();
        book.write(LIB, &format!("//! Left out.\n// ANCHOR: all\n{lib}// ANCHOR_END: all\n"));

        assert_one(&book, LIB, 2, "anchor `all` leaves lines out");
    }
}

mod includes {
    use super::*;

    #[test]
    fn an_include_of_a_missing_file_is_found() {
        let book = Fixture::book();
        book.append(PAGE, "\n{{#include ../chapters/setup/src/main.rs:answer}}");

        assert_one(&book, PAGE, 9, "there is no file chapters/setup/src/main.rs");
    }

    #[test]
    fn an_include_of_a_missing_anchor_is_found() {
        let book = Fixture::book();
        let question = INCLUDE.replace(":answer", ":question");
        book.append(PAGE, &format!("\n{LABEL}\n\n```rust,ignore\n{question}\n```"));

        assert_one(&book, PAGE, 12, "has no anchor `question`");
    }

    #[test]
    fn an_include_without_an_anchor_is_found() {
        let book = Fixture::book();
        let whole = INCLUDE.replace(":answer", "");
        book.append(PAGE, &format!("\n{LABEL}\n\n```rust,ignore\n{whole}\n```"));

        assert_one(&book, PAGE, 12, "wrap it in `ANCHOR: all`");
    }

    #[test]
    fn an_include_of_an_anchor_with_nothing_in_it_is_found() {
        let book = Fixture::book();
        book.append(LIB, "// ANCHOR: nothing\n\n// ANCHOR_END: nothing");
        let nothing = INCLUDE.replace(":answer", ":nothing");
        book.append(PAGE, &format!("\n{LABEL}\n\n```rust,ignore\n{nothing}\n```"));

        assert_one(&book, PAGE, 12, "is empty");
    }

    #[test]
    fn an_include_of_an_empty_figure_is_found() {
        let book = Fixture::book();
        book.write("src/figures/run.txt", "\n");
        book.append(PAGE, &format!("\n{RECORDED}\n\n```text\n{{{{#include figures/run.txt}}}}\n```"));

        assert_one(&book, PAGE, 12, "is empty");
    }

    #[test]
    fn an_include_of_lines_is_found() {
        for lines in [":1:4", ":2", ":2:", "::4"] {
            let book = Fixture::book();
            let numbered = INCLUDE.replace(":answer", lines);
            book.append(PAGE, &format!("\n{LABEL}\n\n```rust,ignore\n{numbered}\n```"));

            assert_one(&book, PAGE, 12, "will be others tomorrow");
        }
    }

    #[test]
    fn a_playground_is_found() {
        let book = Fixture::book();
        book.append(PAGE, "\n{{#playground ../chapters/setup/src/lib.rs}}");

        assert_one(&book, PAGE, 9, "a playground takes a whole file");
    }

    #[test]
    fn a_directive_that_mdbook_does_not_know_is_found() {
        let book = Fixture::book();
        book.append(PAGE, "\n{{#inlcude ../chapters/setup/src/lib.rs:answer}}");

        assert_one(&book, PAGE, 9, "mdBook leaves");
    }

    #[test]
    fn an_escaped_directive_is_found() {
        let book = Fixture::book();
        book.append(PAGE, &format!("\n\\{INCLUDE}"));

        assert_one(&book, PAGE, 9, "mdBook leaves");
    }
}

mod names {
    use super::*;

    #[test]
    fn a_listing_that_does_not_name_its_file_is_found() {
        let book = Fixture::book();
        book.replace(PAGE, LABEL, "A function:");

        assert_one(&book, PAGE, 6, "does not name its file: write `<span");
    }

    #[test]
    fn a_listing_that_names_another_file_is_found() {
        let book = Fixture::book();
        book.replace(PAGE, "File: chapters/setup/src/lib.rs", "File: chapters/setup/src/main.rs");

        assert_one(&book, PAGE, 6, "call it `File: chapters/setup/src/lib.rs`");
    }

    #[test]
    fn a_figure_that_does_not_say_that_it_was_recorded_is_found() {
        let book = Fixture::book();
        book.write("src/figures/run.txt", "green\n");
        let typed = RECORDED.replace("Recorded", "File");
        book.append(PAGE, &format!("\n{typed}\n\n```text\n{{{{#include figures/run.txt}}}}\n```"));

        assert_one(&book, PAGE, 12, "call it `Recorded: src/figures/run.txt`");
    }

    #[test]
    fn a_listing_outside_of_a_code_block_is_found() {
        let book = Fixture::book();
        book.append(PAGE, &format!("\n{INCLUDE}"));

        assert_one(&book, PAGE, 9, "stands outside of a code block");
    }

    #[test]
    fn a_listing_that_was_typed_by_hand_is_found() {
        let book = Fixture::book();
        book.append(PAGE, &format!("\n{LABEL}\n\n```rust,ignore\nfn typed() {{}}\n```"));

        assert_one(&book, PAGE, 11, "typed by hand");
    }
}

mod pages {
    use super::*;

    #[test]
    fn a_page_that_the_table_of_contents_leaves_out_is_found() {
        let book = Fixture::book();
        book.write("src/two.md", "# Two\n");

        assert_one(&book, "src/two.md", 1, "src/SUMMARY.md does not lead to this page");
    }

    #[test]
    fn a_page_that_only_the_table_of_contents_has_is_found() {
        let book = Fixture::book();
        book.append("src/SUMMARY.md", "- [Two](two.md)");

        assert_one(&book, "src/SUMMARY.md", 4, "there is no page src/two.md");
    }

    #[test]
    fn a_book_without_a_table_of_contents_is_found() {
        let book = Fixture::book();
        book.remove("src/SUMMARY.md");

        assert_one(&book, "src/SUMMARY.md", 1, "no table of contents");
    }
}

mod figures {
    use super::*;

    #[test]
    fn a_figure_on_a_page_is_in_order() {
        let book = Fixture::book();
        book.write("src/figures/run.txt", "green\n");
        book.write("src/figures/call.svg", "<svg/>\n");
        book.write("src/figures/answer.svg", "<svg/>\n");
        book.append(PAGE, &format!("\n{RECORDED}\n\n```text\n{{{{#include figures/run.txt}}}}\n```"));
        book.append(PAGE, "\n![A call](figures/call.svg)\n\n{{#include figures/answer.svg}}");

        assert_none(listings::check(book.root()).unwrap());
    }

    #[test]
    fn a_figure_that_no_page_shows_is_found() {
        let book = Fixture::book();
        book.write("src/figures/run.txt", "green\n");

        assert_one(&book, "src/figures/run.txt", 1, "no page shows this figure");
    }

    #[test]
    fn a_figure_that_nobody_recorded_is_found() {
        let book = Fixture::book();
        book.append(PAGE, "\n![A call](figures/call.svg)");

        assert_one(&book, PAGE, 9, "there is no figure src/figures/call.svg");
    }

    #[test]
    fn an_include_of_a_figure_that_nobody_recorded_is_found_once() {
        let book = Fixture::book();
        book.append(PAGE, "\n{{#include figures/call.svg}}");

        assert_one(&book, PAGE, 9, "there is no file src/figures/call.svg");
    }
}
