//! The solutions on a chain.

mod solutions;
mod wasm;
mod world;
