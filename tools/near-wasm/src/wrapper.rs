//! `bin/rustc` and `bin/rustdoc` of the toolchain: starts the program of the same name in another folder, with
//! `--sysroot`. `near-wasm install` compiles it. The whole environment reaches the program.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let name = env::current_exe().ok();
    let name = name.as_deref().and_then(Path::file_name);
    let program = Path::new(env!("NEAR_WASM_PROGRAMS")).join(name.unwrap_or("rustc".as_ref()));
    let error = Command::new(&program)
        .args(["--sysroot", env!("NEAR_WASM_SYSROOT")])
        .args(env::args_os().skip(1))
        .exec();
    eprintln!("cannot run {}: {error}", program.display());
    ExitCode::FAILURE
}
