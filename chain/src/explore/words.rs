//! The steps of a schedule in words.

use std::rc::Rc;

use near_primitives::action::Action;
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use near_primitives::transaction::ExecutionStatus;

use super::error::ExploreError;
use super::node::{Effect, Step};
use super::search::Trail;
use super::system::System;

/// Returns a line for each step of a way.
pub(super) fn lines(system: &mut System, trail: &Trail) -> Result<Vec<String>, ExploreError> {
    let mut node = system.starts[trail.start].clone();
    let mut lines = Vec::new();
    for step in &trail.steps {
        let (next, effect) = system.apply(&node, *step)?;
        lines.push(line(system, *step, &effect));
        node = Rc::new(next);
    }
    Ok(lines)
}

fn line(system: &System, step: Step, effect: &Effect) -> String {
    match step {
        Step::Send(index) => {
            let transaction = &system.scenario.transactions[index].transaction;
            let signer_id = transaction.signer_id();
            let actions = actions(transaction.actions());
            match &effect.refused {
                None => format!(
                    "{signer_id} sends {actions} to {}",
                    transaction.receiver_id()
                ),
                Some(reason) => format!("{signer_id} cannot send {actions}: {reason}"),
            }
        }
        Step::Deliver(message, _) => {
            let receipt = &system.messages.get(message).receipt;
            format!("{}{}", delivered(receipt), ending(effect))
        }
        Step::Expire(_) => "a yield expires: its time-out is sent".to_owned(),
    }
}

fn delivered(receipt: &Receipt) -> String {
    let receiver_id = receipt.receiver_id();
    match receipt.versioned_receipt() {
        VersionedReceiptEnum::Action(receipt) | VersionedReceiptEnum::PromiseYield(receipt) => {
            format!("{receiver_id}: {}", actions(receipt.actions()))
        }
        VersionedReceiptEnum::Data(data) => match data.data {
            Some(_) => format!("{receiver_id} gets an answer"),
            None => format!("{receiver_id} gets a failure as the answer"),
        },
        VersionedReceiptEnum::PromiseResume(data) => match data.data {
            Some(_) => format!("{receiver_id} resumes a yield"),
            None => format!("{receiver_id}: a yield times out"),
        },
        VersionedReceiptEnum::GlobalContractDistribution(_) => {
            format!("{receiver_id} gets a global contract")
        }
    }
}

/// Returns what a delivery has come to.
fn ending(effect: &Effect) -> &'static str {
    match effect.result.outcomes.first() {
        None => ", and nothing runs yet",
        Some(outcome) => match outcome.outcome.status {
            ExecutionStatus::Failure(_) => ", which fails",
            _ => "",
        },
    }
}

/// Returns the names of actions, and for a call that of its method.
fn actions(actions: &[Action]) -> String {
    let names = actions.iter().map(|action| match action {
        Action::FunctionCall(call) => call.method_name.clone(),
        Action::Transfer(transfer) => format!("transfer of {}", transfer.deposit),
        other => other.as_ref().to_owned(),
    });
    names.collect::<Vec<_>>().join(", ")
}
