//! `cargo book`: serves the book, tests it, and sets up what both need.
//!
//! The commands:
//! * [`serve`] builds the book, serves it, and builds it again after each change;
//! * [`mod@test`] sets up and runs all suites, with a summary at the end;
//! * [`sync`] brings the files and versions that chapters and starters share in step;
//! * [`bless`] records the figures again;
//! * [`doctor`] examines the machine and changes nothing;
//! * [`cli`] has the others, which are short: `new`, `contracts`, `trace`, `explore`.
//!
//! Both `serve` and `test` begin with [`setup`]: the target of contracts ([`wasm_target`]), the embedded
//! [`sandbox`], the contracts that the chapters call. [`browser`] finds Chromium and its driver, [`apt`] installs
//! them on Debian. [`step`] shows progress.

mod apt;
mod bless;
mod browser;
mod cli;
mod doctor;
mod program;
mod sandbox;
mod serve;
mod setup;
mod step;
mod sync;
mod test;
mod wasm_target;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
