//! The rule that a page shows every anchor.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use manuscript::anchors::WHOLE;
use manuscript::layout::STUDIES;
use manuscript::listings::Mark;

use super::book::{Book, SOLUTIONS};
use super::directives::Cut;
use super::includes::target;
use crate::Problem;

/// Finds anchors that no page includes.
///
/// A chapter's files are the same in the next chapters, so an anchor that a page shows from one chapter counts
/// in all of them. A crate of which no page shows a piece has no page yet, and is left out. Whole files do not
/// count here.
pub fn check(book: &Book) -> Vec<Problem> {
    let mut shown = BTreeSet::new();
    let mut begun = BTreeSet::new();
    for (path, page) in &book.pages {
        for include in page
            .directives
            .iter()
            .filter(|directive| directive.is_include())
        {
            let (crate_folder, file) = split(&target(path, include));
            if let Cut::Anchor(name) = &include.cut {
                if name != WHOLE {
                    begun.insert(crate_folder);
                }
                shown.insert((file, name.clone()));
            }
        }
        for mark in page.lines.iter().filter_map(|line| Mark::parse(line)) {
            let (crate_folder, file) = split(&mark.shown.file);
            begun.insert(crate_folder);
            shown.extend(
                mark.shown
                    .anchors
                    .into_iter()
                    .map(|name| (file.clone(), name)),
            );
        }
    }
    let mut problems = Vec::new();
    for (path, anchors) in &book.sources {
        let (crate_folder, file) = split(path);
        let names = anchors.named.iter().filter(|(name, _)| *name != WHOLE);
        for (name, anchor) in names.filter(|_| begun.contains(&crate_folder)) {
            if !shown.contains(&(file.clone(), name.clone())) {
                let fault =
                    format!("no page shows anchor `{name}`: include it, or remove its marks");
                problems.push(Problem::at(path, anchor.line, fault));
            }
        }
    }
    problems
}

/// Splits a path into its crate and the rest: `chapters/batch` and `src/lib.rs`. A study has a chapter's files, and a solution its chapter's
/// layout: `tests/solutions/batch` and `src/lib.rs`. A contract is the same in every chapter, so it keeps its
/// name: `contract/hello` and `hello/src/lib.rs`.
fn split(path: &Path) -> (PathBuf, PathBuf) {
    let (folder, skipped) = if path.starts_with("chapters") || path.starts_with(STUDIES) {
        (2, 2)
    } else if path.starts_with(SOLUTIONS) {
        (3, 3)
    } else {
        (2, 1)
    };
    let crate_folder = path.iter().take(folder).collect();
    (crate_folder, path.iter().skip(skipped).collect())
}
