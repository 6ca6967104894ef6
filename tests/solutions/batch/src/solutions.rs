//! The exercises of chapter 2, solved.

pub mod exact;
pub mod key;
pub mod order;
