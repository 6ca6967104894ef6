//! Nothing in a figure lies where it cannot be read.

use super::{Problem, in_figures};
use crate::seen::{Figure, Label, Place};
use crate::survey::Survey;

/// By how many pixels two things may be off: letters have some air around them.
const TOLERANCE: f64 = 1.0;

/// How much of a text's height, above and below, is air.
const AIR: f64 = 0.2;

/// Texts that reach out of their figure.
pub fn cut_off(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let texts = figure.texts.iter();
        let cut = texts.filter(|text| text.place.beyond(&figure.place) > TOLERANCE);
        cut.map(|text| format!("{} reaches out of the figure, {}", told(text), figure.place))
            .collect()
    })
}

/// Texts that reach out of their card.
pub fn out_of_card(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let texts = figure.texts.iter().filter_map(|text| {
            let card = &figure.cards[text.card?];
            (text.place.beyond(&card.place) > TOLERANCE)
                .then(|| format!("{} reaches out of its card, {}", told(text), card.place))
        });
        texts.collect()
    })
}

/// Texts that lie over each other.
pub fn texts_over_texts(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let texts: Vec<_> = figure
            .texts
            .iter()
            .map(|text| (&*text.words, text.place))
            .collect();
        over_each_other("the texts", &texts)
    })
}

/// Cards that lie over each other.
pub fn cards_over_cards(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let cards: Vec<_> = figure
            .cards
            .iter()
            .map(|card| (&*card.words, card.place))
            .collect();
        over_each_other("the cards", &cards)
    })
}

/// Texts in a diagram of transactions through which an arrow goes.
pub fn arrows_over_texts(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, struck)
}

fn struck(figure: &Figure) -> Vec<String> {
    let texts = figure.texts.iter().filter_map(|text| {
        let rim = (text.place.height * AIR).max(TOLERANCE);
        let mut points = figure.arrows.iter().flatten();
        let (x, y) = points.find(|point| text.place.holds(**point, rim))?;
        Some(format!(
            "an arrow goes through {}, at {x:.0},{y:.0}",
            told(text)
        ))
    });
    texts.collect()
}

fn over_each_other(what: &str, things: &[(&str, Place)]) -> Vec<String> {
    let mut found = Vec::new();
    for (place, (words, here)) in things.iter().enumerate() {
        for (others, there) in &things[place + 1..] {
            let overlap = here.overlap(there);
            if overlap.is_some_and(|(across, down)| across > TOLERANCE && down > TOLERANCE) {
                found.push(format!(
                    "{what} \"{words}\" ({here}) and \"{others}\" ({there}) lie over each other"
                ));
            }
        }
    }
    found
}

fn told(text: &Label) -> String {
    format!("the text \"{}\" ({})", text.words, text.place)
}
