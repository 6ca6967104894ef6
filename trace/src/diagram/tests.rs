//! Properties of every diagram.

use near_primitives::types::{Balance, Gas};
use proptest::prelude::*;

use super::anchors::PlacedCard;
use super::cards::{Arrow, ArrowKind, Blocks, Card, Cards, Kind, Note, Style, WIDTH};
use super::layout::Layout;
use super::size::{PADDING, text_width};

/// Generates cards in rows and lanes, with arrows from earlier to later cards, and between any two lanes of a row.
fn cards() -> impl Strategy<Value = Cards> {
    let card = (0..4usize, 0..5usize, 1..=WIDTH, 0..4usize, 0..4u8);
    let cards = prop::collection::vec(card, 2..14);
    let arrows = prop::collection::vec(
        (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        1..16,
    );
    (cards, arrows).prop_map(|(mut cards, pairs)| {
        cards.sort_by_key(|(_, row, ..)| *row);
        let cards: Vec<_> = cards.into_iter().map(card_of).collect();
        let arrows = pairs.iter().filter_map(|(one, other)| {
            let (one, other) = (one.index(cards.len()), other.index(cards.len()));
            let is_free =
                cards[one].row == cards[other].row && cards[one].lane != cards[other].lane;
            (one != other).then_some(Arrow {
                from: if is_free { one } else { one.min(other) },
                to: if is_free { other } else { one.max(other) },
                kind: ArrowKind::Creates,
                amount: Balance::ZERO,
            })
        });
        Cards {
            lanes: ["alice.near", "app.near", "hello.near", "counter.near"]
                .map(str::to_owned)
                .to_vec(),
            rows: (0..5).map(block).collect(),
            show_gas: false,
            arrows: arrows.collect(),
            cards,
            summary: Vec::new(),
            changes: Vec::new(),
        }
    })
}

fn block(number: u64) -> Blocks {
    Blocks {
        first: number,
        last: number,
        gas_burnt: Gas::ZERO,
    }
}

fn card_of((lane, row, letters, lines, kind): (usize, usize, usize, usize, u8)) -> Card {
    let note = Note {
        text: "x".repeat(letters),
        style: Style::Plain,
    };
    Card {
        lane,
        row,
        kind: [Kind::Signed, Kind::Call, Kind::Callback, Kind::Refund][usize::from(kind)],
        failed: letters % 2 == 0,
        number: String::new(),
        title: "a title".to_owned(),
        notes: vec![note; lines],
        description: String::new(),
    }
}

/// Returns the pieces of each arrow, from corner to corner.
fn pieces(layout: &Layout) -> impl Iterator<Item = (usize, [(i32, i32); 2])> {
    let arrows = layout.arrows.iter().enumerate();
    arrows.flat_map(|(arrow, placed)| {
        let pairs = placed.corners.windows(2);
        pairs.map(move |pair| (arrow, [pair[0], pair[1]]))
    })
}

/// Returns true if a piece runs through a card, and not only along its edge.
fn runs_through(piece: [(i32, i32); 2], card: &PlacedCard) -> bool {
    let (left, right) = (piece[0].0.min(piece[1].0), piece[0].0.max(piece[1].0));
    let (top, bottom) = (piece[0].1.min(piece[1].1), piece[0].1.max(piece[1].1));
    left < card.left + card.width
        && right > card.left
        && top < card.top + card.height
        && bottom > card.top
}

/// Returns the length on which two pieces overlap.
fn overlap(one: [(i32, i32); 2], other: [(i32, i32); 2]) -> i32 {
    let flipped = |piece: [(i32, i32); 2]| piece.map(|(x, y)| (y, x));
    let along = |one: [(i32, i32); 2], other: [(i32, i32); 2]| {
        let xs = [one[0].0, one[1].0, other[0].0, other[1].0];
        if xs.iter().any(|x| *x != xs[0]) {
            return 0;
        }
        let (from, to) = (one[0].1.min(one[1].1), one[0].1.max(one[1].1));
        let (start, end) = (other[0].1.min(other[1].1), other[0].1.max(other[1].1));
        to.min(end) - from.max(start)
    };
    along(one, other).max(along(flipped(one), flipped(other)))
}

proptest! {
    #[test]
    fn no_card_covers_another(cards in cards()) {
        let layout = Layout::new(cards);

        for (index, card) in layout.cards.iter().enumerate() {
            for other in &layout.cards[index + 1..] {
                let apart = card.left + card.width <= other.left
                    || other.left + other.width <= card.left
                    || card.top + card.height <= other.top
                    || other.top + other.height <= card.top;
                prop_assert!(apart, "{card:?}\n{other:?}");
            }
        }
    }

    #[test]
    fn no_arrow_runs_through_a_card(cards in cards()) {
        let layout = Layout::new(cards);

        for (_, piece) in pieces(&layout) {
            for card in &layout.cards {
                prop_assert!(!runs_through(piece, card), "{piece:?}\n{card:?}");
            }
        }
    }

    #[test]
    fn no_two_arrows_overlap(cards in cards()) {
        let layout = Layout::new(cards);

        let pieces: Vec<_> = pieces(&layout).collect();
        for (index, (arrow, piece)) in pieces.iter().enumerate() {
            for (other, piece_of_other) in &pieces[index + 1..] {
                if arrow != other {
                    let overlap = overlap(*piece, *piece_of_other);
                    prop_assert!(overlap <= 0, "{overlap} of {piece:?} and {piece_of_other:?}");
                }
            }
        }
    }

    #[test]
    fn every_arrow_ends_at_its_cards(cards in cards()) {
        let ends: Vec<_> = cards.arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
        let layout = Layout::new(cards);

        let touches = |card: &PlacedCard, (x, y): (i32, i32)| {
            (card.left..=card.left + card.width).contains(&x)
                && (card.top..=card.top + card.height).contains(&y)
        };
        for (arrow, (from, to)) in layout.arrows.iter().zip(ends) {
            let last = arrow.corners[arrow.corners.len() - 1];
            prop_assert!(touches(&layout.cards[from], arrow.corners[0]), "{arrow:?}");
            prop_assert!(touches(&layout.cards[to], last), "{arrow:?}");
        }
    }

    #[test]
    fn every_line_is_narrower_than_its_card(cards in cards()) {
        let layout = Layout::new(cards);

        for placed in &layout.cards {
            for (_, line) in placed.card.lines() {
                let width = text_width(line.chars().count()) + 2 * PADDING;
                prop_assert!(width <= placed.width, "{line} in {placed:?}");
            }
        }
    }
}
