//! Runs the suites: the workspace with the contracts and the sandbox, the built book in a browser, each chapter and
//! starter, and the solutions of the exercises.
//!
//! A chapter is tested as a reader has it, in a copy outside of the tree, and so are its solutions, laid over
//! another copy. Two of these run at once. A suite that has not changed since it passed is not run again. At the end
//! comes a summary, with the command that runs a failed suite again.
//!
//! The clients for Node.js are tested only when their suite is named: their packages come from npm.

pub mod environment;
mod left_out;
mod memory;
mod node;
mod run;
mod suite;
mod summary;

use anyhow::{Result, bail};
use environment::Environment;
use manuscript::layout::Tree;
use memory::Memory;
use run::Run;
use suite::Suite;
use summary::Summary;

use crate::setup;

/// The suites that are asked for.
#[derive(Debug)]
pub enum Scope {
    /// All that have changed since they passed.
    Changed,
    /// All.
    Everything,
    /// One, or a part of one, even if it has not changed.
    Part(Part),
}

/// A suite, or a part of it.
#[derive(Debug)]
pub struct Part {
    /// The name of the suite.
    pub suite: String,
    /// The arguments of the suite's command, instead of those that the suite has.
    pub arguments: Vec<String>,
}

/// Sets up, runs the suites, and returns whether all passed.
pub fn run(tree: &Tree, scope: Scope) -> Result<bool> {
    let skips_unchanged = matches!(scope, Scope::Changed);
    let is_everything = !matches!(scope, Scope::Part(_));
    let is_partial = matches!(&scope, Scope::Part(part) if !part.arguments.is_empty());
    let suites = match scope {
        Scope::Changed | Scope::Everything => suite::all(tree)?,
        Scope::Part(part) => vec![part.of(named(tree)?)?],
    };
    let compiler = setup::run(tree)?;
    let (suites, left_out) = left_out::leave_out(tree, suites);
    let environment = Environment::here();
    let run = Run {
        tree,
        memory: Memory::here(tree, &environment, &compiler),
        environment,
        skips_unchanged,
        is_partial,
    };
    let outcomes = run.all(&suites)?;
    let names = suites.into_iter().map(|suite| suite.name);
    let summary = Summary(names.zip(outcomes).collect());
    print!("\n{summary}");
    for suite in &left_out {
        print!("\n{suite}");
    }
    let mut left_out = left_out.iter();
    Ok(summary.has_passed() && left_out.all(|suite| suite.is_accepted(is_everything)))
}

/// Returns all suites that have a name: those of a run, and those that run on request.
fn named(tree: &Tree) -> Result<Vec<Suite>> {
    let mut suites = suite::all(tree)?;
    suites.extend(suite::on_request(tree));
    Ok(suites)
}

impl Part {
    /// Returns the suite of this name, with these arguments if there are some.
    fn of(self, suites: Vec<Suite>) -> Result<Suite> {
        let names: Vec<_> = suites.iter().map(|suite| suite.name.clone()).collect();
        let suite = suites.into_iter().find(|suite| suite.name == self.suite);
        let Some(mut suite) = suite else {
            let (suite, names) = (self.suite, names.join(", "));
            bail!("there is no suite `{suite}`; there are {names}");
        };
        if !self.arguments.is_empty() {
            suite.arguments = self.arguments;
        }
        Ok(suite)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use manuscript::files;
    use tempfile::TempDir;

    use super::*;

    /// Returns a tree with all kinds of suites.
    fn tree() -> (TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        for crate_ in [
            "tests/browser",
            "chapters/batch",
            "chapters/setup",
            "starters/bare",
        ] {
            files::write(&folder.path().join(crate_).join("Cargo.toml"), "").unwrap();
        }
        let package = folder.path().join(suite::CLIENTS_JS).join("package.json");
        files::write(&package, "").unwrap();
        fs::create_dir_all(folder.path().join("tests/solutions/setup")).unwrap();
        let tree = Tree::at(folder.path());
        (folder, tree)
    }

    fn part(suite: &str, arguments: &[&str]) -> Result<Suite> {
        let (_folder, tree) = tree();
        let part = Part {
            suite: suite.to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        };
        part.of(named(&tree)?)
    }

    #[test]
    fn there_is_a_suite_for_each_workspace_template_and_folder_of_solutions() {
        let (_folder, tree) = tree();

        let suites = suite::all(&tree).unwrap();

        let names: Vec<_> = suites.iter().map(|suite| suite.name.as_str()).collect();
        let all = [
            "workspace",
            "tests/browser",
            "chapters/setup",
            "chapters/batch",
            "starters/bare",
            "solutions/setup",
        ];
        assert_eq!(names, all);
    }

    #[test]
    fn a_suite_has_its_own_arguments_unless_others_are_named() {
        let arguments = |named: &[&str]| part("solutions/setup", named).unwrap().arguments;

        assert_eq!(arguments(&[]), ["--lib", "--test", "it"]);
        assert_eq!(arguments(&["--lib"]), ["--lib"]);
    }

    #[test]
    fn the_error_of_an_unknown_suite_lists_all() {
        let error = part("setup", &[]).unwrap_err();

        assert_eq!(
            error.to_string(),
            "there is no suite `setup`; there are workspace, tests/browser, chapters/setup, \
             chapters/batch, starters/bare, solutions/setup, tests/clients-js"
        );
    }

    #[test]
    fn the_clients_for_node_are_tested_only_when_they_are_named() {
        let (_folder, tree) = tree();
        let names = |suites: Vec<Suite>| suites.into_iter().map(|suite| suite.name);

        assert!(!names(suite::all(&tree).unwrap()).any(|name| name == suite::CLIENTS_JS));
        assert_eq!(
            part(suite::CLIENTS_JS, &[]).unwrap().kind,
            suite::Kind::Node
        );
    }
}
