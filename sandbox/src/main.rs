//! A node in neard's place, for tests: an embedded chain behind the JSON-RPC of a NEAR node.

mod cli;
mod home;
mod miner;
mod rpc;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main(std::env::args_os())
}
