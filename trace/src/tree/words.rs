//! The texts of the lines below a receipt.

use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};

use crate::gas;
use crate::receipt::{ChargeKind, Input, Receipt, Refund, RefundKind};
use crate::text::{self, about_near, near, ranges, tgas};
use crate::transaction::Transaction;
use crate::{action, verdict};

/// The name of the line that has an error.
pub const FAILED: &str = "failed";

/// Lines of the log that are the same, from this number on, are told as one.
const REPEATED: usize = 5;

pub fn waits(receipt: &Receipt) -> String {
    let numbers: Vec<_> = receipt.senders().collect();
    match numbers[..] {
        [] => "to be resumed".to_owned(),
        [number] => format!("for the answer of receipt {number}"),
        _ => format!("for the answers of receipts {}", ranges(&numbers)),
    }
}

/// Tells the answers as the contract sees them, in its order.
pub fn sees(transaction: &Transaction, receipt: &Receipt) -> String {
    let seen = receipt.inputs.iter().map(|input| match input {
        Input::Answer(number) => match &transaction.receipt(*number).answer {
            Ok(value) => text::value(value),
            Err(_) => "a failure".to_owned(),
        },
        Input::Resumed => "what resumed it".to_owned(),
    });
    let seen: Vec<_> = seen.collect();
    let told = seen
        .chunk_by(|one, next| one == next)
        .flat_map(|run| match run {
            [value, ..] if run.len() >= REPEATED => vec![format!("{value} ({} times)", run.len())],
            _ => run.to_vec(),
        });
    told.collect::<Vec<_>>().join(", ")
}

/// Tells the end of a receipt, with the name of that line.
pub fn answer(receipt: &Receipt) -> (&'static str, String) {
    match (receipt.answer_of, &receipt.answer) {
        (Some(number), _) => ("answer", format!("that of receipt {number}")),
        (None, Err(failure)) => (FAILED, failure.message.clone()),
        (None, Ok(_)) if receipt.awaited.is_some() => (
            "answer",
            "that of a receipt that did not run yet".to_owned(),
        ),
        (None, Ok(value)) => ("answer", text::value(value)),
    }
}

/// The price that was paid beside gas.
pub fn charge(receipt: &Receipt) -> Option<String> {
    let charge = receipt.charge?;
    let amount = about_near(charge.amount);
    Some(match charge.kind {
        ChargeKind::NewAccount => format!("{amount} for the new account {}", receipt.receiver),
        ChargeKind::GlobalContract => format!("{amount} for the bytes of a global contract"),
    })
}

pub fn refunded(transaction: &Transaction, refund: &Refund) -> String {
    let what = match refund.kind {
        RefundKind::Deposit => format!("{} of deposit", near(refund.amount)),
        RefundKind::Gas => format!("{} of gas", about_near(refund.amount)),
        RefundKind::Inheritance => format!("{} of the account", about_near(refund.amount)),
    };
    format!("{what}{}", arrival(transaction, refund))
}

/// Tells the receiver of a refund, its block, and that it is lost.
fn arrival(transaction: &Transaction, refund: &Refund) -> String {
    let lost = match (refund.is_lost, refund.kind) {
        (false, _) => "",
        (true, RefundKind::Inheritance) => ", which does not exist: it is lost",
        (true, _) => ", which is gone: it is lost",
    };
    let block = transaction.block(refund.moment);
    format!(", to {} in block {block}{lost}", refund.to)
}

pub fn pending(ids: &[CryptoHash]) -> String {
    const MANY: usize = 4;

    let ids_told: Vec<_> = ids.iter().take(MANY).map(CryptoHash::to_string).collect();
    match ids.len() {
        1 => format!("a receipt that did not run yet: {}", ids_told.join(", ")),
        many if many <= MANY => {
            format!(
                "{many} receipts that did not run yet: {}",
                ids_told.join(", ")
            )
        }
        many => format!(
            "{many} receipts that did not run yet: {}, …",
            ids_told.join(", ")
        ),
    }
}

pub fn receipts(numbers: &[usize]) -> String {
    match numbers {
        [number] => format!("receipt {number}"),
        _ => {
            let mut numbers = numbers.to_vec();
            numbers.sort_unstable();
            format!("receipts {}", ranges(&numbers))
        }
    }
}

/// Lines of the log, and how often each is repeated.
pub fn counted(logs: &[String]) -> impl Iterator<Item = (&str, String)> {
    let runs = logs.chunk_by(|one, next| one == next);
    runs.flat_map(|run| match run {
        [log, ..] if run.len() >= REPEATED => {
            vec![(log.as_str(), format!(" ({} times)", run.len()))]
        }
        _ => run
            .iter()
            .map(|log| (log.as_str(), String::new()))
            .collect(),
    })
}

/// Tells the accounts on which receipts that are alike run.
pub fn receivers(transaction: &Transaction, group: &[usize]) -> String {
    let mut receivers: Vec<&AccountId> = Vec::new();
    for number in group {
        let receiver = &transaction.receipt(*number).receiver;
        if !receivers.contains(&receiver) {
            receivers.push(receiver);
        }
    }
    verdict::accounts(&receivers)
}

/// The lines of receipts that are alike, with their names.
pub fn common(transaction: &Transaction, receipts: &[&Receipt]) -> Vec<(&'static str, String)> {
    let Some(first) = receipts.first() else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if first.is_callback() {
        lines.push(("waits", waits_in_common(receipts)));
    }
    if first.senders().next().is_some() {
        lines.push((
            "sees",
            span(receipts.iter().map(|receipt| sees(transaction, receipt))),
        ));
    }
    if first.actions.is_empty() {
        lines.push(("carries", "a global contract to a shard".to_owned()));
    }
    for index in 0..first.actions.len() {
        let actions = || {
            receipts
                .iter()
                .filter_map(|receipt| receipt.actions.get(index))
        };
        lines.push(("each", span(actions().map(action::told))));
        if actions().any(|action| action::args(action).is_some()) {
            let args = actions().map(|action| action::args(action).unwrap_or_default());
            lines.push(("", span(args)));
        }
    }
    for index in 0..first.logs.len() {
        let logs = receipts
            .iter()
            .filter_map(|receipt| receipt.logs.get(index));
        lines.push(("log", span(logs.map(|log| text::log(log)))));
    }
    let answers = || receipts.iter().map(|receipt| answer(receipt));
    lines.push((answer(first).0, span(answers().map(|(_, answer)| answer))));
    if first.charge.is_some() {
        let charges = receipts.iter().filter_map(|receipt| charge(receipt));
        lines.push(("charge", span(charges)));
    }
    lines.push(("burnt", burnt(receipts)));
    for index in 0..first.refunds.len() {
        let refunds = receipts
            .iter()
            .filter_map(|receipt| receipt.refunds.get(index));
        lines.push((
            "refund",
            refunded_together(transaction, &first.refunds[index], refunds),
        ));
    }
    let pending_ids: Vec<_> = receipts
        .iter()
        .flat_map(|receipt| receipt.pending.clone())
        .collect();
    if !pending_ids.is_empty() {
        lines.push(("pending", pending(&pending_ids)));
    }
    lines
}

/// Returns the text that is the same for all, or the first and the last one.
fn span(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<_> = texts.collect();
    match &texts[..] {
        [first, .., last] if texts.iter().any(|text| text != first) => {
            format!("{first} … {last}")
        }
        [first, ..] => first.clone(),
        [] => String::new(),
    }
}

fn waits_in_common(receipts: &[&Receipt]) -> String {
    let first: Vec<_> = receipts[0].senders().collect();
    if receipts
        .iter()
        .all(|receipt| receipt.senders().eq(first.iter().copied()))
    {
        return waits(receipts[0]);
    }
    let mut all: Vec<_> = receipts
        .iter()
        .flat_map(|receipt| receipt.senders())
        .collect();
    all.sort_unstable();
    all.dedup();
    format!("each for {} of receipts {}", first.len(), ranges(&all))
}

fn burnt(receipts: &[&Receipt]) -> String {
    let each = receipts.iter().map(|receipt| receipt.gas_burnt);
    let all = gas::sum(each.clone());
    let (least, most) = (each.clone().min(), each.max());
    let (least, most) = (least.unwrap_or(Gas::ZERO), most.unwrap_or(Gas::ZERO));
    match tgas(least) == tgas(most) {
        true => format!("{} each, {} together", tgas(least), tgas(all)),
        false => format!(
            "{} to {} each, {} together",
            tgas(least),
            tgas(most),
            tgas(all)
        ),
    }
}

fn refunded_together<'a>(
    transaction: &Transaction,
    first: &Refund,
    refunds: impl Iterator<Item = &'a Refund>,
) -> String {
    let sum = refunds.fold(Balance::ZERO, |sum, refund| {
        sum.saturating_add(refund.amount)
    });
    let together = Refund {
        amount: sum,
        ..first.clone()
    };
    format!("together {}", refunded(transaction, &together))
}
