//! A callback asks no configuration.
//!
//! Between a call and its callback the configuration may change. A callback that undoes something at the
//! partner of *now* undoes it at the wrong one. So it is told what its call was made with.

use super::source::{Function, chapters_and_solutions, dense, functions};
use crate::Problem;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::Path;

/// What can be configured.
const CONFIGURATION: [&str; 3] = ["self.partners", "self.money.oracle", "self.money.token"];

/// Callbacks that do ask, and why that does no harm.
pub const EXCUSED: [(&str, &str); 2] = [
    (
        "after_greeting",
        "it asks the next partner, and undoes nothing",
    ),
    (
        "after_number",
        "it asks the next partner, and undoes nothing",
    ),
];

/// Finds private callbacks that read the configuration, by themselves or by a method that they call, but
/// for those that are `excused`.
pub fn configuration(root: &Path, excused: &[(&str, &str)]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for folder in chapters_and_solutions(root)? {
        let functions = functions(root, &folder)?;
        let readers = readers(&functions);
        for function in &functions {
            let is_excused = excused.iter().any(|(name, _)| *name == function.name);
            if function.is_callback && readers.contains(&function.name) && !is_excused {
                let fault = format!(
                    "{} reads a configuration that may have changed since the call: take what you need as \
                     an argument",
                    function.name
                );
                problems.push(Problem::at(&function.file, function.line, fault));
            }
        }
    }
    Ok(problems)
}

/// The names of the functions that read the configuration, or call a method that does.
fn readers(functions: &[Function]) -> BTreeSet<String> {
    let bodies: Vec<_> = functions
        .iter()
        .map(|function| (&function.name, dense(&function.block)))
        .collect();
    let mut readers = BTreeSet::new();
    loop {
        let calls_reader = |body: &str| {
            readers
                .iter()
                .any(|reader| body.contains(&format!("self.{reader}(")))
        };
        let more: Vec<String> = bodies
            .iter()
            .filter(|(name, body)| {
                let reads = CONFIGURATION.iter().any(|name| body.contains(name));
                !readers.contains(*name) && (reads || calls_reader(body))
            })
            .map(|(name, _)| (*name).clone())
            .collect();
        if more.is_empty() {
            return readers;
        }
        readers.extend(more);
    }
}
