//! The contract on a chain, with its partner, a partner that misbehaves, and users.

mod calls;
mod money;
mod operations;
mod upgrade;
#[path = "../common/wasm.rs"]
mod wasm;
mod world;
