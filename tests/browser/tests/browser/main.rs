//! Tests of the built book in a browser.

mod book;
mod diagram;
mod found;
mod reader;
