//! The rule for callbacks that move money: a scenario calls each of them after a promise of somebody else.

use std::path::Path;

use anyhow::Result;
use manuscript::layout::Tree;

use super::exported::CALLBACK;
use super::source::{Function, dense, functions, words};
use crate::Problem;

/// The words of a function that says which promise results are forged.
const FORGERY: [&str; 2] = ["Forgery", "forgery"];

/// Finds private callbacks that move money, and that no scenario of their contract forges a promise result for.
///
/// In a field study these are all callbacks, in a chapter those of `money`, and those with an amount of NEAR.
pub fn forged(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut problems = Vec::new();
    for chapter in tree.chapters()? {
        let mut callbacks = callbacks(root, &chapter)?;
        callbacks.retain(moves_money);
        problems.extend(not_forged(root, "money/orders", callbacks)?);
    }
    for study in tree.studies()? {
        let name = study.file_name().unwrap_or_default().to_string_lossy();
        let callbacks = callbacks(root, &study)?;
        problems.extend(not_forged(root, &format!("studies/{name}"), callbacks)?);
    }
    Ok(problems)
}

fn callbacks(root: &Path, contract: &Path) -> Result<Vec<Function>> {
    let mut functions = functions(root, &contract.join("src"))?;
    functions.retain(|function| function.is_callback && function.name.ends_with(CALLBACK));
    Ok(functions)
}

fn moves_money(callback: &Function) -> bool {
    let mut folders = callback.file.iter();
    folders.any(|folder| folder == "money") || words(&callback.signature).contains("NearToken")
}

/// Finds the callbacks whose names no function in this folder of runs gives to a forgery.
fn not_forged(root: &Path, runs: &str, callbacks: Vec<Function>) -> Result<Vec<Problem>> {
    let folder = root.join("runs/src").join(runs);
    let runs = match folder.is_dir() {
        true => functions(root, &folder)?,
        false => Vec::new(),
    };
    let forges = |function: &&Function| {
        let [signature, block] = [words(&function.signature), words(&function.block)];
        FORGERY
            .iter()
            .any(|word| signature.contains(*word) || block.contains(*word))
    };
    let forgeries: String = runs
        .iter()
        .filter(forges)
        .map(|run| dense(&run.block))
        .collect();
    let open = callbacks
        .into_iter()
        .filter(|callback| !forgeries.contains(&format!("\"{}\"", callback.name)));
    let problems = open.map(|callback| {
        let fault = format!(
            "{} is called with no forged promise result: add it to a scenario in {}",
            callback.name,
            folder.strip_prefix(root).unwrap_or(&folder).display()
        );
        Problem::at(&callback.file, callback.line, fault)
    });
    Ok(problems.collect())
}
