//! The solutions on a chain.

mod solutions;
mod wasm;
#[allow(dead_code)] // The solutions do not need all of the helpers.
mod world;
