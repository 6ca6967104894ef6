//! Tests of the built book in a browser, and of a web page that uses the sandbox.

mod book;
mod diagram;
mod found;
mod play;
mod reader;
mod sandbox;
