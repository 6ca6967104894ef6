//! A finished transaction, from what RPC tells of it: who called whom, in which block, with which gas and
//! money, and what became of it. On any network.
//!
//! It begins with the [`Answer`] of a node to `EXPERIMENTAL_tx_status`:
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let answer = std::fs::read("answer.json")?;
//! let transaction = trace::Transaction::of(&trace::read(&answer)?)?;
//! println!("{}", trace::tree(&transaction));
//! # Ok(())
//! # }
//! ```
//!
//! The model:
//! * [`transaction`] is the transaction with all that came of it;
//! * [`receipt`] is one receipt, its inputs, its answer and its refunds;
//! * [`order`] says what came first.
//!
//! What is made of it:
//! * [`tree()`] hangs each receipt below the one that made it;
//! * [`timeline()`] tells several transactions block by block;
//! * [`ledger`] says where the gas went, as text, Markdown and JSON;
//! * [`diagram`] draws accounts, blocks and receipts as SVG.
//!
//! [`node`] asks a node for an answer. For tests, [`assert_transaction!`] shows the tree of a transaction that is not as it should be.
//!
//! [`action`] has the words for actions, [`errors`] those for errors, [`text`] those for numbers and values.

pub mod action;
mod assert;
pub mod diagram;
pub mod errors;
mod gas;
mod group;
pub mod ledger;
pub mod node;
pub mod order;
pub mod receipt;
pub mod text;
mod timeline;
pub mod transaction;
mod tree;
mod verdict;

use near_primitives::hash::CryptoHash;
use near_primitives::views::FinalExecutionOutcomeWithReceiptView;
use serde_json::Value;

pub use diagram::Diagram;
pub use ledger::Ledger;
pub use order::{Moment, Order};
pub use receipt::Receipt;
pub use timeline::timeline;
pub use transaction::{End, Transaction, Unhandled};
pub use tree::{tree, tree_in_colour};

/// What a node answers to `EXPERIMENTAL_tx_status`.
pub type Answer = FinalExecutionOutcomeWithReceiptView;

/// A transaction that cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// It has receipts that did not run yet.
    #[error("transaction {0} is under way: ask again when it is final")]
    UnderWay(CryptoHash),
    /// The answer knows of an outcome, and does not have it.
    #[error(
        "the answer has no outcome for {0}: the transaction is under way, or the node does not keep it any more"
    )]
    NoOutcome(CryptoHash),
    /// The answer knows of a receipt, and does not have it.
    #[error(
        "the answer has no receipt {0}: it must be one to EXPERIMENTAL_tx_status, for `tx` leaves receipts out"
    )]
    NoReceipt(CryptoHash),
    /// A receipt waited for an answer that no receipt sent.
    #[error("no receipt of the answer sends {0}, for which another one waited")]
    NoSender(CryptoHash),
    /// What was made runs before what made it.
    #[error(
        "in the answer receipts run before what made them: it has been changed, or put together of several"
    )]
    OutOfOrder,
    /// The answer has no receipts at all.
    #[error(
        "this is an answer to `tx`, which leaves receipts out: save the one to EXPERIMENTAL_tx_status, which has \
         the same parameters"
    )]
    NoReceipts,
    /// The node did not tell of a transaction, but of an error.
    #[error("the node answered with an error: {0}")]
    Refused(String),
    /// It is no answer.
    #[error("this is no answer to EXPERIMENTAL_tx_status: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// Reads an answer as it was saved: with the envelope of JSON-RPC around it, or without.
///
/// # Errors
/// It is something else.
pub fn read(saved: &[u8]) -> Result<Answer, TraceError> {
    let mut saved: Value = serde_json::from_slice(saved)?;
    if let Some(error) = saved.get("error") {
        return Err(TraceError::Refused(node::reason(error)));
    }
    let answer = match saved.get_mut("result") {
        Some(result) => result.take(),
        None => saved,
    };
    answer_of(answer)
}

/// Reads an answer without its envelope.
pub(crate) fn answer_of(answer: Value) -> Result<Answer, TraceError> {
    if answer.get("receipts_outcome").is_some() && answer.get("receipts").is_none() {
        return Err(TraceError::NoReceipts);
    }
    Ok(serde_json::from_value(answer)?)
}

/// The examples of the README are compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
