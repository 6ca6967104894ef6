//! The contract on a chain, with its partners and its users.

mod common;
mod setup;
mod wasm;
