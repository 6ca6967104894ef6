//! A transaction drawn: a lane for each account, a row for each block, a card for each receipt.
//!
//! The lanes and rows are given, and no card may be moved: so there is nothing to lay out for a library of
//! graphs, which would place the cards itself. What is left are sizes and the ways of the arrows.
//!
//! * [`cards`] is what is drawn, in words;
//! * [`layout`] gives it places, [`routes`] leads arrows between them;
//! * [`svg`] writes it down;
//! * [`words`] tells the same story to who does not see it.

mod cards;
mod fit;
mod layout;
mod routes;
mod svg;
#[cfg(test)]
mod tests;
mod words;

use crate::transaction::Transaction;
use cards::Cards;
use layout::Layout;

/// How a diagram looks: the stylesheet of a page that shows one. It takes its colours from the variables
/// of mdBook's themes, and where there are none from the system.
pub const STYLE: &str = include_str!("diagram/diagram.css");

/// Transactions drawn.
#[derive(Debug, Clone)]
pub struct Diagram {
    name: String,
    title: String,
    description: String,
    layout: Layout,
}

impl Diagram {
    /// Draws transactions of one chain, with the clock of the first one. The name keeps the ids of several
    /// diagrams on a page apart.
    ///
    /// # Panics
    /// There is no transaction.
    pub fn of(name: &str, transactions: &[Transaction]) -> Self {
        let cards = Cards::of(transactions);
        Self {
            name: name.to_owned(),
            title: words::title(transactions),
            description: words::description(&cards),
            layout: Layout::of(cards),
        }
    }

    /// The drawing for a page that has the [`STYLE`] of its own accord. It has no blank line, so it may
    /// stand in Markdown.
    pub fn to_svg(&self) -> String {
        svg::written(self, "")
    }

    /// The drawing with its style, as a file of its own.
    pub fn to_standalone_svg(&self) -> String {
        svg::written(self, STYLE)
    }
}
