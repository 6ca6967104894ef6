//! The rule that every figure is complete and on its page.

use super::{Problem, in_figures};
use crate::book::Figure as Recorded;
use crate::measurements::Figure;
use crate::survey::{Survey, Visit};

/// Finds figures without a size or a text, and diagrams of transactions without cards. A list of all cards may take
/// the place of a diagram.
pub fn empty(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let mut found = Vec::new();
        if figure.listed_cards > 0 {
            if figure.listed_cards != figure.drawn_cards {
                found.push(format!(
                    "its list has {} of {} cards",
                    figure.listed_cards, figure.drawn_cards
                ));
            }
            return found;
        }
        if figure.rectangle.width < 1.0 || figure.rectangle.height < 1.0 {
            found.push(format!("it has no size ({})", figure.rectangle));
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

/// Finds figures that the Markdown includes and the page does not show, or shows in part.
pub fn incomplete(survey: &Survey) -> Vec<Problem> {
    survey.pages.iter().flat_map(incomplete_on).collect()
}

fn incomplete_on(visit: &Visit) -> Vec<Problem> {
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
                "{file} is missing or incomplete: no figure has its title and its {texts} texts"
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
