//! Compiled contracts on disk: whatever happens to a file, calls go on, and the file is replaced.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chain::testing::genesis;
use chain::{Chain, Clock, Vm};
use near_primitives::types::Gas;
use near_primitives::views::FinalExecutionStatus;
use proptest::prelude::*;
use proptest::sample::Index;
use tempfile::TempDir;

use crate::test_chain::*;

const YIELDS: &[u8] = include_bytes!("../fixtures/yields.wasm");
/// Bytes that are no contract.
const BROKEN: &[u8] = b"no contract";

/// A folder with the compiled contracts of a chain that has called them all.
struct Compiled {
    folder: TempDir,
    /// The files of `greet.wasm`, `yields.wasm` and the broken contract.
    contracts: [PathBuf; 3],
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut known = Vec::new();
    let contracts = [GREET, YIELDS, BROKEN].map(|code| {
        call_in(folder.path(), code);
        let new: Vec<_> = files(&folder.path().join("contracts"))
            .into_iter()
            .filter(|file| !known.contains(file))
            .collect();
        let [file] = new.as_slice() else {
            panic!("one file for a contract, not {new:?}")
        };
        known.push(file.clone());
        PathBuf::from(file.file_name().unwrap())
    });
    Compiled { folder, contracts }
});

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Returns a copy of the folder.
fn copy() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for part in ["contracts", "checksums"] {
        fs::create_dir(copy.path().join(part)).unwrap();
        for file in files(&COMPILED.folder.path().join(part)) {
            let name = file.file_name().unwrap();
            fs::copy(&file, copy.path().join(part).join(name)).unwrap();
        }
    }
    copy
}

/// Deploys `code` and calls `greet` on a new chain and a new machine, which has loaded nothing yet.
fn call_in(folder: &Path, code: &[u8]) -> FinalExecutionStatus {
    let id = account("alice.near");
    let vm = Vm::new(Some(folder)).unwrap();
    let mut chain = Chain::new(genesis([(&id, near(100))]), Clock::Manual, vm).unwrap();
    deploy(&mut chain, "alice.near", code);
    let greet = call("greet", [], Gas::from_teragas(10), near(0));
    let hash = run(&mut chain, "alice.near", "alice.near", vec![greet]);
    chain::views::final_outcome(&chain, &hash).unwrap().status
}

#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Truncate(Index),
    Extend(Vec<u8>),
    Overwrite(Index, Vec<u8>),
    OtherContract,
    Remove,
}

fn damages() -> impl Strategy<Value = Damage> {
    let bytes = || prop::collection::vec(any::<u8>(), 1..100);
    prop_oneof![
        4 => (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        2 => any::<Index>().prop_map(Damage::Truncate),
        1 => bytes().prop_map(Damage::Extend),
        2 => (any::<Index>(), bytes()).prop_map(|(at, bytes)| Damage::Overwrite(at, bytes)),
        1 => Just(Damage::OtherContract),
        1 => Just(Damage::Remove),
    ]
}

fn damage(path: &Path, other: &Path, damage: &Damage) {
    let mut content = fs::read(path).unwrap();
    match damage {
        Damage::Flip(at, bit) => {
            let at = at.index(content.len());
            content[at] ^= 1 << bit;
        }
        Damage::Truncate(at) => content.truncate(at.index(content.len())),
        Damage::Extend(bytes) => content.extend(bytes),
        Damage::Overwrite(at, bytes) => {
            let at = at.index(content.len());
            content.splice(at.., bytes.iter().copied());
        }
        Damage::OtherContract => content = fs::read(other).unwrap(),
        Damage::Remove => return fs::remove_file(path).unwrap(),
    }
    fs::write(path, content).unwrap();
}

proptest! {
    #[test]
    fn a_damaged_contract_is_compiled_again(
        part in prop::sample::select(vec!["contracts", "checksums"]),
        how in damages(),
    ) {
        let folder = copy();
        let path = |index: usize| folder.path().join(part).join(&COMPILED.contracts[index]);
        let whole = fs::read(path(0)).unwrap();
        damage(&path(0), &path(1), &how);

        let status = call_in(folder.path(), GREET);

        prop_assert_eq!(status, there());
        prop_assert!(fs::read(path(0)).unwrap() == whole, "the file is still damaged");
    }

    #[test]
    fn a_damaged_compilation_error_is_found_again(how in damages()) {
        let folder = copy();
        let path = |index: usize| folder.path().join("contracts").join(&COMPILED.contracts[index]);
        let (whole, before) = (fs::read(path(2)).unwrap(), call_in(folder.path(), BROKEN));
        damage(&path(2), &path(1), &how);

        prop_assert_eq!(call_in(folder.path(), BROKEN), before);
        prop_assert!(fs::read(path(2)).unwrap() == whole, "the file is still damaged");
    }
}

#[test]
fn an_undamaged_contract_is_not_compiled_again() {
    let folder = copy();
    let file = folder.path().join("contracts").join(&COMPILED.contracts[0]);
    let written = |file: &Path| fs::metadata(file).unwrap().modified().unwrap();
    let before = written(&file);

    call_in(folder.path(), GREET);

    assert_eq!(written(&file), before);
}

#[test]
fn calls_go_on_when_the_folder_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let id = account("alice.near");
    let vm = Vm::new(Some(folder.path())).unwrap();
    let mut chain = Chain::new(genesis([(&id, near(100))]), Clock::Manual, vm).unwrap();
    drop(folder);
    deploy(&mut chain, ALICE, GREET);
    assert_eq!(greet(&mut chain, ALICE), there());
}
