//! The text of the lines below a receipt.

use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};

use crate::gas;
use crate::receipt::{ChargeKind, Input, Receipt, Refund, RefundKind};
use crate::text::{self, REPEATED, about_near, near, ranges, tgas};
use crate::transaction::Transaction;
use crate::{action, summary};

/// The label of the line with an error.
pub const FAILED: &str = "failed";

/// Describes the inputs for which a receipt waited.
pub fn waits(receipt: &Receipt) -> String {
    let numbers: Vec<_> = receipt.awaited_receipts().collect();
    match numbers[..] {
        [] => "to be resumed".to_owned(),
        [number] => format!("for the result of receipt {number}"),
        _ => format!("for the results of receipts {}", ranges(&numbers)),
    }
}

/// Describes the inputs as the contract gets them, in the order of their promise result indices.
pub fn sees(transaction: &Transaction, receipt: &Receipt) -> String {
    let inputs = receipt.inputs.iter().map(|input| match input {
        Input::PromiseResult(number) => text::promise_result(&transaction.receipt(*number).result),
        Input::YieldResume => "what resumed it".to_owned(),
    });
    text::list(&inputs.collect::<Vec<_>>())
}

/// Describes the result of a receipt, with the label of the line.
pub fn result(receipt: &Receipt) -> (&'static str, String) {
    match (receipt.result_from, &receipt.result) {
        (Some(number), _) => ("result", format!("that of receipt {number}")),
        (None, Err(failure)) => (FAILED, failure.message.clone()),
        (None, Ok(_)) if receipt.pending_result_from.is_some() => (
            "result",
            "that of a receipt that did not run yet".to_owned(),
        ),
        (None, Ok(value)) => ("result", text::value(value)),
    }
}

/// Describes the charge of a receipt.
pub fn charge(receipt: &Receipt) -> Option<String> {
    let charge = receipt.charge?;
    let amount = about_near(charge.amount);
    Some(match charge.kind {
        ChargeKind::NewAccount => format!("{amount} for the new account {}", receipt.receiver),
        ChargeKind::GlobalContract => format!("{amount} for the bytes of a global contract"),
        ChargeKind::GasKeys => format!("{amount} are burnt with the deleted gas keys"),
    })
}

/// Describes a refund.
pub fn refund(transaction: &Transaction, refund: &Refund) -> String {
    let what = match refund.kind {
        RefundKind::Deposit => format!("{} of deposit", near(refund.amount)),
        RefundKind::Gas => format!("{} of gas", about_near(refund.amount)),
        RefundKind::Beneficiary => format!("{} of the account", about_near(refund.amount)),
    };
    format!("{what}{}", arrival(transaction, refund))
}

/// Describes the receiver of a refund, its block, and its loss.
fn arrival(transaction: &Transaction, refund: &Refund) -> String {
    let lost = match (refund.is_lost, refund.kind) {
        (false, _) => "",
        (true, RefundKind::Beneficiary) => ", which does not exist: it is lost",
        (true, _) => ", which is gone: it is lost",
    };
    let block = transaction.block(refund.position);
    format!(", to {} in block {block}{lost}", refund.to)
}

/// Describes receipts that were not executed yet.
pub fn pending(ids: &[CryptoHash]) -> String {
    const MANY: usize = 4;

    let shown: Vec<_> = ids.iter().take(MANY).map(CryptoHash::to_string).collect();
    match ids.len() {
        1 => format!("a receipt that did not run yet: {}", shown.join(", ")),
        many if many <= MANY => {
            format!("{many} receipts that did not run yet: {}", shown.join(", "))
        }
        many => format!(
            "{many} receipts that did not run yet: {}, …",
            shown.join(", ")
        ),
    }
}

/// Lists receipts by their numbers.
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

/// Returns the log lines, each with the text that counts its repetitions.
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

/// Lists the receivers of a group.
pub fn receivers(transaction: &Transaction, group: &[usize]) -> String {
    let mut receivers: Vec<&AccountId> = Vec::new();
    for number in group {
        let receiver = &transaction.receipt(*number).receiver;
        if !receivers.contains(&receiver) {
            receivers.push(receiver);
        }
    }
    summary::accounts(&receivers)
}

/// Returns the lines of a group, with their labels.
pub fn group(transaction: &Transaction, receipts: &[&Receipt]) -> Vec<(&'static str, String)> {
    let Some(first) = receipts.first() else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if first.is_callback() {
        lines.push(("waits", group_waits(receipts)));
    }
    if first.awaited_receipts().next().is_some() {
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
        lines.push(("each", span(actions().map(action::describe))));
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
    let results = receipts.iter().map(|receipt| result(receipt).1);
    lines.push((result(first).0, span(results)));
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
            group_refund(transaction, &first.refunds[index], refunds),
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

/// Returns the first and the last text, or only one if all are equal.
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

/// Describes the inputs for which the receipts of a group waited.
fn group_waits(receipts: &[&Receipt]) -> String {
    let first: Vec<_> = receipts[0].awaited_receipts().collect();
    if receipts
        .iter()
        .all(|receipt| receipt.awaited_receipts().eq(first.iter().copied()))
    {
        return waits(receipts[0]);
    }
    let mut all: Vec<_> = receipts
        .iter()
        .flat_map(|receipt| receipt.awaited_receipts())
        .collect();
    all.sort_unstable();
    all.dedup();
    format!("each for {} of receipts {}", first.len(), ranges(&all))
}

/// Describes the gas that the receipts of a group burnt.
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

/// Describes the sum of one refund of each receipt of a group.
fn group_refund<'a>(
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
    format!("together {}", refund(transaction, &together))
}
