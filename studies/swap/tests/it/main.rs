//! The pool on a chain, with its two tokens and those who trade.

mod liquidity;
mod swap;
mod wasm;
mod world;
