//! The rule that a callback reads no configuration.
//!
//! The configuration may change between a call and its callback. A callback that compensates at the *current*
//! partner can compensate at the wrong one. So it gets the partner of its call as an argument.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::source::{Function, dense, functions, starters_and_solutions};
use crate::Problem;

/// The fields that can be configured.
const CONFIGURATION: [&str; 3] = ["self.partners", "self.money.oracle", "self.money.token"];

/// The callbacks that read the configuration, and the reason why that does no harm.
pub const EXCUSED: [(&str, &str); 2] = [
    (
        "after_greeting",
        "it calls the next partner, and compensates nothing",
    ),
    (
        "after_number",
        "it calls the next partner, and compensates nothing",
    ),
];

/// Finds private callbacks that read the configuration, directly or through a method that they call, except
/// those in `excused`.
pub fn configuration(root: &Path, excused: &[(&str, &str)]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for folder in starters_and_solutions(root)? {
        let functions = functions(root, &folder)?;
        let readers = readers(&functions);
        for function in &functions {
            let is_excused = excused.iter().any(|(name, _)| *name == function.name);
            if function.is_callback && readers.contains(&function.name) && !is_excused {
                let fault = format!(
                    "{} reads a configuration that may have changed since the call: take the value as an \
                     argument",
                    function.name
                );
                problems.push(Problem::at(&function.file, function.line, fault));
            }
        }
    }
    Ok(problems)
}

/// Returns the names of the functions that read the configuration, or that call a method which does.
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
