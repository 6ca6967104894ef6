//! The model of transactions that `neard` executed.

use std::collections::BTreeMap;

use near_primitives::types::Gas;
use proptest::prelude::*;
use trace::receipt::{ActionStatus, Input, RefundKind};
use trace::{
    Diagram, Ledger, Order, TraceError, Transaction, TransactionResult, TxStatus,
    assert_transaction,
};

const BATCH_LAST_FAILS: &str = include_str!("../tx_status/neard-batch_last_fails.json");
const CALLEE_RETURNS_PROMISE: &str = include_str!("../tx_status/neard-callee_returns_promise.json");
const FAN_OUT_TEN: &str = include_str!("../tx_status/neard-fan_out_ten.json");
const PARALLEL_THREE: &str = include_str!("../tx_status/neard-parallel_three.json");

const ALL: [&str; 6] = [
    BATCH_LAST_FAILS,
    CALLEE_RETURNS_PROMISE,
    FAN_OUT_TEN,
    PARALLEL_THREE,
    include_str!("../tx_status/neard-reentrancy_window.json"),
    include_str!("../tx_status/neard-two_callbacks_on_one.json"),
];

fn tx_status(response: &str) -> TxStatus {
    trace::parse_tx_status(response.as_bytes()).expect("a transaction status")
}

fn transaction(response: &str) -> Transaction {
    Transaction::new(&tx_status(response)).expect("a complete transaction")
}

#[test]
fn every_outcome_is_a_receipt_or_a_refund() {
    for response in ALL {
        let status = tx_status(response);
        let transaction = transaction(response);

        let refunds = transaction.refunds().count();
        let executed = transaction.receipts().len() + refunds;
        assert_eq!(executed, status.final_outcome.receipts_outcome.len());
    }
}

/// Returns the numbers in the titles of a tree, such as `receipt 1: …` and `receipts 2 to 4 (3 alike): …`.
fn numbers_in(tree: &str) -> Vec<usize> {
    let titles = tree.lines().filter_map(|line| line.split_once("receipt"));
    let numbers = titles.filter_map(|(_, rest)| match rest.strip_prefix("s ") {
        Some(rest) => rest.split_once(" (").map(|(numbers, _)| numbers),
        None => rest
            .strip_prefix(' ')?
            .split_once(": ")
            .map(|(number, _)| number),
    });
    let ranges = numbers
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
fn a_tree_has_every_receipt_once_and_every_log() {
    for response in ALL {
        let transaction = transaction(response);
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

/// Reads a transaction with other actions in its second receipt.
fn with_actions(actions: serde_json::Value) -> Transaction {
    let mut status: serde_json::Value = serde_json::from_str(PARALLEL_THREE).expect("it is JSON");
    status["receipts"][1]["receipt"]["Action"]["actions"] = actions;
    transaction(&status.to_string())
}

#[test]
fn repeated_actions_are_shown_once() {
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
fn a_delegate_action_shows_its_inner_actions_and_its_key() {
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
    for response in ALL {
        let transaction = transaction(response);
        let svg = Diagram::new("it", std::slice::from_ref(&transaction)).to_svg();

        let cards = svg.split("<g class=\"card ").skip(1);
        let shown: usize = cards.map(|card| alike(card).unwrap_or(1)).sum();
        let deposits = transaction
            .refunds()
            .filter(|refund| refund.kind == RefundKind::Deposit);
        assert_eq!(shown, 1 + transaction.receipts().len() + deposits.count());
    }
}

/// Returns the number of similar receipts that share a card.
fn alike(card: &str) -> Option<usize> {
    let (before, _) = card.split_once(" alike")?;
    before.rsplit(['>', ' ']).next()?.parse().ok()
}

#[test]
fn the_purchase_price_is_refunded_lost_or_spent() {
    for response in ALL {
        let ledger = Ledger::new(&transaction(response));

        assert_eq!(
            ledger.paid_first,
            ledger
                .refunded
                .saturating_add(ledger.lost)
                .saturating_add(ledger.spent)
        );
    }
}

/// A receipt has the attached gas and the fees, which are less than 1 Tgas.
#[test]
fn a_receipt_has_the_attached_gas_and_the_fees() {
    let transaction = transaction(PARALLEL_THREE);
    let ledger = Ledger::new(&transaction);

    for (row, receipt) in ledger.rows[1..].iter().zip(transaction.receipts()) {
        let fees = row
            .has
            .checked_sub(receipt.gas_attached())
            .expect("there are fees");
        assert!(fees > Gas::ZERO && fees < Gas::from_teragas(1), "{row:?}");
    }
}

#[test]
fn a_callback_runs_after_the_receipts_for_which_it_waited() {
    for response in ALL {
        let transaction = transaction(response);
        for receipt in transaction.receipts() {
            for awaited in receipt.awaited_receipts() {
                assert!(
                    transaction.receipt(awaited).position < receipt.position,
                    "{receipt:?}"
                );
            }
        }
    }
}

#[test]
fn promise_results_are_in_the_order_of_the_join() {
    let transaction = transaction(PARALLEL_THREE);

    let inputs = &transaction.receipt(5).inputs;

    assert_eq!(inputs[..], [2, 3, 4].map(Input::PromiseResult));
}

#[test]
fn the_result_of_a_rereordered_promise_comes_from_its_receipt() {
    let transaction = transaction(CALLEE_RETURNS_PROMISE);

    assert_eq!(transaction.receipt(2).result_from, Some(3));
    assert_eq!(transaction.receipt(4).inputs, [Input::PromiseResult(3)]);
}

#[test]
fn the_result_of_a_transaction_is_that_of_its_result_chain() {
    let transaction = transaction(CALLEE_RETURNS_PROMISE);

    assert_eq!(transaction.result_chain(), [1, 4]);
    assert_eq!(
        transaction.result,
        TransactionResult::Value(br#"["deep"]"#.to_vec())
    );
}

#[test]
fn every_action_of_a_failed_batch_has_its_status() {
    let transaction = transaction(BATCH_LAST_FAILS);
    let batch = transaction.receipt(2);

    assert_eq!(
        [0, 1].map(|index| batch.action_status(index)),
        [ActionStatus::RolledBack, ActionStatus::Failed]
    );
}

#[test]
fn a_failure_for_which_a_callback_waited_is_not_unhandled() {
    let transaction = transaction(BATCH_LAST_FAILS);

    assert!(transaction.unhandled_failures().is_empty());
}

/// On a congested chain a block of the transaction may be three above the one before.
#[test]
fn heights_show_the_blocks_without_receipts() {
    let status = tx_status(PARALLEL_THREE);
    let outcome = &status.final_outcome;
    let outcomes = std::iter::once(&outcome.transaction_outcome).chain(&outcome.receipts_outcome);
    let derived = Transaction::new(&status).expect("a complete transaction");
    let height_of = |id| {
        let mut receipts = derived.receipts().iter();
        let receipt = receipts.find(|receipt| receipt.id == id);
        receipt.map_or(derived.position.height, |receipt| receipt.position.height)
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

    let order = Order::derive(&status, &heights).expect("a complete transaction");
    let transaction = Transaction::with_order(&status, &order).expect("a complete transaction");

    let receipts = transaction.receipts().iter();
    let blocks: Vec<_> = receipts
        .map(|receipt| transaction.block(receipt.position))
        .collect();
    assert_eq!(blocks, [3, 6, 6, 6, 9]);
}

#[test]
fn a_status_without_a_receipt_is_refused() {
    let mut status = tx_status(PARALLEL_THREE);
    status.receipts.remove(2);

    let error = Transaction::new(&status).expect_err("a receipt is missing");

    assert!(matches!(error, TraceError::MissingReceipt(_)), "{error}");
}

#[test]
fn a_status_without_an_outcome_is_refused() {
    let mut status = tx_status(PARALLEL_THREE);
    status.final_outcome.receipts_outcome.pop();

    let error = Transaction::new(&status).expect_err("an outcome is missing");

    assert!(matches!(error, TraceError::MissingOutcome(_)), "{error}");
}

#[test]
fn a_receipt_that_creates_itself_is_refused() {
    let mut status = tx_status(PARALLEL_THREE);
    let first = status.final_outcome.receipts_outcome[0].id;
    for outcome in &mut status.final_outcome.receipts_outcome {
        outcome.outcome.receipt_ids.push(first);
    }

    let error = Transaction::new(&status).expect_err("a cycle");

    assert!(matches!(error, TraceError::OutOfOrder), "{error}");
}

#[test]
fn a_json_rpc_error_is_refused() {
    let response =
        br#"{"jsonrpc":"2.0","id":"1","error":{"cause":{"name":"UNKNOWN_TRANSACTION"}}}"#;

    let error = trace::parse_tx_status(response).expect_err("it is an error");

    assert!(error.to_string().contains("UNKNOWN_TRANSACTION"), "{error}");
}

#[test]
#[should_panic(expected = "receipt 5: p0.test.near → p0.test.near")]
fn a_failed_assertion_shows_the_tree() {
    let transaction = transaction(PARALLEL_THREE);

    assert_transaction!(transaction, !transaction.result.is_ok());
}

#[test]
fn a_true_assertion_does_not_panic() {
    let transaction = transaction(PARALLEL_THREE);

    assert_transaction!(transaction, transaction.result.is_ok(), "it failed");
}

#[test]
fn a_diagram_for_a_page_has_no_blank_line() {
    for response in ALL {
        let svg = Diagram::new("it", &[transaction(response)]).to_svg();

        assert!(svg.lines().all(|line| !line.trim().is_empty()), "{svg}");
    }
}

proptest! {
    /// A node lists outcomes and receipts in any order.
    #[test]
    fn the_order_of_the_lists_does_not_matter(
        response in prop::sample::select(&ALL[..]),
        seed in any::<prop::sample::Index>(),
    ) {
        let original = tx_status(response);
        let mut reordered = original.clone();
        let outcomes = &mut reordered.final_outcome.receipts_outcome;
        let middle = seed.index(outcomes.len());
        outcomes.rotate_left(middle);
        let middle = seed.index(reordered.receipts.len());
        reordered.receipts.rotate_left(middle);
        reordered.receipts.reverse();

        let [original, reordered] = [original, reordered].map(|status| Transaction::new(&status).expect("a complete transaction"));

        prop_assert_eq!(trace::tree(&original), trace::tree(&reordered));
    }

    /// A diagram is well-formed XML, whatever a contract logs.
    #[test]
    fn a_log_line_is_never_markup(text in ".*") {
        let mut status = tx_status(FAN_OUT_TEN);
        for outcome in &mut status.final_outcome.receipts_outcome {
            outcome.outcome.logs = vec![text.clone()];
        }

        let transaction = Transaction::new(&status).expect("a complete transaction");
        let svg = Diagram::new("it", &[transaction]).to_svg();

        for tag in svg.split('<').skip(1) {
            let name: String = tag.chars().take_while(|letter| letter.is_ascii_alphabetic() || *letter == '/').collect();
            let known = ["svg", "/svg", "title", "/title", "desc", "/desc", "g", "/g", "path", "rect", "text", "/text"];
            prop_assert!(known.contains(&name.as_str()), "<{tag}");
        }
    }
}

/// Protocol version 78 keeps 5 % of the unspent gas as a penalty, and at least 1 Tgas (NEP-536).
#[test]
fn unspent_gas_is_refunded_less_the_penalty() {
    let transaction = transaction(FAN_OUT_TEN);
    let price = transaction.receipt(1).gas_price;

    for receipt in transaction.receipts() {
        let unspent = receipt.gas_unspent.as_gas();
        let penalty = (unspent / 20).max(Gas::from_teragas(1).as_gas());
        let refund = price.saturating_mul(u128::from(unspent - penalty));
        let refunds = receipt.refunds.iter().map(|refund| refund.amount);
        assert_eq!(refunds.collect::<Vec<_>>(), [refund]);
    }
}
