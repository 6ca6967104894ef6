//! Every figure is on its page, and whole.

use super::{Problem, in_figures};
use crate::book::Figure as Recorded;
use crate::seen::Figure;
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
    let (included, shown) = (&visit.page.figures, &visit.wide.layout.figures);
    let is_shown = |figure: &Recorded| {
        let same = |shown: &Figure| shown.title == figure.title && shown.written == figure.texts;
        shown.iter().any(same)
    };
    let mut faults: Vec<_> = included
        .iter()
        .filter(|figure| !is_shown(figure))
        .map(|Recorded { file, texts, .. }| {
            format!(
                "{file} is not there, or not whole: no figure has its title and its {texts} texts"
            )
        })
        .collect();
    let recorded = included.iter().filter(|figure| figure.is_trace).count();
    let traces = shown.iter().filter(|figure| figure.is_trace).count();
    if traces != recorded {
        faults.push(format!(
            "{recorded} diagrams of transactions are included, {traces} are shown"
        ));
    }
    let faults = faults.into_iter();
    faults.map(|fault| Problem::on(visit, fault)).collect()
}
