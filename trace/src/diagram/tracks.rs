//! The tracks of the arrows: no two arrows overlap in a gap or a gutter.

use super::cards::Cards;
use super::routes::{End, Leg, Route, gutter_of};

/// The number of units in a lane or a row, in which the ends of legs are measured. It is great enough that two ports
/// differ.
const UNITS: usize = 1_000;

/// The distance to its port at which an arrow may end, in units.
const TOLERANCE: usize = UNITS / 8;

/// The number of tracks of each gap and each gutter.
#[derive(Debug, Clone)]
pub struct TrackCounts {
    /// The number of tracks of each gap.
    pub gaps: Vec<usize>,
    /// The number of tracks of each gutter.
    pub gutters: Vec<usize>,
}

/// A leg of an arrow, with the units between which it runs.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    from: usize,
    to: usize,
    arrow: usize,
    leg: usize,
}

/// Gives each leg of each route a track, and returns the number of tracks.
pub fn assign_tracks(cards: &Cards, routes: &mut [Route]) -> TrackCounts {
    let gaps = (0..=cards.rows.len()).map(|gap| assign_in_gap(cards, routes, gap));
    let gaps = gaps.collect();
    let gutters = (0..=cards.lanes.len()).map(|gutter| assign_in_gutter(cards, routes, gutter));
    let gutters = gutters.collect();
    TrackCounts { gaps, gutters }
}

/// Gives the legs in a gap their tracks, and returns the number of tracks.
fn assign_in_gap(cards: &Cards, routes: &mut [Route], gap: usize) -> usize {
    let mut spans = Vec::new();
    for (arrow, route) in routes.iter().enumerate() {
        let cards_at = cards.arrows[arrow];
        for (index, leg) in route.legs.iter().enumerate() {
            if matches!(leg, Leg::Gap { gap: here, .. } if *here == gap) {
                let before = index.checked_sub(1).map(|index| route.legs[index]);
                let after = route.legs.get(index + 1).copied();
                let from = unit_across(cards, cards_at.from, before, route.exit);
                let to = unit_across(cards, cards_at.to, after, route.entry);
                spans.push(Span {
                    from: from.min(to),
                    to: from.max(to),
                    arrow,
                    leg: index,
                });
            }
        }
    }
    assign(routes, spans, TOLERANCE)
}

/// Returns the unit at which a leg in a gap begins or ends: in the gutter of the neighbouring leg, or at a port.
fn unit_across(cards: &Cards, card: usize, neighbour: Option<Leg>, end: End) -> usize {
    if let Some(gutter) = neighbour.and_then(gutter_of) {
        return 2 * gutter * UNITS;
    }
    let (End::Edge(port) | End::Side { port, .. }) = end;
    let lane = 2 * cards.cards[card].lane + 1;
    lane * UNITS + (port.index + 1) * UNITS / (port.count + 1)
}

/// Gives the legs in a gutter their tracks, and returns the number of tracks.
fn assign_in_gutter(cards: &Cards, routes: &mut [Route], gutter: usize) -> usize {
    let mut spans = Vec::new();
    for (arrow, route) in routes.iter().enumerate() {
        let cards_at = cards.arrows[arrow];
        for (index, leg) in route.legs.iter().enumerate() {
            if gutter_of(*leg) == Some(gutter) {
                let before = index.checked_sub(1).map(|index| route.legs[index]);
                let after = route.legs.get(index + 1).copied();
                let from = row_along(cards, cards_at.from, before);
                let to = row_along(cards, cards_at.to, after);
                spans.push(Span {
                    from: from.min(to),
                    to: from.max(to),
                    arrow,
                    leg: index,
                });
            }
        }
    }
    assign(routes, spans, 0)
}

/// Returns the half row at which a leg in a gutter begins or ends: in the gap of the neighbouring leg, or at a card.
fn row_along(cards: &Cards, card: usize, neighbour: Option<Leg>) -> usize {
    match neighbour {
        Some(Leg::Gap { gap, .. }) => 2 * gap,
        _ => 2 * cards.cards[card].row + 1,
    }
}

/// Gives each span the first free track, and returns the number of tracks. Spans on one track are more than `distance`
/// apart.
fn assign(routes: &mut [Route], mut spans: Vec<Span>, distance: usize) -> usize {
    spans.sort_unstable();
    let mut ends: Vec<usize> = Vec::new();
    for span in spans {
        let free = ends.iter().position(|end| end + distance < span.from);
        let number = free.unwrap_or(ends.len());
        match free {
            Some(free) => ends[free] = span.to,
            None => ends.push(span.to),
        }
        let leg = &mut routes[span.arrow].legs[span.leg];
        let (Leg::Gap { track, .. } | Leg::Gutter { track, .. }) = leg;
        *track = number;
    }
    ends.len()
}
