//! The ways of the arrows. An arrow never crosses a card: it runs across in the gaps between the rows, and
//! up and down in the gutters between the lanes, on a track of its own.
//!
//! Gap `n` is above row `n`, gutter `n` to the left of lane `n`. A place is first known only relative to
//! these; when all tracks are counted, [`super::layout`] knows how much room they need.

use super::cards::{Arrow, Card, Cards};

/// The way of an arrow.
#[derive(Debug, Clone)]
pub struct Way {
    /// Where it leaves its first card.
    pub exit: End,
    /// Where it goes, alternately across and along.
    pub legs: Vec<Leg>,
    /// Where it meets its last card.
    pub entry: End,
}

/// Where an arrow meets a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Above or below, at a port.
    Edge(Port),
    /// At the side where this gutter is, at a port.
    Side {
        /// The gutter.
        gutter: usize,
        /// The port.
        port: Port,
    },
}

/// One of several places on an edge of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Port {
    /// Its place, counted from 0.
    pub place: usize,
    /// How many there are.
    pub of: usize,
}

/// A piece of a way.
#[derive(Debug, Clone, Copy)]
pub enum Leg {
    /// Across, in a gap.
    Gap {
        /// Above this row.
        gap: usize,
        /// On this track.
        track: usize,
    },
    /// Along, in a gutter.
    Gutter {
        /// To the left of this lane.
        gutter: usize,
        /// On this track.
        track: usize,
    },
}

/// All ways, and how many tracks each gap and each gutter has.
#[derive(Debug, Clone)]
pub struct Ways {
    /// A way for each arrow.
    pub ways: Vec<Way>,
    /// The tracks of each gap.
    pub gaps: Vec<usize>,
    /// The tracks of each gutter.
    pub gutters: Vec<usize>,
}

/// Finds the ways of all arrows.
pub fn ways(cards: &Cards) -> Ways {
    let mut ways: Vec<Way> = cards.arrows.iter().map(|arrow| way(cards, arrow)).collect();
    number_ports(cards, &mut ways);
    let gaps = (0..=cards.heights.len()).map(|gap| lay_gap(cards, &mut ways, gap));
    let gaps = gaps.collect();
    let gutters = (0..=cards.accounts.len()).map(|gutter| lay_gutter(cards, &mut ways, gutter));
    let gutters = gutters.collect();
    Ways {
        ways,
        gaps,
        gutters,
    }
}

fn way(cards: &Cards, arrow: &Arrow) -> Way {
    let (from, to) = (&cards.cards[arrow.from], &cards.cards[arrow.to]);
    if is_above(cards, arrow.from, arrow.to) {
        return Way {
            exit: End::Edge(Port::default()),
            legs: Vec::new(),
            entry: End::Edge(Port::default()),
        };
    }
    // The gutter that is next to the last card, on the side from which the arrow comes.
    let arrival = match from.lane > to.lane {
        true => to.lane + 1,
        false => to.lane,
    };
    let departure = match from.lane < to.lane {
        true => from.lane + 1,
        false => from.lane,
    };
    let mut legs = Vec::new();
    let goes_down = from.row < to.row;
    let exit = match goes_down && is_last(cards, arrow.from) {
        true => End::Edge(Port::default()),
        false => {
            legs.push(gutter(departure));
            side(departure)
        }
    };
    let entry = match goes_down && is_first(cards, arrow.to) {
        true => End::Edge(Port::default()),
        false => side(arrival),
    };
    let (below, above) = (from.row + 1, to.row);
    if !goes_down {
        if departure != arrival {
            legs.extend([gap(from.row), gutter(arrival)]);
        }
    } else if below == above {
        legs.push(gap(below));
        if matches!(entry, End::Side { .. }) {
            legs.push(gutter(arrival));
        }
    } else {
        // Past the rows in between, in the gutter in which it arrives.
        if exit != side(arrival) {
            legs.extend([gap(below), gutter(arrival)]);
        }
        if matches!(entry, End::Edge(_)) {
            legs.push(gap(above));
        }
    }
    Way { exit, legs, entry }
}

fn side(gutter: usize) -> End {
    End::Side {
        gutter,
        port: Port::default(),
    }
}

fn gap(gap: usize) -> Leg {
    Leg::Gap { gap, track: 0 }
}

fn gutter(gutter: usize) -> Leg {
    Leg::Gutter { gutter, track: 0 }
}

/// The cards of a lane in a row, in their order.
fn cell<'a>(cards: &'a Cards, card: &'a Card) -> impl Iterator<Item = usize> + 'a {
    let here = cards.cards.iter().enumerate();
    here.filter(|(_, other)| (other.lane, other.row) == (card.lane, card.row))
        .map(|(place, _)| place)
}

fn is_first(cards: &Cards, card: usize) -> bool {
    cell(cards, &cards.cards[card]).next() == Some(card)
}

fn is_last(cards: &Cards, card: usize) -> bool {
    cell(cards, &cards.cards[card]).last() == Some(card)
}

/// Whether one card stands right above another in the same row.
fn is_above(cards: &Cards, from: usize, to: usize) -> bool {
    let mut here = cell(cards, &cards.cards[from]).skip_while(|card| *card != from);
    here.nth(1) == Some(to)
}

// ---- Ports ----

/// The edges and sides of a card that arrows can meet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    Above,
    Below,
    Side(usize),
}

/// Gives each arrow a port of its own. On an edge, what comes from the left is to the left.
fn number_ports(cards: &Cards, ways: &mut [Way]) {
    for card in 0..cards.cards.len() {
        let gutters = [cards.cards[card].lane, cards.cards[card].lane + 1];
        let faces = [Face::Above, Face::Below].into_iter();
        for face in faces.chain(gutters.map(Face::Side)) {
            let mut meeting = meeting(cards, ways, card, face);
            meeting.sort_by_key(|(_, _, from)| *from);
            let of = meeting.len();
            for (place, (arrow, is_exit, _)) in meeting.into_iter().enumerate() {
                let way = &mut ways[arrow];
                let end = if is_exit {
                    &mut way.exit
                } else {
                    &mut way.entry
                };
                let (End::Edge(port) | End::Side { port, .. }) = end;
                *port = Port { place, of };
            }
        }
    }
}

/// The arrows at a face of a card: which, whether they leave there, and from where they come or whither
/// they go.
fn meeting(cards: &Cards, ways: &[Way], card: usize, face: Face) -> Vec<(usize, bool, usize)> {
    let mut meeting = Vec::new();
    for (arrow, way) in ways.iter().enumerate() {
        let ends = cards.arrows[arrow];
        if ends.from == card && face == face_of(way.exit, Face::Below) {
            let whither = way.legs.iter().find_map(|leg| gutter_of(*leg));
            let lane = 2 * cards.cards[ends.to].lane + 1;
            meeting.push((arrow, true, whither.map_or(lane, |gutter| 2 * gutter)));
        }
        if ends.to == card && face == face_of(way.entry, Face::Above) {
            let whence = way.legs.iter().rev().find_map(|leg| gutter_of(*leg));
            let lane = 2 * cards.cards[ends.from].lane + 1;
            meeting.push((arrow, false, whence.map_or(lane, |gutter| 2 * gutter)));
        }
    }
    meeting
}

fn face_of(end: End, edge: Face) -> Face {
    match end {
        End::Edge(_) => edge,
        End::Side { gutter, .. } => Face::Side(gutter),
    }
}

fn gutter_of(leg: Leg) -> Option<usize> {
    match leg {
        Leg::Gutter { gutter, .. } => Some(gutter),
        Leg::Gap { .. } => None,
    }
}

// ---- Tracks ----

/// The parts of a lane and a row that a place is measured in. Great enough that two ports differ.
const PARTS: usize = 1_000;

/// As many parts as an arrow may be drawn beside its port.
const APART: usize = PARTS / 8;

/// Gives the arrows in a gap their tracks, and says how many there are.
fn lay_gap(cards: &Cards, ways: &mut [Way], gap: usize) -> usize {
    let mut spans = Vec::new();
    for (arrow, way) in ways.iter().enumerate() {
        for (place, leg) in way.legs.iter().enumerate() {
            if matches!(leg, Leg::Gap { gap: here, .. } if *here == gap) {
                let from = across(
                    cards,
                    way,
                    cards.arrows[arrow].from,
                    place.checked_sub(1),
                    way.exit,
                );
                let next = Some(place + 1).filter(|next| *next < way.legs.len());
                let to = across(cards, way, cards.arrows[arrow].to, next, way.entry);
                spans.push((from.min(to), from.max(to), arrow, place));
            }
        }
    }
    lay(ways, spans, APART)
}

/// Where a leg in a gap begins or ends: in the gutter of the leg beside it, or at a port.
fn across(cards: &Cards, way: &Way, card: usize, leg: Option<usize>, end: End) -> usize {
    if let Some(gutter) = leg.and_then(|leg| gutter_of(way.legs[leg])) {
        return 2 * gutter * PARTS;
    }
    let (End::Edge(port) | End::Side { port, .. }) = end;
    let lane = 2 * cards.cards[card].lane + 1;
    lane * PARTS + (port.place + 1) * PARTS / (port.of + 1)
}

/// Gives the arrows in a gutter their tracks, and says how many there are.
fn lay_gutter(cards: &Cards, ways: &mut [Way], gutter: usize) -> usize {
    let mut spans = Vec::new();
    for (arrow, way) in ways.iter().enumerate() {
        for (place, leg) in way.legs.iter().enumerate() {
            if gutter_of(*leg) == Some(gutter) {
                let arrow_ends = cards.arrows[arrow];
                let before = place.checked_sub(1).map(|place| way.legs[place]);
                let after = way.legs.get(place + 1).copied();
                let from = along(cards, arrow_ends.from, before);
                let to = along(cards, arrow_ends.to, after);
                spans.push((from.min(to), from.max(to), arrow, place));
            }
        }
    }
    lay(ways, spans, 0)
}

/// Where a leg in a gutter begins or ends: in the gap of the leg beside it, or at a card.
fn along(cards: &Cards, card: usize, leg: Option<Leg>) -> usize {
    match leg {
        Some(Leg::Gap { gap, .. }) => 2 * gap,
        _ => 2 * cards.cards[card].row + 1,
    }
}

/// The first track that is free, for one after the other. On a track, they are more than `apart` from each
/// other.
fn lay(ways: &mut [Way], mut spans: Vec<(usize, usize, usize, usize)>, apart: usize) -> usize {
    spans.sort_unstable();
    let mut ends: Vec<usize> = Vec::new();
    for (from, to, arrow, place) in spans {
        let free = ends.iter().position(|end| end + apart < from);
        let number = free.unwrap_or(ends.len());
        match free {
            Some(free) => ends[free] = to,
            None => ends.push(to),
        }
        let (Leg::Gap { track, .. } | Leg::Gutter { track, .. }) = &mut ways[arrow].legs[place];
        *track = number;
    }
    ends.len()
}
