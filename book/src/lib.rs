//! What `cargo book` does, as a library: the tests that keep the book true call the same code.
//!
//! The commands:
//! * [`serve`] builds the book and opens it, sets up meanwhile, and rebuilds it when something changes;
//! * [`test`] sets up and runs everything there is, with one summary at the end;
//! * [`contracts`] builds the contracts that the chapters call and lays them into the chapters;
//! * [`sync`] copies what chapters share from the first that has it to the later ones;
//! * [`bless`] renews the figures that runs recorded;
//! * [`new`] copies a chapter to where the reader begins a crate of their own;
//! * [`doctor`] says what is there and what is missing, and changes nothing.
//!
//! What they stand on:
//! * [`setup`] is the order of the steps that a fresh machine needs;
//! * [`toolchain`] brings the target that contracts compile to;
//! * [`browser`] brings what looks at the built book;
//! * [`sandbox_binary`] builds the chain that the tests run on;
//! * [`starter`] copies a chapter to where a reader would have it, [`package`] names the copy;
//! * [`pages`] is the book as mdBook sees it;
//! * [`tree`] knows where things lie, [`child`] starts programs, [`step`] tells the reader what
//!   happens, [`files`] reads and writes.

pub mod bless;
pub mod browser;
pub mod child;
pub mod cli;
pub mod contracts;
pub mod doctor;
pub mod files;
pub mod new;
pub mod package;
pub mod pages;
pub mod sandbox_binary;
pub mod serve;
pub mod setup;
pub mod starter;
pub mod step;
pub mod sync;
pub mod test;
pub mod toolchain;
pub mod tree;
