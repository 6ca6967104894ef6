// ANCHOR: all
//! The contract as wasm. The active toolchain builds it. If it does not have the target for wasm,
//! another toolchain on this machine builds it, so that no variable has to be set.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{env, fs};

use anyhow::{Context, ensure};
use serde_json::Value;

const TARGET: &str = "wasm32-unknown-unknown";

/// Returns the wasm of our contract. The first call builds it. If it cannot be built, each call
/// panics with the same reason.
pub fn contract_wasm() -> &'static [u8] {
    static WASM: LazyLock<anyhow::Result<Vec<u8>>> = LazyLock::new(build);
    match &*WASM {
        Ok(wasm) => wasm,
        Err(error) => panic!("{error:#}"),
    }
}

/// Runs `cargo build` for wasm, and reads the file that cargo reports.
fn build() -> anyhow::Result<Vec<u8>> {
    let other = other_compiler()?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--release", "--lib", "--target", TARGET])
        .arg("--message-format=json-render-diagnostics")
        // These would replace the flags in `.cargo/config.toml`.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .envs(other.map(|rustc| ("RUSTC", rustc)))
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "the contract does not build: see the output of cargo above"
    );

    let path = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["filenames"].as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(str::to_string))
        .find(|file| file.ends_with(".wasm"))
        .context("cargo has reported no file that ends in .wasm")?;
    fs::read(&path).with_context(|| format!("cannot read {path}"))
}

/// Finds another compiler for the contract, if the active one does not have the target.
fn other_compiler() -> anyhow::Result<Option<PathBuf>> {
    let active = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    if can_build(Path::new(&active)) {
        return Ok(None);
    }
    let other = others().into_iter().find(|rustc| can_build(rustc));
    let other = other.with_context(|| {
        format!(
            "the contract is built for {TARGET}, and no toolchain on this machine that is new enough has this \
             target.\nInstall it with `rustup target add {TARGET}`. In the tree of the book, `cargo book serve` and \
             `cargo book test` install it."
        )
    })?;
    Ok(Some(other))
}

/// Returns the compilers of other toolchains: first the one that the book's commands install, then
/// rustup's.
fn others() -> Vec<PathBuf> {
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let data = data.or_else(|| Some(env::home_dir()?.join(".local/share")));
    let of_the_book = data.map(|data| data.join("near-wasm-toolchain/bin/rustc"));

    let toolchains = output_of("rustup", &["toolchain", "list"]).unwrap_or_default();
    let names = toolchains.lines().filter_map(|line| line.split(' ').next());
    let which = |name| output_of("rustup", &["which", "--toolchain", name, "rustc"]);
    let of_rustup = names.filter_map(which).map(PathBuf::from);
    of_the_book.into_iter().chain(of_rustup).collect()
}

/// Returns whether a compiler is new enough and can compile an empty library for the target.
fn can_build(rustc: &Path) -> bool {
    let mut empty = vec!["--crate-type", "lib", "--crate-name", "empty", "-"];
    empty.extend(["--target", TARGET, "--emit", "metadata"]);
    empty.extend(["--out-dir", env!("CARGO_TARGET_TMPDIR")]);
    let version = output_of(rustc, &["--version"]);
    version.is_some_and(|version| is_new_enough(&version)) && output_of(rustc, &empty).is_some()
}

/// Compares the output of `rustc --version` with the `rust-version` in `Cargo.toml`.
fn is_new_enough(version: &str) -> bool {
    let numbers = |version: &str| -> Vec<u32> {
        let words = version.split(['.', '-', ' ']);
        words.map_while(|word| word.parse().ok()).collect()
    };
    numbers(version.trim_start_matches("rustc ")) >= numbers(env!("CARGO_PKG_RUST_VERSION"))
}

/// Returns the output of a program, if it succeeds.
fn output_of(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.trim().to_string())
}
// ANCHOR_END: all
