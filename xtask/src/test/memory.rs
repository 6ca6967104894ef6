//! The memory of the suites that passed: for each, a file in cargo's target folder with its fingerprint.
//!
//! The fingerprint is the SHA-256 over the compilers, the environment, the configuration of cargo, and the files of
//! the suite and of what it runs with. Where something of this cannot be known, nothing is remembered: the sandbox
//! is the user's own, the network is a public one, a file cannot be read. Chance is not in it, so a test gets other
//! random inputs only when it runs again.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use manuscript::compiler::Compiler;
use manuscript::files::{self, sha256};
use manuscript::layout::{self, Tree};
use manuscript::machine::Machine;
use manuscript::process;
use manuscript::templates::copy;
use tempfile::NamedTempFile;
use walkdir::WalkDir;

use super::environment::Environment;
use super::suite::{Kind, Suite};
use crate::browser::Browser;
use crate::sandbox::Sandbox;

/// The files with which every suite runs, besides the sandbox.
const RUN_WITH: [&str; 4] = [".cargo", "manuscript", "rust-toolchain.toml", "xtask"];

/// The folders of version control.
const VERSION_CONTROL: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

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
            self.write(suite, &before)
                .context("the result cannot be remembered")?;
        }
        Ok(passed)
    }

    /// Returns the fingerprint of a suite, if everything in it can be read.
    fn fingerprint(&self, suite: &Suite) -> Option<String> {
        let mut facts = self.facts.clone()?;
        writeln!(facts, "{suite:?}").ok()?;
        for path in self.paths(suite) {
            self.add_files(&mut facts, &path).ok()?;
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
            Kind::Workspace | Kind::Browser => return vec![tree.root().to_owned()],
            Kind::Copy => Vec::new(),
            Kind::Solutions => vec![tree.chapter(&layout::name(&suite.folder))],
        };
        paths.push(suite.folder.clone());
        paths.push(tree.sandbox_binary());
        paths.extend(RUN_WITH.map(|path| tree.root().join(path)));
        paths
    }

    /// Adds every file and folder at a path and below it. It follows symbolic links.
    fn add_files(&self, facts: &mut String, path: &Path) -> Result<()> {
        let is_left_out = |path: &Path| {
            let is_built =
                path == self.tree.target() || (path.ends_with("target") && path.is_dir());
            is_built || VERSION_CONTROL.iter().any(|folder| path.ends_with(folder))
        };
        let entries = WalkDir::new(path).follow_links(true).sort_by_file_name();
        let entries = entries.into_iter();
        for entry in entries.filter_entry(|entry| entry.depth() == 0 || !is_left_out(entry.path()))
        {
            let entry = match entry {
                // A tree need not have all that suites run with.
                Err(_) if !path.exists() => return Ok(()),
                entry => entry?,
            };
            let content = match entry.file_type().is_file() {
                true => sha256(files::read(entry.path())?),
                false => "a folder".to_owned(),
            };
            writeln!(facts, "{:?} {content}", self.tree.relative(entry.path()))?;
        }
        Ok(())
    }

    /// Writes the file of a suite whole or not at all.
    fn write(&self, suite: &Suite, fingerprint: &str) -> Result<()> {
        let path = self.path(suite);
        let folder = path.parent().unwrap_or(self.tree.target());
        fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(fingerprint.as_bytes())?;
        file.persist(&path)?;
        Ok(())
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
    use super::*;
    use std::os::unix::fs::symlink;
    use std::panic::{self, AssertUnwindSafe};
    use tempfile::TempDir;

    /// A small tree, and a suite in it.
    struct Fixture {
        folder: TempDir,
        tree: Tree,
        suite: fn(&Tree) -> Suite,
        facts: Option<String>,
    }

    impl Fixture {
        fn of(suite: fn(&Tree) -> Suite) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for path in [
                "chapters/batch/src/lib.rs",
                "chapters/setup/src/lib.rs",
                "src/one.md",
                "target/debug/embedded-sandbox",
                "tests/solutions/setup/src/lib.rs",
                "xtask/src/main.rs",
            ] {
                files::write(&folder.path().join(path), "before").unwrap();
            }
            Self {
                tree: Tree::at(folder.path()),
                folder,
                suite,
                facts: Some("rustc 1.95".to_owned()),
            }
        }

        /// Returns the fixture with the suite passed and remembered.
        fn passed(suite: fn(&Tree) -> Suite) -> Self {
            let fixture = Self::of(suite);
            fixture.record(|| true);
            assert!(fixture.is_remembered());
            fixture
        }

        fn memory(&self) -> Memory<'_> {
            Memory {
                tree: &self.tree,
                facts: self.facts.clone(),
            }
        }

        fn record(&self, run: impl FnOnce() -> bool) {
            let suite = (self.suite)(&self.tree);
            self.memory().record(&suite, run).unwrap();
        }

        fn is_remembered(&self) -> bool {
            self.memory().has(&(self.suite)(&self.tree))
        }

        fn path(&self, path: &str) -> PathBuf {
            self.folder.path().join(path)
        }

        fn write(&self, path: &str) {
            files::write(&self.path(path), "after").unwrap();
        }
    }

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
    fn a_suite_that_passed_is_remembered() {
        assert!(Fixture::passed(workspace).is_remembered());
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
            fixture.write("chapters/setup/src/lib.rs");
            true
        });

        files::write(&fixture.path("chapters/setup/src/lib.rs"), "before").unwrap();

        assert!(!fixture.is_remembered());
    }

    #[test]
    fn nothing_is_remembered_if_not_everything_is_known() {
        let mut fixture = Fixture::of(chapter);
        fixture.facts = None;

        fixture.record(|| true);

        assert!(!fixture.path("target/passed/chapters/setup").exists());
    }

    #[test]
    fn half_a_file_is_not_a_memory() {
        let fixture = Fixture::passed(chapter);
        let path = fixture.path("target/passed/chapters/setup");
        let text = files::read_text(&path).unwrap();

        files::write(&path, &text[..text.len() / 2]).unwrap();

        assert!(!fixture.is_remembered());
    }

    #[test]
    fn beside_the_file_of_a_suite_nothing_is_left() {
        let fixture = Fixture::passed(chapter);

        let files = files::written(&fixture.path("target/passed")).unwrap();
        assert_eq!(files, [fixture.path("target/passed/chapters/setup")]);
    }

    #[test]
    fn a_suite_is_forgotten_when_a_file_of_it_changes() {
        for (suite, path) in [
            (workspace as fn(&Tree) -> Suite, "src/one.md"),
            (workspace, "chapters/setup/src/new.rs"),
            (chapter, "chapters/setup/src/lib.rs"),
            (chapter, "chapters/setup/src/new.rs"),
            (chapter, "target/debug/embedded-sandbox"),
            (chapter, "xtask/src/main.rs"),
            (solutions, "chapters/setup/src/lib.rs"),
            (solutions, "tests/solutions/setup/src/lib.rs"),
        ] {
            let fixture = Fixture::passed(suite);

            fixture.write(path);

            assert!(!fixture.is_remembered(), "{path}");
        }
    }

    #[test]
    fn a_suite_is_forgotten_when_a_file_is_renamed_or_removed_or_a_folder_is_new() {
        let changes: [fn(&Fixture); 3] = [
            |fixture| {
                fs::rename(
                    fixture.path("chapters/setup/src/lib.rs"),
                    fixture.path("chapters/setup/src/main.rs"),
                )
                .unwrap()
            },
            |fixture| fs::remove_file(fixture.path("chapters/setup/src/lib.rs")).unwrap(),
            |fixture| fs::create_dir(fixture.path("chapters/setup/examples")).unwrap(),
        ];
        for change in changes {
            let fixture = Fixture::passed(chapter);

            change(&fixture);

            assert!(!fixture.is_remembered());
        }
    }

    #[test]
    fn a_suite_is_remembered_when_a_file_that_is_not_part_of_it_changes() {
        for (suite, path) in [
            (workspace as fn(&Tree) -> Suite, "target/debug/xtask"),
            (workspace, "chapters/setup/target/debug/setup.wasm"),
            (workspace, ".git/index"),
            (chapter, "src/one.md"),
            (chapter, "chapters/batch/src/lib.rs"),
        ] {
            let fixture = Fixture::passed(suite);

            fixture.write(path);

            assert!(fixture.is_remembered(), "{path}");
        }
    }

    #[test]
    fn a_suite_is_remembered_when_a_file_is_written_again_with_the_same_content() {
        let fixture = Fixture::passed(chapter);

        files::write(&fixture.path("chapters/setup/src/lib.rs"), "before").unwrap();

        assert!(fixture.is_remembered());
    }

    #[test]
    fn a_suite_is_forgotten_with_another_compiler_or_another_environment() {
        let mut fixture = Fixture::passed(chapter);

        fixture.facts = Some("rustc 1.96".to_owned());

        assert!(!fixture.is_remembered());
    }

    #[test]
    fn a_suite_is_forgotten_when_a_file_cannot_be_read() {
        let fixture = Fixture::passed(chapter);

        symlink("nowhere", fixture.path("chapters/setup/src/link.rs")).unwrap();

        assert!(!fixture.is_remembered());
    }

    #[test]
    fn other_arguments_make_another_fingerprint() {
        let fixture = Fixture::of(chapter);
        let mut part = chapter(&fixture.tree);
        part.arguments.push("--lib".to_owned());

        let whole = fixture.memory().fingerprint(&chapter(&fixture.tree));

        assert_ne!(fixture.memory().fingerprint(&part), whole);
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
