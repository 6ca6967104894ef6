//! The contract on a chain, with its partners and its users.

mod batch;
mod common;
mod money;
mod parallel;
mod responses;
mod setup;
mod wasm;
