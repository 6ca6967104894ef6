//! The rule that every text has enough contrast in every theme: in figures, in our own styles, and in mdBook's.
//! Where mdBook's colours are too pale, `theme/contrast.css` has others.

use super::Problem;
use crate::measurements::{Colour, Text};
use crate::survey::{Survey, Visit};

/// The least contrast of text that is not large, by WCAG 2.2 (success criterion 1.4.3).
pub const ENOUGH: f64 = 4.5;

/// Finds texts with too little contrast.
pub fn pale(survey: &Survey) -> Vec<Problem> {
    let pages = survey.pages.iter();
    let all = pages.flat_map(|visit| visit.wide.texts.iter().map(move |text| (visit, text)));
    all.filter_map(|(visit, text)| pale_text(visit, text))
        .collect()
}

fn pale_text(visit: &Visit, text: &Text) -> Option<Problem> {
    let Text {
        theme,
        element,
        text,
        figure,
        count,
        ink,
        ground,
    } = text;
    let ratio = ratio(*ink, *ground);
    if ratio >= ENOUGH {
        return None;
    }
    let figure_name = figure
        .as_ref()
        .map_or_else(String::new, |title| format!(", figure \"{title}\""));
    Some(Problem::on(
        visit,
        format!(
            "{theme}{figure_name}: {element} is {ink} on {ground}, {ratio:.2}:1, {count} time(s), first in \"{text}\""
        ),
    ))
}

/// Returns the contrast of two colours, from 1 to 21, as WCAG 2 defines it.
pub fn ratio(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(Colour(red, green, blue): Colour) -> f64 {
    let linear = |part: f64| {
        let part = part / 255.0;
        match part <= 0.04045 {
            true => part / 12.92,
            false => ((part + 0.055) / 1.055).powf(2.4),
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Colour = Colour(0.0, 0.0, 0.0);
    const WHITE: Colour = Colour(255.0, 255.0, 255.0);

    #[test]
    fn black_on_white_has_the_most_contrast() {
        assert!((ratio(BLACK, WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn a_colour_on_itself_has_the_least_contrast() {
        assert!((ratio(WHITE, WHITE) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_palest_grey_with_enough_contrast_on_white_is_found() {
        let grey = |part| ratio(Colour(part, part, part), WHITE);

        assert!(grey(118.0) >= ENOUGH && grey(119.0) < ENOUGH);
    }
}
