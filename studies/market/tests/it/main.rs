//! The contract on a chain, with its partner, a partner that misbehaves, and users.

mod sales;
mod wasm;
mod world;
