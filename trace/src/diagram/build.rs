//! The cards of transactions.

use std::collections::BTreeMap;

use near_primitives::types::{Balance, Gas};
use near_primitives::views::ActionView;

use super::arrange::Parts;
use super::cards::{ArrowKind, Card, Cards, Kind, Mood, Sentence, Style};
use super::words;
use crate::groups::Groups;
use crate::receipt::{ActionStatus, Receipt, Refund, RefundKind};
use crate::text::{self, short_near, tgas};
use crate::transaction::{Transaction, TransactionResult};
use crate::{action, balances, summary};

/// The greatest number of actions that a card shows without leaving out those in the middle.
const MAX_ACTIONS: usize = 8;

impl Cards {
    /// Creates the cards of transactions, with the gas of each receipt or without. Several transactions get letters.
    /// Each note stands on the card of the receipt with this number.
    pub fn new(transactions: &[Transaction], has_gas: bool, notes: &[(String, String)]) -> Self {
        let mut builder = Builder {
            has_gas,
            notes,
            parts: Parts::default(),
        };
        for (index, transaction) in transactions.iter().enumerate() {
            let letter = match transactions.len() {
                1 => String::new(),
                _ => letter(index),
            };
            builder.add_transaction(transaction, &letter);
        }
        builder
            .parts
            .arrange(&balances::changes(transactions), has_gas)
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

/// The parts of a diagram while they are created.
struct Builder<'a> {
    /// True if cards show gas.
    has_gas: bool,
    /// The numbers of receipts, with the notes on their cards.
    notes: &'a [(String, String)],
    parts: Parts,
}

impl Builder<'_> {
    fn add_transaction(&mut self, transaction: &Transaction, letter: &str) {
        let signed = self.parts.add_card(
            transaction.position,
            &transaction.signer,
            transaction.gas_burnt,
            signed_card(transaction, letter, self.has_gas),
        );
        let firsts = Groups::new(transaction).firsts(transaction);
        let mut cards: BTreeMap<usize, usize> = BTreeMap::new();
        for receipt in transaction.receipts() {
            let card = self.receipt_card(transaction, receipt, letter);
            let from =
                self.parts
                    .add_card(receipt.position, &receipt.receiver, receipt.gas_burnt, card);
            cards.insert(receipt.number, from);
            let refunds = receipt.refunds.iter();
            for refund in refunds.filter(|refund| refund.kind == RefundKind::Deposit) {
                let card = refund_card(receipt, refund, letter);
                let to = self
                    .parts
                    .add_card(refund.position, &refund.to, Gas::ZERO, card);
                self.parts
                    .add_arrow(from, to, ArrowKind::Refund, refund.amount);
            }
            // The refunds of similar receipts are in the same order.
            let first = cards[&firsts[receipt.number - 1]];
            self.parts.join(first, from);
        }
        for receipt in transaction.receipts() {
            let from = receipt.parent.map_or(signed, |parent| cards[&parent]);
            let kind = match receipt.is_callback() {
                true => ArrowKind::CreatesCallback,
                false => ArrowKind::Creates,
            };
            self.parts
                .add_arrow(from, cards[&receipt.number], kind, receipt.deposit());
            for awaited in receipt.awaited_receipts() {
                let (from, to) = (cards[&awaited], cards[&receipt.number]);
                self.parts
                    .add_arrow(from, to, ArrowKind::Result, Balance::ZERO);
            }
        }
        self.add_summary(transaction, letter);
    }

    /// Creates the card of a receipt, with its notes.
    fn receipt_card(&self, transaction: &Transaction, receipt: &Receipt, letter: &str) -> Card {
        let mut card = receipt_card(transaction, receipt, letter, self.has_gas);
        let number = card.number.clone();
        for (_, note) in self.notes.iter().filter(|(of, _)| *of == number) {
            card.add_as(Style::State, note);
            card.description.push_str(&format!(" State: {note}."));
        }
        card
    }

    fn add_summary(&mut self, transaction: &Transaction, letter: &str) {
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
        self.parts.summary.push(result);
        self.parts.summary.extend(unhandled);
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
    let title = match &receipt.actions[..] {
        [] => "a global contract".to_owned(),
        [action] => action::name(action),
        actions => format!("batch of {}", actions.len()),
    };
    let mut card = Card::new(kind, &title);
    card.number = format!("{letter}{}", receipt.number);
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
