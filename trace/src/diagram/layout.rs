//! The coordinates of everything in a diagram, in pixels.

use near_primitives::types::Balance;

use super::anchors::{Anchors, PlacedCard, port_offset};
use super::cards::{ArrowKind, Cards, Sentence, WIDTH};
use super::routes::{End, Leg, Route, routes};
use super::size::{CARD_GAP, LINE, PADDING, card_height, card_width, stack_height, text_width};
use super::tracks::{TrackCounts, assign_tracks};
use crate::text;

/// The least width of the column with the blocks.
const BLOCK_COLUMN: i32 = 62;

/// The height of the line with the names of the lanes.
const NAME_LINE: i32 = 30;

/// The width of a track.
const TRACK: i32 = 8;

/// The space before the first track of a gap or a gutter.
const BEFORE_TRACKS: i32 = 8;

/// The space after the last track of a gap, which has the heads of the arrows.
const AFTER_TRACKS: i32 = 14;

/// The least width of a lane.
const MIN_LANE_WIDTH: i32 = 96;

/// The longest step sideways that an arrow does not make, because it can go straight.
const MAX_STRAIGHTENED: i32 = 6;

/// A diagram with all coordinates.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The width and the height of the diagram.
    pub size: (i32, i32),
    /// The names of the lanes, with their middles.
    pub lanes: Vec<(i32, String)>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The cards.
    pub cards: Vec<PlacedCard>,
    /// The arrows.
    pub arrows: Vec<PlacedArrow>,
    /// The changes of the balances at the feet of the lanes.
    pub feet: Option<Feet>,
    /// The classes and the meanings of the lines.
    pub legend: Vec<(String, &'static str)>,
    /// The sentences below the diagram.
    pub summary: Vec<Sentence>,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The name.
    pub name: String,
    /// The gas that is burnt in the row, if the cards do not show their own.
    pub gas: Option<String>,
    /// The upper edge.
    pub top: i32,
    /// The height.
    pub height: i32,
}

/// The changes of the balances at the feet of the lanes.
#[derive(Debug, Clone)]
pub struct Feet {
    /// The upper edge.
    pub top: i32,
    /// The middle of each lane whose account has more or less than before, with the change in yoctoNEAR.
    pub changes: Vec<(i32, i128)>,
}

/// An arrow with its coordinates.
#[derive(Debug, Clone)]
pub struct PlacedArrow {
    /// The kind.
    pub kind: ArrowKind,
    /// The amount that travels with it.
    pub amount: Balance,
    /// The row of the card at its head.
    pub row: usize,
    /// The corners, from the start to the head.
    pub corners: Vec<(i32, i32)>,
}

impl Layout {
    /// Computes the coordinates.
    pub fn new(cards: Cards) -> Self {
        let mut routes = routes(&cards);
        let tracks = assign_tracks(&cards, &mut routes);
        let grid = Grid::new(&cards, &tracks);
        let placed = grid.place_cards(&cards);
        let mut anchors = Anchors::default();
        let arrows = cards
            .arrows
            .iter()
            .zip(&routes)
            .map(|(arrow, route)| PlacedArrow {
                kind: arrow.kind,
                amount: arrow.amount,
                row: cards.cards[arrow.to].row,
                corners: grid.corners(&placed[arrow.from], &placed[arrow.to], route, &mut anchors),
            });
        let rows = cards.rows.iter().zip(&grid.rows);
        let rows = rows.map(|(blocks, (top, height))| Row {
            name: blocks.short_name(),
            gas: (!cards.show_gas).then(|| text::short_tgas(blocks.gas_burnt)),
            top: *top,
            height: *height,
        });
        let lanes = cards.lanes.iter().zip(&grid.lanes);
        let lanes = lanes.map(|(name, (left, width))| (left + width / 2, lane_name(name)));
        let bottom = grid.rows.last().map_or(0, |(top, height)| top + height);
        let bottom = bottom + BEFORE_TRACKS;
        let middles = grid.lanes.iter().map(|(left, width)| left + width / 2);
        let changes: Vec<_> = middles
            .zip(cards.changes.iter().copied())
            .filter(|(_, change)| *change != 0)
            .collect();
        let feet = (!changes.is_empty()).then_some(Feet {
            top: bottom,
            changes,
        });
        let right = grid.lanes.last().map_or(0, |(left, width)| left + width);
        let right = right + gutter_width(tracks.gutters.last().copied().unwrap_or_default());
        Self {
            size: (
                right,
                match feet {
                    Some(_) => bottom + LINE + 2 * PADDING,
                    None => bottom,
                },
            ),
            lanes: lanes.collect(),
            rows: rows.collect(),
            arrows: arrows.collect(),
            cards: placed,
            feet,
            legend: cards.legend(),
            summary: cards.summary,
        }
    }
}

/// Returns the width of the column with the blocks, which has room for their names and their gas.
fn block_column(cards: &Cards) -> i32 {
    let texts = cards
        .rows
        .iter()
        .flat_map(|blocks| [blocks.short_name(), text::short_tgas(blocks.gas_burnt)]);
    let letters = texts.map(|text| text.chars().count()).max();
    BLOCK_COLUMN.max(text_width(letters.unwrap_or_default()) + 3)
}

/// Shortens the name of a lane.
fn lane_name(name: &str) -> String {
    const SHORTENED: usize = 23;

    match name.len() {
        length if length > WIDTH => text::short_account(name, SHORTENED),
        _ => name.to_owned(),
    }
}

/// The coordinates of lanes, rows, and the spaces between them.
struct Grid {
    /// The left edge and the width of each lane.
    lanes: Vec<(i32, i32)>,
    /// The upper edge and the height of each row.
    rows: Vec<(i32, i32)>,
    /// The left edge of each gutter.
    gutters: Vec<i32>,
    /// The upper edge of each gap.
    gaps: Vec<i32>,
}

impl Grid {
    fn new(cards: &Cards, tracks: &TrackCounts) -> Self {
        let mut grid = Self {
            lanes: Vec::new(),
            rows: Vec::new(),
            gutters: Vec::new(),
            gaps: Vec::new(),
        };
        let mut x = block_column(cards);
        for (lane, name) in cards.lanes.iter().enumerate() {
            grid.gutters.push(x);
            x += gutter_width(tracks.gutters[lane]);
            let in_lane = cards.cards.iter().filter(|card| card.lane == lane);
            let name = text_width(lane_name(name).chars().count()) + PADDING;
            let width = in_lane
                .map(card_width)
                .chain([name, MIN_LANE_WIDTH])
                .max()
                .unwrap_or(MIN_LANE_WIDTH);
            grid.lanes.push((x, width));
            x += width;
        }
        grid.gutters.push(x);
        let mut y = NAME_LINE;
        for row in 0..cards.rows.len() {
            grid.gaps.push(y);
            y += BEFORE_TRACKS + track_offset(tracks.gaps[row]) + AFTER_TRACKS;
            let stacks = (0..cards.lanes.len()).map(|lane| stack_height(cards, lane, row));
            let height = stacks.max().unwrap_or_default();
            grid.rows.push((y, height));
            y += height;
        }
        grid.gaps.push(y);
        grid
    }

    /// Gives each card its coordinates. Cards of one account in one block are below each other.
    fn place_cards(&self, cards: &Cards) -> Vec<PlacedCard> {
        let mut placed: Vec<PlacedCard> = Vec::new();
        for card in &cards.cards {
            let (left, width) = self.lanes[card.lane];
            let above = placed
                .iter()
                .filter(|other| (other.card.lane, other.card.row) == (card.lane, card.row));
            let top = above
                .map(|other| other.top + other.height + CARD_GAP)
                .max()
                .unwrap_or(self.rows[card.row].0);
            placed.push(PlacedCard {
                card: card.clone(),
                left,
                top,
                width,
                height: card_height(card),
            });
        }
        placed
    }

    /// Returns the corners of an arrow.
    fn corners(
        &self,
        from: &PlacedCard,
        to: &PlacedCard,
        route: &Route,
        anchors: &mut Anchors,
    ) -> Vec<(i32, i32)> {
        if route.legs.is_empty() {
            // Straight down from one card to the next one of the same lane. Both have the same width.
            let (End::Edge(port) | End::Side { port, .. }) = route.exit;
            let x = from.left + port_offset(port, from.width);
            return vec![(x, from.top + from.height), (x, to.top)];
        }
        let mut corners = vec![anchors.point(from, route.exit, true)];
        let last = anchors.point(to, route.entry, false);
        for leg in &route.legs {
            let (x, y) = corners[corners.len() - 1];
            match leg {
                Leg::Gap { gap, track } => {
                    corners.push((x, self.gaps[*gap] + BEFORE_TRACKS + track_offset(*track)));
                }
                Leg::Gutter { gutter, track } => {
                    let x = self.gutters[*gutter] + BEFORE_TRACKS + track_offset(*track);
                    corners.push((x, y));
                }
            }
        }
        let (x, y) = corners[corners.len() - 1];
        match route.legs[route.legs.len() - 1] {
            Leg::Gap { .. } => corners.push((last.0, y)),
            Leg::Gutter { .. } => corners.push((x, last.1)),
        }
        corners.push(last);
        straightened(corners)
    }
}

/// Removes a small step sideways, and repeated corners.
fn straightened(mut corners: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    if let [first, _, third, last] = &mut corners[..]
        && first.1 < last.1
        && (first.0 - third.0).abs() <= MAX_STRAIGHTENED
    {
        return vec![*first, (first.0, last.1)];
    }
    corners.dedup();
    corners
}

fn track_offset(track: usize) -> i32 {
    TRACK * i32::try_from(track).unwrap_or_default()
}

/// Returns the width of a gutter with this number of tracks.
fn gutter_width(tracks: usize) -> i32 {
    BEFORE_TRACKS + track_offset(tracks) + TRACK
}
