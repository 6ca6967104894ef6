//! `cargo book`: serves the book, tests it, and sets up what both need.

use std::process::ExitCode;

fn main() -> ExitCode {
    book::cli::run().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
