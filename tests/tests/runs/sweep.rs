//! Tests that no money is lost, however little gas a call has: see [`runs::sweep`].

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use manuscript::layout::{self, Tree};
use runs::sweep::cases::cases;
use runs::sweep::coverage::Coverage;
use runs::sweep::{EXCUSED, User, exports, sweep_chapter};
use runs::test_chain::wasm_of;

/// The chapters. Each has a test below.
const CHAPTERS: [&str; 5] = ["setup", "batch", "parallel", "responses", "testing"];

/// Checks that no money is lost in a chapter.
///
/// # Panics
/// There is a hole.
fn assert_no_loss(chapter: &'static str) {
    let swept = sweep_chapter(chapter);
    let (methods, callers) = (swept.methods.len(), User::ALL.len());
    let (calls, runs, holes) = (swept.calls, swept.runs, swept.holes.len());
    println!(
        "{chapter}: {methods} methods by {callers} kinds of callers: {calls} calls, {runs} runs with \
         different amounts of gas. {holes} holes."
    );
    let holes = swept.holes.iter().map(ToString::to_string);
    let lines: Vec<_> = holes.chain(swept.never_succeeded).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn no_money_is_lost_in_chapter_setup() {
    assert_no_loss("setup");
}

#[test]
fn no_money_is_lost_in_chapter_batch() {
    assert_no_loss("batch");
}

#[test]
fn no_money_is_lost_in_chapter_parallel() {
    assert_no_loss("parallel");
}

#[test]
fn no_money_is_lost_in_chapter_responses() {
    assert_no_loss("responses");
}

#[test]
fn no_money_is_lost_in_chapter_testing() {
    assert_no_loss("testing");
}

#[test]
fn every_method_is_swept_or_moves_no_money() {
    let mut uncovered = Vec::new();
    for chapter in CHAPTERS {
        let mut counts = BTreeMap::new();
        for reason in Coverage::of_chapter(chapter).all() {
            match reason {
                Ok(reason) => *counts.entry(reason).or_insert(0) += 1,
                Err(error) => uncovered.push(format!("{chapter}: {error}")),
            }
        }
        println!("{chapter}: {counts:?}");
    }
    assert!(uncovered.is_empty(), "{}", uncovered.join("\n"));
}

#[test]
fn every_chapter_is_swept() -> Result<()> {
    let tree = Tree::here();
    let chapters = tree.chapters()?;
    let names: Vec<_> = chapters.iter().map(|path| layout::name(path)).collect();

    assert_eq!(names, CHAPTERS);
    Ok(())
}

#[test]
fn every_entry_names_a_method() {
    let codes = CHAPTERS.map(wasm_of);
    let methods: BTreeSet<_> = codes
        .iter()
        .flat_map(|code| exports(code).expect("a wasm"))
        .collect();

    let excused = EXCUSED.map(|(method, _)| method);
    let entries = cases().into_iter().map(|case| case.method).chain(excused);
    let stale: Vec<_> = entries.filter(|name| !methods.contains(*name)).collect();
    assert!(
        stale.is_empty(),
        "no contract has {stale:?}: remove the entries"
    );
}
