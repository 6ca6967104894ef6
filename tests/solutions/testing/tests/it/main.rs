//! The solutions on a chain.

#[allow(dead_code)] // The solutions do not need all of the helpers.
mod common;
mod solutions;
mod wasm;
