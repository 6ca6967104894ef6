//! The routes of the arrows. An arrow never crosses a card: it runs horizontally in the gaps between the rows, and
//! vertically in the gutters between the lanes.
//!
//! Gap `n` is above row `n`, gutter `n` is to the left of lane `n`. A route has no coordinates: the layout computes
//! them when the number of tracks in each gap and each gutter is known.

use super::cards::{Arrow, Card, Cards};

/// The route of an arrow.
#[derive(Debug, Clone)]
pub struct Route {
    /// The end at the first card.
    pub exit: End,
    /// The legs, alternately horizontal and vertical.
    pub legs: Vec<Leg>,
    /// The end at the last card.
    pub entry: End,
}

/// An end of an arrow at a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A port on the upper or the lower edge.
    Edge(Port),
    /// A port on the side of a gutter.
    Side {
        /// The gutter.
        gutter: usize,
        /// The port.
        port: Port,
    },
}

/// One of several ports on an edge of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Port {
    /// The index of the port, counted from 0.
    pub index: usize,
    /// The number of ports on the edge.
    pub count: usize,
}

/// A straight piece of a route.
#[derive(Debug, Clone, Copy)]
pub enum Leg {
    /// A horizontal leg in a gap.
    Gap {
        /// The gap above the row with this index.
        gap: usize,
        /// The track in the gap or the gutter.
        track: usize,
    },
    /// A vertical leg in a gutter.
    Gutter {
        /// The gutter to the left of the lane with this index.
        gutter: usize,
        /// The track in the gap or the gutter.
        track: usize,
    },
}

/// Finds the routes of all arrows. Their legs have no tracks yet.
pub fn routes(cards: &Cards) -> Vec<Route> {
    let mut routes: Vec<Route> = cards
        .arrows
        .iter()
        .map(|arrow| route(cards, arrow))
        .collect();
    number_ports(cards, &mut routes);
    routes
}

/// Finds the route of an arrow.
fn route(cards: &Cards, arrow: &Arrow) -> Route {
    let (from, to) = (&cards.cards[arrow.from], &cards.cards[arrow.to]);
    if is_above(cards, arrow.from, arrow.to) {
        return Route {
            exit: End::Edge(Port::default()),
            legs: Vec::new(),
            entry: End::Edge(Port::default()),
        };
    }
    // The gutter beside the last card, on the side from which the arrow comes.
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
        // The arrow passes the rows in between in the gutter beside the last card.
        if exit != side(arrival) {
            legs.extend([gap(below), gutter(arrival)]);
        }
        if matches!(entry, End::Edge(_)) {
            legs.push(gap(above));
        }
    }
    Route { exit, legs, entry }
}

/// Returns an end on the side of a gutter.
fn side(gutter: usize) -> End {
    End::Side {
        gutter,
        port: Port::default(),
    }
}

/// Returns a horizontal leg.
fn gap(gap: usize) -> Leg {
    Leg::Gap { gap, track: 0 }
}

/// Returns a vertical leg.
fn gutter(gutter: usize) -> Leg {
    Leg::Gutter { gutter, track: 0 }
}

/// Returns the cards of a lane in a row, in the order of execution.
fn cell<'a>(cards: &'a Cards, card: &'a Card) -> impl Iterator<Item = usize> + 'a {
    let here = cards.cards.iter().enumerate();
    here.filter(|(_, other)| (other.lane, other.row) == (card.lane, card.row))
        .map(|(index, _)| index)
}

/// Returns true if a card is the first one of its lane in its row.
fn is_first(cards: &Cards, card: usize) -> bool {
    cell(cards, &cards.cards[card]).next() == Some(card)
}

/// Returns true if a card is the last one of its lane in its row.
fn is_last(cards: &Cards, card: usize) -> bool {
    cell(cards, &cards.cards[card]).last() == Some(card)
}

/// Returns true if one card is directly above another one in the same row.
fn is_above(cards: &Cards, from: usize, to: usize) -> bool {
    let mut here = cell(cards, &cards.cards[from]).skip_while(|card| *card != from);
    here.nth(1) == Some(to)
}

/// An edge of a card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Above,
    Below,
    Side(usize),
}

/// Gives each arrow a port of its own. On an edge, an arrow from the left has a port on the left.
fn number_ports(cards: &Cards, routes: &mut [Route]) {
    for card in 0..cards.cards.len() {
        let gutters = [cards.cards[card].lane, cards.cards[card].lane + 1];
        let edges = [Edge::Above, Edge::Below].into_iter();
        for edge in edges.chain(gutters.map(Edge::Side)) {
            let mut meeting = meeting(cards, routes, card, edge);
            meeting.sort_by_key(|(_, _, from)| *from);
            let count = meeting.len();
            for (index, (arrow, is_exit, _)) in meeting.into_iter().enumerate() {
                let route = &mut routes[arrow];
                let end = if is_exit {
                    &mut route.exit
                } else {
                    &mut route.entry
                };
                let (End::Edge(port) | End::Side { port, .. }) = end;
                *port = Port { index, count };
            }
        }
    }
}

/// Returns the arrows at an edge of a card: the index of the arrow, true if it leaves there, and the position of its
/// other end in half lanes.
fn meeting(cards: &Cards, routes: &[Route], card: usize, edge: Edge) -> Vec<(usize, bool, usize)> {
    let mut meeting = Vec::new();
    for (arrow, route) in routes.iter().enumerate() {
        let ends = cards.arrows[arrow];
        if ends.from == card && edge == edge_of(route.exit, Edge::Below) {
            let next = route.legs.iter().find_map(|leg| gutter_of(*leg));
            let lane = 2 * cards.cards[ends.to].lane + 1;
            meeting.push((arrow, true, next.map_or(lane, |gutter| 2 * gutter)));
        }
        if ends.to == card && edge == edge_of(route.entry, Edge::Above) {
            let previous = route.legs.iter().rev().find_map(|leg| gutter_of(*leg));
            let lane = 2 * cards.cards[ends.from].lane + 1;
            meeting.push((arrow, false, previous.map_or(lane, |gutter| 2 * gutter)));
        }
    }
    meeting
}

/// Returns the edge of a card at which an arrow ends.
fn edge_of(end: End, edge: Edge) -> Edge {
    match end {
        End::Edge(_) => edge,
        End::Side { gutter, .. } => Edge::Side(gutter),
    }
}

/// Returns the gutter of a vertical leg.
pub fn gutter_of(leg: Leg) -> Option<usize> {
    match leg {
        Leg::Gutter { gutter, .. } => Some(gutter),
        Leg::Gap { .. } => None,
    }
}
