//! However little gas a call has, nobody's money is lost: see [`book_tests::sweep`].

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use book_tests::scene::wasm_of;
use book_tests::sweep::cases::cases;
use book_tests::sweep::coverage::Coverage;
use book_tests::sweep::{EXCUSED, User, exports, sweep_chapter};
use manuscript::layout::{self, Tree};

/// The chapters, each of which has a test below.
const CHAPTERS: [&str; 5] = ["setup", "batch", "parallel", "responses", "testing"];

/// # Panics
/// There is a hole.
fn assert_nothing_is_lost(chapter: &'static str) {
    let swept = sweep_chapter(chapter);
    let (methods, callers) = (swept.methods.len(), User::ALL.len());
    let (calls, runs, holes) = (swept.calls, swept.runs, swept.holes.len());
    println!(
        "{chapter}: {methods} methods by {callers} kinds of callers: {calls} calls, each with one amount of \
         gas after the other, {runs} runs in all. {holes} holes."
    );
    let holes = swept.holes.iter().map(ToString::to_string);
    let lines: Vec<_> = holes.chain(swept.never).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn nobodys_money_is_lost_in_chapter_setup() {
    assert_nothing_is_lost("setup");
}

#[test]
fn nobodys_money_is_lost_in_chapter_batch() {
    assert_nothing_is_lost("batch");
}

#[test]
fn nobodys_money_is_lost_in_chapter_parallel() {
    assert_nothing_is_lost("parallel");
}

#[test]
fn nobodys_money_is_lost_in_chapter_responses() {
    assert_nothing_is_lost("responses");
}

#[test]
fn nobodys_money_is_lost_in_chapter_testing() {
    assert_nothing_is_lost("testing");
}

#[test]
fn no_method_escapes() {
    let mut escaped = Vec::new();
    for chapter in CHAPTERS {
        let mut counts = BTreeMap::new();
        for shown in Coverage::of_chapter(chapter).all() {
            match shown {
                Ok(shown) => *counts.entry(shown).or_insert(0) += 1,
                Err(error) => escaped.push(format!("{chapter}: {error}")),
            }
        }
        println!("{chapter}: {counts:?}");
    }
    assert!(escaped.is_empty(), "{}", escaped.join("\n"));
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
fn every_entry_is_about_a_method() {
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
