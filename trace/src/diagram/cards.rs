//! What is drawn, in words: cards with a few short lines, and what leads from one to another.

use std::collections::BTreeMap;

use near_primitives::types::{AccountId, Gas};
use near_primitives::views::ActionView;

use super::fit::fitted;
use crate::action;
use crate::order::Moment;
use crate::receipt::{Fate, Receipt, Refund, RefundKind};
use crate::text::{self, short_near, tgas};
use crate::transaction::{End, Transaction};
use crate::verdict;

/// The longest line of a card, in characters.
pub const WIDTH: usize = 28;

/// The most lines that an error or an answer gets on a card. The whole of it is in the card's words.
const LINES: usize = 3;

/// The longest line below a diagram, in characters.
const END: usize = 160;

/// The most receipts that are drawn, in all transactions together.
const RECEIPTS: usize = 100;

/// From this number of actions on, those in the middle are left out.
const ACTIONS: usize = 8;

/// Transactions as cards.
#[derive(Debug, Clone)]
pub struct Cards {
    /// The accounts, in the order in which they come into it.
    pub accounts: Vec<AccountId>,
    /// The heights of the blocks in which something happens.
    pub heights: Vec<u64>,
    /// The cards in the order of execution.
    pub cards: Vec<Card>,
    /// What leads from one card to another.
    pub arrows: Vec<Arrow>,
    /// How each transaction ended, and what nobody noticed.
    pub ends: Vec<Line>,
}

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The place of its account.
    pub lane: usize,
    /// The place of its block.
    pub row: usize,
    /// What it stands for.
    pub kind: Kind,
    /// Whether it failed.
    pub failed: bool,
    /// Its first line.
    pub title: Vec<String>,
    /// Its other lines.
    pub lines: Vec<Line>,
    /// All there is to say of it.
    pub words: String,
}

/// What a card stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A transaction that is signed.
    Signed,
    /// A receipt that was sent.
    Call,
    /// A receipt that waited.
    Callback,
    /// A deposit that comes back.
    Refund,
}

/// A line of text.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Whether that was undone.
    pub is_struck: bool,
}

/// What leads from one card to another.
#[derive(Debug, Clone, Copy)]
pub struct Arrow {
    /// The card it comes from.
    pub from: usize,
    /// The card it goes to.
    pub to: usize,
    /// What it stands for.
    pub kind: ArrowKind,
}

/// What an arrow stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrowKind {
    /// A receipt is sent.
    Sends,
    /// A receipt is made that has to wait.
    Waits,
    /// An answer is sent.
    Answers,
    /// A deposit goes back.
    Refunds,
}

impl Cards {
    /// The cards of some transactions.
    pub fn of(transactions: &[Transaction]) -> Self {
        let mut board = Board {
            room: RECEIPTS,
            ..Board::default()
        };
        for (place, transaction) in transactions.iter().enumerate() {
            let letter = match transactions.len() {
                1 => String::new(),
                _ => letter(place),
            };
            board.transaction(transaction, &letter);
        }
        board.finish()
    }
}

/// The name of a transaction beside others.
fn letter(place: usize) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    letters
        .chars()
        .nth(place)
        .map_or_else(|| format!("{}.", place + 1), |letter| letter.to_string())
}

/// Cards before their places are known.
#[derive(Default)]
struct Board {
    cards: Vec<(Moment, AccountId, Card)>,
    arrows: Vec<Arrow>,
    ends: Vec<Line>,
    /// The number of receipts for which there is room.
    room: usize,
}

impl Board {
    fn transaction(&mut self, transaction: &Transaction, letter: &str) {
        let signed = self.put(
            transaction.moment,
            &transaction.signer,
            signed(transaction, letter),
        );
        let mut places = BTreeMap::new();
        let drawn = transaction.receipts().iter().take(self.room);
        self.room -= drawn.len();
        for receipt in drawn.clone() {
            let card = card(transaction, receipt, letter);
            let place = self.put(receipt.moment, &receipt.receiver, card);
            places.insert(receipt.number, place);
            for refund in &receipt.refunds {
                if refund.kind == RefundKind::Deposit {
                    let card = refund_card(receipt, refund, letter);
                    let to = self.put(refund.moment, &refund.to, card);
                    self.arrow(place, to, ArrowKind::Refunds);
                }
            }
        }
        for receipt in drawn.clone() {
            let from = receipt.parent.map_or(signed, |parent| places[&parent]);
            let kind = match receipt.is_callback() {
                true => ArrowKind::Waits,
                false => ArrowKind::Sends,
            };
            self.arrow(from, places[&receipt.number], kind);
            for sender in receipt.senders() {
                self.arrow(places[&sender], places[&receipt.number], ArrowKind::Answers);
            }
        }
        self.end(transaction, letter, drawn.len());
    }

    fn put(&mut self, moment: Moment, account: &AccountId, card: Card) -> usize {
        self.cards.push((moment, account.clone(), card));
        self.cards.len() - 1
    }

    fn arrow(&mut self, from: usize, to: usize, kind: ArrowKind) {
        self.arrows.push(Arrow { from, to, kind });
    }

    fn end(&mut self, transaction: &Transaction, letter: &str, drawn: usize) {
        let name = match letter {
            "" => "The transaction".to_owned(),
            _ => format!("Transaction {letter}"),
        };
        let end = match &transaction.end {
            End::Value(value) if value.is_empty() => format!("{name} succeeds."),
            End::Value(value) => format!("{name} succeeds and answers {}.", text::value(value)),
            End::Failure(_) => format!("{name} fails."),
            End::Pending => format!("{name} is under way."),
        };
        let unhandled = verdict::unhandled(transaction, letter);
        let left_out = left_out(transaction, letter, drawn);
        for end in [end].into_iter().chain(unhandled).chain(left_out) {
            let lines = fitted(&end, END, LINES);
            self.ends.extend(lines.into_iter().map(Line::plain));
        }
    }

    /// Gives each card its lane and its row.
    fn finish(mut self) -> Cards {
        let mut accounts: Vec<AccountId> = Vec::new();
        let mut heights: Vec<u64> = Vec::new();
        let mut in_order: Vec<usize> = (0..self.cards.len()).collect();
        in_order.sort_by_key(|card| self.cards[*card].0);
        for card in &in_order {
            let (moment, account, _) = &self.cards[*card];
            if !accounts.contains(account) {
                accounts.push(account.clone());
            }
            if !heights.contains(&moment.height) {
                heights.push(moment.height);
            }
        }
        for (moment, account, card) in &mut self.cards {
            card.lane = accounts
                .iter()
                .position(|other| other == account)
                .unwrap_or(0);
            card.row = heights
                .iter()
                .position(|other| *other == moment.height)
                .unwrap_or(0);
        }
        let mut place_of = vec![0; in_order.len()];
        for (place, card) in in_order.iter().enumerate() {
            place_of[*card] = place;
        }
        let arrows = self.arrows.iter().map(|arrow| Arrow {
            from: place_of[arrow.from],
            to: place_of[arrow.to],
            kind: arrow.kind,
        });
        Cards {
            accounts,
            heights,
            arrows: arrows.collect(),
            cards: in_order
                .iter()
                .map(|card| self.cards[*card].2.clone())
                .collect(),
            ends: self.ends,
        }
    }
}

/// The receipts for which there was no room.
fn left_out(transaction: &Transaction, letter: &str, drawn: usize) -> Option<String> {
    let all = transaction.receipts().len();
    match all - drawn {
        0 => None,
        1 => Some(format!(
            "Receipt {letter}{all} is not drawn: the tree has it."
        )),
        _ => Some(format!(
            "Receipts {letter}{} to {letter}{all} are not drawn: the tree has them.",
            drawn + 1
        )),
    }
}

impl Line {
    pub(super) fn plain(text: String) -> Self {
        Self {
            text: text.replace(text::JOINT, " "),
            is_struck: false,
        }
    }

    fn struck(text: String) -> Self {
        Self {
            is_struck: true,
            ..Self::plain(text)
        }
    }
}

/// A card whose place is not known yet.
fn blank(kind: Kind, title: &str) -> Card {
    Card {
        lane: 0,
        row: 0,
        kind,
        failed: false,
        title: fitted(title, WIDTH, usize::MAX),
        lines: Vec::new(),
        words: String::new(),
    }
}

impl Card {
    fn say(&mut self, text: &str) {
        let lines = fitted(text, WIDTH, LINES).into_iter();
        self.lines.extend(lines.map(Line::plain));
    }

    fn strike(&mut self, text: &str) {
        let lines = fitted(text, WIDTH, LINES).into_iter();
        self.lines.extend(lines.map(Line::struck));
    }
}

fn signed(transaction: &Transaction, letter: &str) -> Card {
    let title = match letter {
        "" => "signs".to_owned(),
        _ => format!("signs {letter}"),
    };
    let mut card = blank(Kind::Signed, &title);
    for action in &transaction.actions {
        card.say(&action::short(action));
    }
    let deposit = action::deposits(&transaction.actions);
    if !deposit.is_zero() {
        card.say(&format!("deposit {}", short_near(deposit)));
    }
    let gas = action::attached_gas(&transaction.actions);
    if gas > Gas::ZERO {
        card.say(&format!("attaches {}", tgas(gas)));
    }
    card.failed = transaction.receipts().is_empty() && matches!(transaction.end, End::Failure(_));
    card.words = super::words::signed(transaction, letter);
    card
}

fn card(transaction: &Transaction, receipt: &Receipt, letter: &str) -> Card {
    let kind = match receipt.is_callback() {
        true => Kind::Callback,
        false => Kind::Call,
    };
    let number = format!("{letter}{}", receipt.number);
    let title = match &receipt.actions[..] {
        [] => format!("{number} a global contract"),
        [action] => format!("{number} {}", action::short(action)),
        actions => format!("{number} batch of {}", actions.len()),
    };
    let mut card = blank(kind, &title);
    card.failed = !receipt.succeeded();
    if receipt.actions.len() > 1 {
        card.actions(receipt);
    }
    if receipt.was_yielded() {
        card.say("was resumed");
    }
    if receipt.senders().next().is_some() {
        card.say(&format!("sees {}", seen(transaction, receipt)));
    }
    let deposit = receipt.deposit();
    if !deposit.is_zero() && !matches!(receipt.actions[..], [ActionView::Transfer { .. }]) {
        let deposit = format!("deposit {}", short_near(deposit));
        match receipt.deposit_refund() {
            Some(_) => card.strike(&deposit),
            None => card.say(&deposit),
        }
    }
    match (&receipt.answer, receipt.answer_of) {
        (Err(failure), _) => card.say(&failure.message),
        (Ok(_), Some(other)) => card.say(&format!("answers as {letter}{other} does")),
        (Ok(value), None) if value.is_empty() => {}
        (Ok(value), None) => card.say(&format!("answers {}", text::value(value))),
    }
    let gas = receipt.gas_attached();
    if gas > Gas::ZERO {
        card.say(&format!("gets {}", tgas(gas)));
    }
    card.say(&format!("burns {}", tgas(receipt.gas_burnt)));
    card.words = super::words::receipt(transaction, receipt, letter);
    card
}

impl Card {
    /// What a receipt does where that is more than one thing, and what of it was undone.
    fn actions(&mut self, receipt: &Receipt) {
        let actions = receipt.actions.len();
        let failed = (0..actions).find(|place| receipt.fate(*place) == Fate::Failed);
        for (place, action) in receipt.actions.iter().enumerate() {
            let is_shown =
                actions <= ACTIONS || place < 2 || place + 2 >= actions || failed == Some(place);
            if !is_shown {
                if place == 2 {
                    self.say("…");
                }
                continue;
            }
            let told = format!("#{place} {}", action::short(action));
            match receipt.fate(place) {
                Fate::Done => self.say(&told),
                Fate::Undone => self.strike(&told),
                Fate::Failed => self.say(&format!("{told} fails")),
                Fate::NotRun => self.say(&format!("{told}: not run")),
            }
        }
    }
}

fn refund_card(receipt: &Receipt, refund: &Refund, letter: &str) -> Card {
    let title = format!("gets back {}", short_near(refund.amount));
    let mut card = blank(Kind::Refund, &title);
    card.say(&format!("deposit of {letter}{}", receipt.number));
    if refund.is_lost {
        card.failed = true;
        card.say("there is no account: the money is lost");
    }
    card.words = super::words::refund(receipt, refund, letter);
    card
}

/// What a callback sees, in the order in which it sees it.
pub(super) fn seen(transaction: &Transaction, receipt: &Receipt) -> String {
    let answers = receipt
        .senders()
        .map(|sender| match &transaction.receipt(sender).answer {
            Ok(value) => text::value(value),
            Err(_) => "a failure".to_owned(),
        });
    answers.collect::<Vec<_>>().join(", ")
}
