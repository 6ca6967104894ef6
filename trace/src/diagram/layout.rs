//! Places and sizes, in pixels.

use super::cards::{ArrowKind, Card, Cards, Kind, Line, WIDTH};
use super::routes::{End, Leg, Port, Way, Ways, ways};
use crate::text;

/// The height of a line of text.
pub const LINE: i32 = 15;

/// The room between a card's edge and its text.
pub const PADDING: i32 = 8;

/// Where the rows begin: to the left stand the blocks.
const LABELS: i32 = 62;

/// The room for the names of the accounts.
const NAMES: i32 = 30;

/// The room between two cards of one account in one block.
const BETWEEN: i32 = 18;

/// The room that a track takes.
const TRACK: i32 = 8;

/// The room before the first track of a gap, and behind the last one, where the heads of arrows are.
const BEFORE: i32 = 8;
const BEHIND: i32 = 14;

/// The narrowest lane.
const NARROWEST: i32 = 96;

/// Cards, arrows and names with their places.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The whole of it.
    pub size: (i32, i32),
    /// The names of the accounts, by the middles of their lanes.
    pub names: Vec<(i32, String)>,
    /// The blocks, counted from the first.
    pub rows: Vec<Row>,
    /// The cards.
    pub cards: Vec<Placed>,
    /// The arrows.
    pub arrows: Vec<Drawn>,
    /// How it ended, and where that is written.
    pub ends: Vec<(i32, Line)>,
}

/// A block.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number, counted from the first block.
    pub block: u64,
    /// Its upper edge.
    pub top: i32,
    /// Its height.
    pub height: i32,
}

/// A card in its place.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The card.
    pub card: Card,
    /// Its left edge.
    pub left: i32,
    /// Its upper edge.
    pub top: i32,
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
}

/// An arrow in its place.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// What it stands for.
    pub kind: ArrowKind,
    /// The row in which it arrives.
    pub row: usize,
    /// Its corners.
    pub corners: Vec<(i32, i32)>,
}

/// The width of a text: the letters of a monospaced font are 0.6 times as wide as high, or a little more.
pub fn width_of(letters: usize) -> i32 {
    let letters = i32::try_from(letters).unwrap_or(i32::MAX / 100);
    (letters * 73 + 9) / 10
}

impl Layout {
    /// Gives everything its place.
    pub fn of(cards: Cards) -> Self {
        let ways = ways(&cards);
        let grid = Grid::of(&cards, &ways);
        let placed = grid.place(&cards);
        let mut places = Places::default();
        let arrows = cards
            .arrows
            .iter()
            .zip(&ways.ways)
            .map(|(arrow, way)| Drawn {
                kind: arrow.kind,
                row: cards.cards[arrow.to].row,
                corners: grid.corners(&placed[arrow.from], &placed[arrow.to], way, &mut places),
            });
        let first = cards.heights.first().copied().unwrap_or_default();
        let rows = cards.heights.iter().zip(&grid.rows);
        let rows = rows.map(|(height, (top, tall))| Row {
            block: height - first,
            top: *top,
            height: *tall,
        });
        let names = cards.accounts.iter().zip(&grid.lanes);
        let names =
            names.map(|(account, (left, width))| (left + width / 2, name(account.as_str())));
        let bottom = grid.rows.last().map_or(0, |(top, height)| top + height) + BEFORE;
        let ends = cards.ends.iter().enumerate().map(|(place, end)| {
            let place = i32::try_from(place).unwrap_or_default() + 1;
            (bottom + place * (LINE + 2) + 4, end.clone())
        });
        let ends: Vec<_> = ends.collect();
        let right = grid.lanes.last().map_or(0, |(left, width)| left + width);
        let right = right + grid.room(ways.gutters.last().copied().unwrap_or_default());
        let longest = ends
            .iter()
            .map(|(_, end)| width_of(end.text.chars().count()));
        Self {
            size: (
                right.max(longest.max().unwrap_or_default() + PADDING),
                ends.last().map_or(bottom, |(y, _)| y + PADDING),
            ),
            names: names.collect(),
            rows: rows.collect(),
            arrows: arrows.collect(),
            cards: placed,
            ends,
        }
    }
}

/// An account, short enough for its lane.
fn name(account: &str) -> String {
    const SHORTENED: usize = 23;

    match account.len() {
        length if length > WIDTH => text::short_account(account, SHORTENED),
        _ => account.to_owned(),
    }
}

/// Where lanes, rows and the room between them are.
struct Grid {
    /// Left edge and width of each lane.
    lanes: Vec<(i32, i32)>,
    /// Upper edge and height of each row.
    rows: Vec<(i32, i32)>,
    /// Left edge of each gutter, upper edge of each gap.
    gutters: Vec<i32>,
    gaps: Vec<i32>,
}

impl Grid {
    fn of(cards: &Cards, ways: &Ways) -> Self {
        let mut grid = Self {
            lanes: Vec::new(),
            rows: Vec::new(),
            gutters: Vec::new(),
            gaps: Vec::new(),
        };
        let mut x = LABELS;
        for (lane, account) in cards.accounts.iter().enumerate() {
            grid.gutters.push(x);
            x += grid.room(ways.gutters[lane]);
            let here = cards.cards.iter().filter(|card| card.lane == lane);
            let name = width_of(name(account.as_str()).chars().count()) + PADDING;
            let width = here
                .map(width)
                .chain([name, NARROWEST])
                .max()
                .unwrap_or(NARROWEST);
            grid.lanes.push((x, width));
            x += width;
        }
        grid.gutters.push(x);
        let mut y = NAMES;
        for row in 0..cards.heights.len() {
            grid.gaps.push(y);
            y += gap(ways.gaps[row]);
            let tallest = (0..cards.accounts.len()).map(|lane| stack(cards, lane, row));
            let height = tallest.max().unwrap_or_default();
            grid.rows.push((y, height));
            y += height;
        }
        grid.gaps.push(y);
        grid
    }

    /// The width of a gutter with so many tracks.
    fn room(&self, tracks: usize) -> i32 {
        let tracks = i32::try_from(tracks).unwrap_or_default();
        8 + TRACK * (tracks + 1)
    }

    fn place(&self, cards: &Cards) -> Vec<Placed> {
        let mut placed: Vec<Placed> = Vec::new();
        for card in &cards.cards {
            let (left, width) = self.lanes[card.lane];
            let above = placed
                .iter()
                .filter(|other| (other.card.lane, other.card.row) == (card.lane, card.row));
            let top = above
                .map(|other| other.top + other.height + BETWEEN)
                .max()
                .unwrap_or(self.rows[card.row].0);
            placed.push(Placed {
                card: card.clone(),
                left,
                top,
                width,
                height: height(card),
            });
        }
        placed
    }

    /// The corners of a way, from card to card.
    fn corners(
        &self,
        from: &Placed,
        to: &Placed,
        way: &Way,
        places: &mut Places,
    ) -> Vec<(i32, i32)> {
        if way.legs.is_empty() {
            // Straight down, from one card of a lane to the next: both are as wide.
            let (End::Edge(port) | End::Side { port, .. }) = way.exit;
            let x = from.left + at(port, from.width);
            return vec![(x, from.top + from.height), (x, to.top)];
        }
        let mut corners = vec![end(from, way.exit, true, places)];
        let last = end(to, way.entry, false, places);
        for leg in &way.legs {
            let (x, y) = corners[corners.len() - 1];
            match leg {
                Leg::Gap { gap, track } => {
                    corners.push((x, self.gaps[*gap] + BEFORE + track_of(*track)))
                }
                Leg::Gutter { gutter, track } => {
                    corners.push((self.gutters[*gutter] + 8 + track_of(*track), y));
                }
            }
        }
        let (x, y) = corners[corners.len() - 1];
        match way.legs[way.legs.len() - 1] {
            Leg::Gap { .. } => corners.push((last.0, y)),
            Leg::Gutter { .. } => corners.push((x, last.1)),
        }
        corners.push(last);
        straightened(corners)
    }
}

/// Where an arrow meets a card. Out and in are a little apart, so that an arrow back is not hidden.
fn end(placed: &Placed, end: End, is_exit: bool, places: &mut Places) -> (i32, i32) {
    let card = &placed.card;
    match end {
        End::Edge(port) => {
            let (y, gap, aside) = match is_exit {
                true => (placed.top + placed.height, card.row + 1, -3),
                false => (placed.top, card.row, 3),
            };
            let wanted = placed.left + at(port, placed.width) + aside;
            let room = Room::Gap(gap, card.lane);
            let x = places.take(room, wanted, placed.left, placed.width);
            (x, y)
        }
        End::Side { gutter, port } => {
            let x = match gutter == card.lane {
                true => placed.left,
                false => placed.left + placed.width,
            };
            let aside = if is_exit { 3 } else { -3 };
            let wanted = placed.top + at(port, placed.height) + aside;
            let y = places.take(Room::Gutter(gutter), wanted, placed.top, placed.height);
            (x, y)
        }
    }
}

/// The room between cards that look at each other: a gutter, or a gap in one lane.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Gutter(usize),
    Gap(usize, usize),
}

/// Where arrows come into each room, from the cards on both sides of it: two at the same place could run on
/// each other on the way to their tracks.
#[derive(Default)]
struct Places {
    taken: Vec<(Room, i32)>,
}

impl Places {
    /// Takes the place on an edge that is nearest to `wanted` and free, if there is one.
    fn take(&mut self, room: Room, wanted: i32, start: i32, length: i32) -> i32 {
        let nearest = (0..length).flat_map(|step| [wanted + step, wanted - step]);
        let nearest: Vec<_> = nearest
            .filter(|place| (start + 1..start + length).contains(place))
            .collect();
        let is_free = |place: i32, apart: i32| {
            let here = self.taken.iter().filter(|(other, _)| *other == room);
            here.map(|(_, taken)| (taken - place).abs())
                .all(|distance| distance >= apart)
        };
        // Far enough apart to be told from each other, or else just apart.
        let free = [4, 1].into_iter().find_map(|apart| {
            let mut free = nearest.iter().filter(|place| is_free(**place, apart));
            free.next().copied()
        });
        let place = free.unwrap_or(wanted);
        self.taken.push((room, place));
        place
    }
}

/// A way that would only make a small step goes straight on, and one without a corner has none.
fn straightened(mut corners: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    if let [first, _, third, last] = &mut corners[..]
        && first.1 < last.1
        && (first.0 - third.0).abs() <= 6
    {
        return vec![*first, (first.0, last.1)];
    }
    corners.dedup();
    corners
}

fn at(port: Port, length: i32) -> i32 {
    let place = i32::try_from(port.place).unwrap_or_default();
    let of = i32::try_from(port.of).unwrap_or_default();
    length * (place + 1) / (of + 1)
}

fn track_of(track: usize) -> i32 {
    TRACK * i32::try_from(track).unwrap_or_default()
}

/// The height of a gap with so many tracks.
fn gap(tracks: usize) -> i32 {
    BEFORE + track_of(tracks) + BEHIND
}

fn width(card: &Card) -> i32 {
    let lines = card.lines.iter().map(|line| &line.text);
    let letters = card
        .title
        .iter()
        .chain(lines)
        .map(|line| line.chars().count());
    width_of(letters.max().unwrap_or_default()) + 2 * PADDING
}

/// The height of a card: its lines, and a line for what must be seen at once.
fn height(card: &Card) -> i32 {
    let lines = card.title.len() + card.lines.len() + usize::from(has_band(card));
    LINE * i32::try_from(lines).unwrap_or_default() + PADDING + 2
}

/// Whether a word stands above the title: that it failed, or that it waited.
pub fn has_band(card: &Card) -> bool {
    card.failed || card.kind == Kind::Callback
}

fn stack(cards: &Cards, lane: usize, row: usize) -> i32 {
    let here = cards
        .cards
        .iter()
        .filter(|card| (card.lane, card.row) == (lane, row));
    here.fold(0, |sum, card| match sum {
        0 => height(card),
        _ => sum + BETWEEN + height(card),
    })
}
