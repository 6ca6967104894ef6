//! The state: an ordered, persistent map from raw trie key to bytes.
//!
//! A clone costs almost nothing. So the chain keeps the state of every block, a failed receipt is rolled
//! back by dropping its copy, and a fork copies no account.

mod proof;
mod snapshot;
mod trie;
mod update;

pub use self::snapshot::State;
pub(crate) use self::snapshot::global_code_key;
pub use self::update::StateUpdate;
