//! Crates that stand alone and that a reader copies: the chapters and the starters.
//!
//! * [`create`] copies one as the beginning of a crate with a name of its own;
//! * [`copy`] copies one, or a chapter with the solutions of its exercises, to test it as a reader has it;
//! * [`explore`] lets a copy explore every order of its receipts;
//! * [`name`] is the name of a crate, and the files in which it changes.

pub mod copy;
pub mod create;
pub mod explore;
pub mod name;
