use super::*;
use crate::files;
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

/// A machine that has what most have: rustup, and neither the target nor apt-get.
fn with_rustup() -> Facts {
    Facts {
        active_has_target: false,
        near_wasm: NearWasm::Absent,
        rustup: true,
        rustup_installs_nothing: false,
        offline: false,
        apt: false,
        root: false,
        missing_packages: debian::PACKAGES.to_vec(),
    }
}

/// A new Debian machine that rustup's servers are out of reach of.
fn new_debian() -> Facts {
    Facts {
        rustup_installs_nothing: true,
        apt: true,
        root: true,
        ..with_rustup()
    }
}

fn ways(facts: Facts) -> Vec<Way> {
    plan(&facts).ways
}

#[test]
fn a_target_that_is_there_is_not_brought() {
    let facts = Facts {
        active_has_target: true,
        ..new_debian()
    };

    assert_eq!(ways(facts), [Way::Active]);
}

#[test]
fn rustup_comes_first() {
    let facts = Facts {
        rustup_installs_nothing: false,
        ..new_debian()
    };

    assert_eq!(ways(facts)[0], Way::Rustup);
}

#[test]
fn rustup_is_left_alone_when_it_shall_install_nothing_by_itself() {
    let facts = Facts {
        rustup_installs_nothing: true,
        ..with_rustup()
    };

    assert_eq!(ways(facts), []);
}

#[test]
fn rustup_is_left_alone_when_cargo_shall_stay_offline() {
    let facts = Facts {
        offline: true,
        ..with_rustup()
    };

    assert_eq!(ways(facts), []);
}

#[test]
fn a_way_that_is_left_out_says_why() {
    let skipped = plan(&new_debian()).skipped;

    let why = "no `rustup target add wasm32-unknown-unknown`: \
               RUSTUP_AUTO_INSTALL=0 asks rustup to install nothing by itself";
    assert_eq!(skipped, [why]);
}

#[test]
fn root_installs_debians_packages() {
    let install = debian::PACKAGES.to_vec();

    assert_eq!(ways(new_debian()), [Way::Debian { install }]);
}

#[test]
fn who_is_not_root_is_told_the_exact_line() {
    let facts = Facts {
        root: false,
        ..new_debian()
    };

    let line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends \
                rustc-web cargo-web rust-web-src lld-22";
    assert!(plan(&facts).skipped[1].contains(line));
}

#[test]
fn who_is_not_root_can_build_from_packages_that_are_there() {
    let facts = Facts {
        root: false,
        missing_packages: vec![],
        ..new_debian()
    };

    assert_eq!(ways(facts), [Way::Debian { install: vec![] }]);
}

#[test]
fn the_toolchain_of_an_earlier_run_is_used_at_once() {
    let facts = Facts {
        near_wasm: NearWasm::Ready,
        ..new_debian()
    };

    assert_eq!(ways(facts), [Way::NearWasm]);
}

#[test]
fn a_toolchain_for_another_compiler_is_built_again() {
    let facts = Facts {
        near_wasm: NearWasm::Stale,
        missing_packages: vec![],
        ..new_debian()
    };

    assert_eq!(ways(facts), [Way::Debian { install: vec![] }]);
}

/// A folder of scripts in the place of rustup, rustc and what else there is. PATH leads nowhere
/// else, so that no test installs anything.
struct Fakes {
    folder: TempDir,
}

impl Fakes {
    /// A `rustc` whose target is there once the folder of its libraries is.
    fn new() -> Self {
        let fakes = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fakes.script(
            "rustc",
            r#"[ "$2" = target-libdir ] && echo "$HOME/target""#,
        );
        fakes
    }

    /// Written by another process: a file that this one has open for writing, some other test's
    /// child may hold open at the moment when it is to be run.
    fn script(&self, name: &str, script: &str) {
        let folder = self.folder.path().join("bin");
        fs::create_dir_all(&folder).unwrap();
        let mut shell = Command::new("sh");
        shell
            .args([
                "-c",
                r#"printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod 755 "$0""#,
            ])
            .arg(folder.join(name))
            .arg(script);
        child::run(&mut shell, &Step::silent()).unwrap();
    }

    fn machine(&self, variables: &[(&str, &str)]) -> Machine {
        let home = self.folder.path();
        let mut environment = BTreeMap::from([
            ("PATH".into(), home.join("bin").into()),
            ("HOME".into(), home.into()),
        ]);
        for (name, value) in variables {
            environment.insert(name.into(), value.into());
        }
        Machine {
            folder: home.to_owned(),
            environment,
            usr: home.join("usr"),
        }
    }

    fn ran(&self, program: &str) -> bool {
        self.folder.path().join(format!("{program}-ran")).exists()
    }
}

/// Brings the target as rustup does, and leaves a trace.
const RUSTUP: &str = r#"
echo "$@" > "$HOME/rustup-ran"
/bin/mkdir -p "$HOME/target" && : > "$HOME/target/libstd-1a2b.rlib""#;

/// A machine without servers.
const FAILING: &str = "echo 'could not download' >&2; exit 1";

#[test]
fn rustup_brings_the_target_to_the_active_toolchain() {
    let fakes = Fakes::new();
    fakes.script("rustup", RUSTUP);

    let toolchain = Toolchain::ensure(&fakes.machine(&[])).unwrap();

    assert_eq!(toolchain, Toolchain::Active);
}

#[test]
fn rustup_is_asked_for_the_target_and_for_nothing_else() {
    let fakes = Fakes::new();
    fakes.script("rustup", RUSTUP);

    Toolchain::ensure(&fakes.machine(&[])).unwrap();

    let asked = files::read_text(&fakes.folder.path().join("rustup-ran")).unwrap();
    assert_eq!(asked, "target add wasm32-unknown-unknown\n");
}

#[test]
fn a_second_run_does_not_ask_rustup_again() {
    let fakes = Fakes::new();
    fakes.script("rustup", RUSTUP);
    let machine = fakes.machine(&[]);
    Toolchain::ensure(&machine).unwrap();
    fs::remove_file(fakes.folder.path().join("rustup-ran")).unwrap();

    Toolchain::ensure(&machine).unwrap();

    assert!(!fakes.ran("rustup"));
}

#[test]
fn the_variable_that_stops_rustup_stops_this_program_too() {
    let fakes = Fakes::new();
    fakes.script("rustup", RUSTUP);

    Toolchain::ensure(&fakes.machine(&[("RUSTUP_AUTO_INSTALL", "0")])).unwrap_err();

    assert!(!fakes.ran("rustup"));
}

#[test]
fn a_rustup_that_fails_is_followed_by_debians_packages() {
    let fakes = Fakes::new();
    fakes.script("rustup", FAILING);
    fakes.script("id", "echo 0");
    fakes.script("apt-get", r#": > "$HOME/apt-get-ran"; exit 1"#);

    Toolchain::ensure(&fakes.machine(&[])).unwrap_err();

    assert!(fakes.ran("apt-get"));
}

#[test]
fn packages_that_are_too_old_are_an_error() {
    let fakes = Fakes::new();
    fakes.script("id", "echo 0");
    fakes.script("apt-get", "exit 0");
    fakes.script("dpkg-query", r#"echo "$4 1.85.0+dfsg3-1 installed""#);

    let error = Toolchain::ensure(&fakes.machine(&[]))
        .unwrap_err()
        .to_string();

    assert!(
        error.contains("rustc-web cargo-web rust-web-src"),
        "{error}"
    );
    assert!(error.contains("of version 1.95 or later"), "{error}");
}

#[test]
fn where_no_way_leads_there_the_error_names_three() {
    let fakes = Fakes::new();
    fakes.script("rustup", FAILING);

    let error = Toolchain::ensure(&fakes.machine(&[]))
        .unwrap_err()
        .to_string();

    for way in [
        "1. rustup target add",
        "2. on Debian: sudo apt-get update",
        "3. another toolchain",
    ] {
        assert!(error.contains(way), "{error}");
    }
}

#[test]
fn looking_for_the_target_asks_rustup_for_nothing() {
    let fakes = Fakes::new();
    fakes.script("rustup", RUSTUP);

    Toolchain::find(&fakes.machine(&[])).unwrap_err();

    assert!(!fakes.ran("rustup"));
}

#[test]
fn a_child_is_told_the_toolchain_by_its_name() {
    let toolchain = Toolchain::NearWasm {
        folder: PathBuf::from("/near-wasm"),
        linked: true,
    };

    let cargo = toolchain.cargo(Path::new("/"));

    let told = (NAME_OF_TOOLCHAIN.as_ref(), Some(NAME.as_ref()));
    assert!(cargo.get_envs().any(|variable| variable == told));
}

const NAME_OF_TOOLCHAIN: &str = "RUSTUP_TOOLCHAIN";

#[test]
fn without_rustup_a_child_finds_the_toolchain_first() {
    let toolchain = Toolchain::NearWasm {
        folder: PathBuf::from("/near-wasm"),
        linked: false,
    };

    let cargo = toolchain.cargo(Path::new("/"));

    let path = cargo
        .get_envs()
        .find(|(name, _)| *name == "PATH")
        .unwrap()
        .1
        .unwrap();
    let first = env::split_paths(path).next();
    assert_eq!(first, Some(PathBuf::from("/near-wasm/bin")));
}
