//! The rule for the exports of a chapter, because readers copy it.

use std::path::Path;

use anyhow::Result;
use syn::FnArg;

use super::source::{functions, starters, words};
use crate::Problem;

/// The prefix of methods that are vulnerable examples.
const VULNERABLE: &str = "vulnerable_";

/// The ending of the names of callbacks.
pub(super) const CALLBACK: &str = "_callback";

/// Finds methods of chapters that are vulnerable examples, callbacks that anyone may call, and methods that let their
/// caller choose gas.
pub fn exported(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for folder in starters(root)? {
        for function in functions(root, &folder)? {
            if !function.is_exported {
                continue;
            }
            let takes_gas = function
                .signature
                .inputs
                .iter()
                .any(|argument| match argument {
                    FnArg::Typed(argument) => words(&argument.ty).contains("Gas"),
                    FnArg::Receiver(_) => false,
                });
            let fault = if function.name.starts_with(VULNERABLE) {
                "is a vulnerable example: move it to a contract/vulnerable…"
            } else if function.name.ends_with(CALLBACK) && !function.is_callback {
                "can be called by anyone: write `#[private]` above it"
            } else if takes_gas {
                "lets its caller choose gas: move it to contract/experiments"
            } else {
                continue;
            };
            let fault = format!("{} {fault}", function.name);
            problems.push(Problem::at(&function.file, function.line, fault));
        }
    }
    Ok(problems)
}
