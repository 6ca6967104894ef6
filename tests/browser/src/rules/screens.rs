//! The rule that no page is too long.

use super::Problem;
use crate::survey::{Survey, Visit};

/// The greatest number of screens of a page, with its details closed.
pub const MOST: f64 = 12.0;

/// The pages in which a reader looks something up.
const LOOKED_UP: [&str; 4] = ["errors.html", "files-", "glossary.html", "solutions.html"];

/// Finds pages that have more screens than this.
pub fn longer_than(most: f64, survey: &Survey) -> Vec<Problem> {
    let read = survey.pages.iter().filter(|visit| {
        let path = &visit.page.path;
        !LOOKED_UP
            .iter()
            .any(|looked_up| path.starts_with(looked_up))
    });
    let long = read.filter(|visit| screens(visit) > most);
    long.map(|visit| {
        let screens = screens(visit);
        Problem::on(
            visit,
            format!(
                "{screens:.1} screens are more than {most}: fold what is secondary, or split it"
            ),
        )
    })
    .collect()
}

/// Returns a table of the screens of all pages.
pub fn table(survey: &Survey) -> String {
    let rows = survey
        .pages
        .iter()
        .map(|visit| format!("{:>7.1}  {}\n", screens(visit), visit.page.path));
    format!("screens  page\n{}", rows.collect::<String>())
}

/// Returns the number of screens of a page on a wide screen.
fn screens(visit: &Visit) -> f64 {
    let layout = &visit.wide.layout;
    layout.height / layout.window_height
}
