//! The lanes and the rows of cards, and the cards that stand for several ones: similar receipts share a card, and so
//! do the receipts of an account in the middle of a long run. So a drawing has a bounded size.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::types::{AccountId, Balance, Gas};

use super::cards::{Arrow, ArrowKind, Blocks, Card, Cards, Kind, Sentence, Style};
use crate::gas;
use crate::order::Position;

/// The greatest number of rows. The blocks in the middle of a longer run share a row.
const MAX_ROWS: usize = 20;

/// The number of rows at the beginning of a longer run that show one block each.
const FIRST_ROWS: usize = 6;

/// The number of rows at the end of a longer run that show one block each.
const LAST_ROWS: usize = 4;

/// The greatest number of lanes. The last lane of a wider run has all the other accounts.
const MAX_LANES: usize = 12;

/// The greatest number of cards. In a run with more, the cards of a lane in a row share a card.
const MAX_CARDS: usize = 100;

/// The parts of a diagram, without lanes and rows.
#[derive(Default)]
pub struct Parts {
    cards: Vec<Part>,
    arrows: Vec<Arrow>,
    /// The sentences below the diagram.
    pub summary: Vec<Sentence>,
}

/// A card without a lane and a row.
struct Part {
    position: Position,
    account: AccountId,
    gas_burnt: Gas,
    card: Card,
    /// The index of the first part with a similar card.
    first_alike: usize,
}

/// Similar cards.
struct Group {
    accounts: BTreeSet<AccountId>,
    height: u64,
    /// The indices of the parts.
    parts: Vec<usize>,
}

impl Parts {
    /// Adds a card, and returns its index.
    pub fn add_card(
        &mut self,
        position: Position,
        account: &AccountId,
        gas_burnt: Gas,
        card: Card,
    ) -> usize {
        let index = self.cards.len();
        self.cards.push(Part {
            position,
            account: account.clone(),
            gas_burnt,
            card,
            first_alike: index,
        });
        index
    }

    /// Adds an arrow between two cards.
    pub fn add_arrow(&mut self, from: usize, to: usize, kind: ArrowKind, amount: Balance) {
        self.arrows.push(Arrow {
            from,
            to,
            kind,
            amount,
        });
    }

    /// Lets a card share the card of a similar one, with everything that is added after both up to now.
    pub fn join(&mut self, first: usize, card: usize) {
        for index in card..self.cards.len() {
            self.cards[index].first_alike = first + (index - card);
        }
    }

    /// Gives each card a lane and a row. The changes of the balances stand at the feet of the lanes.
    pub fn arrange(self, changes: &BTreeMap<AccountId, i128>, show_gas: bool) -> Cards {
        let groups = self.groups();
        let rows = self.rows(&groups);
        let lanes = Lanes::new(&groups);
        let mut index_of = vec![0; self.cards.len()];
        let mut cards: Vec<(Cell, Vec<usize>)> = Vec::new();
        for (group, cell) in groups.iter().zip(cells(&groups, &rows, &lanes)) {
            let known = cards.iter().position(|(other, _)| *other == cell);
            let card = known.unwrap_or(cards.len());
            if known.is_none() {
                cards.push((cell, Vec::new()));
            }
            cards[card].1.extend(&group.parts);
            for part in &group.parts {
                index_of[*part] = card;
            }
        }
        let cards = cards.iter().map(|(cell, parts)| Card {
            lane: cell.lane,
            row: cell.row,
            ..self.merged(parts, cell.group.is_some())
        });
        let first = rows.first().map_or(0, |row| row.first);
        let blocks = rows.iter().map(|row| Blocks {
            first: row.first - first,
            last: row.last - first,
            gas_burnt: row.gas_burnt,
        });
        Cards {
            changes: match changes.is_empty() {
                true => Vec::new(),
                false => lanes.changes(changes),
            },
            lanes: lanes.names(),
            show_gas,
            arrows: merged_arrows(&self.arrows, &index_of),
            cards: cards.collect(),
            rows: blocks.collect(),
            summary: self.summary,
        }
    }

    /// Returns the groups of similar cards in the order of execution.
    fn groups(&self) -> Vec<Group> {
        let mut in_order: Vec<usize> = (0..self.cards.len()).collect();
        in_order.sort_by_key(|part| self.cards[*part].position);
        let mut groups: Vec<Group> = Vec::new();
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for index in in_order {
            let part = &self.cards[index];
            let group = *known.entry(part.first_alike).or_insert_with(|| {
                groups.push(Group {
                    accounts: BTreeSet::new(),
                    height: part.position.height,
                    parts: Vec::new(),
                });
                groups.len() - 1
            });
            groups[group].accounts.insert(part.account.clone());
            groups[group].parts.push(index);
        }
        groups
    }

    /// Returns the rows, with the heights of their blocks.
    fn rows(&self, groups: &[Group]) -> Vec<Blocks> {
        let heights: BTreeSet<u64> = groups.iter().map(|group| group.height).collect();
        let heights: Vec<u64> = heights.into_iter().collect();
        let spans: Vec<&[u64]> = match heights.len() {
            0..=MAX_ROWS => heights.chunks(1).collect(),
            count => {
                let (first, rest) = heights.split_at(FIRST_ROWS);
                let (middle, last) = rest.split_at(count - FIRST_ROWS - LAST_ROWS);
                let middle = std::iter::once(middle);
                first
                    .chunks(1)
                    .chain(middle)
                    .chain(last.chunks(1))
                    .collect()
            }
        };
        let row = |span: &[u64]| {
            let [first, last] = [span[0], span[span.len() - 1]];
            let here =
                (self.cards.iter()).filter(|part| (first..=last).contains(&part.position.height));
            Blocks {
                first,
                last,
                gas_burnt: gas::sum(here.map(|part| part.gas_burnt)),
            }
        };
        spans.into_iter().map(row).collect()
    }

    /// Returns the card that stands for several ones, which are similar or not.
    fn merged(&self, parts: &[usize], are_alike: bool) -> Card {
        let cards: Vec<&Card> = parts.iter().map(|part| &self.cards[*part].card).collect();
        match &cards[..] {
            [card] => (*card).clone(),
            _ if are_alike => alike(&cards),
            _ => several(&cards),
        }
    }
}

/// The position of a card: several groups of a cell share it if the cell has no group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    row: usize,
    lane: usize,
    group: Option<usize>,
}

/// Returns the cell of each group. A group has a cell of its own if its row is one block, its lane has room for it, and
/// the drawing is not crowded.
fn cells(groups: &[Group], rows: &[Blocks], lanes: &Lanes) -> Vec<Cell> {
    let cells = groups.iter().enumerate().map(|(index, group)| {
        let row = rows.iter().position(|row| group.height <= row.last);
        let row = row.unwrap_or_default();
        let lane = lanes.lane(&group.accounts);
        let is_shared = rows[row].first != rows[row].last || lanes.is_last(lane);
        Cell {
            row,
            lane,
            group: (!is_shared).then_some(index),
        }
    });
    let mut cells: Vec<Cell> = cells.collect();
    let is_crowded = cells.iter().collect::<BTreeSet<_>>().len() > MAX_CARDS;
    if is_crowded {
        cells.iter_mut().for_each(|cell| cell.group = None);
    }
    cells
}

/// The lanes: one for each set of accounts on which similar receipts run.
struct Lanes {
    lanes: Vec<BTreeSet<AccountId>>,
    /// The accounts that have no lane of their own: the last lane has all of them.
    others: BTreeSet<AccountId>,
}

impl Lanes {
    fn new(groups: &[Group]) -> Self {
        let mut lanes: Vec<BTreeSet<AccountId>> = Vec::new();
        for group in groups {
            if !lanes.contains(&group.accounts) {
                lanes.push(group.accounts.clone());
            }
        }
        let others = match lanes.len() {
            0..=MAX_LANES => Vec::new(),
            _ => lanes.split_off(MAX_LANES - 1),
        };
        Self {
            lanes,
            others: others.into_iter().flatten().collect(),
        }
    }

    /// Returns the lane of these accounts.
    fn lane(&self, accounts: &BTreeSet<AccountId>) -> usize {
        let own = self.lanes.iter().position(|lane| lane == accounts);
        own.unwrap_or(self.lanes.len())
    }

    /// Returns `true` for the lane that has all the other accounts.
    fn is_last(&self, lane: usize) -> bool {
        lane == self.lanes.len()
    }

    /// Returns the accounts of each lane.
    fn all(&self) -> impl Iterator<Item = &BTreeSet<AccountId>> {
        let others = Some(&self.others).filter(|others| !others.is_empty());
        self.lanes.iter().chain(others)
    }

    fn names(&self) -> Vec<String> {
        let name = |lane: &BTreeSet<AccountId>| match lane.first() {
            Some(account) if lane.len() == 1 => account.to_string(),
            _ => format!("{} accounts", lane.len()),
        };
        self.all().map(name).collect()
    }

    /// Returns the change of each lane. An account counts once: in the smallest of its lanes.
    fn changes(&self, changes: &BTreeMap<AccountId, i128>) -> Vec<i128> {
        let lanes: Vec<_> = self.all().collect();
        let mut sums = vec![0; lanes.len()];
        for (account, change) in changes {
            let own = (0..lanes.len()).filter(|lane| lanes[*lane].contains(account));
            if let Some(lane) = own.min_by_key(|lane| lanes[*lane].len()) {
                sums[lane] += change;
            }
        }
        sums
    }
}

/// Returns the arrows between the cards with these indices. Arrows of one kind between the same cards are one.
fn merged_arrows(arrows: &[Arrow], index_of: &[usize]) -> Vec<Arrow> {
    let mut merged: Vec<Arrow> = Vec::new();
    let mut known = BTreeMap::new();
    for arrow in arrows {
        let (from, to) = (index_of[arrow.from], index_of[arrow.to]);
        if from == to {
            continue;
        }
        let key = (from, to, arrow.kind);
        let index = *known.entry(key).or_insert_with(|| {
            merged.push(Arrow {
                from,
                to,
                kind: arrow.kind,
                amount: Balance::ZERO,
            });
            merged.len() - 1
        });
        merged[index].amount = merged[index].amount.saturating_add(arrow.amount);
    }
    merged
}

/// Returns the card for similar ones, with the range in which they differ.
fn alike(cards: &[&Card]) -> Card {
    let (first, last) = (cards[0], cards[cards.len() - 1]);
    let mut card = first.clone();
    card.title = range(&first.title, &last.title);
    card.number = range(&first.number, &last.number);
    card.notes.clear();
    card.add(&format!("{} alike, each:", cards.len()));
    let notes = first.notes.iter().zip(&last.notes);
    for (note, other) in notes {
        card.add_as(note.style, &range(&note.text, &other.text));
    }
    if card.notes.len() == 1 {
        card.notes.clear();
        card.add(&format!("{} alike", cards.len()));
    }
    card.description = format!(
        "{} alike, of which the first and the last are: {} {}",
        cards.len(),
        first.description,
        last.description
    );
    card
}

/// Returns one text if both are the same, and both otherwise, without the words with which both begin.
fn range(first: &str, last: &str) -> String {
    if first == last {
        return first.to_owned();
    }
    let same = first.split(' ').zip(last.split(' '));
    let same = same.take_while(|(one, other)| one == other).count();
    let rest: Vec<_> = last.split(' ').skip(same).collect();
    format!("{first} … {}", rest.join(" "))
}

/// Returns the card for several ones that are not similar.
fn several(cards: &[&Card]) -> Card {
    let failed = cards.iter().filter(|card| card.failed).count();
    let count = |name: &str, is_counted: fn(&Card) -> bool| {
        let count = cards.iter().filter(|card| is_counted(card)).count();
        match count {
            0 => None,
            1 => Some(format!("1 {name}")),
            _ => Some(format!("{count} {name}s")),
        }
    };
    let counts = [
        count("transaction", |card| card.kind == Kind::Signed),
        count("receipt", |card| {
            matches!(card.kind, Kind::Call | Kind::Callback)
        }),
        count("refund", |card| card.kind == Kind::Refund),
    ];
    let counts: Vec<_> = counts.into_iter().flatten().collect();
    let mut card = Card::new(Kind::Call, &counts.join(", "));
    card.description = format!("{}.", counts.join(", "));
    match failed {
        0 => {}
        1 => card.add_as(Style::Error, "1 fails"),
        _ => card.add_as(Style::Error, &format!("{failed} fail")),
    }
    for failure in cards.iter().filter(|card| card.failed) {
        card.description
            .push_str(&format!(" {}", failure.description));
    }
    card
}
