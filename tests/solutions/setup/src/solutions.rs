//! The exercises of chapter 1, solved.

pub mod caller;
pub mod memory;
pub mod tight;
