//! Several transactions, block by block: who did what, in the order in which the chain did it.

use embedded_sandbox::{Chain, Outcome};
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::ExecutionStatus;

use super::receipts::{Played, Receipts, RefundKind};
use super::text::{self, WIDTH};

pub(super) fn timeline(chain: &Chain, hashes: &[CryptoHash]) -> String {
    let mut events: Vec<Event> = Vec::new();
    for hash in hashes {
        let receipts = Receipts::of(chain, &Played::of(chain, *hash));
        let transaction = &receipts.transaction.transaction;
        let (who, whom) = (transaction.signer_id(), transaction.receiver_id());
        let what = format!("signs: {} on {whom}", names(transaction.actions()));
        events.push(Event::of(chain, receipts.outcome, who.to_string(), what));
        for executed in receipts.executed.values() {
            let receipt = executed.receipt;
            let what = format!(
                "runs {} for {}{}",
                names(executed.action_receipt().actions()),
                receipt.predecessor_id(),
                answer(executed.outcome)
            );
            for refund in &executed.refunds {
                if refund.kind == RefundKind::Deposit {
                    let what = format!("gets back {} of deposit", text::near(refund.amount));
                    events.push(Event::of(
                        chain,
                        refund.outcome,
                        refund.to.to_string(),
                        what,
                    ));
                }
            }
            events.push(Event::of(
                chain,
                executed.outcome,
                receipt.receiver_id().to_string(),
                what,
            ));
        }
    }
    events.sort_by_key(|event| (event.height, event.place));
    told(&events)
}

struct Event {
    height: u64,
    place: usize,
    who: String,
    what: String,
}

impl Event {
    fn of(chain: &Chain, outcome: &Outcome, who: String, what: String) -> Self {
        let height = outcome.block_height;
        let block = chain.block_at(height).expect("a block that is kept");
        let place = block.outcomes.iter().position(|id| *id == outcome.id);
        Self {
            height,
            place: place.expect("the block made the outcome"),
            who,
            what,
        }
    }
}

fn told(events: &[Event]) -> String {
    let first = events.first().map_or(0, |event| event.height);
    let width = events
        .iter()
        .map(|event| event.who.len())
        .max()
        .unwrap_or_default();
    let mut lines = String::new();
    let mut last = None;
    for event in events {
        let is_new = last.replace(event.height) != Some(event.height);
        let block = if is_new {
            format!("block {}", event.height - first)
        } else {
            String::new()
        };
        let what = text::wrapped(&event.what, WIDTH - 12 - width).join(&format!(
            "\n{:1$}",
            "",
            width + 12
        ));
        lines.push_str(&format!("{block:8}  {:width$}  {what}\n", event.who));
    }
    lines
}

fn names(actions: &[Action]) -> String {
    let names = actions.iter().map(|action| match action {
        Action::FunctionCall(call) => call.method_name.clone(),
        other => text::action(other),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn answer(outcome: &Outcome) -> String {
    match &outcome.outcome.status {
        ExecutionStatus::SuccessValue(value) if value.is_empty() => String::new(),
        ExecutionStatus::SuccessValue(value) => format!(", answers {}", text::value(value)),
        ExecutionStatus::Failure(_) => ", fails".to_owned(),
        ExecutionStatus::SuccessReceiptId(_) | ExecutionStatus::Unknown => String::new(),
    }
}
