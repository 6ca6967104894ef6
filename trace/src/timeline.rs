//! A timeline: several transactions block by block, in the order of execution.

use crate::action::describe_briefly;
use crate::order::Position;
use crate::receipt::{Receipt, RefundKind};
use crate::text::{self, WIDTH};
use crate::transaction::Transaction;

/// The width of the first column, such as `block 12`, unless there are more digits.
const BLOCK: usize = 8;

/// The longest account id in the second column.
const LONGEST_NAME: usize = 44;

/// Formats transactions of one chain block by block, with blocks counted from the first transaction. The order of
/// execution must be known: see [`Transaction::with_order`].
pub fn timeline(transactions: &[Transaction]) -> String {
    let mut events: Vec<Event> = Vec::new();
    for transaction in transactions {
        let signed = describe_briefly(&transaction.actions);
        events.push(Event {
            position: transaction.position,
            account: transaction.signer.to_string(),
            text: format!("signs: {signed} on {}", transaction.receiver),
        });
        let receipts = transaction.receipts().iter();
        events.extend(receipts.flat_map(Event::of_receipt));
    }
    events.sort_by_key(|event| event.position);
    lines(&events)
}

/// A line of a timeline.
struct Event {
    position: Position,
    account: String,
    text: String,
}

impl Event {
    /// Returns the execution of a receipt, and the arrivals of its refunds.
    fn of_receipt(receipt: &Receipt) -> Vec<Self> {
        let mut events = vec![Self {
            position: receipt.position,
            account: receipt.receiver.to_string(),
            text: format!(
                "runs {} for {}{}",
                describe_briefly(&receipt.actions),
                receipt.predecessor,
                result(receipt)
            ),
        }];
        for refund in &receipt.refunds {
            let lost = match refund.is_lost {
                true => ", and is not there: it is lost",
                false => "",
            };
            let text = match refund.kind {
                RefundKind::Deposit => {
                    format!("gets back {} of deposit{lost}", text::near(refund.amount))
                }
                RefundKind::Beneficiary => {
                    format!("inherits {}{lost}", text::about_near(refund.amount))
                }
                RefundKind::Gas => continue,
            };
            events.push(Self {
                position: refund.position,
                account: refund.to.to_string(),
                text,
            });
        }
        events
    }
}

/// Formats the events.
fn lines(events: &[Event]) -> String {
    let first = events.first().map_or(0, |event| event.position.height);
    let names: Vec<_> = events
        .iter()
        .map(|event| text::short_account(&event.account, LONGEST_NAME))
        .collect();
    let lengths = names.iter().map(|name| name.chars().count());
    let width = lengths.max().unwrap_or_default();
    let last = events.last().map_or(0, |event| event.position.height);
    let column = format!("block {}", last - first).len().max(BLOCK);
    let mut lines = String::new();
    let mut last = None;
    for (event, name) in events.iter().zip(&names) {
        let height = event.position.height;
        let is_new = last.replace(height) != Some(height);
        let block = if is_new {
            format!("block {}", height - first)
        } else {
            String::new()
        };
        let before = column + 4 + width;
        let text = text::wrapped(
            &text::escape_control_characters(&event.text),
            WIDTH - before,
        );
        let text = text.join(&format!("\n{:before$}", ""));
        lines.push_str(&format!("{block:column$}  {name:width$}  {text}\n"));
    }
    lines
}

/// Describes the result of a receipt.
fn result(receipt: &Receipt) -> String {
    match (&receipt.result, receipt.result_from) {
        (Err(_), _) => ", fails".to_owned(),
        (Ok(value), None) if !value.is_empty() => format!(", returns {}", text::value(value)),
        (Ok(_), _) => String::new(),
    }
}
