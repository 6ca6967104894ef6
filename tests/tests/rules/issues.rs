//! Tests of the page of errors: the name and the words of each heading are those of a recorded error, and each
//! recorded error has a heading.

use std::fs;

use manuscript::layout::Tree;

const PAGE: &str = "src/errors.md";
const FIGURE: &str = "src/figures/testing-errors.txt";

/// An error on the page: its name and the words to look for, either of which may be missing.
fn headings(page: &str) -> Vec<(&str, &str)> {
    let headings = page.lines().filter_map(|line| line.strip_prefix("### "));
    let headings = headings.map(|heading| heading.split(" {#").next().unwrap_or(heading));
    headings
        .map(|heading| match heading.split_once('`') {
            Some((name, words)) => (
                name.trim_end_matches([':', ' ']),
                words.trim_matches(['`', ' ']),
            ),
            None => (heading, ""),
        })
        .collect()
}

/// Returns the cases of the figure: the cause and the error, each on one line.
fn errors(figure: &str) -> Vec<(String, String)> {
    let mut errors: Vec<(String, String)> = Vec::new();
    for line in figure.lines() {
        match (line.strip_prefix(' '), errors.last_mut()) {
            (Some(text), Some((_, error))) => {
                if !error.is_empty() {
                    error.push(' ');
                }
                error.push_str(text.trim());
            }
            _ => errors.push((line.to_owned(), String::new())),
        }
    }
    errors
}

/// Returns the headings without an error, and the errors without a heading.
fn strays(page: &str, figure: &str) -> Vec<String> {
    let (headings, errors) = (headings(page), errors(figure));
    let is_about = |(name, words): &(&str, &str), error: &str| {
        error.contains(words) && (name.is_empty() || error.split(' ').next() == Some(*name))
    };
    let unrecorded = headings
        .iter()
        .filter(|heading| !errors.iter().any(|(_, error)| is_about(heading, error)))
        .map(|(name, words)| format!("no recorded error is {name} `{words}`"));
    let without_heading = errors
        .iter()
        .filter(|(_, error)| !headings.iter().any(|heading| is_about(heading, error)))
        .map(|(title, error)| format!("no heading is about `{title}`: {error}"));
    unrecorded.chain(without_heading).collect()
}

#[test]
fn every_error_on_the_page_is_recorded_and_every_recorded_error_is_on_the_page() {
    let root = Tree::here().root().to_owned();
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("the file exists");
    let (page, figure) = (read(PAGE), read(FIGURE));

    let strays = strays(&page, &figure);

    assert!(!headings(&page).is_empty(), "{PAGE} has no errors");
    assert!(strays.is_empty(), "{strays:#?}");
}

const SMALL_PAGE: &str = "\
## Errors

### `is private` {#private}

### NotFound: ``missing field `text` `` {#missing}

### Closed {#closed}
";
const SMALL_FIGURE: &str = "\
a private method
    ExecutionError
    Action #0: Method wave
      is private
an argument
    NotFound
    Error: `missing field `text` at line 1`
a closed door
    Closed
    Knock first
";

#[test]
fn a_page_of_the_recorded_errors_has_no_problem() {
    assert_eq!(strays(SMALL_PAGE, SMALL_FIGURE), [""; 0]);
}

#[test]
fn words_that_are_not_recorded_are_found() {
    let page = SMALL_PAGE.replace("is private", "is secret");

    assert_eq!(
        strays(&page, SMALL_FIGURE),
        [
            "no recorded error is  `is secret`",
            "no heading is about `a private method`: ExecutionError Action #0: Method wave is private",
        ]
    );
}

#[test]
fn a_name_of_another_error_is_found() {
    let page = SMALL_PAGE.replace("NotFound", "Found");

    assert_eq!(
        strays(&page, SMALL_FIGURE),
        [
            "no recorded error is Found `missing field `text`",
            "no heading is about `an argument`: NotFound Error: `missing field `text` at line 1`",
        ]
    );
}

#[test]
fn an_error_without_a_heading_is_found() {
    let figure = format!("{SMALL_FIGURE}a lost key\n    Lost\n    Look for it\n");

    assert_eq!(
        strays(SMALL_PAGE, &figure),
        ["no heading is about `a lost key`: Lost Look for it"]
    );
}
