//! Adds the target of contracts where no compiler on the machine has it: with rustup, or else with the tool
//! `near-wasm`, which is compiled only then.

use anyhow::{Context, Result, bail, ensure};
use manuscript::compiler::{Compiler, TARGET};
use manuscript::machine::Machine;
use manuscript::process;

use crate::step::{self, Step};

/// The name of these steps.
const STEP: &str = "wasm target";

/// Returns a compiler that has the target, and adds the target if there is none.
pub fn ensure(machine: &Machine) -> Result<Compiler> {
    if let Ok(compiler) = Compiler::find(machine) {
        step::say(STEP, &compiler.to_string());
        return Ok(compiler);
    }
    let mut reasons = Vec::new();
    for add in [add_with_rustup, add_with_near_wasm] {
        match add(machine) {
            Ok(compiler) => return Ok(compiler),
            Err(error) => reasons.push(format!("{error:#}")),
        }
        step::say(STEP, reasons.last().map_or("", String::as_str));
    }
    bail!(
        "contracts are compiled to {TARGET}, and no toolchain on this machine has this target\n  - {}\n{}",
        reasons.join("\n  - "),
        by_hand()
    )
}

/// Returns the ways in which the reader can add the target.
pub fn by_hand() -> String {
    format!(
        "one of these adds it:\n  1. rustup target add {TARGET}\n  \
         2. on Debian, as root: cargo run --bin near-wasm -- install (tools/near-wasm/README.md)\n  \
         3. another toolchain that has the target: name it in RUSTUP_TOOLCHAIN"
    )
}

fn add_with_rustup(machine: &Machine) -> Result<Compiler> {
    let command = format!("`rustup target add {TARGET}`");
    if machine.find("rustup").is_none() {
        bail!("no {command}: there is no rustup");
    }
    if machine.variable("RUSTUP_AUTO_INSTALL") == Some("0".as_ref()) {
        bail!("no {command}: RUSTUP_AUTO_INSTALL=0 tells rustup to install nothing by itself");
    }
    if machine.is_offline() {
        bail!("no {command}: CARGO_NET_OFFLINE=true forbids the network");
    }
    let step = Step::begin(STEP, "rustup adds it to the active toolchain");
    let mut rustup = machine.command("rustup");
    rustup.args(["target", "add", TARGET]);
    process::run_with(&mut rustup, &|line| step.progress(line))?;
    let compiler = Compiler::find(machine);
    let compiler = compiler.context("rustup added it to another toolchain than the active one")?;
    step.done();
    Ok(compiler)
}

fn add_with_near_wasm(machine: &Machine) -> Result<Compiler> {
    ensure!(
        machine.find("apt-get").is_some(),
        "no toolchain from Debian's packages: there is no apt-get"
    );
    let step = Step::begin(STEP, "near-wasm makes a toolchain of Debian's packages");
    let mut tool = machine.command("cargo");
    tool.args(["run", "--locked", "--bin", "near-wasm", "--", "install"]);
    process::run_with(&mut tool, &|line| step.progress(line))?;
    let compiler = Compiler::find(machine);
    let compiler = compiler.context("the toolchain of near-wasm does not compile")?;
    step.done();
    Ok(compiler)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use tempfile::TempDir;

    use super::*;

    /// A home folder with programs that are scripts. PATH leads to them alone, so that no test installs anything.
    struct Fakes(TempDir);

    impl Fakes {
        /// Returns a home with a compiler that has the target once there is a file `has-target`.
        fn new() -> Self {
            let fakes = Self(tempfile::tempdir().unwrap());
            let version = "[ $1 = --version ] && echo rustc 1.95.0 && exit";
            fakes.script("rustc", &format!("{version}\n[ -e \"$HOME/has-target\" ]"));
            fakes
        }

        /// Writes a script in another process. What this process has open for writing, the child of another test
        /// can inherit, and then it cannot be run.
        fn script(&self, name: &str, script: &str) {
            let path = self.0.path().join("bin").join(name);
            let write = r#"mkdir -p "$(dirname "$0")"; printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod 755 "$0""#;
            let mut shell = Command::new("sh");
            process::run(shell.args(["-c", write]).arg(path).arg(script)).unwrap();
        }

        fn machine(&self, variables: &[(&str, &str)]) -> Machine {
            let home = self.0.path();
            let mut machine = Machine {
                folder: home.to_owned(),
                environment: [
                    ("PATH".into(), home.join("bin").into()),
                    ("HOME".into(), home.into()),
                ]
                .into(),
                usr: home.join("usr"),
            };
            for (name, value) in variables {
                machine.environment.insert(name.into(), value.into());
            }
            machine
        }

        /// Returns the arguments with which a program ran.
        fn log(&self, program: &str) -> String {
            fs::read_to_string(self.0.path().join(format!("{program}.log"))).unwrap_or_default()
        }
    }

    /// A rustup that adds the target. It has no toolchain to list.
    const RUSTUP: &str =
        "[ $1 = toolchain ] && exit\necho \"$@\" >> \"$HOME/rustup.log\"\n: > \"$HOME/has-target\"";

    /// A rustup whose servers are out of reach.
    const FAILING: &str = "echo 'could not download' >&2; exit 1";

    /// A cargo that runs near-wasm.
    const CARGO: &str = "echo \"$@\" >> \"$HOME/cargo.log\"\n: > \"$HOME/has-target\"";

    #[test]
    fn rustup_adds_the_target_and_nothing_else() {
        let fakes = Fakes::new();
        fakes.script("rustup", RUSTUP);

        let compiler = ensure(&fakes.machine(&[])).unwrap();

        assert_eq!(compiler, Compiler::Active);
        assert_eq!(fakes.log("rustup"), "target add wasm32-unknown-unknown\n");
    }

    #[test]
    fn a_second_run_does_not_ask_rustup_again() {
        let fakes = Fakes::new();
        fakes.script("rustup", RUSTUP);
        let machine = fakes.machine(&[]);
        ensure(&machine).unwrap();

        ensure(&machine).unwrap();

        assert_eq!(fakes.log("rustup").lines().count(), 1);
    }

    #[test]
    fn two_variables_keep_rustup_from_adding_the_target() {
        for variable in [("RUSTUP_AUTO_INSTALL", "0"), ("CARGO_NET_OFFLINE", "true")] {
            let fakes = Fakes::new();
            fakes.script("rustup", RUSTUP);

            let error = ensure(&fakes.machine(&[variable])).unwrap_err().to_string();

            assert_eq!(fakes.log("rustup"), "");
            let reason = format!(
                "no `rustup target add {TARGET}`: {}={}",
                variable.0, variable.1
            );
            assert!(error.contains(&reason), "{error}");
        }
    }

    #[test]
    fn where_rustup_fails_near_wasm_is_started() {
        let fakes = Fakes::new();
        fakes.script("rustup", FAILING);
        fakes.script("apt-get", "");
        fakes.script("cargo", CARGO);

        ensure(&fakes.machine(&[])).unwrap();

        assert_eq!(
            fakes.log("cargo"),
            "run --locked --bin near-wasm -- install\n"
        );
    }

    #[test]
    fn without_apt_get_near_wasm_is_not_started() {
        let fakes = Fakes::new();
        fakes.script("cargo", CARGO);

        ensure(&fakes.machine(&[])).unwrap_err();

        assert_eq!(fakes.log("cargo"), "");
    }

    #[test]
    fn the_error_has_the_reasons_and_three_ways() {
        let fakes = Fakes::new();
        fakes.script("rustup", FAILING);

        let error = ensure(&fakes.machine(&[])).unwrap_err().to_string();

        for text in [
            "could not download",
            "there is no apt-get",
            "1. rustup target add",
            "2. on Debian",
            "3. another toolchain",
        ] {
            assert!(error.contains(text), "{error}");
        }
    }
}
