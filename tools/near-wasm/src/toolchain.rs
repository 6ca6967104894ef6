//! The toolchain: Debian's compiler, with a standard library for the target. It is laid out as rustup's own are, see
//! `README.md`.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use rustc_build_sysroot::{SysrootBuilder, SysrootConfig};

use crate::debian::{self, line};
use crate::machine::Machine;

/// The target of every contract.
const TARGET: &str = "wasm32-unknown-unknown";

/// The name that rustup gives the toolchain.
const NAME: &str = "near-wasm";

/// The programs of Debian's compiler that get another sysroot.
const WRAPPED: [&str; 2] = ["rustc", "rustdoc"];

/// The source of the program in their place.
const WRAPPER: &str = include_str!("wrapper.rs");

/// Makes the toolchain, or brings it up to date.
pub fn install(machine: &Machine) -> Result<()> {
    let folder = machine.toolchain();
    if !is_current(machine, &folder) {
        debian::install(machine)?;
        build(machine, &folder)?;
    }
    link(machine, &folder)?;
    eprintln!("{} compiles for {TARGET}", folder.display());
    Ok(())
}

/// Returns whether the toolchain is complete and was built with Debian's compiler of today.
fn is_current(machine: &Machine, folder: &Path) -> bool {
    let version = machine.ask(folder.join("bin/rustc"), &["-vV"]);
    let built_with = fs::read_to_string(folder.join("built-with")).ok();
    let is_script = |program: &&str| {
        let program = fs::read(folder.join("bin").join(program));
        program.is_ok_and(|bytes| bytes.starts_with(b"#!"))
    };
    version.is_some()
        && version == built_with
        && !WRAPPED.iter().any(is_script)
        && compile_a_contract(machine, folder).is_ok()
}

fn build(machine: &Machine, folder: &Path) -> Result<()> {
    let linker = debian::linker(machine).context("there is no linker for wasm")?;
    let rustc = machine.usr.join("bin/rustc");
    let version = machine.ask(&rustc, &["-vV"]);
    let version = version.with_context(|| format!("{} does not run", rustc.display()))?;
    let host = line(&version, "host").context("the compiler does not name its host")?;
    let built_with = folder.join("built-with");
    let is_built = fs::read_to_string(&built_with).is_ok_and(|built| built == version);
    remove(&built_with)?;

    wrap(machine, &machine.usr.join("bin"), folder)?;
    point(&folder.join("bin/cargo"), &machine.usr.join("bin/cargo"))?;
    let rustlib = folder.join("lib/rustlib").join(&host);
    let of_debian = machine.usr.join("lib/rustlib").join(&host);
    point(&rustlib.join("lib"), &of_debian.join("lib"))?;
    point(&rustlib.join("bin/rust-lld"), &linker)?;
    if !is_built || compile_a_contract(machine, folder).is_err() {
        eprintln!("building the standard library for {TARGET}: a minute or two");
        standard_library(machine, folder, &version)?;
        compile_a_contract(machine, folder)?;
    }
    fs::write(&built_with, version)?;
    Ok(())
}

/// Compiles the programs that start Debian's compiler, in the folder `programs`, with another sysroot.
fn wrap(machine: &Machine, programs: &Path, folder: &Path) -> Result<()> {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin)?;
    let (source, new) = (bin.join("wrapper.rs"), bin.join("wrapper"));
    fs::write(&source, WRAPPER)?;
    let mut rustc = machine.command(machine.usr.join("bin/rustc"));
    rustc
        .args(["--edition=2024", "-Copt-level=2", "-Cstrip=symbols", "-o"])
        .args([&new, &source])
        .env("NEAR_WASM_PROGRAMS", programs)
        .env("NEAR_WASM_SYSROOT", folder);
    machine.run(&mut rustc)?;
    for program in WRAPPED {
        // Another process can run the old one: so it is replaced, not overwritten.
        let copy = bin.join("copy");
        fs::copy(&new, &copy)?;
        fs::rename(&copy, bin.join(program))?;
    }
    remove(&source)?;
    remove(&new)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(anyhow!(error).context(path.display().to_string()))
        }
        _ => Ok(()),
    }
}

/// Makes a symbolic link.
fn point(from: &Path, to: &Path) -> Result<()> {
    remove(from)?;
    if let Some(above) = from.parent() {
        fs::create_dir_all(above)?;
    }
    symlink(to, from).with_context(|| from.display().to_string())
}

/// Builds `std` for the target from Debian's sources, and from the crates that lie beside them.
///
/// The bitcode is kept, which `lto = true` in a contract needs. Paths are written as in rustup's own standard
/// library, so that no path of this machine gets into a contract.
fn standard_library(machine: &Machine, folder: &Path, version: &str) -> Result<()> {
    let sources: PathBuf = machine.usr.join("lib/rustlib/src/rust/library");
    let sources = sources
        .canonicalize()
        .with_context(|| sources.display().to_string())?;
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
    SysrootBuilder::new(folder, TARGET)
        .rustc_version(rustc_version::VersionMeta::for_command(rustc)?)
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
        .with_context(|| format!("the standard library does not build for {TARGET}"))?;
    Ok(())
}

/// Compiles a library for the chain, from source to wasm, as a test of the toolchain.
fn compile_a_contract(machine: &Machine, folder: &Path) -> Result<()> {
    let (source, wasm) = (folder.join("check.rs"), folder.join("check.wasm"));
    fs::write(
        &source,
        "#[unsafe(no_mangle)]\npub extern \"C\" fn check() {}\n",
    )?;
    let mut rustc = machine.command(folder.join("bin/rustc"));
    rustc
        .args(["--edition=2024", "--crate-type=cdylib", "-Clto"])
        .args(["--target", TARGET, "-o"])
        .args([&wasm, &source]);
    let compiled = machine.run(&mut rustc);
    remove(&source)?;
    remove(&wasm)?;
    compiled
}

/// Tells rustup the name of the toolchain, if there is rustup and it does not know it.
fn link(machine: &Machine, folder: &Path) -> Result<()> {
    let rustc = machine.ask("rustup", &["which", "--toolchain", NAME, "rustc"]);
    let rustc = rustc.and_then(|rustc| Path::new(&rustc).canonicalize().ok());
    if !machine.has("rustup") || rustc == folder.join("bin/rustc").canonicalize().ok() {
        return Ok(());
    }
    let mut rustup = machine.command("rustup");
    machine.run(rustup.args(["toolchain", "link", NAME]).arg(folder))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::machine::tests::Fakes;

    /// A variable whose name is no identifier.
    const VARIABLE: &str = "BUILD_RS_SUB_BUILD_STATUS-MESSAGE";

    /// A compiler that shows its arguments and its environment.
    const COMPILER: &str = r#"
fn main() {
    for argument in std::env::args().skip(1) { println!("{argument}"); }
    for (name, value) in std::env::vars() { println!("{name}={value}"); }
}"#;

    #[test]
    fn the_whole_environment_reaches_the_compiler_with_another_sysroot() {
        let folder = tempfile::tempdir().unwrap();
        let programs = folder.path().join("usr");
        fs::create_dir(&programs).unwrap();
        fs::write(programs.join("compiler.rs"), COMPILER).unwrap();
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition=2024", "compiler.rs", "-o", "rustc"]);
        assert!(rustc.current_dir(&programs).status().unwrap().success());
        let toolchain = folder.path().join("toolchain");
        let active = Command::new("sh")
            .args(["-c", "command -v rustc"])
            .output()
            .unwrap();
        let active = PathBuf::from(String::from_utf8(active.stdout).unwrap().trim_end());
        let machine = Machine {
            usr: active.ancestors().nth(2).unwrap().to_owned(),
            ..Machine::here()
        };

        wrap(&machine, &programs, &toolchain).unwrap();

        let output = Command::new(toolchain.join("bin/rustc"))
            .arg("-vV")
            .env(VARIABLE, "wasm")
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let start = format!("--sysroot\n{}\n-vV\n", toolchain.display());
        assert!(stdout.starts_with(&start), "{stdout}");
        let variable = format!("{VARIABLE}=wasm");
        assert!(stdout.lines().any(|line| line == variable), "{stdout}");
    }

    #[test]
    fn a_toolchain_with_a_shell_script_is_not_current() {
        let fakes = Fakes::new();
        let folder = fakes.folder.path();
        fakes.script("rustc", "echo rustc 1.96.0");
        fakes.script("rustdoc", "");
        fs::write(folder.join("built-with"), "rustc 1.96.0").unwrap();

        assert!(compile_a_contract(&fakes.machine(), folder).is_ok());
        assert!(!is_current(&fakes.machine(), folder));
    }

    #[test]
    fn a_toolchain_of_another_compiler_is_not_current() {
        let fakes = Fakes::new();
        let folder = fakes.folder.path();
        fakes.script("rustc", "echo rustc 1.96.0");
        fs::write(folder.join("built-with"), "rustc 1.95.0").unwrap();

        assert!(!is_current(&fakes.machine(), folder));
    }

    #[test]
    fn rustup_learns_the_name_once() {
        let fakes = Fakes::new();
        let folder = fakes.folder.path();
        fakes.script("rustc", "");
        let which = format!(
            "[ $1 = which ] && exec cat '{}'",
            folder.join("linked").display()
        );
        let linked = folder.join("linked").display().to_string();
        let link_it = format!(
            "echo {}/bin/rustc > '{linked}'; echo \"$@\" >> '{linked}.log'",
            folder.display()
        );
        fakes.script("rustup", &format!("PATH=/usr/bin:/bin\n{which}\n{link_it}"));

        link(&fakes.machine(), folder).unwrap();
        link(&fakes.machine(), folder).unwrap();

        let log = fs::read_to_string(format!("{linked}.log")).unwrap();
        assert_eq!(
            log,
            format!("toolchain link near-wasm {}\n", folder.display())
        );
    }
}
