//! Tests of the table of common issues: each symptom is in the figure of recorded errors, and each recorded
//! error has a row.

use std::fs;

use manuscript::layout::Tree;

const PAGE: &str = "src/errors.md";
const FIGURE: &str = "src/figures/testing-errors.txt";

/// The header of the table.
const HEAD: &str = "| Symptom | Cause | Remedy |";

/// Returns the quotations in the first column of the table.
fn symptoms(page: &str) -> Vec<String> {
    let rows = page
        .lines()
        .skip_while(|line| *line != HEAD)
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.trim_start_matches('|').split(" | ").next());
    let cells = cells.map(|cell| cell.unwrap_or_default().trim());
    cells
        .map(|cell| cell.trim_matches('`').trim().to_owned())
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

/// Returns the symptoms without an error, and the errors without a symptom.
fn strays(page: &str, figure: &str) -> Vec<String> {
    let (symptoms, errors) = (symptoms(page), errors(figure));
    let unrecorded = symptoms
        .iter()
        .filter(|symptom| !errors.iter().any(|(_, error)| error.contains(*symptom)))
        .map(|symptom| format!("no recorded error contains `{symptom}`"));
    let without_row = errors
        .iter()
        .filter(|(_, error)| !symptoms.iter().any(|symptom| error.contains(symptom)))
        .map(|(title, error)| format!("no row has a symptom of `{title}`: {error}"));
    unrecorded.chain(without_row).collect()
}

#[test]
fn every_symptom_is_recorded_and_every_recorded_error_has_a_row() {
    let root = Tree::here().root().to_owned();
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("the file exists");
    let (page, figure) = (read(PAGE), read(FIGURE));

    let strays = strays(&page, &figure);

    assert!(!symptoms(&page).is_empty(), "{PAGE} has no table");
    assert!(strays.is_empty(), "{strays:#?}");
}

const SMALL_PAGE: &str = "\
| Symptom | Cause | Remedy |
|---|---|---|
| `is private` | a stranger | do not |
| ``missing field `text` `` | a name | mend it |

Text.
";
const SMALL_FIGURE: &str = "\
a private method
    Action #0: Method wave
      is private
an argument
    Error: `missing field `text` at line 1`
";

#[test]
fn a_table_of_the_recorded_errors_has_no_problem() {
    assert_eq!(strays(SMALL_PAGE, SMALL_FIGURE), [""; 0]);
}

#[test]
fn a_symptom_that_is_not_recorded_is_found() {
    let page = SMALL_PAGE.replace("is private", "is secret");

    assert_eq!(
        strays(&page, SMALL_FIGURE),
        [
            "no recorded error contains `is secret`",
            "no row has a symptom of `a private method`: Action #0: Method wave is private",
        ]
    );
}

#[test]
fn an_error_without_a_row_is_found() {
    let figure = format!("{SMALL_FIGURE}a closed door\n    Knock first\n");

    assert_eq!(
        strays(SMALL_PAGE, &figure),
        ["no row has a symptom of `a closed door`: Knock first"]
    );
}
