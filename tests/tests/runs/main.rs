//! Tests that play the book's runs on the chain.

mod answers;
mod figures;
mod releases;
mod sweep;
