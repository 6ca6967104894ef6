//! What scripts saw on a page. The names are those that the scripts give.

use serde::Deserialize;
use std::fmt;

/// The scripts. Each calls back with `{ seen }`, or with `{ failed }` and the reason.
pub mod scripts {
    /// Measures the figures of a page and its width: gives [`Layout`](super::Layout).
    pub const LAYOUT: &str = concat!(include_str!("look/page.js"), include_str!("look/layout.js"));

    /// Reads the colours of every text in some themes: gives a list of [`Text`](super::Text).
    pub const COLOURS: &str = concat!(
        include_str!("look/page.js"),
        include_str!("look/colours.js")
    );
}

/// How a page is laid out.
#[derive(Debug, Clone, Deserialize)]
pub struct Layout {
    /// Its drawn figures.
    pub figures: Vec<Figure>,
    /// How wide it is.
    pub width: f64,
    /// The width that there is for it.
    pub room: f64,
    /// What sticks out on the right.
    pub beyond: Vec<String>,
    /// The address of everything that the page has asked for.
    pub asked: Vec<String>,
}

/// A drawn figure.
#[derive(Debug, Clone, Deserialize)]
pub struct Figure {
    /// What it is called.
    pub title: String,
    /// Whether it is a diagram of transactions.
    pub is_trace: bool,
    /// Where it stands.
    pub place: Place,
    /// How many texts it has, seen or not.
    pub written: usize,
    /// The texts that are seen.
    pub texts: Vec<Label>,
    /// The cards of a diagram of transactions.
    pub cards: Vec<Card>,
    /// The arrows of a diagram of transactions, each as points on its line.
    pub arrows: Vec<Vec<(f64, f64)>>,
}

/// A text in a figure.
#[derive(Debug, Clone, Deserialize)]
pub struct Label {
    /// What it says.
    pub words: String,
    /// Where it stands.
    pub place: Place,
    /// The card that it belongs to, if it belongs to one.
    pub card: Option<usize>,
}

/// A card in a diagram of transactions.
#[derive(Debug, Clone, Deserialize)]
pub struct Card {
    /// What it says first.
    pub words: String,
    /// Where its edge is.
    pub place: Place,
}

/// A rectangle, in pixels from the upper left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Place {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// Texts of the same look.
#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    /// The theme.
    pub theme: String,
    /// The element that holds them.
    pub element: String,
    /// What the first of them says.
    pub words: String,
    /// The figure that the first of them stands in.
    pub figure: Option<String>,
    /// How many there are.
    pub count: usize,
    /// The colour of the letters.
    pub ink: Colour,
    /// The colour that they stand on.
    pub ground: Colour,
}

/// Red, green and blue, from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Colour(pub f64, pub f64, pub f64);

/// A line of the browser's console.
#[derive(Debug, Clone, Deserialize)]
pub struct Said {
    /// How bad it is: `SEVERE`, `WARNING`, `INFO`.
    pub level: String,
    /// What it says.
    pub message: String,
}

impl Place {
    /// How far this one and another lie over each other, in both directions; nothing where they do not.
    pub fn overlap(&self, other: &Self) -> Option<(f64, f64)> {
        let across = self.right().min(other.right()) - self.left.max(other.left);
        let down = self.bottom().min(other.bottom()) - self.top.max(other.top);
        (across > 0.0 && down > 0.0).then_some((across, down))
    }

    /// How far this one sticks out of another.
    pub fn beyond(&self, other: &Self) -> f64 {
        let beyond = [
            other.left - self.left,
            other.top - self.top,
            self.right() - other.right(),
            self.bottom() - other.bottom(),
        ];
        beyond.into_iter().fold(0.0, f64::max)
    }

    /// Whether a point lies in this one, and not on its rim.
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

impl fmt::Display for Place {
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

    fn place(left: f64, top: f64, width: f64, height: f64) -> Place {
        Place {
            left,
            top,
            width,
            height,
        }
    }

    #[test]
    fn places_beside_each_other_do_not_overlap() {
        let overlap = place(0.0, 0.0, 10.0, 10.0).overlap(&place(10.0, 0.0, 10.0, 10.0));

        assert_eq!(overlap, None);
    }

    #[test]
    fn places_over_each_other_overlap_by_what_they_share() {
        let overlap = place(0.0, 0.0, 10.0, 10.0).overlap(&place(7.0, 8.0, 10.0, 10.0));

        assert_eq!(overlap, Some((3.0, 2.0)));
    }

    #[test]
    fn what_lies_inside_sticks_out_by_nothing() {
        let beyond = place(1.0, 1.0, 8.0, 8.0).beyond(&place(0.0, 0.0, 10.0, 10.0));

        assert_eq!(beyond, 0.0);
    }

    #[test]
    fn what_sticks_out_does_so_by_its_farthest_edge() {
        let beyond = place(-1.0, 5.0, 8.0, 8.0).beyond(&place(0.0, 0.0, 10.0, 10.0));

        assert_eq!(beyond, 3.0);
    }

    #[test]
    fn a_point_on_the_rim_is_not_held() {
        assert!(!place(0.0, 0.0, 10.0, 10.0).holds((1.0, 5.0), 1.0));
    }

    #[test]
    fn a_colour_is_written_as_in_a_style_sheet() {
        assert_eq!(Colour(255.0, 16.4, 0.0).to_string(), "#ff1000");
    }
}
