//! The files that listings are cut from.

use super::book::Book;
use crate::Problem;

/// Finds anchors that are no pair, or that wrap something else than they say.
pub fn check(book: &Book) -> Vec<Problem> {
    let faults = book.sources.iter().flat_map(|(path, anchors)| {
        let faults = anchors.faults.iter();
        faults.map(move |(line, fault)| Problem::at(path, *line, fault))
    });
    faults.collect()
}
