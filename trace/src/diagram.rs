//! A diagram of transactions: a lane for each account, a row for each block, a card for each receipt.
//!
//! Account and block fix the place of a card. A library for graph layout would choose the places itself, so this module
//! computes the sizes of the cards and the routes of the arrows.
//!
//! * `cards` has the cards and the arrows, with their text; `build` creates them from transactions, and `arrange` gives
//!   them lanes and rows;
//! * `words` describes the diagram for a screen reader;
//! * `size` has the sizes of the cards; `routes` finds the routes of the arrows, `tracks` keeps them apart;
//! * `layout` has all coordinates; `anchors` keeps the ends of the arrows apart;
//! * `svg` writes the file.

mod anchors;
mod arrange;
mod build;
pub(crate) mod cards;
mod layout;
mod routes;
mod size;
mod svg;
#[cfg(test)]
mod tests;
mod tracks;
mod words;

use cards::Cards;
use layout::Layout;
use svg::Document;
pub(crate) use svg::{KEY_WIDTH, escaped, key};

use crate::transaction::Transaction;

/// The stylesheet for a page that shows diagrams. The colours come from the variables of mdBook's themes, or from the
/// system if there are none.
pub const STYLE: &str = include_str!("diagram/diagram.css");

/// A diagram of one or several transactions.
#[derive(Debug, Clone)]
pub struct Diagram {
    document: Document,
}

impl Diagram {
    /// Draws transactions of one chain. Blocks are counted from the first transaction. The name is a prefix for ids,
    /// and has to be unique on a page.
    pub fn new(name: &str, transactions: &[Transaction]) -> Self {
        Self::of_cards(name, transactions, Cards::new(transactions, true, &[]))
    }

    /// Draws cards of transactions.
    pub(crate) fn of_cards(name: &str, transactions: &[Transaction], cards: Cards) -> Self {
        Self {
            document: Document {
                name: name.to_owned(),
                title: words::title(transactions),
                description: words::description(&cards),
                layout: Layout::new(cards),
            },
        }
    }

    /// Returns the SVG for a page that includes [`STYLE`]. It has no blank line, so Markdown can contain it.
    pub fn to_svg(&self) -> String {
        self.document.render()
    }

    /// Returns the SVG for a file of its own, which includes [`STYLE`].
    pub fn to_standalone_svg(&self) -> String {
        self.document.render_alone(STYLE)
    }
}
