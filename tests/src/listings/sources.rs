//! The rule for the files that listings come from.

use super::book::Book;
use crate::Problem;

/// Finds anchors that are no pair, or that have the wrong name.
pub fn check(book: &Book) -> Vec<Problem> {
    let faults = book.sources.iter().flat_map(|(path, anchors)| {
        let faults = anchors.faults.iter();
        faults.map(move |(line, fault)| Problem::at(path, *line, fault))
    });
    faults.collect()
}
