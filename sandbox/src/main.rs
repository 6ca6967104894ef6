//! The sandbox as a program: see `embedded_sandbox::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    embedded_sandbox::cli::main(std::env::args_os())
}
