//! The exercises of chapter 4, solved and run on a chain.

// Each chapter uses all of these helpers; its exercises need only some.
#[allow(dead_code)]
mod common;

#[path = "solutions/responses.rs"]
mod responses;

#[path = "solutions/money.rs"]
mod money;
