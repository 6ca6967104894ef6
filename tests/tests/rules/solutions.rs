//! Tests of the rules for exercises and their solutions. `cargo book test` checks that the solutions work.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, solutions};
use manuscript::layout::Tree;

#[test]
fn the_folders_of_solutions_have_no_problem() {
    assert_none(solutions::overlays(Tree::here().root()).unwrap());
}

#[test]
fn every_exercise_has_a_solution_and_every_solution_an_exercise() {
    assert_none(solutions::exercises(Tree::here().root()).unwrap());
}

const EXERCISES: &str = "\
# One

1. A list that has no exercises.

## Exercises

1. **First.** Do it. [Solution](solutions.md#setup-1)
2. **Second.** Do it with [help](one.md):
   - so,
   - or so.

   [Solution](solutions.md#setup-2)

## Where to read on

- [Elsewhere](one.md)
";

const SOLUTIONS: &str = "\
# Solutions

## Chapter 1

### First {#setup-1}

<!-- listing tests/solutions/setup/src/first.rs code -->

### Second {#setup-2}

<!-- listing tests/solutions/setup/src/second.rs code -->
";

const PAGE: &str = "src/1-one.md";
const SHOWN: &str = "src/solutions.md";
const TESTS: &str = "tests/solutions/setup/tests/it/solutions.rs";

/// Creates two chapters, the first of them with two exercises that are solved.
fn book() -> Fixture {
    let book = Fixture::chapters();
    book.write(PAGE, EXERCISES);
    book.write("src/2-two.md", "## Exercises\n\n1. **Not solved yet.**\n");
    book.write(SHOWN, SOLUTIONS);
    book.write("tests/solutions/setup/src/first.rs", "// first\n");
    book.write("tests/solutions/setup/src/second.rs", "// second\n");
    book.write(TESTS, "// tests\n");
    book
}

/// Checks that the exercises have one problem, at this line.
#[track_caller]
fn found(book: &Fixture, file: &str, line: usize, message: &str) {
    assert_one(
        &solutions::exercises(book.root()).unwrap(),
        file,
        line,
        message,
    );
}

/// Checks that the folders have one problem, in this file.
#[track_caller]
fn found_overlay(book: &Fixture, file: &str, message: &str) {
    assert_one(&solutions::overlays(book.root()).unwrap(), file, 1, message);
}

#[test]
fn exercises_that_are_solved_have_no_problem() {
    let book = book();

    assert_none(solutions::overlays(book.root()).unwrap());
    assert_none(solutions::exercises(book.root()).unwrap());
}

#[test]
fn an_exercise_without_a_link_is_found() {
    let book = book();
    book.replace(
        PAGE,
        "2. **Second.**",
        "2. **Zeroth.** Do nothing.\n3. **Second.**",
    );

    found(&book, PAGE, 8, "needs exactly one link to its solution");
}

#[test]
fn an_exercise_that_links_to_another_chapter_is_found() {
    let book = book();
    book.append(PAGE, "\n## Exercises\n");
    book.append(PAGE, "1. **Third.** [Solution](solutions.md#batch-1)");

    found(&book, PAGE, 20, "solutions.md#setup-…");
}

#[test]
fn an_exercise_without_its_solution_on_the_page_is_found() {
    let book = book();
    book.append(PAGE, "\n## Exercises\n");
    book.append(PAGE, "1. **Third.** [Solution](solutions.md#setup-3)");

    found(&book, PAGE, 20, "no heading `{#setup-3}`");
}

#[test]
fn a_solution_without_an_exercise_is_found() {
    let book = book();
    book.replace(
        PAGE,
        "1. **First.** Do it. [Solution](solutions.md#setup-1)\n",
        "",
    );

    found(&book, SHOWN, 5, "no exercise links to `setup-1`");
}

#[test]
fn a_solution_of_two_exercises_is_found() {
    let book = book();
    book.append(PAGE, "\n## Exercises\n");
    book.append(PAGE, "1. **Third.** [Solution](solutions.md#setup-2)");

    found(&book, SHOWN, 9, "more than one exercise");
}

#[test]
fn a_solution_below_a_later_one_is_found() {
    let book = book();
    let first =
        "### First {#setup-1}\n\n<!-- listing tests/solutions/setup/src/first.rs code -->\n";
    book.replace(SHOWN, first, "");
    book.append(SHOWN, &format!("\n{first}"));

    found(&book, SHOWN, 10, "`setup-1` is below `setup-2`");
}

#[test]
fn a_solution_below_one_of_a_later_chapter_is_found() {
    let book = book();
    book.write("tests/solutions/batch/src/third.rs", "// third\n");
    book.write("tests/solutions/batch/tests/it/solutions.rs", "// tests\n");
    book.write(
        "src/2-two.md",
        "## Exercises\n\n1. **Third.** [Solution](solutions.md#batch-1)\n",
    );
    let third =
        "### Third {#batch-1}\n\n<!-- listing tests/solutions/batch/src/third.rs code -->\n";
    book.replace(SHOWN, "### First", &format!("{third}\n### First"));

    found(&book, SHOWN, 9, "`setup-1` is below `batch-1`");
}

#[test]
fn a_solution_without_a_listing_is_found() {
    let book = book();
    book.replace(
        SHOWN,
        "<!-- listing tests/solutions/setup/src/first.rs code -->",
        "Do it.",
    );

    found(&book, SHOWN, 5, "shows nothing of tests/solutions/setup");
}

#[test]
fn a_solution_for_a_chapter_without_a_folder_is_found() {
    let book = book();
    book.append(SHOWN, "\n### Third {#batch-1}");

    found(&book, SHOWN, 13, "names no chapter that has solutions");
}

#[test]
fn a_solution_without_a_name_is_found() {
    let book = book();
    book.append(SHOWN, "\n### Third");

    found(&book, SHOWN, 13, "names no chapter that has solutions");
}

#[test]
fn a_missing_page_of_solutions_is_found() {
    let book = book();
    book.remove(SHOWN);

    assert_eq!(solutions::exercises(book.root()).unwrap().len(), 2);
}

#[test]
fn a_file_that_the_chapter_has_too_is_found() {
    let book = book();
    book.write("tests/solutions/setup/src/greeting.rs", "// hello\n");

    found_overlay(
        &book,
        "tests/solutions/setup/src/greeting.rs",
        "this file is the chapter's",
    );
}

#[test]
fn a_file_that_differs_from_the_chapters_has_no_problem() {
    let book = book();
    book.write("tests/solutions/setup/src/greeting.rs", "// good day\n");

    assert_none(solutions::overlays(book.root()).unwrap());
}

#[test]
fn solutions_without_tests_are_found() {
    let book = book();
    book.remove(TESTS);

    found_overlay(&book, TESTS, "have no tests of their own");
}

#[test]
fn solutions_without_a_chapter_are_found() {
    let book = book();
    book.write(
        "tests/solutions/epilogue/tests/it/solutions.rs",
        "// tests\n",
    );

    found_overlay(
        &book,
        "tests/solutions/epilogue",
        "there is no chapters/epilogue",
    );
}
