//! The exercises of chapter 3, solved.

pub mod groups;
pub mod report;
pub mod worth;
