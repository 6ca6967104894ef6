//! `sandbox/launch`, by its name, by links, and as a copy.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::node::PROGRAM;

fn launcher() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("launch")
}

fn version(program: &Path) -> Output {
    Command::new(program).arg("--version").output().unwrap()
}

fn assert_runs_the_program(launcher: &Path) {
    let (launched, told) = (version(launcher), version(&PROGRAM));
    assert!(launched.status.success(), "{launched:?}");
    assert_eq!(launched.stdout, told.stdout);
}

#[test]
fn the_launcher_runs_the_same_program() {
    assert_runs_the_program(&launcher());
}

#[test]
fn the_launcher_works_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("near-sandbox");
    symlink(launcher(), &link).unwrap();
    assert_runs_the_program(&link);
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        1,
        "it left something"
    );
}

#[test]
fn the_launcher_works_through_links_to_links_and_to_folders() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("bin")).unwrap();
    symlink(launcher().parent().unwrap(), path("rooms")).unwrap();
    symlink("rooms/launch", path("first")).unwrap();
    symlink("../first", path("bin/near-sandbox")).unwrap();
    assert_runs_the_program(&path("bin/near-sandbox"));
    assert_runs_the_program(&path("rooms/launch"));
}

#[test]
fn the_launcher_found_in_path_works_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    symlink(launcher(), folder.path().join("near-sandbox")).unwrap();
    let others = std::env::var("PATH").unwrap();
    let launched = Command::new("sh")
        .args(["-c", "near-sandbox --version"])
        .env("PATH", format!("{}:{others}", folder.path().display()))
        .output()
        .unwrap();
    assert_eq!(launched.stdout, version(&PROGRAM).stdout, "{launched:?}");
}

#[test]
fn a_copy_of_the_launcher_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let copy = bin.join("near-sandbox");
    fs::copy(launcher(), &copy).unwrap();

    let output = version(&copy);

    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("a copy") && text.contains("symbolic link"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        1,
        "it left something"
    );
}

/// What a member asks of a dependency is a feature of the sandbox's too, so the launcher builds again when one changes.
#[test]
fn the_launcher_looks_at_the_manifest_of_every_member() {
    let launch = fs::read_to_string(launcher()).unwrap();
    let folders: Vec<Vec<&str>> = launch
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("\"$root\"/")?.strip_suffix("/Cargo.toml"))
        .map(|folder| folder.split('/').collect())
        .collect();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let (_, members) = manifest.split_once("\nmembers = [").unwrap();
    let (members, _) = members.split_once(']').unwrap();

    for member in members.split('"').skip(1).step_by(2) {
        let parts: Vec<&str> = member.split('/').collect();
        let has_it = |folder: &Vec<&str>| {
            let mut pairs = folder.iter().zip(&parts);
            folder.len() == parts.len() && pairs.all(|(part, of)| *part == "*" || part == of)
        };
        assert!(folders.iter().any(has_it), "{member}");
    }
}
