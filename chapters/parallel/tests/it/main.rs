//! The contract on a chain, with its partners and its users.

mod batch;
mod common;
mod parallel;
mod setup;
mod wasm;
