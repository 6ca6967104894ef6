//! A test chain with the accounts of the book on it, and ways to tell what happened.
//!
//! `alice.near` is the user. `book.near` carries the contract of a chapter, as it is compiled now; its
//! partners carry the wasm that lies in the chapter's folder `tests/partners`. The chain makes no
//! block unless it is told to and its clock does not look at the machine's, so that the same wasm
//! runs the same way everywhere.
//!
//! * [`chain`] has the accounts, sends transactions and reads what became of them; [`money`] has the balances;
//! * [`expectation`] says what must become of it;
//! * [`measure`] counts, and searches for what just works; [`accounts`] puts others in the partners' places;
//! * [`fork`] plays the same chain on in many ways, and lets other users take part;
//! * [`clock`] lets blocks pass; [`operator`] deploys, takes keys away and looks at the storage;
//! * [`relay`] lets one account sign and another one send.

mod accounts;
mod chain;
mod clock;
mod expectation;
mod fork;
mod measure;
mod money;
mod operator;
mod relay;

pub use accounts::{ON_TESTNET, PARTNERS};
pub use chain::{
    ONE_TOKEN, TestChain, TxHash, account, call, compiler, delete, paid, partner, with_gas,
};
pub use expectation::{Ending, Expectation, Move, answers, answers_nothing, fails, gains, loses};
pub use measure::{Ran, greatest, smallest, with_exact_gas};
pub use money::Money;
pub use operator::{Snapshot, deploy, wasm_of};
pub use relay::Key;
