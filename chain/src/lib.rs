//! A NEAR chain of one shard, in the process.
//!
//! Contracts run in near-vm-runner, which validators run, at the prices of near-parameters. What
//! nearcore does not publish is written here: how transactions become receipts, how receipts run, wait
//! and are settled, and how blocks are made of them.
//!
//! Read in this order:
//!
//! 1. [`Chain`]: what one can do with a chain; [`block`]: what comes out; [`genesis`]: where it starts.
//! 2. `transaction`: from a signed transaction to a receipt; `validation` and `fees`: what may be in
//!    it and what it costs.
//! 3. `receipt`: which receipts wait and which run; `settlement`: who gets what; `actions`: what each
//!    action does; `host`, `promises` and [`vm`]: what a contract sees and makes, and how it runs.
//! 4. [`state`]: accounts, keys, code and data; `storage`: what holding them takes; `trie`: what
//!    touching them costs.
//! 5. [`view_call`], [`patch`], [`records`]: reading and writing past the rules; [`testing`]: what tests start with.

mod actions;
pub mod block;
mod chain;
pub mod clock;
mod fees;
pub mod genesis;
mod host;
pub mod patch;
mod promises;
mod receipt;
pub mod records;
mod runtime;
mod settlement;
pub mod state;
mod storage;
pub mod testing;
mod transaction;
mod trie;
mod validation;
pub mod validators;
pub mod view_call;
pub mod views;
pub mod vm;

pub use block::{Block, Outcome};
pub use chain::{Chain, KEPT_BLOCKS, MAX_HEIGHT, TooHigh};
pub use clock::Clock;
pub use genesis::{Genesis, GenesisError, SUPPORTED_PROTOCOL_VERSIONS};
pub use patch::PatchError;
pub use state::State;
pub use view_call::{ViewCallError, ViewResult};
pub use vm::{Vm, chain_error};
