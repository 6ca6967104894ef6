//! Each way in which a run can differ from its expectation is a fault.

use near_primitives::action::{Action, TransferAction};
use near_primitives::types::Balance;
use serde_json::json;

use super::*;
use crate::test_chain::{call, delete};

const ONE: Balance = Balance::from_near(1);

/// Alice sends bob 1 NEAR.
fn payment() -> (TestChain, TxHash) {
    let mut chain = TestChain::actors([]);
    let transfer = Action::Transfer(TransferAction { deposit: ONE });
    let tx = chain.send("alice.near", "bob.near", vec![transfer]);
    (chain, tx)
}

fn paid() -> [Move; 2] {
    [loses("alice.near", ONE), gains("bob.near", ONE)]
}

/// Alice calls a contract that is not there, with a deposit.
fn failure() -> (TestChain, TxHash) {
    let mut chain = TestChain::actors([]);
    let call = crate::test_chain::paid(call("get", json!({})), ONE);
    let tx = chain.send("alice.near", "bob.near", vec![call]);
    (chain, tx)
}

fn faults(chain: &TestChain, tx: TxHash, expected: Expectation) -> Option<String> {
    let claim = chain.shows(&[tx], expected);
    claim.fault().map(str::to_owned)
}

#[track_caller]
fn holds(run: (TestChain, TxHash), expected: Expectation) {
    assert_eq!(faults(&run.0, run.1, expected), None);
}

/// The fault says this, and shows the tree.
#[track_caller]
fn fault((chain, tx): (TestChain, TxHash), expected: Expectation, says: &str) {
    let fault = faults(&chain, tx, expected).expect("it does not hold");
    assert!(fault.contains(says), "{fault}");
    assert!(fault.contains(&chain.tree(tx)), "{fault}");
}

#[test]
fn a_payment_moves_two_balances_and_gas_does_not_count() {
    holds(payment(), answers_nothing().moves(paid()));
}

#[test]
fn money_that_moves_and_is_not_told_of_is_a_fault() {
    let expected = answers_nothing().nobodys_balance_moves();
    let says = "these balances were to move: none\n\
                and these did: alice.near -1\u{a0}NEAR, bob.near +1\u{a0}NEAR";

    fault(payment(), expected, says);
}

#[test]
fn one_yoctonear_less_is_a_fault() {
    let less = ONE.saturating_sub(Balance::from_yoctonear(1));
    let expected = answers_nothing().moves([loses("alice.near", ONE), gains("bob.near", less)]);

    fault(payment(), expected, "these balances were to move");
}

#[test]
fn money_that_is_told_of_and_does_not_move_is_a_fault() {
    let more = paid().into_iter().chain([gains("book.near", ONE)]);

    fault(
        payment(),
        answers_nothing().moves(more),
        "these balances were to move",
    );
}

#[test]
fn another_answer_is_a_fault() {
    let expected = answers(json!(true)).moves(paid());

    fault(payment(), expected, "it answers nothing");
}

#[test]
fn a_failure_comes_with_its_receipt_and_its_reason() {
    let expected = fails("CodeDoesNotExist").fails_at("bob.near", "get", "CodeDoesNotExist");

    holds(failure(), expected.nobodys_balance_moves());
}

#[test]
fn a_receipt_that_fails_and_is_not_named_is_a_fault() {
    let expected = fails("CodeDoesNotExist").nobodys_balance_moves();

    fault(
        failure(),
        expected,
        "these receipts were to fail: none\nand these did: \n    get at bob.near",
    );
}

#[test]
fn a_receipt_that_was_to_fail_and_does_not_is_a_fault() {
    let expected = answers_nothing().fails_at("bob.near", "transfer 1 NEAR", "");

    fault(
        payment(),
        expected.moves(paid()),
        "these receipts were to fail",
    );
}

#[test]
fn a_failure_elsewhere_with_another_action_or_for_another_reason_is_a_fault() {
    for (account, action, reason) in [
        ("book.near", "get", "CodeDoesNotExist"),
        ("bob.near", "set", "CodeDoesNotExist"),
        ("bob.near", "get", "Exceeded the prepaid gas"),
    ] {
        let expected = fails("CodeDoesNotExist").fails_at(account, action, reason);

        fault(
            failure(),
            expected.nobodys_balance_moves(),
            "these receipts were to fail",
        );
    }
}

#[test]
fn a_success_where_a_failure_was_to_be_is_a_fault() {
    fault(
        payment(),
        fails("").moves(paid()),
        "was to fail: , and not: it answers nothing",
    );
}

#[test]
fn every_transaction_has_an_end() {
    let expected = answers_nothing().then_answers_nothing().moves(paid());

    fault(payment(), expected, "2 ends are told of 1 transactions");
}

#[test]
fn a_receipt_runs_in_its_block_and_in_no_other() {
    let transfer_in = |block| {
        let ending = answers_nothing().runs_in(block, "bob.near", "transfer 1 NEAR");
        ending.moves(paid())
    };

    holds(payment(), transfer_in(1));
    fault(
        payment(),
        transfer_in(2),
        "was to run on bob.near in block 2",
    );
}

#[test]
fn a_line_that_nobody_logs_is_a_fault() {
    let expected = answers_nothing().logs("paid").moves(paid());

    fault(payment(), expected, "this was to be logged: paid");
}

#[test]
fn receipts_are_counted_without_refunds() {
    let counted = |number| answers_nothing().receipts(number).moves(paid());

    holds(payment(), counted(1));
    fault(payment(), counted(2), "2 receipts were to run, and 1 did");
}

#[test]
fn who_is_gone_counts_with_what_the_heir_has() {
    let mut chain = TestChain::actors([]);
    let tx = chain.send("bob.near", "bob.near", vec![delete("alice.near")]);

    holds((chain, tx), answers_nothing().nobodys_balance_moves());
}
