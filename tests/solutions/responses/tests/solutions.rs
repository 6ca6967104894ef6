//! Tests on a chain of the solutions of chapter 4.

// The solutions do not need all of the helpers.
#[allow(dead_code)]
mod common;

#[path = "solutions/responses.rs"]
mod responses;

#[path = "solutions/money.rs"]
mod money;
