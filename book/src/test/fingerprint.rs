//! All that can make a suite come out otherwise, as one number.
//!
//! What cannot be known has no number: the other end of a network, or a file that cannot be read. Chance is
//! not in it either, so the random inputs of a test are others only when it runs again.

use super::{Kind, Suite, browser};
use crate::child;
use crate::files::{self, FileError, sha256};
use crate::sandbox_binary::{self, Sandbox};
use crate::starter;
use crate::step::Step;
use crate::toolchain::Toolchain;
use crate::tree::{self, Tree};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// What every suite is run with: the command that runs it, the chain, and what cargo reads to build both.
const RUN_WITH: [&str; 7] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "book",
    "chain",
    "rust-toolchain.toml",
    "sandbox",
];

/// In what the members of the workspace lie, each in a folder of its own. `sandbox/launch` has these too.
const FOLDERS_OF_MEMBERS: [&str; 4] = ["", "contract", "tests", "tests/clients/contracts"];

/// What version control keeps for itself.
const VERSION_CONTROL: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// How the names of the variables begin by which the compilers, cargo, the tests or the chain go.
const VARIABLES: [&str; 31] = [
    "AR",
    "BLESS",
    "CARGO",
    "CC",
    "CFLAGS",
    "CI",
    "CPATH",
    "CXX",
    "C_INCLUDE_PATH",
    "DYLD_",
    "FUZZ_",
    "HOME",
    "HOST_",
    "LANG",
    "LC_",
    "LD",
    "LIBRARY_PATH",
    "MDBOOK_",
    "NEAR_",
    "NO_COLOR",
    "OPENSSL_",
    "PATH",
    "PKG_CONFIG",
    "PROPTEST_",
    "RUST",
    "SKEPTIC_",
    "TARGET_",
    "TMPDIR",
    "UPDATE_",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
];

/// The variable that lets a chapter's tests run on another network than the sandbox.
const NETWORK: &str = "NEAR_NETWORK";

type Facts = BTreeMap<String, String>;

/// SHA-256 over all facts. It is the same only when all of them are.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint(String);

/// What every suite depends on besides the tree: the compiler, the environment, and how the reader has
/// configured cargo.
#[derive(Debug)]
pub struct Surroundings {
    facts: Facts,
}

impl Surroundings {
    /// Those of this process, if all of them can be known.
    pub fn here(tree: &Tree, toolchain: &Toolchain) -> Option<Self> {
        let environment: Vec<_> = env::vars_os().collect();
        let is_embedded = sandbox_binary::chosen(tree) == Sandbox::Embedded;
        if !is_embedded || reaches_out(&environment) {
            return None;
        }
        let mut facts = variables(environment);
        // rustup may choose for each folder, and the copies of the chapters lie elsewhere.
        let elsewhere = env::temp_dir();
        for (toolchain, folder) in [
            (&Toolchain::Active, tree.root()),
            (&Toolchain::Active, &elsewhere),
            (toolchain, &elsewhere),
        ] {
            for (program, argument) in [("rustc", "-vV"), ("cargo", "-V")] {
                let mut command = toolchain.command(program, folder);
                let version = child::run(command.arg(argument), &Step::silent()).ok()?;
                facts.insert(format!("{program} of {toolchain:?} in {folder:?}"), version);
            }
        }
        for path in starter::configurations_around(tree) {
            let content = files::read(&path).ok()?;
            facts.insert(format!("configuration {}", path.display()), sha256(content));
        }
        Some(Self { facts })
    }

    /// Those of which a test knows nothing.
    #[cfg(test)]
    pub fn none() -> Self {
        let facts = Facts::new();
        Self { facts }
    }

    /// The fingerprint of a suite as the tree is now, if all of it can be read.
    pub fn fingerprint(&self, tree: &Tree, suite: &Suite) -> Option<Fingerprint> {
        let mut facts = self.facts.clone();
        facts.insert("tree".to_owned(), tree.root().display().to_string());
        facts.insert("suite".to_owned(), format!("{suite:?}"));
        facts.extend(contents(tree, suite).ok()?);
        if suite.name == browser::NAME {
            facts.insert("browser".to_owned(), browser::version(tree)?);
        }
        Some(Fingerprint(sha256(format!("{facts:?}"))))
    }
}

/// Whether tests reach out to a chain that others change.
fn reaches_out(environment: &[(OsString, OsString)]) -> bool {
    let is_other = |(name, value): &(OsString, OsString)| name == NETWORK && value != "sandbox";
    environment.iter().any(is_other)
}

fn variables(environment: impl IntoIterator<Item = (OsString, OsString)>) -> Facts {
    environment
        .into_iter()
        .filter(|(name, _)| is_a_fact(name))
        .map(|(name, value)| (format!("variable {name:?}"), format!("{value:?}")))
        .collect()
}

/// Whether the value of a variable can change what comes of a run.
fn is_a_fact(name: &OsStr) -> bool {
    let text = name.to_string_lossy();
    let is_known = VARIABLES.iter().any(|start| text.starts_with(start));
    is_known && !child::is_of_the_outer_cargo(name)
}

/// What lies where a suite reads, and the chain that it runs on.
fn contents(tree: &Tree, suite: &Suite) -> Result<Facts, FileError> {
    let mut facts = Facts::new();
    for part in parts(tree, suite)? {
        for (path, content) in files::inventory(&part, |path| is_left_out(tree, path))? {
            let content = content.unwrap_or_else(|| "a folder".to_owned());
            facts.insert(format!("path {:?}", tree.relative(&path)), content);
        }
    }
    // The workspace builds its own.
    let chain = tree.sandbox_binary();
    if suite.folder != tree.root() && chain.exists() {
        facts.insert("chain".to_owned(), sha256(files::read(&chain)?));
    }
    Ok(facts)
}

/// What a suite is made of and reads. Where that is hard to tell, more.
fn parts(tree: &Tree, suite: &Suite) -> Result<Vec<PathBuf>, FileError> {
    let outside = match suite.kind {
        Kind::Starter => Vec::new(),
        Kind::Solutions => vec![tree.chapter(&tree::name(&suite.folder))],
        Kind::Workspace => return Ok(vec![tree.root().to_owned()]),
    };
    let mut parts = in_tree(tree, &RUN_WITH);
    // The features that one member asks for are those that the chain is built with.
    for folder in FOLDERS_OF_MEMBERS {
        let members = files::folders(&tree.root().join(folder))?.into_iter();
        parts.extend(members.map(|member| member.join("Cargo.toml")));
    }
    parts.push(suite.folder.clone());
    parts.extend(outside);
    Ok(parts)
}

fn in_tree(tree: &Tree, paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(|path| tree.root().join(path)).collect()
}

/// What cargo built, and what version control keeps for itself.
fn is_left_out(tree: &Tree, path: &Path) -> bool {
    let is_built = path == tree.target() || (path.ends_with("target") && path.is_dir());
    is_built || VERSION_CONTROL.iter().any(|kept| path.ends_with(kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;
    use tempfile::TempDir;

    /// A small tree, and a suite of it whose fingerprint was taken.
    struct Taken {
        tree: Tree,
        folder: TempDir,
        suite: fn(&Tree) -> Suite,
        before: Option<Fingerprint>,
    }

    impl Taken {
        fn of(suite: fn(&Tree) -> Suite) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let tree = Tree::at(folder.path());
            for path in [
                "book.toml",
                "book/src/lib.rs",
                "chain/src/lib.rs",
                "chapters/batch/src/lib.rs",
                "chapters/setup/src/lib.rs",
                "contract/hello/src/lib.rs",
                "sandbox/src/lib.rs",
                "src/figures/a.txt",
                "src/one.md",
                "contract/hello/Cargo.toml",
                "tests/Cargo.toml",
                "tests/clients/Cargo.toml",
                "tests/solutions/setup/src/lib.rs",
            ] {
                files::write(&folder.path().join(path), "before").unwrap();
            }
            let before = surroundings("rustc 1.95").fingerprint(&tree, &suite(&tree));
            assert!(before.is_some());
            Self {
                tree,
                folder,
                suite,
                before,
            }
        }

        fn path(&self, path: &str) -> PathBuf {
            self.folder.path().join(path)
        }

        fn write(&self, path: &str) {
            files::write(&self.path(path), "after").unwrap();
        }

        fn now(&self) -> Option<Fingerprint> {
            self.now_with(&surroundings("rustc 1.95"), &(self.suite)(&self.tree))
        }

        fn now_with(&self, surroundings: &Surroundings, suite: &Suite) -> Option<Fingerprint> {
            surroundings.fingerprint(&self.tree, suite)
        }

        #[track_caller]
        fn is_another(&self) {
            assert_ne!(self.now(), self.before);
        }

        #[track_caller]
        fn is_the_same(&self) {
            assert_eq!(self.now(), self.before);
        }
    }

    fn surroundings(compiler: &str) -> Surroundings {
        Surroundings {
            facts: Facts::from([("rustc".to_owned(), compiler.to_owned())]),
        }
    }

    fn suite(kind: Kind, folder: &Path) -> Suite {
        Suite::new(kind, "suite".to_owned(), folder)
    }

    fn workspace(tree: &Tree) -> Suite {
        suite(Kind::Workspace, tree.root())
    }

    fn chapter(tree: &Tree) -> Suite {
        suite(Kind::Starter, &tree.chapter("setup"))
    }

    fn solutions(tree: &Tree) -> Suite {
        suite(Kind::Solutions, &tree.root().join("tests/solutions/setup"))
    }

    #[test]
    fn a_suite_of_which_nothing_has_changed_is_the_same() {
        Taken::of(workspace).is_the_same();
    }

    #[test]
    fn a_file_that_has_changed_makes_it_another() {
        let taken = Taken::of(chapter);
        taken.write("chapters/setup/src/lib.rs");

        taken.is_another();
    }

    #[test]
    fn a_new_file_makes_it_another() {
        let taken = Taken::of(chapter);
        taken.write("chapters/setup/src/other.rs");

        taken.is_another();
    }

    #[test]
    fn a_file_that_is_gone_makes_it_another() {
        let taken = Taken::of(chapter);
        fs::remove_file(taken.path("chapters/setup/src/lib.rs")).unwrap();

        taken.is_another();
    }

    #[test]
    fn a_file_under_another_name_makes_it_another() {
        let taken = Taken::of(chapter);
        let name = |name| taken.path("chapters/setup/src").join(name);
        fs::rename(name("lib.rs"), name("main.rs")).unwrap();

        taken.is_another();
    }

    #[test]
    fn a_new_folder_makes_it_another() {
        let taken = Taken::of(workspace);
        fs::create_dir(taken.path("chapters/parallel")).unwrap();

        taken.is_another();
    }

    #[test]
    fn a_file_that_is_written_again_as_it_was_changes_nothing() {
        let taken = Taken::of(chapter);
        files::write(&taken.path("chapters/setup/src/lib.rs"), "before").unwrap();

        taken.is_the_same();
    }

    #[test]
    fn another_compiler_makes_it_another() {
        let taken = Taken::of(chapter);

        let now = taken.now_with(&surroundings("rustc 1.96"), &chapter(&taken.tree));

        assert_ne!(now, taken.before);
    }

    #[test]
    fn other_arguments_make_it_another() {
        let taken = Taken::of(chapter);
        let mut suite = chapter(&taken.tree);
        suite.arguments.push("--lib".to_owned());

        let now = taken.now_with(&surroundings("rustc 1.95"), &suite);

        assert_ne!(now, taken.before);
    }

    #[test]
    fn another_chain_makes_it_another() {
        let taken = Taken::of(chapter);
        files::write(&taken.tree.sandbox_binary(), "a chain").unwrap();

        taken.is_another();
    }

    #[test]
    fn what_cargo_has_built_changes_nothing() {
        let taken = Taken::of(workspace);
        taken.write("target/debug/book");
        taken.write("chapters/setup/target/debug/setup.wasm");

        taken.is_the_same();
    }

    #[test]
    fn what_version_control_keeps_changes_nothing() {
        let taken = Taken::of(workspace);
        taken.write(".git/index");

        taken.is_the_same();
    }

    #[test]
    fn another_way_to_run_suites_makes_each_another() {
        for suite in [chapter, solutions] {
            let taken = Taken::of(suite);
            taken.write("book/src/lib.rs");

            taken.is_another();
        }
    }

    #[test]
    fn the_sources_of_the_chain_make_each_another() {
        for suite in [chapter, solutions] {
            let taken = Taken::of(suite);
            taken.write("chain/src/lib.rs");

            taken.is_another();
        }
    }

    #[test]
    fn the_manifest_of_a_member_makes_each_another() {
        for manifest in ["tests", "tests/clients", "contract/hello"]
            .map(|member| format!("{member}/Cargo.toml"))
        {
            for suite in [chapter, solutions] {
                let taken = Taken::of(suite);
                taken.write(&manifest);

                taken.is_another();
            }
        }
    }

    #[test]
    fn every_member_of_the_workspace_lies_in_one_of_these_folders() {
        let tree = Tree::here();
        let manifest: toml::Table = files::read_text(&tree.root().join("Cargo.toml"))
            .unwrap()
            .parse()
            .unwrap();
        let members = manifest["workspace"]["members"].as_array().unwrap();

        for member in members.iter().filter_map(toml::Value::as_str) {
            let folder = member.rsplit_once('/').map_or("", |(folder, _)| folder);
            assert!(FOLDERS_OF_MEMBERS.contains(&folder), "{member}");
        }
    }

    #[test]
    fn the_workspace_has_every_file_of_the_tree() {
        let taken = Taken::of(workspace);
        taken.write("src/one.md");

        taken.is_another();
    }

    #[test]
    fn a_page_is_no_part_of_a_chapter() {
        let taken = Taken::of(chapter);
        taken.write("src/one.md");

        taken.is_the_same();
    }

    #[test]
    fn another_chapter_is_no_part_of_a_chapter() {
        let taken = Taken::of(chapter);
        taken.write("chapters/batch/src/lib.rs");

        taken.is_the_same();
    }

    #[test]
    fn a_chapter_is_a_part_of_its_solutions() {
        let taken = Taken::of(solutions);
        taken.write("chapters/setup/src/lib.rs");

        taken.is_another();
    }

    #[test]
    fn solutions_are_their_own_folder_too() {
        let taken = Taken::of(solutions);
        taken.write("tests/solutions/setup/src/lib.rs");

        taken.is_another();
    }

    #[test]
    fn what_cannot_be_read_has_no_fingerprint() {
        let taken = Taken::of(chapter);
        symlink("nowhere", taken.path("chapters/setup/src/link.rs")).unwrap();

        assert_eq!(taken.now(), None);
    }

    fn environment(name: &str, value: &str) -> Vec<(OsString, OsString)> {
        vec![(name.into(), value.into())]
    }

    #[test]
    fn another_value_of_a_variable_is_another_fact() {
        let few = variables(environment("FUZZ_REQUESTS", "16000"));
        let many = variables(environment("FUZZ_REQUESTS", "100000"));

        assert_ne!(few, many);
    }

    #[test]
    fn what_an_outer_cargo_sets_is_no_fact() {
        let facts = variables(environment("CARGO_PKG_NAME", "book"));

        assert_eq!(facts, Facts::new());
    }

    #[test]
    fn tests_on_testnet_reach_out() {
        assert!(reaches_out(&environment(NETWORK, "testnet")));
    }

    #[test]
    fn tests_on_the_sandbox_do_not_reach_out() {
        assert!(!reaches_out(&environment(NETWORK, "sandbox")));
    }

    /// The names of the variables that a source reads.
    fn read_in(source: &str) -> impl Iterator<Item = &str> {
        let reads = source.split("env::var").skip(1);
        reads.filter_map(|read| {
            let read = read.strip_prefix("_os").unwrap_or(read);
            let (name, _) = read.strip_prefix("(\"")?.split_once('"')?;
            Some(name)
        })
    }

    #[test]
    fn every_variable_that_a_source_reads_is_a_fact() {
        let tree = Tree::here();
        let sources = files::written(tree.root()).unwrap();
        let is_source = |path: &&PathBuf| path.extension().is_some_and(|kind| kind == "rs");
        for path in sources.iter().filter(is_source) {
            let source = files::read_text(path).unwrap();
            let unknown = |name: &&str| {
                let name = OsStr::new(name);
                !is_a_fact(name) && !child::is_of_the_outer_cargo(name)
            };
            let unknown: Vec<_> = read_in(&source).filter(unknown).collect();
            assert!(unknown.is_empty(), "{}: {unknown:?}", path.display());
        }
    }
}
