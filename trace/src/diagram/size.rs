//! The sizes of cards, in pixels.

use super::cards::{Card, Cards};

/// The height of a line of text.
pub const LINE: i32 = 15;

/// The space between the edge of a card and its text.
pub const PADDING: i32 = 8;

/// The space between two cards of one account in one block.
pub const CARD_GAP: i32 = 18;

/// Returns the width of a text. A letter of a monospaced font of 12 pixels is at most 7.3 pixels wide.
pub fn text_width(letters: usize) -> i32 {
    let letters = i32::try_from(letters).unwrap_or(i32::MAX / 100);
    (letters * 73 + 9) / 10
}

/// Returns the width of a card, which has space for its longest line.
pub fn card_width(card: &Card) -> i32 {
    let lines = card.lines().into_iter();
    let letters = lines.map(|(_, line)| line.chars().count()).max();
    text_width(letters.unwrap_or_default()) + 2 * PADDING
}

/// Returns the height of a card.
pub fn card_height(card: &Card) -> i32 {
    let lines = card.lines().len() + usize::from(card.word().is_some());
    LINE * i32::try_from(lines).unwrap_or_default() + PADDING + 2
}

/// Returns the height of all cards of one lane in one row.
pub fn stack_height(cards: &Cards, lane: usize, row: usize) -> i32 {
    let stack = cards
        .cards
        .iter()
        .filter(|card| (card.lane, card.row) == (lane, row));
    stack.fold(0, |sum, card| match sum {
        0 => card_height(card),
        _ => sum + CARD_GAP + card_height(card),
    })
}
