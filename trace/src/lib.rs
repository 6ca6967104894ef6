//! Shows what a NEAR transaction did, from the result of one RPC method: which account called which, in which block,
//! with which gas and deposit, and how each receipt ended. It works on every network.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A saved response to EXPERIMENTAL_tx_status. `RpcClient` fetches one from a node.
//! let response = std::fs::read("tests/tx_status/callback.json")?;
//! let transaction = trace::Transaction::new(&trace::parse_tx_status(&response)?)?;
//!
//! println!("{}", trace::tree(&transaction));
//!
//! assert_eq!(transaction.result, trace::TransactionResult::Value(br#""Hello""#.to_vec()));
//! assert!(transaction.unhandled_failures().is_empty());
//! assert!(transaction.receipt(3).is_callback());
//! # Ok(())
//! # }
//! ```
//!
//! # Input
//! * [`TxStatus`] is the result of `EXPERIMENTAL_tx_status`; [`parse_tx_status`] reads it from a saved response;
//! * [`rpc`] fetches it from a node.
//!
//! # Model
//! * [`transaction`] has a transaction with all its receipts;
//! * [`receipt`] has one receipt, its inputs, its result, and its refunds;
//! * [`order`] has the order of execution, which RPC does not give.
//!
//! # Output
//! * [`tree()`] shows each receipt below the receipt that created it;
//! * [`timeline()`] shows several transactions block by block;
//! * [`ledger`] accounts for the gas, as text, Markdown, and JSON;
//! * [`diagram`] draws accounts, blocks, and receipts as SVG.
//!
//! In a test, [`assert_transaction!`] shows the tree of a transaction when an assertion fails.
//!
//! # Text
//! * [`action`] describes actions, [`error_text`] describes the errors of the chain;
//! * [`text`] formats numbers, values, and long lines.
#![deny(missing_docs, rustdoc::broken_intra_doc_links)]

pub mod action;
mod assert;
pub mod balances;
pub mod diagram;
mod error;
pub mod error_text;
mod gas;
mod groups;
pub mod ledger;
pub mod order;
pub mod receipt;
pub mod rpc;
mod run;
mod summary;
pub mod text;
mod timeline;
pub mod transaction;
mod tree;
mod tx_status;

pub use diagram::Diagram;
pub use error::TraceError;
pub use ledger::Ledger;
pub use order::{Order, Position};
pub use receipt::Receipt;
pub use rpc::{RpcClient, RpcError};
pub use run::Run;
pub use timeline::timeline;
pub use transaction::{Transaction, TransactionResult, UnhandledFailure};
pub use tree::{tree, tree_in_colour};
pub use tx_status::{TxStatus, parse_tx_status};

/// The examples of the README, which are compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
