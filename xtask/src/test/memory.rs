//! The memory of the suites that passed: for each, a file in cargo's target folder with its fingerprint.
//!
//! The fingerprint is the SHA-256 over the compilers, the environment, the configuration of cargo, and the files of
//! the suite and of what it runs with. Where something of this cannot be known, nothing is remembered: the sandbox
//! is the user's own, the network is a public one, a file cannot be read. Chance is not in it, so a test gets other
//! random inputs only when it runs again.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use manuscript::compiler::Compiler;
use manuscript::files::{self, sha256};
use manuscript::layout::{self, Tree};
use manuscript::machine::Machine;
use manuscript::process;
use manuscript::templates::copy;

use super::environment::Environment;
use super::suite::{Kind, Suite};
use crate::browser::Browser;
use crate::sandbox::Sandbox;

/// The files with which every suite runs, besides the sandbox.
const RUN_WITH: [&str; 4] = [".cargo", "manuscript", "rust-toolchain.toml", "xtask"];

/// The memory of the suites that passed.
pub struct Memory<'a> {
    tree: &'a Tree,
    /// The facts that all suites have in common. Without them nothing is remembered.
    facts: Option<String>,
}

impl<'a> Memory<'a> {
    /// Returns the memory of a tree on this machine.
    pub fn here(tree: &'a Tree, environment: &Environment, compiler: &Compiler) -> Self {
        let is_known =
            Sandbox::here(tree) == Sandbox::Embedded && !environment.is_on_a_public_network();
        let facts = is_known.then(|| facts(tree, environment, compiler).ok());
        Self {
            tree,
            facts: facts.flatten(),
        }
    }

    /// Returns whether a suite passed as it is now.
    pub fn has(&self, suite: &Suite) -> bool {
        let remembered = fs::read_to_string(self.path(suite)).ok();
        remembered.is_some() && remembered == self.fingerprint(suite)
    }

    /// Runs a suite, remembers it if it passes and nothing has changed meanwhile, and returns whether it passed.
    pub fn record(&self, suite: &Suite, run: impl FnOnce() -> bool) -> Result<bool> {
        let before = self.fingerprint(suite);
        // A run that does not come to its end leaves nothing.
        files::remove(&self.path(suite))?;
        let passed = run();
        if let Some(before) = before.filter(|_| passed)
            && self.fingerprint(suite).as_ref() == Some(&before)
        {
            files::write(&self.path(suite), before)?;
        }
        Ok(passed)
    }

    /// Returns the fingerprint of a suite, if everything in it can be read.
    fn fingerprint(&self, suite: &Suite) -> Option<String> {
        let mut facts = self.facts.clone()?;
        writeln!(facts, "{suite:?}").ok()?;
        for path in self.paths(suite) {
            writeln!(facts, "{path:?} {:?}", files::fingerprints(&path).ok()?).ok()?;
        }
        if suite.kind == Kind::Browser {
            let machine = Machine::here(self.tree.root());
            let version = Browser::find(&machine).ok()?.version(&machine)?;
            writeln!(facts, "{version}").ok()?;
        }
        Some(sha256(facts))
    }

    /// Returns the files and folders of a suite and of what it runs with.
    fn paths(&self, suite: &Suite) -> Vec<PathBuf> {
        let tree = self.tree;
        let mut paths = match suite.kind {
            // They read the pages, the chapters and much else.
            Kind::Workspace | Kind::Browser | Kind::Node => return vec![tree.root().to_owned()],
            Kind::Copy => Vec::new(),
            Kind::Solutions => vec![tree.chapter_or_study(&layout::name(&suite.folder))],
        };
        paths.push(suite.folder.clone());
        paths.push(tree.sandbox_binary());
        paths.extend(RUN_WITH.map(|path| tree.root().join(path)));
        paths
    }

    fn path(&self, suite: &Suite) -> PathBuf {
        self.tree.target().join("passed").join(&suite.name)
    }
}

/// Returns the facts that all suites have in common.
fn facts(tree: &Tree, environment: &Environment, compiler: &Compiler) -> Result<String> {
    let mut facts = format!("{:?}\n", tree.root());
    // rustup can choose a toolchain for each folder, and the copies lie elsewhere.
    let elsewhere = std::env::temp_dir();
    for rustc in [
        &mut process::command("rustc", tree.root()),
        &mut process::command("rustc", &elsewhere),
        &mut compiler.rustc(&elsewhere),
    ] {
        facts += &process::run(rustc.arg("-vV"))?;
    }
    for (name, value) in environment.with_effect() {
        writeln!(facts, "{name:?}={value:?}")?;
    }
    for path in copy::configurations_around(tree) {
        writeln!(facts, "{path:?} {}", sha256(files::read(&path)?))?;
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::os::unix::fs::symlink;
    use std::panic::{self, AssertUnwindSafe};

    use tempfile::TempDir;

    use super::*;

    /// A small tree, and a suite in it.
    struct Fixture {
        _folder: TempDir,
        tree: Tree,
        suite: fn(&Tree) -> Suite,
        facts: Option<String>,
    }

    impl Fixture {
        fn of(suite: fn(&Tree) -> Suite) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let fixture = Self {
                tree: Tree::at(folder.path()),
                _folder: folder,
                suite,
                facts: Some("rustc 1.95".to_owned()),
            };
            for path in [SETUP, OVERLAY, PAGE, SANDBOX, COMMAND] {
                fixture.write(path, "before");
            }
            fixture
        }

        /// Returns the fixture with the suite passed and remembered.
        fn passed(suite: fn(&Tree) -> Suite) -> Self {
            let fixture = Self::of(suite);
            fixture.record(|| true);
            assert!(fixture.is_remembered());
            fixture
        }

        fn memory(&self) -> Memory<'_> {
            let (tree, facts) = (&self.tree, self.facts.clone());
            Memory { tree, facts }
        }

        fn record(&self, run: impl FnOnce() -> bool) {
            let suite = (self.suite)(&self.tree);
            self.memory().record(&suite, run).unwrap();
        }

        fn is_remembered(&self) -> bool {
            self.memory().has(&(self.suite)(&self.tree))
        }

        fn path(&self, path: &str) -> PathBuf {
            self.tree.root().join(path)
        }

        fn write(&self, path: &str, text: &str) {
            files::write(&self.path(path), text).unwrap();
        }
    }

    const SETUP: &str = "chapters/setup/src/lib.rs";
    const OVERLAY: &str = "tests/solutions/setup/src/lib.rs";
    const PAGE: &str = "src/one.md";
    const SANDBOX: &str = "target/debug/embedded-sandbox";
    const COMMAND: &str = "xtask/src/main.rs";

    fn workspace(tree: &Tree) -> Suite {
        Suite::new(Kind::Workspace, "workspace", tree.root())
    }

    fn chapter(tree: &Tree) -> Suite {
        Suite::new(Kind::Copy, "chapters/setup", &tree.chapter("setup"))
    }

    fn solutions(tree: &Tree) -> Suite {
        let overlay = tree.root().join("tests/solutions/setup");
        Suite::new(Kind::Solutions, "solutions/setup", &overlay)
    }

    #[test]
    fn a_suite_that_never_ran_is_not_remembered() {
        assert!(!Fixture::of(chapter).is_remembered());
    }

    #[test]
    fn a_suite_that_failed_is_not_remembered_even_if_it_passed_before() {
        let fixture = Fixture::passed(chapter);

        fixture.record(|| false);

        assert!(!fixture.is_remembered());
    }

    #[test]
    fn a_run_that_does_not_come_to_its_end_leaves_nothing() {
        let fixture = Fixture::passed(chapter);

        let ended = panic::catch_unwind(AssertUnwindSafe(|| fixture.record(|| panic!("killed"))));

        assert!(ended.is_err() && !fixture.is_remembered());
    }

    #[test]
    fn a_suite_that_changed_during_its_run_is_not_remembered() {
        let fixture = Fixture::of(chapter);
        fixture.record(|| {
            fixture.write(SETUP, "after");
            true
        });

        fixture.write(SETUP, "before");

        assert!(!fixture.is_remembered());
    }

    #[test]
    fn nothing_is_remembered_if_not_everything_is_known() {
        let mut fixture = Fixture::of(chapter);
        fixture.facts = None;

        fixture.record(|| true);

        assert!(!fixture.path("target/passed").exists());
    }

    #[test]
    fn a_suite_is_forgotten_when_a_file_of_it_changes_or_is_new() {
        for (suite, path) in [
            (workspace as fn(&Tree) -> Suite, PAGE),
            (workspace, "chapters/setup/src/new.rs"),
            (chapter, SETUP),
            (chapter, "chapters/setup/src/new.rs"),
            (chapter, SANDBOX),
            (chapter, COMMAND),
            (chapter, "target/passed/chapters/setup"),
            (solutions, SETUP),
            (solutions, OVERLAY),
        ] {
            let fixture = Fixture::passed(suite);

            fixture.write(path, "after");

            assert!(!fixture.is_remembered(), "{path}");
        }
    }

    #[test]
    fn a_suite_is_forgotten_when_a_file_of_it_is_renamed_or_removed_or_cannot_be_read() {
        let changes: [fn(&Fixture) -> io::Result<()>; 3] = [
            |fixture| {
                fs::rename(
                    fixture.path(SETUP),
                    fixture.path("chapters/setup/src/main.rs"),
                )
            },
            |fixture| fs::remove_file(fixture.path(SETUP)),
            |fixture| symlink("nowhere", fixture.path("chapters/setup/link")),
        ];
        for change in changes {
            let fixture = Fixture::passed(chapter);

            change(&fixture).unwrap();

            assert!(!fixture.is_remembered());
        }
    }

    #[test]
    fn a_suite_is_remembered_when_anything_else_changes() {
        for (suite, path) in [
            (workspace as fn(&Tree) -> Suite, "target/debug/xtask"),
            (workspace, "chapters/setup/target/debug/setup.wasm"),
            (workspace, ".git/index"),
            (chapter, PAGE),
            (chapter, "chapters/batch/src/lib.rs"),
        ] {
            let fixture = Fixture::passed(suite);

            fixture.write(path, "after");

            assert!(fixture.is_remembered(), "{path}");
        }
    }

    #[test]
    fn a_suite_is_forgotten_with_another_compiler_environment_or_arguments() {
        let mut fixture = Fixture::passed(chapter);
        let mut part = chapter(&fixture.tree);
        part.arguments.push("--lib".to_owned());
        assert!(!fixture.memory().has(&part));

        fixture.facts = Some("rustc 1.96".to_owned());

        assert!(!fixture.is_remembered());
    }

    #[test]
    fn the_compilers_and_the_environment_are_facts() {
        let fixture = Fixture::of(chapter);

        let facts = facts(&fixture.tree, &Environment::here(), &Compiler::Active).unwrap();

        assert!(
            facts.contains("rustc ") && facts.contains("\"PATH\"="),
            "{facts}"
        );
    }
}
