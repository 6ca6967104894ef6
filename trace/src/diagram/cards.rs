//! Cards and arrows, with their text and without coordinates.

use near_primitives::types::AccountId;

use crate::text::wrapped_to;

/// The longest line of a card, in characters.
pub const WIDTH: usize = 28;

/// The greatest number of lines that an error or a value gets on a card. A screen reader gets the whole text.
const MAX_LINES: usize = 3;

/// The cards and the arrows of a diagram.
#[derive(Debug, Clone)]
pub struct Cards {
    /// The accounts, in the order of their first cards.
    pub accounts: Vec<AccountId>,
    /// The heights of the blocks that have cards.
    pub heights: Vec<u64>,
    /// The cards in the order of execution.
    pub cards: Vec<Card>,
    /// The arrows.
    pub arrows: Vec<Arrow>,
    /// The lines below the diagram: the result of each transaction, and its unhandled failures.
    pub summary: Vec<String>,
}

/// A card: a signed transaction, a receipt, or a refund.
#[derive(Debug, Clone)]
pub struct Card {
    /// The index of the account.
    pub lane: usize,
    /// The index of the block.
    pub row: usize,
    /// The kind.
    pub kind: Kind,
    /// True if the receipt failed.
    pub failed: bool,
    /// The lines of the title.
    pub title: Vec<String>,
    /// The other lines.
    pub lines: Vec<Line>,
    /// The description for a screen reader.
    pub description: String,
}

/// The kind of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A signed transaction.
    Signed,
    /// A receipt without inputs.
    Call,
    /// A receipt that waited for inputs.
    Callback,
    /// A refund of a deposit.
    Refund,
}

/// A line on a card.
#[derive(Debug, Clone)]
pub struct Line {
    /// The text.
    pub text: String,
    /// True if what the line describes was rolled back.
    pub is_struck: bool,
}

/// An arrow between two cards.
#[derive(Debug, Clone, Copy)]
pub struct Arrow {
    /// The index of the card at its start.
    pub from: usize,
    /// The index of the card at its head.
    pub to: usize,
    /// The kind.
    pub kind: ArrowKind,
}

/// The kind of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrowKind {
    /// A receipt is created.
    Creates,
    /// A receipt is created that waits for inputs.
    CreatesCallback,
    /// A result goes to a callback.
    Result,
    /// A deposit is refunded.
    Refund,
}

impl Card {
    /// Creates a card that has only a title. Its lane and its row are set later.
    pub fn new(kind: Kind, title: &str) -> Self {
        Self {
            lane: 0,
            row: 0,
            kind,
            failed: false,
            title: wrapped_to(title, WIDTH, usize::MAX),
            lines: Vec::new(),
            description: String::new(),
        }
    }

    /// Adds a text as lines.
    pub fn add(&mut self, text: &str) {
        self.add_lines(text, false);
    }

    /// Adds a text as lines that are struck out.
    pub fn add_struck(&mut self, text: &str) {
        self.add_lines(text, true);
    }

    fn add_lines(&mut self, text: &str, is_struck: bool) {
        let lines = wrapped_to(text, WIDTH, MAX_LINES).into_iter();
        self.lines
            .extend(lines.map(|text| Line { text, is_struck }));
    }
}
