//! The contract on a chain, with its partners and its users.

mod batch;
mod common;
mod gas;
mod money;
mod networks;
mod operations;
mod parallel;
mod properties;
mod responses;
mod setup;
mod upgrade;
mod wasm;
