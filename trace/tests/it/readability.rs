//! A transaction of any depth and width is readable.

use proptest::prelude::*;
use trace::text::WIDTH;
use trace::{Diagram, Ledger, Transaction, timeline, tree};

use crate::synthetic::{self, SyntheticReceipt};

/// The least number of characters that a line has for its text.
const READABLE: usize = 40;

fn transaction(receipts: &[SyntheticReceipt]) -> Transaction {
    Transaction::new(&synthetic::tx_status(receipts)).expect("a complete transaction")
}

fn deep(receipts: usize) -> Vec<SyntheticReceipt> {
    let parents = (0..receipts).map(|index| index.saturating_sub(1));
    parents.map(SyntheticReceipt::child_of).collect()
}

fn wide(receipts: usize) -> Vec<SyntheticReceipt> {
    (0..receipts)
        .map(|_| SyntheticReceipt::child_of(0))
        .collect()
}

/// Returns the column in which the text of a line begins, after the block and the branches of the tree.
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

/// Generates receipts with texts and names of any length and content.
fn any_receipt() -> impl Strategy<Value = SyntheticReceipt> {
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
        .prop_map(|(receiver, method, args, logs, result)| SyntheticReceipt {
            parent: 0,
            receiver,
            method,
            args,
            logs,
            result,
        })
}

/// Generates transactions that are deep, wide, or both.
fn receipts() -> impl Strategy<Value = Vec<SyntheticReceipt>> {
    let parents = prop::collection::vec((any::<prop::sample::Index>(), 0..4u8), 1..90);
    (parents, prop::collection::vec(any_receipt(), 1..6)).prop_map(|(parents, samples)| {
        let receipts = parents.iter().enumerate().map(|(index, (parent, shape))| {
            let parent = match (index, shape) {
                (0, _) => 0,
                (_, 0) => parent.index(index),
                (_, 1) => 0,
                _ => index - 1,
            };
            SyntheticReceipt {
                parent,
                ..samples[index % samples.len()].clone()
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
        let text = timeline(&[transaction(&receipts)]);

        for line in text.lines() {
            prop_assert!(line.chars().count() <= WIDTH, "{line}");
            let column = line.chars().take_while(|letter| *letter == ' ').count();
            prop_assert!(column + READABLE <= WIDTH, "{line}");
        }
    }

    #[test]
    fn a_tree_shows_that_a_receipt_failed(receipts in receipts()) {
        let transaction = transaction(&receipts);
        let text = tree(&transaction);

        let failed = transaction.receipts().iter().filter(|receipt| !receipt.succeeded()).count();
        let titles = text.lines().filter(|line| line.contains("failed   ")).count();
        prop_assert_eq!(failed > 0, titles > 0, "{}", text);
    }

    #[test]
    fn a_diagram_and_a_ledger_accept_any_transaction(receipts in receipts()) {
        let transaction = transaction(&receipts);

        Ledger::new(&transaction).to_text();
        let svg = Diagram::new("it", &[transaction]).to_svg();

        let cards = svg.matches("<g class=\"card ").count();
        prop_assert!(cards <= 101, "{cards}");
    }
}

#[test]
fn a_thousand_calls_in_a_row_are_readable() {
    let transaction = transaction(&deep(1_000));

    let text = tree(&transaction);

    assert_readable(&text);
    for number in 1..=1_000 {
        assert!(text.contains(&format!("receipt {number}")), "{number}");
    }
}

#[test]
fn a_thousand_calls_in_a_row_have_a_timeline_and_a_ledger() {
    let transaction = transaction(&deep(1_000));

    let rows = Ledger::new(&transaction).rows.len();
    let lines = timeline(&[transaction]).lines().count();

    assert_eq!(rows, 1_001);
    assert!(lines >= 1_001, "{lines}");
}

#[test]
fn a_thousand_similar_siblings_are_shown_once() {
    let transaction = transaction(&wide(1_001));

    let text = tree(&transaction);

    assert_readable(&text);
    assert!(text.contains("receipts 2 to 1001 (1000 alike): "), "{text}");
    assert!(text.lines().count() < 30, "{text}");
}

#[test]
fn children_of_similar_siblings_are_shown_once() {
    let mut receipts = wide(101);
    receipts.extend((1..=100).map(SyntheticReceipt::child_of));

    let text = tree(&transaction(&receipts));

    assert!(text.contains("receipts 2 to 101 (100 alike): "), "{text}");
    assert!(text.contains("receipts 102 to 201 (100 alike): "), "{text}");
    assert!(text.lines().count() < 40, "{text}");
}

#[test]
fn a_failure_is_not_hidden_among_siblings_that_succeed() {
    let mut receipts = wide(101);
    receipts[50].result = Err("Smart contract panicked: no room".to_owned());

    let text = tree(&transaction(&receipts));

    assert!(text.contains("receipt 51: app.near → app.near"), "{text}");
    assert!(
        text.contains("failed   Action #0: Smart contract panicked: no room"),
        "{text}"
    );
    assert!(
        text.contains("receipts 2 to 50, 52 to 101 (99 alike): "),
        "{text}"
    );
}

#[test]
fn a_failure_is_not_hidden_below_siblings_that_succeed() {
    let mut receipts = wide(101);
    receipts.extend((1..=100).map(SyntheticReceipt::child_of));
    receipts[150].result = Err("Smart contract panicked: no room".to_owned());

    let text = tree(&transaction(&receipts));

    assert!(text.contains("receipt 151: app.near → app.near"), "{text}");
}

#[test]
fn similar_siblings_show_the_range_in_which_they_differ() {
    let mut receipts = wide(11);
    for (index, receipt) in receipts.iter_mut().enumerate() {
        receipt.args = format!("{{\"index\":{index}}}");
        receipt.result = Ok(index.to_string());
    }

    let text = tree(&transaction(&receipts));

    assert!(text.contains(r#"{"index":1} … {"index":10}"#), "{text}");
    assert!(text.contains("result   1 … 10"), "{text}");
}

#[test]
fn a_drawing_of_many_receipts_is_small() {
    let counts = [deep(1_000), wide(1_000)].map(|receipts| {
        let svg = Diagram::new("it", &[transaction(&receipts)]).to_svg();
        svg.matches("<g class=\"card ").count()
    });

    assert_eq!(counts, [11, 3]);
}

#[test]
fn similar_receipts_share_a_card_with_their_number() {
    let svg = Diagram::new("it", &[transaction(&wide(101))]).to_svg();

    assert!(svg.contains(">2 … 101 visit</text>"), "{svg}");
    assert!(svg.contains(">100 alike, each:</text>"), "{svg}");
}

#[test]
fn the_middle_of_a_long_run_shares_a_row_with_the_number_of_its_receipts() {
    let svg = Diagram::new("it", &[transaction(&deep(60))]).to_svg();

    assert!(svg.contains(">6 to 56</text>"), "{svg}");
    assert!(svg.contains(">51 receipts</text>"), "{svg}");
}

#[test]
fn a_failure_in_a_shared_row_is_not_hidden() {
    let mut receipts = deep(60);
    receipts[30].result = Err("Smart contract panicked: no room".to_owned());

    let svg = Diagram::new("it", &[transaction(&receipts)]).to_svg();

    assert!(svg.contains(">1 fails</text>"), "{svg}");
    assert!(svg.contains("no room"), "{svg}");
}

#[test]
fn many_accounts_share_the_last_lane() {
    let mut receipts = wide(41);
    for (index, receipt) in receipts.iter_mut().enumerate().skip(1) {
        receipt.receiver = format!("p{index}.near");
        receipt.method = format!("method_{index}");
        receipt.logs = vec!["one".to_owned(); index];
    }

    let svg = Diagram::new("it", &[transaction(&receipts)]).to_svg();

    assert!(svg.contains(">31 accounts</text>"), "{svg}");
    assert!(svg.contains(">31 receipts</text>"), "{svg}");
}

#[test]
fn a_drawing_of_a_thousand_different_receipts_is_small() {
    let mut receipts = wide(1_000);
    for (index, receipt) in receipts.iter_mut().enumerate() {
        receipt.logs = vec!["one".to_owned(); index];
        receipt.receiver = format!("p{}.near", index % 5);
    }

    let svg = Diagram::new("it", &[transaction(&receipts)]).to_svg();

    let cards = svg.matches("<g class=\"card ").count();
    assert!(cards <= 100, "{cards} cards");
}

#[test]
fn a_log_line_cannot_control_the_terminal() {
    let mut receipts = deep(1);
    receipts[0].logs = vec!["\u{1b}[2Jgone\rThe transaction succeeds".to_owned()];

    let text = tree(&transaction(&receipts));

    assert!(text.contains(r"\u{1b}[2Jgone\rThe transaction"), "{text}");
    assert!(!text.contains(['\u{1b}', '\r']), "{text}");
}
