//! A NEAR chain of one shard, in the process.
//!
//! ```
//! use chain::testing::{genesis, signer};
//! use chain::views::final_outcome;
//! use chain::{Chain, Clock, Vm};
//! use near_primitives::action::{Action, TransferAction};
//! use near_primitives::types::{AccountId, Balance};
//! use near_primitives::views::FinalExecutionStatus;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let alice: AccountId = "alice.near".parse()?;
//! let bob: AccountId = "bob.near".parse()?;
//! let ten = Balance::from_near(10);
//! let genesis = genesis([(&alice, ten), (&bob, ten)]);
//! let mut chain = Chain::new(genesis, Clock::Manual, Vm::new(None)?)?;
//!
//! let deposit = Balance::from_near(1);
//! let transfer = Action::Transfer(TransferAction { deposit });
//! let transaction = chain.signed(&signer(&alice), &bob, vec![transfer]);
//! let hash = chain.submit(transaction)?;
//! chain.produce_blocks_until_idle();
//!
//! let outcome = final_outcome(&chain, &hash).expect("the transaction has run");
//! assert_eq!(outcome.status, FinalExecutionStatus::SuccessValue(Vec::new()));
//! let bob = chain.head().state.account(&bob).expect("bob.near exists");
//! assert_eq!(bob.amount(), Balance::from_near(11));
//! # Ok(())
//! # }
//! ```
//!
//! Contracts run in near-vm-runner, which validators run, at the prices of near-parameters. nearcore does
//! not publish the rest as a library, so it is written here: how transactions become receipts, how
//! receipts wait, run and are refunded, and how blocks are produced. `SPEC.md` has these rules, with their
//! sources.
//!
//! # Map
//!
//! - [`Chain`] takes transactions and produces [`Block`]s. It starts from a [`Genesis`]; a clone is a fork.
//! - [`views`] shows blocks, outcomes and changes in the types that RPC uses.
//!   [`Chain::call_view`] calls a view method.
//! - [`runtime`] executes: transactions, receipts, actions, refunds.
//! - [`explore`] delivers the receipts of a scenario in every order, and checks invariants.
//! - `vm` runs contracts: [`Vm`] is the machine.
//! - `epochs` knows the validators of epochs: [`EpochInfo`].
//! - `state` has accounts, keys, code and data: [`State`] is one version, [`StateUpdate`] a change of it.
//! - [`records`] describes the records of a genesis, and of a patch: [`Chain::patch_state`].
//! - [`testing`] has helpers for tests.
#![deny(missing_docs, rustdoc::broken_intra_doc_links)]

mod block;
mod chain;
mod clock;
mod epochs;
pub mod explore;
mod genesis;
mod patch;
pub mod records;
pub mod runtime;
mod state;
pub mod testing;
mod view_call;
pub mod views;
mod vm;

pub use self::block::{
    Block, FastForwardError, MAX_HEIGHT, Outcome, TIMESTAMP_LIMIT, TooHigh, TooLate,
};
pub use self::chain::{Chain, KEPT_BLOCKS};
pub use self::clock::{BLOCK_TIME, Clock, SKIPPED_BLOCK_TIME};
pub use self::epochs::EpochInfo;
pub use self::genesis::{Genesis, GenesisError, SUPPORTED_PROTOCOL_VERSIONS};
pub use self::state::{State, StateUpdate};
pub use self::view_call::{ViewCallError, ViewResult};
pub use self::vm::{Vm, function_call_error};
