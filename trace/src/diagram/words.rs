//! The description of a diagram for a screen reader. It has everything that the diagram shows.

use near_primitives::types::Gas;

use super::cards::Cards;
use crate::action;
use crate::receipt::{Receipt, Refund};
use crate::text::{self, NO_BREAK_SPACE, near, tgas};
use crate::transaction::Transaction;

/// Returns the title of a diagram.
pub fn title(transactions: &[Transaction]) -> String {
    let titles = transactions.iter().map(|transaction| {
        format!(
            "{} signs {} for {}",
            transaction.signer,
            action::describe_briefly(&transaction.actions),
            transaction.receiver
        )
    });
    plain_text(&titles.collect::<Vec<_>>().join("; "))
}

/// Describes each card in a line, then the summary.
pub fn description(cards: &Cards) -> String {
    let lines = cards.cards.iter().map(|card| {
        let blocks = cards.rows[card.row].name().replacen('b', "B", 1);
        format!("{blocks}: {}", card.description)
    });
    let summary = cards.summary.iter().map(|sentence| sentence.text.clone());
    lines.chain(summary).collect::<Vec<_>>().join("\n")
}

/// Describes a signed transaction.
pub fn signed(transaction: &Transaction, letter: &str) -> String {
    let actions = transaction.actions.iter().map(action::describe);
    let name = match letter {
        "" => "a transaction".to_owned(),
        _ => format!("transaction {letter}"),
    };
    plain_text(&format!(
        "{} signs {name} for {}: {}.",
        transaction.signer,
        transaction.receiver,
        actions.collect::<Vec<_>>().join("; "),
    ))
}

/// Describes a receipt.
pub fn receipt(transaction: &Transaction, receipt: &Receipt, letter: &str) -> String {
    let mut sentence = format!(
        "Receipt {letter}{} from {} runs {} on {}",
        receipt.number,
        receipt.predecessor,
        action::describe_briefly(&receipt.actions),
        receipt.receiver,
    );
    let deposit = receipt.deposit();
    if !deposit.is_zero() {
        sentence.push_str(&format!(" with a deposit of {}", near(deposit)));
    }
    if receipt.awaited_receipts().next().is_some() {
        sentence.push_str(&format!(", sees {}", promise_results(transaction, receipt)));
    }
    if receipt.is_yield() {
        sentence.push_str(", after it was resumed");
    }
    let gas = receipt.gas_attached();
    if gas > Gas::ZERO {
        sentence.push_str(&format!(", gets {}", tgas(gas)));
    }
    sentence.push_str(&format!(", burns {}", tgas(receipt.gas_burnt)));
    match (&receipt.result, receipt.result_from) {
        (Err(failure), _) => {
            sentence.push_str(&format!(", and fails: {}", failure.message));
            if !sentence.ends_with('.') {
                sentence.push('.');
            }
        }
        (Ok(_), Some(other)) => {
            sentence.push_str(&format!(
                ", and leaves the result to receipt {letter}{other}."
            ));
        }
        (Ok(value), None) if value.is_empty() => sentence.push('.'),
        (Ok(value), None) => sentence.push_str(&format!(", and returns {}.", text::value(value))),
    }
    for log in &receipt.logs {
        sentence.push_str(&format!(" Log: {}", text::log(log)));
    }
    plain_text(&sentence)
}

/// Describes a refund.
pub fn refund(receipt: &Receipt, refund: &Refund, letter: &str) -> String {
    let lost = match refund.is_lost {
        true => ", and is lost, for there is no such account",
        false => "",
    };
    plain_text(&format!(
        "{} of deposit come back from receipt {letter}{} to {}{lost}.",
        near(refund.amount),
        receipt.number,
        refund.to
    ))
}

/// Describes the promise results that a callback gets, in the order of their indices.
pub fn promise_results(transaction: &Transaction, receipt: &Receipt) -> String {
    let results = receipt
        .awaited_receipts()
        .map(|number| text::promise_result(&transaction.receipt(number).result));
    results.collect::<Vec<_>>().join(", ")
}

/// Replaces all whitespace with single common spaces.
fn plain_text(text: &str) -> String {
    let words = text.replace(NO_BREAK_SPACE, " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
