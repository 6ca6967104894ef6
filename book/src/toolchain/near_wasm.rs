//! The toolchain `near-wasm`: Debian's compiler, with a standard library for the target.
//!
//! A folder laid out as rustup lays out its own, so that rustup can use it by name:
//!
//! ```text
//! bin/cargo, bin/rustc, bin/rustdoc          Debian's, told to look here for libraries
//! lib/rustlib/<host>/lib                     Debian's standard library for this machine
//! lib/rustlib/<host>/bin/rust-lld            a linker for wasm
//! lib/rustlib/wasm32-unknown-unknown/lib     what is built here
//! built-with                                 the version of the compiler that it was built with
//! ```

use super::debian::{self, line};
use super::machine::{Machine, has_std};
use super::{NAME, NearWasm, STEP, TARGET, ToolchainError};
use crate::child;
use crate::files::{self, FileError};
use crate::step::Step;
use rustc_build_sysroot::{SysrootBuilder, SysrootConfig};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

const BUILT_WITH: &str = "built-with";

/// What an earlier run left.
pub(super) fn state(machine: &Machine) -> NearWasm {
    let folder = machine.near_wasm();
    if !folder.exists() {
        return NearWasm::Absent;
    }
    let version = machine.ask(folder.join("bin/rustc"), ["-vV"]);
    let built_with = files::read_text(&folder.join(BUILT_WITH)).ok();
    let linker = version
        .as_deref()
        .and_then(debian::host)
        .is_some_and(|host| linker(&folder, &host).exists());
    let whole = version.is_some() && version == built_with && linker;
    if !whole || !has_std(&libraries(&folder, TARGET)) || !folder.join("bin/cargo").exists() {
        NearWasm::Stale
    } else if machine.finds("rustup") && !linked(machine, &folder) {
        NearWasm::Unlinked
    } else {
        NearWasm::Ready
    }
}

fn linked(machine: &Machine, folder: &Path) -> bool {
    let rustc = machine.ask("rustup", ["which", "--toolchain", NAME, "rustc"]);
    let rustc = rustc.and_then(|rustc| Path::new(&rustc).canonicalize().ok());
    rustc.is_some() && rustc == folder.join("bin/rustc").canonicalize().ok()
}

/// Tells rustup the toolchain's name, where there is rustup.
pub(super) fn link(machine: &Machine) -> Result<(), ToolchainError> {
    if !machine.finds("rustup") {
        return Ok(());
    }
    let step = Step::begin(
        STEP,
        "rustup learns the name of the toolchain, so that cargo finds it",
    );
    let mut rustup = machine.command("rustup");
    rustup
        .args(["toolchain", "link", NAME])
        .arg(machine.near_wasm());
    child::run(&mut rustup, &step)?;
    step.done();
    Ok(())
}

/// Makes the toolchain from Debian's packages.
pub(super) fn build(machine: &Machine) -> Result<(), ToolchainError> {
    let folder = machine.near_wasm();
    let why = format!(
        "building the standard library for {TARGET}, once, in {}",
        folder.display()
    );
    let step = Step::begin(STEP, &why);
    let wasm_linker = debian::linker(machine).ok_or_else(|| missing("a linker"))?;
    let debians = machine.usr.join("bin/rustc");
    let version = machine
        .ask(&debians, ["-vV"])
        .ok_or_else(|| missing("a compiler"))?;
    let host = debian::host(&version).ok_or_else(|| missing("a compiler that names its host"))?;

    let built_with = folder.join(BUILT_WITH);
    remove(&built_with)?;
    for program in ["rustc", "rustdoc"] {
        wrapper(machine, &folder, program)?;
    }
    point(&folder.join("bin/cargo"), &machine.usr.join("bin/cargo"))?;
    let of_debian = libraries(&machine.usr, &host);
    point(&libraries(&folder, &host), &of_debian)?;
    point(&linker(&folder, &host), &wasm_linker)?;
    standard_library(machine, &folder, &version, &step)?;
    compile_something(machine, &folder, &step)?;
    files::write(&built_with, version)?;
    step.done();
    Ok(())
}

fn missing(what: &str) -> ToolchainError {
    ToolchainError::StillMissing(format!("Debian's packages are there, but not {what}"))
}

fn libraries(root: &Path, target: &str) -> PathBuf {
    root.join("lib/rustlib").join(target).join("lib")
}

fn linker(folder: &Path, host: &str) -> PathBuf {
    folder.join("lib/rustlib").join(host).join("bin/rust-lld")
}

fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(FileError::at(path)(error))
        }
        _ => Ok(()),
    }
}

fn point(from: &Path, to: &Path) -> Result<(), FileError> {
    remove(from)?;
    if let Some(above) = from.parent() {
        fs::create_dir_all(above).map_err(FileError::at(above))?;
    }
    symlink(to, from).map_err(FileError::at(from))
}

fn wrapper(machine: &Machine, folder: &Path, program: &str) -> Result<(), FileError> {
    let path = folder.join("bin").join(program);
    let program = machine.usr.join("bin").join(program);
    let word = |path: &Path| child::quoted(&path.to_string_lossy());
    let script = format!(
        "#!/bin/sh\nexec {} --sysroot {} \"$@\"\n",
        word(&program),
        word(folder)
    );
    remove(&path)?;
    files::write(&path, script)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(FileError::at(&path))
}

/// Builds `std` for the target from Debian's sources, and from the crates that lie beside them.
///
/// The bitcode is kept, or `lto = true` in a contract would not find it. Paths are written as
/// rustup's own standard library has them, so that no path of this machine gets into a contract.
fn standard_library(
    machine: &Machine,
    folder: &Path,
    version: &str,
    step: &Step,
) -> Result<(), ToolchainError> {
    let sources = machine.usr.join("lib/rustlib/src/rust/library");
    let sources = sources.canonicalize().map_err(FileError::at(&sources))?;
    let above = sources.parent().unwrap_or(&sources);
    let vendored = sources.join("vendor");
    let commit = line(version, "commit-hash").unwrap_or_default();

    let mut cargo = machine.command(machine.usr.join("bin/cargo"));
    for name in [
        "CARGO",
        "RUSTFLAGS",
        "RUSTUP_TOOLCHAIN",
        "CARGO_BUILD_TARGET",
    ] {
        cargo.env_remove(name);
    }
    let directory = format!("source.vendored.directory={vendored:?}");
    cargo
        .current_dir(&sources)
        .env("RUSTC", machine.usr.join("bin/rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .args([
            "--offline",
            "--config",
            "source.crates-io.replace-with='vendored'",
        ])
        .args(["--config", &directory]);

    let mut rustc = machine.command(machine.usr.join("bin/rustc"));
    rustc.env_remove("RUSTUP_TOOLCHAIN");
    let meta = rustc_version::VersionMeta::for_command(rustc);
    step.progress("a minute or two");
    SysrootBuilder::new(folder, TARGET)
        .rustc_version(meta.map_err(|error| ToolchainError::Std(error.to_string()))?)
        .cargo(cargo)
        .rustflag("-Cembed-bitcode=yes")
        .rustflag(format!(
            "--remap-path-prefix={}=/rustc/{commit}",
            above.display()
        ))
        .rustflag(format!(
            "--remap-path-prefix={}=/rust/deps",
            vendored.display()
        ))
        .sysroot_config(SysrootConfig::WithStd {
            std_features: vec!["panic-unwind".to_owned()],
        })
        .build_from_source(&sources)
        .map_err(|error| ToolchainError::Std(format!("{error:#}")))?;
    Ok(())
}

/// The proof: a library for the chain, from source to wasm.
fn compile_something(machine: &Machine, folder: &Path, step: &Step) -> Result<(), ToolchainError> {
    let source = folder.join("check.rs");
    let wasm = folder.join("check.wasm");
    files::write(
        &source,
        "#[unsafe(no_mangle)]\npub extern \"C\" fn check() {}\n",
    )?;
    let mut rustc = machine.command(folder.join("bin/rustc"));
    rustc
        .args([
            "--edition=2024",
            "--crate-type=cdylib",
            "-Clto",
            "--target",
            TARGET,
            "-o",
        ])
        .args([&wasm, &source]);
    child::run(&mut rustc, step)?;
    remove(&source)?;
    remove(&wasm)?;
    Ok(())
}
