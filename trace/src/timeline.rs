//! Several transactions, block by block: who did what, in the order in which the chain did it.

use crate::action::names;
use crate::order::Moment;
use crate::receipt::{Receipt, RefundKind};
use crate::text::{self, WIDTH};
use crate::transaction::Transaction;

/// The width of `block 12`, the first column, unless there are more digits.
const BLOCK: usize = 8;

/// The longest name of an account, so that there is room for what it does.
const LONGEST_NAME: usize = 44;

/// What happened in which block since the first of these transactions. They must be of one chain, and
/// their order known: see [`Transaction::in_order`].
pub fn timeline(transactions: &[Transaction]) -> String {
    let mut events: Vec<Event> = Vec::new();
    for transaction in transactions {
        let signed = names(&transaction.actions);
        events.push(Event {
            moment: transaction.moment,
            who: transaction.signer.to_string(),
            what: format!("signs: {signed} on {}", transaction.receiver),
        });
        let receipts = transaction.receipts().iter();
        events.extend(receipts.flat_map(Event::of));
    }
    events.sort_by_key(|event| event.moment);
    told(&events)
}

struct Event {
    moment: Moment,
    who: String,
    what: String,
}

impl Event {
    fn of(receipt: &Receipt) -> Vec<Self> {
        let mut events = vec![Self {
            moment: receipt.moment,
            who: receipt.receiver.to_string(),
            what: format!(
                "runs {} for {}{}",
                names(&receipt.actions),
                receipt.predecessor,
                answer(receipt)
            ),
        }];
        for refund in &receipt.refunds {
            let lost = match refund.is_lost {
                true => ", and is not there: it is lost",
                false => "",
            };
            let what = match refund.kind {
                RefundKind::Deposit => {
                    format!("gets back {} of deposit{lost}", text::near(refund.amount))
                }
                RefundKind::Inheritance => {
                    format!("inherits {}{lost}", text::about_near(refund.amount))
                }
                RefundKind::Gas => continue,
            };
            events.push(Self {
                moment: refund.moment,
                who: refund.to.to_string(),
                what,
            });
        }
        events
    }
}

fn told(events: &[Event]) -> String {
    let first = events.first().map_or(0, |event| event.moment.height);
    let names: Vec<_> = events
        .iter()
        .map(|event| text::short_account(&event.who, LONGEST_NAME))
        .collect();
    let lengths = names.iter().map(|name| name.chars().count());
    let width = lengths.max().unwrap_or_default();
    let last = events.last().map_or(0, |event| event.moment.height);
    let column = format!("block {}", last - first).len().max(BLOCK);
    let mut lines = String::new();
    let mut last = None;
    for (event, name) in events.iter().zip(&names) {
        let height = event.moment.height;
        let is_new = last.replace(height) != Some(height);
        let block = if is_new {
            format!("block {}", height - first)
        } else {
            String::new()
        };
        let before = column + 4 + width;
        let what = text::wrapped(&text::harmless(&event.what), WIDTH - before);
        let what = what.join(&format!("\n{:before$}", ""));
        lines.push_str(&format!("{block:column$}  {name:width$}  {what}\n"));
    }
    lines
}

fn answer(receipt: &Receipt) -> String {
    match (&receipt.answer, receipt.answer_of) {
        (Err(_), _) => ", fails".to_owned(),
        (Ok(value), None) if !value.is_empty() => format!(", answers {}", text::value(value)),
        (Ok(_), _) => String::new(),
    }
}
