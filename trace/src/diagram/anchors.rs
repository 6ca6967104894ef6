//! The coordinates at which arrows meet cards, in pixels.

use super::cards::Card;
use super::routes::{End, Port};

/// A card with its coordinates.
#[derive(Debug, Clone)]
pub struct PlacedCard {
    /// The card.
    pub card: Card,
    /// The left edge.
    pub left: i32,
    /// The upper edge.
    pub top: i32,
    /// The width.
    pub width: i32,
    /// The height.
    pub height: i32,
}

/// A space between cards that face each other: a gutter, or a gap in one lane.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Gutter(usize),
    Gap(usize, usize),
}

/// The ends of the arrows in each space, on the cards on both sides. Two ends at the same coordinate could make the
/// arrows overlap on the way to their tracks.
#[derive(Default)]
pub struct Anchors {
    taken: Vec<(Space, i32)>,
}

impl Anchors {
    /// Returns the point at which an arrow meets a card. Arrows that leave and arrows that arrive are a little apart,
    /// so that an arrow back is visible.
    pub fn point(&mut self, placed: &PlacedCard, end: End, is_exit: bool) -> (i32, i32) {
        let card = &placed.card;
        match end {
            End::Edge(port) => {
                let (y, gap, shift) = match is_exit {
                    true => (placed.top + placed.height, card.row + 1, -3),
                    false => (placed.top, card.row, 3),
                };
                let wanted = placed.left + port_offset(port, placed.width) + shift;
                let space = Space::Gap(gap, card.lane);
                (self.take(space, wanted, placed.left, placed.width), y)
            }
            End::Side { gutter, port } => {
                let x = match gutter == card.lane {
                    true => placed.left,
                    false => placed.left + placed.width,
                };
                let shift = if is_exit { 3 } else { -3 };
                let wanted = placed.top + port_offset(port, placed.height) + shift;
                let space = Space::Gutter(gutter);
                (x, self.take(space, wanted, placed.top, placed.height))
            }
        }
    }

    /// Takes the free coordinate on an edge that is nearest to `wanted`, or `wanted` itself if there is none.
    fn take(&mut self, space: Space, wanted: i32, start: i32, length: i32) -> i32 {
        let nearest = (0..length).flat_map(|step| [wanted + step, wanted - step]);
        let nearest: Vec<_> = nearest
            .filter(|coordinate| (start + 1..start + length).contains(coordinate))
            .collect();
        let is_free = |coordinate: i32, distance: i32| {
            let in_space = self.taken.iter().filter(|(other, _)| *other == space);
            in_space
                .map(|(_, taken)| (taken - coordinate).abs())
                .all(|actual| actual >= distance)
        };
        // Far enough from the others to be visible, or else one pixel.
        let free = [4, 1].into_iter().find_map(|distance| {
            let mut free = nearest
                .iter()
                .filter(|coordinate| is_free(**coordinate, distance));
            free.next().copied()
        });
        let coordinate = free.unwrap_or(wanted);
        self.taken.push((space, coordinate));
        coordinate
    }
}

/// Returns the distance of a port from the beginning of an edge.
pub fn port_offset(port: Port, length: i32) -> i32 {
    let index = i32::try_from(port.index).unwrap_or_default();
    let count = i32::try_from(port.count).unwrap_or_default();
    length * (index + 1) / (count + 1)
}
