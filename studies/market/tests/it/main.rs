//! The contract on a chain, with its partner, a partner that misbehaves, and users.

mod calls;
mod money;
mod operations;
mod upgrade;
mod wasm;
mod world;
