//! The compiler for contracts: the active one, or another one on this machine that has the target.
//!
//! The tests of the chapters look in the same order (`tests/it/wasm.rs`). So whatever compiles a chapter's
//! contract in `cargo test` compiles it here.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::Machine;
use crate::process;

/// The target of every contract.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The folder, below the user's data, of the toolchain that `tools/near-wasm` makes.
const NEAR_WASM: &str = "near-wasm-toolchain";

/// The oldest Rust that compiles the contracts, as in the manifests.
const OLDEST: (u32, u32) = (1, 95);

/// A compiler that has the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compiler {
    /// The compiler that cargo takes by itself.
    Active,
    /// The compiler at this path.
    At(PathBuf),
}

/// An error of a machine on which no compiler has the target.
#[derive(Debug, thiserror::Error)]
#[error(
    "contracts are compiled to {TARGET}, and no toolchain on this machine that is new enough has this target: \
     `cargo book test` adds it"
)]
pub struct NoCompiler;

impl Compiler {
    /// Returns the first compiler of a machine that has the target.
    pub fn find(machine: &Machine) -> Result<Self, NoCompiler> {
        let active = machine.variable("RUSTC").unwrap_or("rustc".as_ref());
        if can_build(machine, Path::new(active)) {
            return Ok(Self::Active);
        }
        let of_near_wasm = near_wasm(machine).map(|folder| folder.join("bin/rustc"));
        let mut others = of_near_wasm.into_iter().chain(of_rustup(machine));
        let other = others.find(|rustc| can_build(machine, rustc));
        other.map(Self::At).ok_or(NoCompiler)
    }

    /// Returns the active `cargo`, to run in `folder` with this compiler.
    pub fn cargo(&self, folder: &Path) -> Command {
        let mut cargo = process::cargo(folder);
        if let Self::At(rustc) = self {
            cargo.env("RUSTC", rustc);
        }
        cargo
    }

    /// Returns the compiler itself, to run in `folder`.
    pub fn rustc(&self, folder: &Path) -> Command {
        match self {
            Self::Active => process::command("rustc", folder),
            Self::At(rustc) => process::command(rustc, folder),
        }
    }
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active => write!(f, "the active toolchain has {TARGET}"),
            Self::At(rustc) => write!(f, "{} has {TARGET}", rustc.display()),
        }
    }
}

/// Returns the folder of the toolchain that `tools/near-wasm` makes, which need not exist.
fn near_wasm(machine: &Machine) -> Option<PathBuf> {
    let data = machine
        .variable("XDG_DATA_HOME")
        .filter(|data| !data.is_empty());
    let data = data.map(PathBuf::from);
    let data = data.or_else(|| Some(Path::new(machine.variable("HOME")?).join(".local/share")));
    Some(data?.join(NEAR_WASM))
}

/// Returns the compilers of rustup's toolchains.
fn of_rustup(machine: &Machine) -> impl Iterator<Item = PathBuf> {
    let list = machine.ask("rustup", &["toolchain", "list"]);
    let list = list.unwrap_or_default();
    let names: Vec<_> = list
        .lines()
        .filter_map(|line| Some(line.split(' ').next()?.to_owned()))
        .collect();
    names.into_iter().filter_map(move |name| {
        let rustc = machine.ask("rustup", &["which", "--toolchain", &name, "rustc"]);
        rustc.map(PathBuf::from)
    })
}

/// Returns whether a compiler is new enough and compiles an empty library for the target.
fn can_build(machine: &Machine, rustc: &Path) -> bool {
    let Ok(out) = tempfile::tempdir() else {
        return false;
    };
    let out = out.path().to_string_lossy();
    let mut empty = vec!["--crate-type", "lib", "--crate-name", "empty", "-"];
    empty.extend(["--target", TARGET, "--emit", "metadata", "--out-dir", &out]);
    let version = machine.ask(rustc, &["--version"]);
    version.is_some_and(|version| is_new_enough(&version)) && machine.ask(rustc, &empty).is_some()
}

fn is_new_enough(version: &str) -> bool {
    let version = version.strip_prefix("rustc ").unwrap_or(version);
    let mut numbers = version.split(['.', '-', ' ']).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A home folder with toolchains that are scripts. PATH leads to them alone.
    struct Home(TempDir);

    impl Home {
        /// Returns a home whose active compiler lacks the target.
        fn new() -> Self {
            let home = Self(tempfile::tempdir().unwrap());
            home.compiler("bin/rustc", "1.95.0", false);
            home
        }

        /// Writes a compiler, and returns its path.
        fn compiler(&self, path: &str, version: &str, has_target: bool) -> PathBuf {
            let status = u8::from(!has_target);
            let script = format!(
                "[ \"$*\" = --version ] && echo \"rustc {version}\" && exit\nexit {status}"
            );
            self.script(path, &script)
        }

        /// Writes a script in another process. What this process has open for writing, the child of another
        /// test can inherit, and then it cannot be run.
        fn script(&self, path: &str, script: &str) -> PathBuf {
            let path = self.0.path().join(path);
            let mut shell = Command::new("sh");
            let write = r#"mkdir -p "$(dirname "$0")"; printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod 755 "$0""#;
            shell.args(["-c", write]).arg(&path).arg(script);
            process::run(&mut shell).unwrap();
            path
        }

        fn find(&self) -> Result<Compiler, NoCompiler> {
            let home = self.0.path();
            Compiler::find(&Machine {
                folder: home.to_owned(),
                environment: [
                    ("PATH".into(), home.join("bin").into()),
                    ("HOME".into(), home.into()),
                ]
                .into(),
                usr: home.join("usr"),
            })
        }
    }

    const OF_NEAR_WASM: &str = ".local/share/near-wasm-toolchain/bin/rustc";

    #[test]
    fn the_active_compiler_is_taken_if_it_has_the_target() {
        let home = Home::new();
        home.compiler("bin/rustc", "1.95.0", true);
        home.compiler(OF_NEAR_WASM, "1.96.0", true);

        assert_eq!(home.find().unwrap(), Compiler::Active);
    }

    #[test]
    fn the_compiler_of_near_wasm_is_taken_if_the_active_one_lacks_the_target() {
        let home = Home::new();
        let rustc = home.compiler(OF_NEAR_WASM, "1.96.0", true);

        assert_eq!(home.find().unwrap(), Compiler::At(rustc));
    }

    #[test]
    fn a_toolchain_of_rustup_is_taken_if_it_is_new_enough() {
        let home = Home::new();
        home.compiler("old/rustc", "1.94.1", true);
        let nightly = home.compiler("nightly/rustc", "1.97.0-nightly", true);
        let list = "[ $1 = toolchain ] && echo 'old (default)' && echo nightly && exit";
        home.script("bin/rustup", &format!("{list}\necho \"$HOME/$3/rustc\""));

        assert_eq!(home.find().unwrap(), Compiler::At(nightly));
    }

    #[test]
    fn a_machine_without_the_target_is_an_error_that_says_what_adds_it() {
        let error = Home::new().find().unwrap_err().to_string();

        assert!(error.ends_with("`cargo book test` adds it"), "{error}");
    }

    #[test]
    fn cargo_gets_the_compiler_by_its_path() {
        let cargo = Compiler::At("/near-wasm/bin/rustc".into()).cargo(Path::new("/"));

        let rustc = ("RUSTC".as_ref(), Some("/near-wasm/bin/rustc".as_ref()));
        assert!(cargo.get_envs().any(|variable| variable == rustc));
    }
}
