//! The measurements of scripts on a page. The names are those in the scripts.

use std::fmt;

use serde::Deserialize;

/// The scripts. Each calls back with `{ measured }`, or with `{ failed }` and the reason.
pub mod scripts {
    /// Measures the figures of a page and its width, as a [`Layout`](super::Layout).
    pub const LAYOUT: &str = concat!(
        include_str!("scripts/page.js"),
        include_str!("scripts/layout.js")
    );

    /// Reads the colours of every text in some themes, as a list of [`Text`](super::Text).
    pub const COLOURS: &str = concat!(
        include_str!("scripts/page.js"),
        include_str!("scripts/colours.js")
    );
}

/// The layout of a page.
#[derive(Debug, Clone, Deserialize)]
pub struct Layout {
    /// The drawn figures.
    pub figures: Vec<Figure>,
    /// The width of the page, in pixels.
    pub width: f64,
    /// The width of the window, in pixels.
    pub window_width: f64,
    /// The height of the page while its details are closed, in pixels.
    pub height: f64,
    /// The height of the window, in pixels.
    pub window_height: f64,
    /// The elements that stick out on the right.
    pub beyond: Vec<String>,
    /// The address of everything that the page has requested.
    pub requests: Vec<String>,
}

/// A drawn figure.
#[derive(Debug, Clone, Deserialize)]
pub struct Figure {
    /// The title of the drawing.
    pub title: String,
    /// True if the figure is a diagram of transactions.
    pub is_trace: bool,
    /// The rectangle of the figure.
    pub rectangle: Rectangle,
    /// The number of its texts, visible or not.
    pub written: usize,
    /// The visible texts.
    pub texts: Vec<Label>,
    /// The cards of a diagram of transactions.
    pub cards: Vec<Card>,
    /// The arrows of a diagram of transactions, each as points on its line.
    pub arrows: Vec<Vec<(f64, f64)>>,
    /// The number of cards in the drawing, visible or not.
    pub drawn_cards: usize,
    /// The number of visible cards in the list that takes the place of the drawing on a narrow page.
    pub listed_cards: usize,
}

/// A text in a figure.
#[derive(Debug, Clone, Deserialize)]
pub struct Label {
    /// The content of the text.
    pub text: String,
    /// The rectangle of the text.
    pub rectangle: Rectangle,
    /// The index of the card that the text belongs to.
    pub card: Option<usize>,
}

/// A card in a diagram of transactions.
#[derive(Debug, Clone, Deserialize)]
pub struct Card {
    /// The first text of the card.
    pub text: String,
    /// The rectangle of the card.
    pub rectangle: Rectangle,
}

/// A rectangle, in pixels from the upper left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Rectangle {
    /// The left edge.
    pub left: f64,
    /// The upper edge.
    pub top: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

/// Texts with the same style.
#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    /// The theme.
    pub theme: String,
    /// The element that contains them.
    pub element: String,
    /// The content of the first text.
    pub text: String,
    /// The figure of the first text.
    pub figure: Option<String>,
    /// The number of texts.
    pub count: usize,
    /// The colour of the letters.
    pub ink: Colour,
    /// The colour of the background.
    pub ground: Colour,
}

/// A colour: red, green and blue, from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Colour(pub f64, pub f64, pub f64);

/// A message on the browser's console.
#[derive(Debug, Clone, Deserialize)]
pub struct ConsoleMessage {
    /// The level: `SEVERE`, `WARNING`, `INFO`.
    pub level: String,
    /// The content of the message.
    pub message: String,
}

impl Rectangle {
    /// Returns the width and the height of the overlap of two rectangles, if they overlap.
    pub fn overlap(&self, other: &Self) -> Option<(f64, f64)> {
        let across = self.right().min(other.right()) - self.left.max(other.left);
        let down = self.bottom().min(other.bottom()) - self.top.max(other.top);
        (across > 0.0 && down > 0.0).then_some((across, down))
    }

    /// Returns the distance by which this rectangle sticks out of another, in pixels.
    pub fn beyond(&self, other: &Self) -> f64 {
        let beyond = [
            other.left - self.left,
            other.top - self.top,
            self.right() - other.right(),
            self.bottom() - other.bottom(),
        ];
        beyond.into_iter().fold(0.0, f64::max)
    }

    /// Returns true if a point lies in this rectangle, and not on its rim.
    pub fn holds(&self, (x, y): (f64, f64), rim: f64) -> bool {
        x > self.left + rim
            && x < self.right() - rim
            && y > self.top + rim
            && y < self.bottom() - rim
    }

    fn right(&self) -> f64 {
        self.left + self.width
    }

    fn bottom(&self) -> f64 {
        self.top + self.height
    }
}

impl fmt::Display for Rectangle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            left,
            top,
            width,
            height,
        } = self;
        write!(f, "{width:.0}×{height:.0} at {left:.0},{top:.0}")
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(red, green, blue) = self;
        let [red, green, blue] = [red, green, blue].map(|part| part.round() as u8);
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(left: f64, top: f64, width: f64, height: f64) -> Rectangle {
        Rectangle {
            left,
            top,
            width,
            height,
        }
    }

    #[test]
    fn rectangles_side_by_side_do_not_overlap() {
        let overlap = rectangle(0.0, 0.0, 10.0, 10.0).overlap(&rectangle(10.0, 0.0, 10.0, 10.0));

        assert_eq!(overlap, None);
    }

    #[test]
    fn rectangles_overlap_by_their_shared_width_and_height() {
        let overlap = rectangle(0.0, 0.0, 10.0, 10.0).overlap(&rectangle(7.0, 8.0, 10.0, 10.0));

        assert_eq!(overlap, Some((3.0, 2.0)));
    }

    #[test]
    fn a_rectangle_inside_another_does_not_stick_out() {
        let beyond = rectangle(1.0, 1.0, 8.0, 8.0).beyond(&rectangle(0.0, 0.0, 10.0, 10.0));

        assert_eq!(beyond, 0.0);
    }

    #[test]
    fn a_rectangle_sticks_out_by_its_farthest_edge() {
        let beyond = rectangle(-1.0, 5.0, 8.0, 8.0).beyond(&rectangle(0.0, 0.0, 10.0, 10.0));

        assert_eq!(beyond, 3.0);
    }

    #[test]
    fn a_point_on_the_rim_is_not_inside() {
        assert!(!rectangle(0.0, 0.0, 10.0, 10.0).holds((1.0, 5.0), 1.0));
    }

    #[test]
    fn a_colour_is_written_as_in_css() {
        assert_eq!(Colour(255.0, 16.4, 0.0).to_string(), "#ff1000");
    }
}
