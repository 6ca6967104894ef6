//! A node in the place of neard, for tests: an embedded chain behind the JSON-RPC of a NEAR node.

mod block_producer;
mod cli;
mod deploys;
mod home;
mod rpc;
mod version;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main(std::env::args_os())
}
