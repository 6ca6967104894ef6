//! Makes a toolchain for contracts where rustup's servers are out of reach: see `README.md`.

mod debian;
mod machine;
mod toolchain;

use std::env;

use anyhow::{Result, bail};
use machine::Machine;

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    if arguments != ["install"] {
        bail!("usage: cargo run --bin near-wasm -- install\nSee tools/near-wasm/README.md.");
    }
    toolchain::install(&Machine::here())
}
