//! The market on a chain, with a collection, a collection that misbehaves, and users.

mod sales;
mod solutions;
mod tokens;
mod wasm;
mod world;
