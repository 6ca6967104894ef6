//! However little gas a call has, nobody's money is lost: see [`book_tests::sweep`].

use book_tests::sweep::{Sweep, sweep_chapter};

/// # Panics
/// There is a hole.
fn assert_nothing_is_lost(chapter: &'static str) {
    let Sweep {
        calls,
        runs,
        holes,
        never,
    } = sweep_chapter(chapter);
    let lines: Vec<_> = holes.iter().map(ToString::to_string).chain(never).collect();
    println!(
        "{chapter}: {calls} calls in {runs} runs, {} holes",
        lines.len()
    );
    assert!(lines.is_empty(), "{}", lines.join("\n"));
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
