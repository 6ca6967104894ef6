//! A diagram in words: as much as it shows, for who does not see it.

use near_primitives::types::Gas;

use super::cards::{Cards, seen};
use crate::action;
use crate::receipt::{Receipt, Refund};
use crate::text::{self, near, tgas};
use crate::transaction::Transaction;

/// What a diagram is of.
pub fn title(transactions: &[Transaction]) -> String {
    let titles = transactions.iter().map(|transaction| {
        format!(
            "{} signs {} for {}",
            transaction.signer,
            action::names(&transaction.actions),
            transaction.receiver
        )
    });
    plain(&titles.collect::<Vec<_>>().join("; "))
}

/// Everything that happens: a line for each card, in their order, and how it ends.
pub fn description(cards: &Cards) -> String {
    let first = cards.heights.first().copied().unwrap_or_default();
    let told = cards.cards.iter().map(|card| {
        let block = cards.heights[card.row] - first;
        format!("Block {block}: {}", card.words)
    });
    let ends = cards.ends.iter().map(|end| end.text.clone());
    told.chain(ends).collect::<Vec<_>>().join("\n")
}

pub(super) fn signed(transaction: &Transaction, letter: &str) -> String {
    let actions = transaction.actions.iter().map(action::told);
    let name = match letter {
        "" => "a transaction".to_owned(),
        _ => format!("transaction {letter}"),
    };
    plain(&format!(
        "{} signs {name} for {}: {}.",
        transaction.signer,
        transaction.receiver,
        actions.collect::<Vec<_>>().join("; "),
    ))
}

pub(super) fn receipt(transaction: &Transaction, receipt: &Receipt, letter: &str) -> String {
    let mut told = format!(
        "Receipt {letter}{} from {} runs {} on {}",
        receipt.number,
        receipt.predecessor,
        action::names(&receipt.actions),
        receipt.receiver,
    );
    let deposit = receipt.deposit();
    if !deposit.is_zero() {
        told.push_str(&format!(" with a deposit of {}", near(deposit)));
    }
    if receipt.senders().next().is_some() {
        told.push_str(&format!(", sees {}", seen(transaction, receipt)));
    }
    if receipt.was_yielded() {
        told.push_str(", after it was resumed");
    }
    let gas = receipt.gas_attached();
    if gas > Gas::ZERO {
        told.push_str(&format!(", gets {}", tgas(gas)));
    }
    told.push_str(&format!(", burns {}", tgas(receipt.gas_burnt)));
    match (&receipt.answer, receipt.answer_of) {
        (Err(failure), _) => {
            told.push_str(&format!(", and fails: {}", failure.message));
            if !told.ends_with('.') {
                told.push('.');
            }
        }
        (Ok(_), Some(other)) => {
            told.push_str(&format!(
                ", and leaves the answer to receipt {letter}{other}."
            ));
        }
        (Ok(value), None) if value.is_empty() => told.push('.'),
        (Ok(value), None) => told.push_str(&format!(", and answers {}.", text::value(value))),
    }
    for log in &receipt.logs {
        told.push_str(&format!(" Log: {}", text::log(log)));
    }
    plain(&told)
}

pub(super) fn refund(receipt: &Receipt, refund: &Refund, letter: &str) -> String {
    let lost = match refund.is_lost {
        true => ", and is lost, for there is no such account",
        false => "",
    };
    plain(&format!(
        "{} of deposit come back from receipt {letter}{} to {}{lost}.",
        near(refund.amount),
        receipt.number,
        refund.to
    ))
}

fn plain(text: &str) -> String {
    let words = text.replace(text::JOINT, " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
