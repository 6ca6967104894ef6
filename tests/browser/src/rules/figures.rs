//! Every figure is on its page, and whole.

use super::{Problem, in_figures};
use crate::survey::{Survey, Visit};

/// Figures that have no size, no text, or no cards where they are diagrams of transactions.
pub fn empty(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let mut found = Vec::new();
        if figure.place.width < 1.0 || figure.place.height < 1.0 {
            found.push(format!("it has no size ({})", figure.place));
        }
        if figure.texts.is_empty() {
            found.push("it has no text".to_owned());
        }
        if figure.is_trace && figure.cards.is_empty() {
            found.push("it is a diagram of transactions and has no cards".to_owned());
        }
        found
    })
}

/// Figures that the Markdown includes and the page does not show, or shows in part.
pub fn lost(survey: &Survey) -> Vec<Problem> {
    survey.pages.iter().flat_map(lost_on).collect()
}

fn lost_on(visit: &Visit) -> Vec<Problem> {
    let shown = &visit.wide.figures;
    let mut problems = Vec::new();
    for figure in &visit.page.figures {
        let what = match shown.iter().find(|shown| shown.title == figure.title) {
            None => "is included, and no figure of the page has its title".to_owned(),
            Some(shown) if shown.written != figure.texts => {
                let (here, there) = (shown.written, figure.texts);
                format!("has {there} texts, and {here} of them are on the page")
            }
            Some(_) => continue,
        };
        problems.push(Problem::on(visit, format!("{} {what}", figure.file)));
    }
    let included = visit
        .page
        .figures
        .iter()
        .filter(|figure| figure.is_trace)
        .count();
    let traces = shown.iter().filter(|figure| figure.is_trace).count();
    if traces != included {
        let what = format!("{included} diagrams of transactions are included, {traces} are shown");
        problems.push(Problem::on(visit, what));
    }
    problems
}
