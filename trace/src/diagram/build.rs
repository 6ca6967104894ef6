//! The cards of transactions.

use std::collections::BTreeMap;

use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::ActionView;

use super::cards::{Arrow, ArrowKind, Card, Cards, Kind, Mood, Sentence, Style};
use super::words;
use crate::order::Position;
use crate::receipt::{ActionStatus, Receipt, Refund, RefundKind};
use crate::text::{self, short_near, tgas};
use crate::transaction::{Transaction, TransactionResult};
use crate::{action, balances, summary};

/// The greatest number of receipts that are drawn, in all transactions together.
const MAX_RECEIPTS: usize = 100;

/// The greatest number of actions that a card shows without leaving out those in the middle.
const MAX_ACTIONS: usize = 8;

impl Cards {
    /// Creates the cards of transactions, with the gas of each receipt or without. Several transactions get letters.
    pub fn new(transactions: &[Transaction], has_gas: bool) -> Self {
        let mut builder = Builder {
            has_gas,
            receipts_left: MAX_RECEIPTS,
            ..Builder::default()
        };
        for (index, transaction) in transactions.iter().enumerate() {
            let letter = match transactions.len() {
                1 => String::new(),
                _ => letter(index),
            };
            builder.add_transaction(transaction, &letter);
        }
        builder.build(&balances::changes(transactions))
    }
}

/// Returns the letter of a transaction, which tells it from the others.
fn letter(index: usize) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    letters
        .chars()
        .nth(index)
        .map_or_else(|| format!("{}.", index + 1), |letter| letter.to_string())
}

/// Cards that have no lane and no row yet.
#[derive(Default)]
struct Builder {
    cards: Vec<(Position, AccountId, Card)>,
    arrows: Vec<Arrow>,
    summary: Vec<Sentence>,
    /// True if cards show gas.
    has_gas: bool,
    /// The number of receipts that may still be drawn.
    receipts_left: usize,
}

impl Builder {
    fn add_transaction(&mut self, transaction: &Transaction, letter: &str) {
        let signed = self.add_card(
            transaction.position,
            &transaction.signer,
            signed_card(transaction, letter, self.has_gas),
        );
        let mut cards = BTreeMap::new();
        let drawn = transaction.receipts().iter().take(self.receipts_left);
        self.receipts_left -= drawn.len();
        for receipt in drawn.clone() {
            let card = receipt_card(transaction, receipt, letter, self.has_gas);
            let from = self.add_card(receipt.position, &receipt.receiver, card);
            cards.insert(receipt.number, from);
            for refund in &receipt.refunds {
                if refund.kind == RefundKind::Deposit {
                    let card = refund_card(receipt, refund, letter);
                    let to = self.add_card(refund.position, &refund.to, card);
                    self.add_arrow(from, to, ArrowKind::Refund, refund.amount);
                }
            }
        }
        for receipt in drawn.clone() {
            let from = receipt.parent.map_or(signed, |parent| cards[&parent]);
            let kind = match receipt.is_callback() {
                true => ArrowKind::CreatesCallback,
                false => ArrowKind::Creates,
            };
            self.add_arrow(from, cards[&receipt.number], kind, receipt.deposit());
            for awaited in receipt.awaited_receipts() {
                let (from, to) = (cards[&awaited], cards[&receipt.number]);
                self.add_arrow(from, to, ArrowKind::Result, Balance::ZERO);
            }
        }
        self.add_summary(transaction, letter, drawn.len());
    }

    /// Adds a card, and returns its index.
    fn add_card(&mut self, position: Position, account: &AccountId, card: Card) -> usize {
        self.cards.push((position, account.clone(), card));
        self.cards.len() - 1
    }

    fn add_arrow(&mut self, from: usize, to: usize, kind: ArrowKind, amount: Balance) {
        self.arrows.push(Arrow {
            from,
            to,
            kind,
            amount,
        });
    }

    fn add_summary(&mut self, transaction: &Transaction, letter: &str, drawn: usize) {
        let name = match letter {
            "" => "The transaction".to_owned(),
            _ => format!("Transaction {letter}"),
        };
        let result = match &transaction.result {
            TransactionResult::Value(value) if value.is_empty() => {
                Sentence::new(Mood::Success, format!("{name} succeeds."))
            }
            TransactionResult::Value(value) => {
                let value = text::value(value);
                Sentence::new(
                    Mood::Success,
                    format!("{name} succeeds and returns {value}."),
                )
            }
            TransactionResult::Failure(_) => Sentence::new(Mood::Failure, format!("{name} fails.")),
            TransactionResult::Pending => {
                Sentence::new(Mood::Neutral, format!("{name} is under way."))
            }
        };
        let unhandled = summary::unhandled_failures(transaction, letter);
        let unhandled = unhandled
            .into_iter()
            .map(|text| Sentence::new(Mood::Warning, text));
        let left_out = left_out(transaction, letter, drawn);
        let left_out = left_out.map(|text| Sentence::new(Mood::Neutral, text));
        self.summary.push(result);
        self.summary.extend(unhandled.chain(left_out));
    }

    /// Sorts the cards by position, and gives each its lane and its row.
    fn build(mut self, changes: &BTreeMap<AccountId, i128>) -> Cards {
        let mut accounts: Vec<AccountId> = Vec::new();
        let mut heights: Vec<u64> = Vec::new();
        let mut in_order: Vec<usize> = (0..self.cards.len()).collect();
        in_order.sort_by_key(|card| self.cards[*card].0);
        for card in &in_order {
            let (position, account, _) = &self.cards[*card];
            if !accounts.contains(account) {
                accounts.push(account.clone());
            }
            if !heights.contains(&position.height) {
                heights.push(position.height);
            }
        }
        for (position, account, card) in &mut self.cards {
            card.lane = accounts
                .iter()
                .position(|other| other == account)
                .unwrap_or(0);
            card.row = heights
                .iter()
                .position(|other| *other == position.height)
                .unwrap_or(0);
        }
        let mut index_of = vec![0; in_order.len()];
        for (index, card) in in_order.iter().enumerate() {
            index_of[*card] = index;
        }
        let arrows = self.arrows.iter().map(|arrow| Arrow {
            from: index_of[arrow.from],
            to: index_of[arrow.to],
            kind: arrow.kind,
            amount: arrow.amount,
        });
        let change_of = |account: &AccountId| changes.get(account).copied().unwrap_or_default();
        Cards {
            changes: match changes.is_empty() {
                true => Vec::new(),
                false => accounts.iter().map(change_of).collect(),
            },
            accounts,
            heights,
            arrows: arrows.collect(),
            cards: in_order
                .iter()
                .map(|card| self.cards[*card].2.clone())
                .collect(),
            summary: self.summary,
        }
    }
}

/// Names the receipts that are not drawn.
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

/// Creates the card of a signed transaction.
fn signed_card(transaction: &Transaction, letter: &str, has_gas: bool) -> Card {
    let title = match letter {
        "" => "signs".to_owned(),
        _ => format!("signs {letter}"),
    };
    let mut card = Card::new(Kind::Signed, &title);
    for action in &transaction.actions {
        card.add(&action::name(action));
    }
    let deposit = action::total_deposit(&transaction.actions);
    if !deposit.is_zero() {
        card.add_as(Style::Money, &format!("deposit {}", short_near(deposit)));
    }
    let gas = action::attached_gas(&transaction.actions);
    if has_gas && gas > Gas::ZERO {
        card.add_as(Style::Gas, &format!("attaches {}", tgas(gas)));
    }
    card.failed = transaction.receipts().is_empty()
        && matches!(transaction.result, TransactionResult::Failure(_));
    card.description = words::signed(transaction, letter);
    card
}

/// Creates the card of a receipt.
fn receipt_card(transaction: &Transaction, receipt: &Receipt, letter: &str, has_gas: bool) -> Card {
    let kind = match receipt.is_callback() {
        true => Kind::Callback,
        false => Kind::Call,
    };
    let number = format!("{letter}{}", receipt.number);
    let title = match &receipt.actions[..] {
        [] => format!("{number} a global contract"),
        [action] => format!("{number} {}", action::name(action)),
        actions => format!("{number} batch of {}", actions.len()),
    };
    let mut card = Card::new(kind, &title);
    card.failed = !receipt.succeeded();
    if receipt.actions.len() > 1 {
        add_actions(&mut card, receipt);
    }
    if receipt.is_yield() {
        card.add("was resumed");
    }
    if receipt.awaited_receipts().next().is_some() {
        card.add(&format!(
            "sees {}",
            words::promise_results(transaction, receipt)
        ));
    }
    let deposit = receipt.deposit();
    if !deposit.is_zero() && !matches!(receipt.actions[..], [ActionView::Transfer { .. }]) {
        let deposit = format!("deposit {}", short_near(deposit));
        match receipt.deposit_refund() {
            Some(_) => card.add_as(Style::Undone, &deposit),
            None => card.add_as(Style::Money, &deposit),
        }
    }
    match (&receipt.result, receipt.result_from) {
        (Err(failure), _) => card.add_as(Style::Error, &failure.message),
        (Ok(_), Some(other)) => card.add(&format!("returns as {letter}{other} does")),
        (Ok(value), None) if value.is_empty() => {}
        (Ok(value), None) => card.add(&format!("returns {}", text::value(value))),
    }
    if has_gas {
        let gas = receipt.gas_attached();
        if gas > Gas::ZERO {
            card.add_as(Style::Gas, &format!("gets {}", tgas(gas)));
        }
        card.add_as(Style::Gas, &format!("burns {}", tgas(receipt.gas_burnt)));
    }
    card.description = words::receipt(transaction, receipt, letter);
    card
}

/// Adds the actions of a receipt to its card, with their statuses.
fn add_actions(card: &mut Card, receipt: &Receipt) {
    let count = receipt.actions.len();
    let failed = (0..count).find(|index| receipt.action_status(*index) == ActionStatus::Failed);
    for (index, action) in receipt.actions.iter().enumerate() {
        let is_shown =
            count <= MAX_ACTIONS || index < 2 || index + 2 >= count || failed == Some(index);
        if !is_shown {
            if index == 2 {
                card.add("…");
            }
            continue;
        }
        let name = format!("#{index} {}", action::name(action));
        match receipt.action_status(index) {
            ActionStatus::Succeeded => card.add(&name),
            ActionStatus::RolledBack => card.add_as(Style::Undone, &name),
            ActionStatus::Failed => card.add_as(Style::Error, &format!("{name} fails")),
            ActionStatus::NotRun => card.add(&format!("{name}: not run")),
        }
    }
}

/// Creates the card of a refund.
fn refund_card(receipt: &Receipt, refund: &Refund, letter: &str) -> Card {
    let title = format!("gets back {}", short_near(refund.amount));
    let mut card = Card::new(Kind::Refund, &title);
    card.add(&format!("deposit of {letter}{}", receipt.number));
    if refund.is_lost {
        card.failed = true;
        card.add_as(Style::Error, "there is no account: the money is lost");
    }
    card.description = words::refund(receipt, refund, letter);
    card
}
