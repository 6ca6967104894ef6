//! Tests that the tests of a chapter find a toolchain for their contract. They run as `cargo test` runs them,
//! on machines whose toolchains are scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use manuscript::layout::Tree;
use manuscript::process;
use tempfile::TempDir;
use toml::Value;

/// The error of every test on a machine without a suitable toolchain.
const NO_TOOLCHAIN: &str = "no toolchain on this machine that is new enough has this target";

/// Returns the program with the first chapter's tests on a chain.
fn tests_of_setup() -> Result<&'static Path> {
    static PROGRAM: LazyLock<Result<PathBuf>> = LazyLock::new(|| {
        let mut cargo = process::command("cargo", &Tree::here().chapter("setup"));
        cargo.args(["test", "--locked", "--test", "it", "--no-run"]);
        cargo.arg("--message-format=json-render-diagnostics");
        let messages = process::run(&mut cargo)?;
        let mut messages = messages
            .lines()
            .map(serde_json::from_str::<serde_json::Value>);
        let program = messages.find_map(|message| {
            let message = message.ok()?;
            message["executable"].as_str().map(PathBuf::from)
        });
        program.context("cargo reports no program")
    });
    let program = PROGRAM.as_ref().map_err(|why| anyhow::anyhow!("{why:#}"))?;
    Ok(program)
}

/// A machine whose commands are scripts. PATH has nothing else.
///
/// Its cargo logs the compiler that it uses, and builds nothing. Its chain logs that it was started.
struct Machine {
    home: TempDir,
}

/// The path of the toolchain that the book's commands create, below the home folder.
const OF_THE_BOOK: &str = ".local/share/near-wasm-toolchain/bin/rustc";

impl Machine {
    /// Creates a machine with an active toolchain alone, without the target.
    fn new() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let machine = Self { home };
        machine.compiler("bin/rustc", "1.95.0", false)?;
        let cargo = r#"echo "${RUSTC-rustc}" >> "$HOME/built-with"; exit 1"#;
        machine.script("bin/cargo", cargo)?;
        machine.script("bin/chain", r#": > "$HOME/chain-started"; exit 1"#)?;
        Ok(machine)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// Writes a compiler that has the target, or does not.
    fn compiler(&self, path: &str, version: &str, has_target: bool) -> Result<()> {
        let version =
            format!(r#"[ "$*" = --version ] && echo "rustc {version} (a script)" && exit"#);
        let ends = u8::from(!has_target);
        self.script(path, &format!("{version}\nexit {ends}"))
    }

    /// Writes a rustup with these toolchains: their names and versions. All have the target.
    fn rustup(&self, toolchains: &[(&str, &str)]) -> Result<()> {
        let mut list = String::new();
        for (name, version) in toolchains {
            self.compiler(&format!("toolchains/{name}/bin/rustc"), version, true)?;
            list += &format!("{name} (a remark)\n");
        }
        let query = r#"case "$*" in "which --toolchain "*" rustc")"#;
        let which = r#"echo "$HOME/toolchains/$3/bin/rustc" ;;"#;
        let listed = format!("\"toolchain list\") printf '{list}' ;;");
        self.script("bin/rustup", &format!("{query} {which}\n{listed}\nesac"))
    }

    /// Writes a script, in another process. If this process has the file open for writing, a child of another
    /// test may keep it open when it should run.
    fn script(&self, path: &str, script: &str) -> Result<()> {
        let path = self.path(path);
        fs::create_dir_all(path.parent().context("the path has a folder")?)?;
        let mut shell = Command::new("sh");
        let written = r#"printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod 755 "$0""#;
        shell.args(["-c", written]).arg(&path).arg(script);
        process::run(&mut shell)?;
        Ok(())
    }

    /// Runs the tests of the first chapter, and returns their output.
    fn test(&self, variables: &[(&str, &Path)]) -> Result<String> {
        let output = Command::new(tests_of_setup()?)
            .current_dir(Tree::here().chapter("setup"))
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("HOME", self.home.path())
            .env("CARGO", self.path("bin/cargo"))
            .env("NEAR_SANDBOX_BIN_PATH", self.path("bin/chain"))
            .envs(variables.iter().copied())
            .output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Returns the compilers that built contracts. `rustc` is the active one.
    fn built_with(&self, variables: &[(&str, &Path)]) -> Result<Vec<PathBuf>> {
        self.test(variables)?;
        let compilers = fs::read_to_string(self.path("built-with")).unwrap_or_default();
        Ok(compilers.lines().map(PathBuf::from).collect())
    }
}

#[test]
fn without_a_toolchain_each_test_fails_with_one_error() -> Result<()> {
    let output = Machine::new()?.test(&[])?;

    let failed = output.matches("\nthread '").count();
    assert!(failed > 0, "{output}");
    assert_eq!(output.matches(NO_TOOLCHAIN).count(), failed, "{output}");
    assert!(!output.contains("poisoned"), "{output}");
    Ok(())
}

#[test]
fn without_a_toolchain_the_error_has_the_remedy() -> Result<()> {
    let output = Machine::new()?.test(&[])?;

    for remedy in [
        "In the tree of the book, `cargo book serve` and `cargo book test` install it",
        "Install it with `rustup target add wasm32-unknown-unknown`",
    ] {
        assert!(output.contains(remedy), "{output}");
    }
    Ok(())
}

#[test]
fn without_a_toolchain_no_chain_is_started() -> Result<()> {
    let machine = Machine::new()?;

    machine.test(&[])?;

    assert!(!machine.path("chain-started").exists());
    Ok(())
}

#[test]
fn the_active_toolchain_builds_the_contract_if_it_has_the_target() -> Result<()> {
    let machine = Machine::new()?;
    machine.compiler("bin/rustc", "1.95.0", true)?;
    machine.compiler(OF_THE_BOOK, "1.96.0", true)?;

    assert_eq!(machine.built_with(&[])?, [Path::new("rustc")]);
    Ok(())
}

#[test]
fn the_toolchain_of_the_book_comes_before_those_of_rustup() -> Result<()> {
    let machine = Machine::new()?;
    machine.compiler(OF_THE_BOOK, "1.96.0", true)?;
    machine.rustup(&[("nightly", "1.97.0-nightly")])?;

    assert_eq!(machine.built_with(&[])?, [machine.path(OF_THE_BOOK)]);
    Ok(())
}

#[test]
fn the_toolchain_of_the_book_is_found_in_another_data_folder() -> Result<()> {
    let machine = Machine::new()?;
    machine.compiler("data/near-wasm-toolchain/bin/rustc", "1.96.0", true)?;

    let data = machine.path("data");
    let built_with = machine.built_with(&[("XDG_DATA_HOME", &data)])?;

    assert_eq!(built_with, [data.join("near-wasm-toolchain/bin/rustc")]);
    Ok(())
}

#[test]
fn a_toolchain_of_rustup_builds_the_contract_if_it_is_new_enough() -> Result<()> {
    let machine = Machine::new()?;
    machine.rustup(&[("old", "1.94.1"), ("nightly", "1.97.0-nightly")])?;

    let nightly = machine.path("toolchains/nightly/bin/rustc");
    assert_eq!(machine.built_with(&[])?, [nightly]);
    Ok(())
}

#[test]
fn a_toolchain_with_a_library_of_another_version_is_skipped() -> Result<()> {
    let machine = Machine::new()?;
    machine.compiler(OF_THE_BOOK, "1.96.0", false)?;
    machine.rustup(&[("beta", "1.96.0-beta.1")])?;

    let beta = machine.path("toolchains/beta/bin/rustc");
    assert_eq!(machine.built_with(&[])?, [beta]);
    Ok(())
}

/// cargo would join the flags of both folders. Then the tree would build the dependencies of the contract once
/// more than a copy.
#[test]
fn in_the_tree_a_contract_is_built_with_the_flags_of_its_chapter_only() -> Result<()> {
    let path = Tree::here().root().join(".cargo/config.toml");

    let configuration: toml::Table = fs::read_to_string(path)?.parse()?;

    let build = configuration.get("build").and_then(Value::as_table);
    assert!(!configuration.contains_key("target"));
    assert!(build.is_none_or(|build| !build.contains_key("rustflags")));
    Ok(())
}
