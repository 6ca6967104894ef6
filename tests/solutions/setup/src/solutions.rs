//! The solutions of the exercises of chapter 1.

pub mod caller;
pub mod memory;
pub mod tight;
