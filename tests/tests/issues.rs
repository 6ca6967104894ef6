//! The table of common issues is about errors that happen: each symptom is in the figure of recorded
//! errors, and each recorded error has a row.

use manuscript::layout::Tree;
use std::fs;

const PAGE: &str = "src/5-testing-deployment.md";
const FIGURE: &str = "src/figures/testing-errors.txt";

/// The head of the table.
const HEAD: &str = "| Symptom | Cause | Remedy |";

/// What the first column of the table quotes.
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

/// The cases of the figure: what was done, and what the chain said, each in one line.
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

/// Symptoms that no error shows, and errors that no symptom is of.
fn strays(page: &str, figure: &str) -> Vec<String> {
    let (symptoms, errors) = (symptoms(page), errors(figure));
    let unrecorded = symptoms
        .iter()
        .filter(|symptom| !errors.iter().any(|(_, error)| error.contains(*symptom)))
        .map(|symptom| format!("nothing recorded says `{symptom}`"));
    let without_row = errors
        .iter()
        .filter(|(_, error)| !symptoms.iter().any(|symptom| error.contains(symptom)))
        .map(|(what, error)| format!("no row is about `{what}`: {error}"));
    unrecorded.chain(without_row).collect()
}

#[test]
fn every_symptom_was_recorded_and_every_recorded_error_has_a_row() {
    let root = Tree::here().root().to_owned();
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("the file is there");
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
fn a_table_of_what_was_recorded_has_no_strays() {
    assert_eq!(strays(SMALL_PAGE, SMALL_FIGURE), [""; 0]);
}

#[test]
fn a_symptom_that_nothing_shows_is_found() {
    let page = SMALL_PAGE.replace("is private", "is secret");

    assert_eq!(
        strays(&page, SMALL_FIGURE),
        [
            "nothing recorded says `is secret`",
            "no row is about `a private method`: Action #0: Method wave is private",
        ]
    );
}

#[test]
fn an_error_without_a_row_is_found() {
    let figure = format!("{SMALL_FIGURE}a closed door\n    Knock first\n");

    assert_eq!(
        strays(SMALL_PAGE, &figure),
        ["no row is about `a closed door`: Knock first"]
    );
}
