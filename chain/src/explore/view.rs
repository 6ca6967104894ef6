//! The chain as an invariant sees it.

use std::sync::Arc;

use near_primitives::account::Account;
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use near_primitives::types::Balance;
use serde_json::Value;

use super::node::Node;
use super::system::System;
use super::view_calls::ViewCall;
use crate::runtime::deposits;

/// The reason why an invariant does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation(pub String);

impl<T: Into<String>> From<T> for Violation {
    fn from(reason: T) -> Self {
        Self(reason.into())
    }
}

/// The answer of an invariant: it holds, or the reason why not.
pub type Verdict = Result<(), Violation>;

/// Returns `Ok` if `holds`, and else the reason.
///
/// # Errors
/// The invariant does not hold.
pub fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Verdict {
    match holds {
        true => Ok(()),
        false => Err(Violation(reason())),
    }
}

/// The accounts and the messages under way, between two steps.
#[derive(Clone, Copy)]
pub struct View<'a> {
    system: &'a System<'a>,
    node: &'a Node,
}

impl<'a> View<'a> {
    pub(super) fn new(system: &'a System<'a>, node: &'a Node) -> Self {
        Self { system, node }
    }

    /// Returns the same accounts before the first step.
    pub fn at_start(&self) -> View<'a> {
        View::new(self.system, &self.system.starts[self.node.start])
    }

    /// Calls a view method with arguments in JSON, and returns its value. No value is `null`.
    ///
    /// # Errors
    /// The id is not valid, the account does not exist, the call failed, or its value is no JSON.
    pub fn call(&self, account_id: &str, method: &str, args: Value) -> Result<Value, Violation> {
        let call = ViewCall {
            account_id,
            method,
            args: &args.to_string(),
        };
        Ok(self.system.view(self.node, &call)?)
    }

    /// Calls a view method that returns an amount, as a number or as a text. `null` is 0.
    ///
    /// # Errors
    /// The call fails, or its value is no amount.
    pub fn amount(&self, account_id: &str, method: &str, args: Value) -> Result<u128, Violation> {
        let value = self.call(account_id, method, args)?;
        amount(&value)
            .ok_or_else(|| Violation(format!("{account_id}.{method} returns no amount: {value}")))
    }

    /// Returns an account, `None` if it does not exist.
    pub fn account(&self, account_id: &str) -> Option<Account> {
        let id = account_id.parse().ok()?;
        self.system.state(self.node, account_id)?.account(&id)
    }

    /// Returns the balance of an account with its stake, in yoctoNEAR. One that does not exist has nothing.
    pub fn balance(&self, account_id: &str) -> Balance {
        self.account(account_id).map_or(Balance::ZERO, |account| {
            account.amount().saturating_add(account.locked())
        })
    }

    /// Returns the deposits that are under way to an account, in yoctoNEAR: those of messages, refunds among
    /// them, and those of callbacks that wait for their answers.
    pub fn under_way_to(&self, account_id: &str) -> Balance {
        let receipts = self.receipts_under_way();
        let own = receipts
            .iter()
            .filter(|receipt| receipt.receiver_id().as_str() == account_id);
        own.map(|receipt| deposits_of(receipt))
            .fold(Balance::ZERO, Balance::saturating_add)
    }

    /// Returns the receipts that are under way, and those that wait for their inputs.
    pub fn receipts_under_way(&self) -> Vec<Arc<Receipt>> {
        self.system.receipts_under_way(self.node)
    }

    /// Returns the value under a key of a contract's storage.
    pub fn data(&self, account_id: &str, key: &[u8]) -> Option<Vec<u8>> {
        let id = account_id.parse().ok()?;
        let state = self.system.state(self.node, account_id)?;
        let mut entries = state.data(&id, key);
        entries
            .find(|(found, _)| found == key)
            .map(|(_, value)| value.to_vec())
    }

    /// Returns the facts that [`Explore::remember`](super::Explore::remember) has read from the outcomes so far.
    /// They are sorted.
    pub fn facts(&self) -> Vec<&'a str> {
        self.system.facts(self.node)
    }

    /// Returns `true` if nothing is under way, and no yield waits.
    pub fn is_at_rest(&self) -> bool {
        self.system.is_at_rest(self.node)
    }

    /// Returns `true` if it is at rest, and all transactions were sent.
    pub fn is_at_end(&self) -> bool {
        self.is_at_rest() && self.node.sent.iter().all(|sent| *sent)
    }
}

/// Returns an amount in JSON.
pub(super) fn amount(value: &Value) -> Option<u128> {
    match value {
        Value::Null => Some(0),
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64().map(u128::from),
        _ => None,
    }
}

/// Returns the deposits of a receipt, in yoctoNEAR.
fn deposits_of(receipt: &Receipt) -> Balance {
    match receipt.versioned_receipt() {
        VersionedReceiptEnum::Action(receipt) | VersionedReceiptEnum::PromiseYield(receipt) => {
            deposits(receipt.actions()).unwrap_or(Balance::ZERO)
        }
        _ => Balance::ZERO,
    }
}
