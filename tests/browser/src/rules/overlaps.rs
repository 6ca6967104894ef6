//! The rule that nothing in a figure is hidden or cut off.

use super::{Problem, in_figures};
use crate::measurements::{Figure, Label, Rectangle};
use crate::survey::Survey;

/// The tolerance of positions, in pixels: letters have some air around them.
const TOLERANCE: f64 = 1.0;

/// The share of a text's height that is air, above and below.
const AIR: f64 = 0.2;

/// Finds texts that reach out of their figure.
pub fn cut_off(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let texts = figure.texts.iter();
        let cut = texts.filter(|text| text.rectangle.beyond(&figure.rectangle) > TOLERANCE);
        cut.map(|text| {
            format!(
                "{} reaches out of the figure, {}",
                description(text),
                figure.rectangle
            )
        })
        .collect()
    })
}

/// Finds texts that reach out of their card.
pub fn out_of_card(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let texts = figure.texts.iter().filter_map(|text| {
            let card = &figure.cards[text.card?];
            (text.rectangle.beyond(&card.rectangle) > TOLERANCE).then(|| {
                format!(
                    "{} reaches out of its card, {}",
                    description(text),
                    card.rectangle
                )
            })
        });
        texts.collect()
    })
}

/// Finds texts that overlap.
pub fn overlapping_texts(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let texts: Vec<_> = figure
            .texts
            .iter()
            .map(|text| (&*text.text, text.rectangle))
            .collect();
        overlapping("the texts", &texts)
    })
}

/// Finds cards that overlap.
pub fn overlapping_cards(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, |figure| {
        let cards: Vec<_> = figure
            .cards
            .iter()
            .map(|card| (&*card.text, card.rectangle))
            .collect();
        overlapping("the cards", &cards)
    })
}

/// Finds texts in a diagram of transactions that an arrow crosses.
pub fn crossed_by_arrows(survey: &Survey) -> Vec<Problem> {
    in_figures(survey, crossed_texts)
}

fn crossed_texts(figure: &Figure) -> Vec<String> {
    let texts = figure.texts.iter().filter_map(|text| {
        let rim = (text.rectangle.height * AIR).max(TOLERANCE);
        let mut points = figure.arrows.iter().flatten();
        let (x, y) = points.find(|point| text.rectangle.holds(**point, rim))?;
        Some(format!(
            "an arrow crosses {}, at {x:.0},{y:.0}",
            description(text)
        ))
    });
    texts.collect()
}

fn overlapping(title: &str, things: &[(&str, Rectangle)]) -> Vec<String> {
    let mut found = Vec::new();
    for (rectangle, (text, here)) in things.iter().enumerate() {
        for (others, there) in &things[rectangle + 1..] {
            let overlap = here.overlap(there);
            if overlap.is_some_and(|(across, down)| across > TOLERANCE && down > TOLERANCE) {
                found.push(format!(
                    "{title} \"{text}\" ({here}) and \"{others}\" ({there}) overlap"
                ));
            }
        }
    }
    found
}

fn description(text: &Label) -> String {
    format!("the text \"{}\" ({})", text.text, text.rectangle)
}
