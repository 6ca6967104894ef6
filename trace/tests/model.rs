//! What the model says of transactions that a real node ran.

use std::collections::BTreeMap;

use near_primitives::types::Gas;
use proptest::prelude::*;
use trace::receipt::{Fate, Input, RefundKind};
use trace::{Answer, Diagram, End, Ledger, Order, TraceError, Transaction, assert_transaction};

const BATCH_LAST_FAILS: &str = include_str!("answers/neard-batch_last_fails.json");
const CALLEE_RETURNS_PROMISE: &str = include_str!("answers/neard-callee_returns_promise.json");
const FAN_OUT_TEN: &str = include_str!("answers/neard-fan_out_ten.json");
const PARALLEL_THREE: &str = include_str!("answers/neard-parallel_three.json");

const ANSWERS: [&str; 6] = [
    BATCH_LAST_FAILS,
    CALLEE_RETURNS_PROMISE,
    FAN_OUT_TEN,
    PARALLEL_THREE,
    include_str!("answers/neard-reentrancy_window.json"),
    include_str!("answers/neard-two_callbacks_on_one.json"),
];

fn answer(saved: &str) -> Answer {
    trace::read(saved.as_bytes()).expect("it is an answer")
}

fn transaction(saved: &str) -> Transaction {
    Transaction::of(&answer(saved)).expect("it holds together")
}

#[test]
fn nothing_of_an_answer_is_lost() {
    for saved in ANSWERS {
        let answer = answer(saved);
        let transaction = transaction(saved);

        let refunds = transaction.refunds().count();
        let told = transaction.receipts().len() + refunds;
        assert_eq!(told, answer.final_outcome.receipts_outcome.len());
    }
}

/// The numbers of the receipts that the lines of a tree are about: `receipt 1: …`, `receipts 2 to 4 (3 alike): …`.
fn numbers_in(tree: &str) -> Vec<usize> {
    let titles = tree.lines().filter_map(|line| line.split_once("receipt"));
    let told = titles.filter_map(|(_, rest)| match rest.strip_prefix("s ") {
        Some(rest) => rest.split_once(" (").map(|(numbers, _)| numbers),
        None => rest
            .strip_prefix(' ')?
            .split_once(": ")
            .map(|(number, _)| number),
    });
    let ranges = told
        .flat_map(|numbers| numbers.split(", "))
        .filter_map(|range| {
            let (first, last) = range.split_once(" to ").unwrap_or((range, range));
            Some(first.parse().ok()?..=last.parse().ok()?)
        });
    let mut numbers: Vec<_> = ranges.flatten().collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn every_receipt_is_in_the_tree_once_and_so_is_every_log() {
    for saved in ANSWERS {
        let transaction = transaction(saved);
        let tree = trace::tree(&transaction);

        let receipts = transaction.receipts();
        let numbers: Vec<_> = receipts.iter().map(|receipt| receipt.number).collect();
        assert_eq!(numbers_in(&tree), numbers, "{tree}");
        for receipt in receipts {
            for log in &receipt.logs {
                assert!(tree.contains(log), "{log}\n{tree}");
            }
        }
    }
}

/// The answer with other actions in its second receipt.
fn with_actions(actions: serde_json::Value) -> Transaction {
    let mut answer: serde_json::Value = serde_json::from_str(PARALLEL_THREE).expect("it is JSON");
    answer["receipts"][1]["receipt"]["Action"]["actions"] = actions;
    transaction(&answer.to_string())
}

#[test]
fn actions_that_are_repeated_are_told_as_one() {
    let call = serde_json::json!({ "FunctionCall": {
        "method_name": "increment", "args": "", "gas": 1_000_000_000_000u64, "deposit": "0",
    } });

    let tree = trace::tree(&with_actions(vec![call; 100].into()));

    assert!(
        tree.contains("#0–99    call increment with 1 Tgas"),
        "{tree}"
    );
}

#[test]
fn a_delegate_action_shows_what_it_carries_and_with_which_key() {
    let key = "ed25519:GaS92okPt9k5oEp4ZFervtmn4RcUr23HDJrZ2ng4Sb9N";
    let signature = "ed25519:4MgXJ6frGTFcodzefp1fby6j8oQxBMATaEmzWK31dbVPTGqT4poT8ezisj7GavTYZZKMasE6P7tC8DF54z4y3kss";
    let delegate = serde_json::json!({ "Delegate": {
        "delegate_action": {
            "sender_id": "bob.near", "receiver_id": "counter.near", "nonce": 1, "max_block_height": 77,
            "public_key": key, "actions": [{ "FunctionCall": {
                "method_name": "increment", "args": "", "gas": 3_000_000_000_000u64, "deposit": "5",
            } }],
        },
        "signature": signature,
    } });

    let transaction = with_actions(serde_json::json!([delegate]));
    let tree = trace::tree(&transaction);

    assert!(
        tree.contains("act      for bob.near on counter.near with the key"),
        "{tree}"
    );
    assert!(
        tree.replace("│", "")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("up to block height 77"),
        "{tree}"
    );
    assert!(
        tree.contains("· call increment with 3 Tgas, deposit 5 yoctoNEAR"),
        "{tree}"
    );
    assert_eq!(transaction.receipt(2).gas_attached(), Gas::from_teragas(3));
}

#[test]
fn every_receipt_has_a_card_in_the_diagram() {
    for saved in ANSWERS {
        let transaction = transaction(saved);
        let svg = Diagram::of("it", std::slice::from_ref(&transaction)).to_svg();

        let cards = svg.matches("<g class=\"card ").count();
        let deposits = transaction
            .refunds()
            .filter(|refund| refund.kind == RefundKind::Deposit);
        assert_eq!(cards, 1 + transaction.receipts().len() + deposits.count());
    }
}

#[test]
fn the_signer_pays_for_what_is_burnt_and_gets_the_rest_back() {
    for saved in ANSWERS {
        let ledger = Ledger::of(&transaction(saved));

        assert_eq!(
            ledger.paid_first,
            ledger
                .refunded
                .saturating_add(ledger.lost)
                .saturating_add(ledger.spent)
        );
    }
}

/// The fees of a call stand in the receipt's own profile: what it has is what was attached and they.
#[test]
fn a_receipt_has_what_was_attached_and_the_fees() {
    let transaction = transaction(PARALLEL_THREE);
    let ledger = Ledger::of(&transaction);

    for (row, receipt) in ledger.rows[1..].iter().zip(transaction.receipts()) {
        let fees = row
            .has
            .checked_sub(receipt.gas_attached())
            .expect("there are fees");
        assert!(fees > Gas::ZERO && fees < Gas::from_teragas(1), "{row:?}");
    }
}

#[test]
fn a_callback_comes_after_all_that_it_waited_for() {
    for saved in ANSWERS {
        let transaction = transaction(saved);
        for receipt in transaction.receipts() {
            for sender in receipt.senders() {
                assert!(
                    transaction.receipt(sender).moment < receipt.moment,
                    "{receipt:?}"
                );
            }
        }
    }
}

#[test]
fn a_callback_sees_its_answers_in_the_order_of_the_join() {
    let transaction = transaction(PARALLEL_THREE);

    let inputs = &transaction.receipt(5).inputs;

    assert_eq!(inputs[..], [2, 3, 4].map(Input::Answer));
}

#[test]
fn an_answer_that_is_left_to_another_receipt_comes_from_there() {
    let transaction = transaction(CALLEE_RETURNS_PROMISE);

    assert_eq!(transaction.receipt(2).answer_of, Some(3));
    assert_eq!(transaction.receipt(4).inputs, [Input::Answer(3)]);
}

#[test]
fn the_end_of_a_transaction_is_that_of_the_receipts_that_answer() {
    let transaction = transaction(CALLEE_RETURNS_PROMISE);

    assert_eq!(transaction.answering(), [1, 4]);
    assert_eq!(transaction.end, End::Value(br#"["deep"]"#.to_vec()));
}

#[test]
fn of_a_batch_that_fails_every_action_has_its_fate() {
    let transaction = transaction(BATCH_LAST_FAILS);
    let batch = transaction.receipt(2);

    assert_eq!(
        [0, 1].map(|place| batch.fate(place)),
        [Fate::Undone, Fate::Failed]
    );
}

#[test]
fn a_failure_that_a_callback_reads_is_noticed() {
    let transaction = transaction(BATCH_LAST_FAILS);

    assert!(transaction.unhandled_failures().is_empty());
}

/// As a congested chain would have it: each block of the transaction is three above the one before.
#[test]
fn heights_show_blocks_in_which_nothing_happened() {
    let answer = answer(PARALLEL_THREE);
    let outcome = &answer.final_outcome;
    let outcomes = std::iter::once(&outcome.transaction_outcome).chain(&outcome.receipts_outcome);
    let derived = Transaction::of(&answer).expect("it holds together");
    let height_of = |id| {
        let mut receipts = derived.receipts().iter();
        let receipt = receipts.find(|receipt| receipt.id == id);
        receipt.map_or(derived.moment.height, |receipt| receipt.moment.height)
    };
    let refunds_last = 1_000;
    let mut heights = BTreeMap::new();
    for outcome in outcomes {
        let is_refund = outcome.outcome.tokens_burnt.is_zero();
        let height = if is_refund {
            refunds_last
        } else {
            3 * height_of(outcome.id)
        };
        let known = heights.entry(outcome.block_hash).or_insert(height);
        *known = height.min(*known);
    }

    let order = Order::derived(&answer, &heights).expect("it holds together");
    let transaction = Transaction::in_order(&answer, &order).expect("it holds together");

    let receipts = transaction.receipts().iter();
    let blocks: Vec<_> = receipts
        .map(|receipt| transaction.block(receipt.moment))
        .collect();
    assert_eq!(blocks, [3, 6, 6, 6, 9]);
}

#[test]
fn an_answer_without_receipts_says_what_is_missing() {
    let mut answer = answer(PARALLEL_THREE);
    answer.receipts.remove(2);

    let error = Transaction::of(&answer).expect_err("a receipt is missing");

    assert!(matches!(error, TraceError::NoReceipt(_)), "{error}");
}

#[test]
fn a_transaction_that_is_under_way_is_not_told() {
    let mut answer = answer(PARALLEL_THREE);
    answer.final_outcome.receipts_outcome.pop();

    let error = Transaction::of(&answer).expect_err("an outcome is missing");

    assert!(matches!(error, TraceError::NoOutcome(_)), "{error}");
}

#[test]
fn a_receipt_that_makes_itself_is_no_answer_of_a_node() {
    let mut answer = answer(PARALLEL_THREE);
    let first = answer.final_outcome.receipts_outcome[0].id;
    for outcome in &mut answer.final_outcome.receipts_outcome {
        outcome.outcome.receipt_ids.push(first);
    }

    let error = Transaction::of(&answer).expect_err("it goes in a circle");

    assert!(matches!(error, TraceError::OutOfOrder), "{error}");
}

#[test]
fn an_error_of_a_node_is_no_transaction() {
    let saved = br#"{"jsonrpc":"2.0","id":"1","error":{"cause":{"name":"UNKNOWN_TRANSACTION"}}}"#;

    let error = trace::read(saved).expect_err("it is an error");

    assert!(error.to_string().contains("UNKNOWN_TRANSACTION"), "{error}");
}

#[test]
#[should_panic(expected = "receipt 5: p0.test.near → p0.test.near")]
fn an_assertion_that_does_not_hold_shows_the_tree() {
    let transaction = transaction(PARALLEL_THREE);

    assert_transaction!(transaction, !transaction.end.is_ok());
}

#[test]
fn an_assertion_that_holds_says_nothing() {
    let transaction = transaction(PARALLEL_THREE);

    assert_transaction!(transaction, transaction.end.is_ok(), "it failed");
}

#[test]
fn a_drawing_for_a_page_has_no_blank_line() {
    for saved in ANSWERS {
        let svg = Diagram::of("it", &[transaction(saved)]).to_svg();

        assert!(svg.lines().all(|line| !line.trim().is_empty()), "{svg}");
    }
}

proptest! {
    /// A node may list outcomes and receipts as it likes.
    #[test]
    fn the_order_of_the_lists_means_nothing(
        saved in prop::sample::select(&ANSWERS[..]),
        seed in any::<prop::sample::Index>(),
    ) {
        let straight = answer(saved);
        let mut turned = straight.clone();
        let outcomes = &mut turned.final_outcome.receipts_outcome;
        let middle = seed.index(outcomes.len());
        outcomes.rotate_left(middle);
        let middle = seed.index(turned.receipts.len());
        turned.receipts.rotate_left(middle);
        turned.receipts.reverse();

        let [straight, turned] = [straight, turned].map(|answer| Transaction::of(&answer).expect("it holds together"));

        prop_assert_eq!(trace::tree(&straight), trace::tree(&turned));
    }

    /// Whatever contracts log and answer, the drawing stays well-formed.
    #[test]
    fn what_contracts_say_is_never_markup(text in ".*") {
        let mut answer = answer(FAN_OUT_TEN);
        for outcome in &mut answer.final_outcome.receipts_outcome {
            outcome.outcome.logs = vec![text.clone()];
        }

        let transaction = Transaction::of(&answer).expect("it holds together");
        let svg = Diagram::of("it", &[transaction]).to_svg();

        for tag in svg.split('<').skip(1) {
            let name: String = tag.chars().take_while(|letter| letter.is_ascii_alphabetic() || *letter == '/').collect();
            let known = ["svg", "/svg", "title", "/title", "desc", "/desc", "g", "/g", "path", "rect", "text", "/text"];
            prop_assert!(known.contains(&name.as_str()), "<{tag}");
        }
    }
}

/// At protocol 78 a twentieth of the gas that was left over was kept as a penalty, and at least 1 Tgas
/// (NEP-536).
#[test]
fn what_was_left_over_came_back_less_the_penalty_of_that_time() {
    let transaction = transaction(FAN_OUT_TEN);
    let price = transaction.receipt(1).gas_price;

    for receipt in transaction.receipts() {
        let left_over = receipt.gas_left_over.as_gas();
        let penalty = (left_over / 20).max(Gas::from_teragas(1).as_gas());
        let came_back = price.saturating_mul(u128::from(left_over - penalty));
        let refunds = receipt.refunds.iter().map(|refund| refund.amount);
        assert_eq!(refunds.collect::<Vec<_>>(), [came_back]);
    }
}
