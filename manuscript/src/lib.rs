//! The parts of the book. The command `cargo book` and the tests that keep the book true both stand on them.
//!
//! * [`layout`] names the folders of the tree, [`files`] reads and writes, [`process`] starts programs;
//! * [`pages`] is the book as mdBook reads it;
//! * [`anchors`] mark pieces of source files, [`listings`] show them on pages, and the [`appendix`] shows whole files:
//!   both are [`derived`] from the sources;
//! * [`templates`] are the crates that a reader copies;
//! * [`shared`] and [`locks`] are the files and the versions that these crates have in common;
//! * [`partners`] are the contracts that the chapters call, [`wasm`] builds contracts, [`compiler`] finds a
//!   compiler for them on this [`machine`].

pub mod anchors;
pub mod appendix;
pub mod compiler;
pub mod derived;
pub mod files;
pub mod layout;
pub mod listings;
pub mod locks;
pub mod machine;
pub mod pages;
pub mod partners;
pub mod process;
pub mod shared;
pub mod templates;
pub mod wasm;
