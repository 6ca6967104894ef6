//! The contract on a chain, with items and gold, and users.

mod trades;
mod wasm;
mod world;
