//! No depth and no width that a node can return makes a transaction unreadable.

mod made;

use made::Made;
use proptest::prelude::*;
use trace::text::WIDTH;
use trace::{Diagram, Ledger, Transaction, timeline, tree};

/// The fewest characters that a line has for its text.
const READABLE: usize = 40;

fn transaction(receipts: &[Made]) -> Transaction {
    Transaction::of(&made::answer(receipts)).expect("it holds together")
}

fn deep(receipts: usize) -> Vec<Made> {
    let parents = (0..receipts).map(|index| index.saturating_sub(1));
    parents.map(Made::below).collect()
}

fn wide(receipts: usize) -> Vec<Made> {
    (0..receipts).map(|_| Made::below(0)).collect()
}

/// The column in which the text of a line begins: the block and the branches of the tree stand before it.
fn column(line: &str) -> usize {
    let letters = line.chars().skip(10);
    let branches = letters.take_while(|letter| " │├└─".contains(*letter));
    10 + branches.count()
}

fn assert_readable(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= WIDTH, "too wide: {line}");
        let is_text = line.chars().any(|letter| !" │├└─".contains(letter));
        assert!(
            !is_text || column(line) + READABLE <= WIDTH,
            "too far to the right: {line}"
        );
    }
}

/// Texts and names of a receipt, as long and as odd as they may be.
fn said() -> impl Strategy<Value = Made> {
    let name = prop_oneof!["[a-z]{2,8}", "[a-z0-9]{64}"];
    let end = prop_oneof![
        Just(Ok(String::new())),
        ".{0,200}".prop_map(Ok),
        ".{0,200}".prop_map(Err)
    ];
    (
        name,
        "[a-z_]{1,256}",
        ".{0,300}",
        prop::collection::vec(".{0,500}", 0..3),
        end,
    )
        .prop_map(|(receiver, method, args, logs, ends)| Made {
            parent: 0,
            receiver,
            method,
            args,
            logs,
            ends,
        })
}

/// Transactions that are deep, wide, or both.
fn receipts() -> impl Strategy<Value = Vec<Made>> {
    let parents = prop::collection::vec((any::<prop::sample::Index>(), 0..4u8), 1..90);
    (parents, prop::collection::vec(said(), 1..6)).prop_map(|(parents, said)| {
        let receipts = parents.iter().enumerate().map(|(index, (parent, shape))| {
            let parent = match (index, shape) {
                (0, _) => 0,
                (_, 0) => parent.index(index),
                (_, 1) => 0,
                _ => index - 1,
            };
            Made {
                parent,
                ..said[index % said.len()].clone()
            }
        });
        receipts.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_line_is_within_the_width_and_has_room_for_its_text(receipts in receipts()) {
        let transaction = transaction(&receipts);

        assert_readable(&tree(&transaction));
    }

    #[test]
    fn every_line_of_a_timeline_is_within_the_width_and_has_room_for_its_text(receipts in receipts()) {
        let told = timeline(&[transaction(&receipts)]);

        for line in told.lines() {
            prop_assert!(line.chars().count() <= WIDTH, "{line}");
            let column = line.chars().take_while(|letter| *letter == ' ').count();
            prop_assert!(column + READABLE <= WIDTH, "{line}");
        }
    }

    #[test]
    fn every_failure_is_told(receipts in receipts()) {
        let transaction = transaction(&receipts);
        let told = tree(&transaction);

        let failed = transaction.receipts().iter().filter(|receipt| !receipt.succeeded()).count();
        let titles = told.lines().filter(|line| line.contains("failed   ")).count();
        prop_assert_eq!(failed > 0, titles > 0, "{}", told);
    }

    #[test]
    fn a_diagram_and_a_ledger_are_made_of_whatever_a_node_returns(receipts in receipts()) {
        let transaction = transaction(&receipts);

        Ledger::of(&transaction).to_text();
        let svg = Diagram::of("it", &[transaction]).to_svg();

        let cards = svg.matches("<g class=\"card ").count();
        prop_assert!(cards <= 101, "{cards}");
    }
}

#[test]
fn a_thousand_calls_in_a_row_are_readable() {
    let transaction = transaction(&deep(1_000));

    let told = tree(&transaction);

    assert_readable(&told);
    for number in 1..=1_000 {
        assert!(told.contains(&format!("receipt {number}")), "{number}");
    }
}

#[test]
fn a_thousand_calls_side_by_side_are_told_as_one() {
    let transaction = transaction(&wide(1_001));

    let told = tree(&transaction);

    assert_readable(&told);
    assert!(told.contains("receipts 2 to 1001 (1000 alike): "), "{told}");
    assert!(told.lines().count() < 30, "{told}");
}

#[test]
fn what_they_made_is_told_as_one_too() {
    let mut receipts = wide(101);
    receipts.extend((1..=100).map(Made::below));

    let told = tree(&transaction(&receipts));

    assert!(told.contains("receipts 2 to 101 (100 alike): "), "{told}");
    assert!(told.contains("receipts 102 to 201 (100 alike): "), "{told}");
    assert!(told.lines().count() < 40, "{told}");
}

#[test]
fn a_failure_is_never_hidden_among_siblings_that_succeed() {
    let mut receipts = wide(101);
    receipts[50].ends = Err("Smart contract panicked: no room".to_owned());

    let told = tree(&transaction(&receipts));

    assert!(told.contains("receipt 51: book.near → book.near"), "{told}");
    assert!(
        told.contains("failed   Action #0: Smart contract panicked: no room"),
        "{told}"
    );
    assert!(
        told.contains("receipts 2 to 50, 52 to 101 (99 alike): "),
        "{told}"
    );
}

#[test]
fn a_failure_is_never_hidden_below_siblings_that_succeed() {
    let mut receipts = wide(101);
    receipts.extend((1..=100).map(Made::below));
    receipts[150].ends = Err("Smart contract panicked: no room".to_owned());

    let told = tree(&transaction(&receipts));

    assert!(
        told.contains("receipt 151: book.near → book.near"),
        "{told}"
    );
}

#[test]
fn of_siblings_that_are_alike_the_range_is_told_in_which_they_differ() {
    let mut receipts = wide(11);
    for (index, receipt) in receipts.iter_mut().enumerate() {
        receipt.args = format!("{{\"index\":{index}}}");
        receipt.ends = Ok(index.to_string());
    }

    let told = tree(&transaction(&receipts));

    assert!(told.contains(r#"{"index":1} … {"index":10}"#), "{told}");
    assert!(told.contains("answer   1 … 10"), "{told}");
}

/// Five rows of a hundred cards: a drawing has an end, and says what it leaves out.
#[test]
fn a_diagram_of_a_thousand_receipts_is_bounded_and_says_what_it_leaves_out() {
    for receipts in [deep(1_000), wide(1_000)] {
        let svg = Diagram::of("it", &[transaction(&receipts)]).to_svg();

        let cards = svg.matches("<g class=\"card ").count();
        assert_eq!(cards, 101);
        assert!(svg.contains("Receipts 101 to 1000 are not drawn: the tree has them."));
    }
}

#[test]
fn a_log_cannot_steer_a_terminal() {
    let mut receipts = deep(1);
    receipts[0].logs = vec!["\u{1b}[2Jgone\rThe transaction succeeds".to_owned()];

    let told = tree(&transaction(&receipts));

    assert!(told.contains(r"\u{1b}[2Jgone\rThe transaction"), "{told}");
    assert!(!told.contains(['\u{1b}', '\r']), "{told}");
}
