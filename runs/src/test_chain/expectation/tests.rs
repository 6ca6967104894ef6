//! Tests that each difference from an expectation is a fault.

use near_primitives::action::{Action, TransferAction};
use near_primitives::types::Balance;
use serde_json::json;

use super::*;
use crate::test_chain::{TxHash, call, delete};

const ONE: Balance = Balance::from_near(1);

/// Runs a transfer of 1 NEAR from alice to bob.
fn payment() -> (TestChain, TxHash) {
    let mut chain = TestChain::actors([]);
    let transfer = Action::Transfer(TransferAction { deposit: ONE });
    let tx = chain.send("alice.near", "bob.near", vec![transfer]);
    (chain, tx)
}

fn paid() -> [BalanceChange; 2] {
    [loses("alice.near", ONE), gains("bob.near", ONE)]
}

/// Runs a call with a deposit to an account without a contract.
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

/// Checks that the fault contains this text and the tree.
#[track_caller]
fn fault((chain, tx): (TestChain, TxHash), expected: Expectation, says: &str) {
    let fault = faults(&chain, tx, expected).expect("there is a fault");
    assert!(fault.contains(says), "{fault}");
    assert!(fault.contains(&chain.tree(tx)), "{fault}");
}

#[test]
fn an_expectation_that_is_not_met_is_refuted_in_sentences() {
    let (chain, tx) = payment();
    let expected = returns(json!(true)).fails_at("bob.near", "get", "no code");

    let claim = chain.shows(&[tx], expected.logs("paid").moves([]));

    assert_eq!(
        claim.refuted(),
        [
            "the transaction of alice.near returns true",
            "these receipts fail, and no other: get at bob.near: no code",
            "a receipt logs “paid”",
            "no balance changes",
        ]
    );
}

#[test]
fn a_transfer_changes_two_balances_and_gas_does_not_count() {
    holds(payment(), returns_nothing().moves(paid()));
}

#[test]
fn a_balance_change_that_is_not_expected_is_a_fault() {
    let expected = returns_nothing().no_balance_moves();
    let says = "these balances should change: none\n\
                these changed: alice.near -1\u{a0}NEAR, bob.near +1\u{a0}NEAR";

    fault(payment(), expected, says);
}

#[test]
fn a_change_of_one_yoctonear_less_is_a_fault() {
    let less = ONE.saturating_sub(Balance::from_yoctonear(1));
    let expected = returns_nothing().moves([loses("alice.near", ONE), gains("bob.near", less)]);

    fault(payment(), expected, "these balances should change");
}

#[test]
fn an_expected_balance_change_that_does_not_happen_is_a_fault() {
    let more = paid().into_iter().chain([gains("app.near", ONE)]);

    fault(
        payment(),
        returns_nothing().moves(more),
        "these balances should change",
    );
}

#[test]
fn another_result_is_a_fault() {
    let expected = returns(json!(true)).moves(paid());

    fault(payment(), expected, "it returns nothing");
}

#[test]
fn a_failed_receipt_with_the_expected_reason_is_no_fault() {
    let expected = fails("CodeDoesNotExist").fails_at("bob.near", "get", "CodeDoesNotExist");

    holds(failure(), expected.no_balance_moves());
}

#[test]
fn a_failed_receipt_that_is_not_expected_is_a_fault() {
    let expected = fails("CodeDoesNotExist").no_balance_moves();

    fault(
        failure(),
        expected,
        "these receipts should fail: none\nthese failed: \n    get at bob.near",
    );
}

#[test]
fn a_receipt_that_should_fail_and_succeeds_is_a_fault() {
    let expected = returns_nothing().fails_at("bob.near", "transfer 1 NEAR", "");

    fault(
        payment(),
        expected.moves(paid()),
        "these receipts should fail",
    );
}

#[test]
fn a_failure_on_another_account_or_of_another_action_or_for_another_reason_is_a_fault() {
    for (account, action, reason) in [
        ("app.near", "get", "CodeDoesNotExist"),
        ("bob.near", "set", "CodeDoesNotExist"),
        ("bob.near", "get", "Exceeded the prepaid gas"),
    ] {
        let expected = fails("CodeDoesNotExist").fails_at(account, action, reason);

        fault(
            failure(),
            expected.no_balance_moves(),
            "these receipts should fail",
        );
    }
}

#[test]
fn a_success_in_place_of_a_failure_is_a_fault() {
    fault(
        payment(),
        fails("").moves(paid()),
        "should fail: , but it returns nothing",
    );
}

#[test]
fn every_transaction_needs_a_result() {
    let expected = returns_nothing().then_returns_nothing().moves(paid());

    fault(
        payment(),
        expected,
        "2 results are expected of 1 transactions",
    );
}

#[test]
fn a_receipt_in_another_block_is_a_fault() {
    let transfer_in = |block| {
        let builder = returns_nothing().runs_in(block, "bob.near", "transfer 1 NEAR");
        builder.moves(paid())
    };

    holds(payment(), transfer_in(1));
    fault(
        payment(),
        transfer_in(2),
        "should run on bob.near in block 2",
    );
}

#[test]
fn a_missing_log_line_is_a_fault() {
    let expected = returns_nothing().logs("paid").moves(paid());

    fault(payment(), expected, "this should be logged: paid");
}

#[test]
fn refunds_are_not_counted_as_receipts() {
    let counted = |number| returns_nothing().receipts(number).moves(paid());

    holds(payment(), counted(1));
    fault(payment(), counted(2), "2 receipts should run, but 1 did");
}

#[test]
fn a_deleted_account_counts_with_the_balance_of_its_beneficiary() {
    let mut chain = TestChain::actors([]);
    let tx = chain.send("bob.near", "bob.near", vec![delete("alice.near")]);

    holds((chain, tx), returns_nothing().no_balance_moves());
}
