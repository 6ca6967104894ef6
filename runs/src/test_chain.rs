//! A test chain with the accounts of the pages, and readers of the results.
//!
//! `alice.near` is the user. `app.near` carries the contract of a chapter, as it is compiled now; its partners
//! carry the wasm in the chapter's folder `tests/partners`. The chain makes blocks only on request, and its
//! clock is independent of the machine's, so the same wasm runs the same way everywhere.
//!
//! * `contracts` has the contracts of the chapters, as they are compiled now, or as a server of the pages supplies them;
//! * `chain` creates the accounts, sends transactions and reads their results; `money` has tables of
//!   balances;
//! * `expectation` states the results that a run must have;
//! * `measure` counts, and searches for limits; `accounts` replaces the partners by other accounts;
//! * `explore` runs every order of a scenario;
//! * `fork` has other users, and the readers that a sweep over a number needs;
//! * `clock` lets blocks pass; `operator` deploys, deletes keys and reads the storage;
//! * `relay` sends a transaction that another account has signed;
//! * `rogue` tells contracts how to misbehave.

mod accounts;
mod chain;
mod clock;
mod contracts;
mod expectation;
mod explore;
mod fork;
mod measure;
mod money;
mod named_error;
mod operator;
mod relay;
mod rogue;

pub use accounts::{ON_TESTNET, PARTNERS};
pub use chain::{
    GAS, ONE_TOKEN, TestChain, TxHash, account, call, contract_wasm, delete, paid, partner,
    with_gas,
};
pub use contracts::{Contracts, Missing, Side, compiler};
pub use expectation::{
    BalanceChange, Expectation, ExpectationBuilder, fails, gains, loses, returns, returns_nothing,
};
pub use measure::{ExecutedCall, greatest, smallest, with_exact_gas};
pub use money::Money;
pub use named_error::NamedError;
pub use operator::{Snapshot, deploy, wasm_of};
pub use relay::Key;
pub use rogue::Forgery;
