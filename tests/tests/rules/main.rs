//! Tests that hold the book against its rules. Each rule also finds its fault in a small broken book.

mod architecture;
mod contracts;
mod html;
mod hygiene;
mod issues;
mod listings;
mod partners;
mod snippets;
mod solutions;
mod starters;
mod testnet_names;
mod toolchains;
mod wording;
