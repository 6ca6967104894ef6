//! Tests that apply the rules to the book, and to small books that break them.

mod architecture;
mod contracts;
mod html;
mod hygiene;
mod issues;
mod length;
mod listings;
mod numbers;
mod partners;
mod snippets;
mod solutions;
mod starters;
mod testnet_names;
mod toolchains;
mod wording;
