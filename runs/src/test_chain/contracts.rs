//! The contracts of the chapters and of the field studies, each from one of two sources: a build of what lies in the
//! tree now, or a folder in which a server of the pages has put them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::panic_any;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use manuscript::layout::Tree;
use manuscript::wasm::{Built, build_wasm};

/// The sources from which a contract is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The committed ones.
    Committed,
    /// The ones that a reader has edited, or else the committed ones.
    Edited,
}

/// A contract that a run needs, and that a server has not put into its folder. The run ends with it as the payload of
/// a panic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub String);

/// A folder of contracts: `committed/setup.wasm` and, if it was edited, `edited/setup.wasm`.
#[derive(Debug, Clone)]
pub struct Contracts {
    folder: PathBuf,
}

/// The contracts that a run on this thread takes instead of a build.
struct Supply {
    folders: Vec<PathBuf>,
    taken: BTreeSet<String>,
}

thread_local! {
    static SUPPLY: RefCell<Option<Supply>> = const { RefCell::new(None) };
}

/// Ends the supply, also when the run panics.
struct Supplied;

impl Drop for Supplied {
    fn drop(&mut self) {
        SUPPLY.with_borrow_mut(|supply| *supply = None);
    }
}

impl Contracts {
    /// Returns the contracts in a folder, which may still be empty.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Returns true if there is an edited contract of this chapter or study.
    pub fn is_edited(&self, name: &str) -> bool {
        let path = self.folder.join("edited").join(name);
        path.with_extension("wasm").is_file()
    }

    /// Lets a run take these contracts. Returns its result, and the names of the contracts that it took.
    ///
    /// # Panics
    /// The run panics. The payload is [`Missing`] if a contract is not there.
    pub fn supply<R>(&self, side: Side, run: impl FnOnce() -> R) -> (R, BTreeSet<String>) {
        let folders = match side {
            Side::Committed => vec!["committed"],
            Side::Edited => vec!["edited", "committed"],
        };
        let folders = folders.iter().map(|name| self.folder.join(name)).collect();
        let taken = BTreeSet::new();
        SUPPLY.with_borrow_mut(|supply| *supply = Some(Supply { folders, taken }));
        let _supplied = Supplied;
        let result = run();
        let supply = SUPPLY.with_borrow_mut(Option::take);
        (
            result,
            supply.map_or_else(BTreeSet::new, |supply| supply.taken),
        )
    }
}

impl Supply {
    fn take(&mut self, chapter: &str) -> Result<Vec<u8>, Missing> {
        self.taken.insert(chapter.to_owned());
        let paths = self.folders.iter().map(|folder| folder.join(chapter));
        let mut found = paths.filter_map(|path| std::fs::read(path.with_extension("wasm")).ok());
        found.next().ok_or_else(|| Missing(chapter.to_owned()))
    }
}

/// Returns the compiler of the contracts, in the format of `rustc --version`.
pub fn compiler() -> String {
    built("setup").1
}

/// Returns the contract of a chapter or a study: the one that was supplied, or else what the tree has now.
pub(super) fn contract(chapter: &str) -> Vec<u8> {
    let supplied = SUPPLY.with_borrow_mut(|supply| supply.as_mut().map(|it| it.take(chapter)));
    match supplied {
        Some(Ok(code)) => code,
        Some(Err(missing)) => panic_any(missing),
        None => built(chapter).0,
    }
}

/// Returns what the tree has now, and the version of its compiler. The first call builds it.
fn built(chapter: &str) -> (Vec<u8>, String) {
    static BUILT: Mutex<BTreeMap<String, Built>> = Mutex::new(BTreeMap::new());

    // A chapter that does not build fails every test that needs it, each with the reason.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let built = built.entry(chapter.to_owned()).or_insert_with(|| {
        build_wasm(&folder(chapter))
            .unwrap_or_else(|error| panic!("chapter {chapter}: {:#}", anyhow::Error::from(error)))
    });
    let [wasm] = &built.contracts[..] else {
        panic!("chapter {chapter} is not one contract");
    };
    (wasm.code.clone(), built.rustc.clone())
}

/// Returns the folder of a chapter or of a field study.
pub(super) fn folder(name: &str) -> PathBuf {
    Tree::at(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).chapter_or_study(name)
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    /// Writes contracts into a folder.
    fn contracts(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Contracts) {
        let folder = tempfile::tempdir().unwrap();
        for (path, code) in files {
            manuscript::files::write(&folder.path().join(path), code).unwrap();
        }
        let contracts = Contracts::new(folder.path());
        (folder, contracts)
    }

    #[test]
    fn a_run_takes_the_contract_of_its_side() {
        let files: [(&str, &[u8]); 2] = [
            ("committed/setup.wasm", b"committed"),
            ("edited/setup.wasm", b"edited"),
        ];
        let (_folder, contracts) = contracts(&files);

        for (side, code) in [(Side::Committed, "committed"), (Side::Edited, "edited")] {
            let (taken, names) = contracts.supply(side, || contract("setup"));
            assert_eq!(taken, code.as_bytes());
            assert_eq!(names, BTreeSet::from(["setup".to_owned()]));
        }
    }

    #[test]
    fn a_contract_that_was_not_edited_is_the_committed_one() {
        let (_folder, contracts) = contracts(&[("committed/batch.wasm", b"committed")]);

        let (code, _) = contracts.supply(Side::Edited, || contract("batch"));

        assert_eq!(code, b"committed");
    }

    #[test]
    fn a_run_without_its_contract_ends_with_the_name() {
        let (_folder, contracts) = contracts(&[]);

        let ended = catch_unwind(|| contracts.supply(Side::Committed, || contract("batch")));

        let payload = ended.unwrap_err().downcast::<Missing>();
        assert_eq!(*payload.unwrap(), Missing("batch".to_owned()));
    }

    #[test]
    fn a_run_that_panics_leaves_no_supply() {
        let (_folder, contracts) = contracts(&[]);

        let ended = catch_unwind(|| contracts.supply(Side::Committed, || panic!("it ends")));

        assert!(ended.is_err());
        assert!(SUPPLY.with_borrow(Option::is_none));
    }
}
