//! Tests on a chain of the solutions of chapter 4.

mod responses;

mod money;
