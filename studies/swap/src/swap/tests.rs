//! The orders, and the two ends of a swap.

use near_sdk::mock::MockAction;
use near_sdk::test_utils::get_created_receipts;
use near_sdk::{NearToken, PromiseOrValue, PromiseResult};

use super::*;
use crate::test_utils::{after, called_by, id, pool, success, unused};

const SWAP: &str = r#"{"swap":{"min_out":"906","deadline":"1000"}}"#;

/// Swaps 1,000 gold of alice.
fn swap(contract: &mut Contract, msg: &str) {
    called_by("gold.near");
    match contract.ft_on_transfer(id("alice.near"), U128(1_000), msg.to_owned()) {
        PromiseOrValue::Promise(promise) => promise.detach(),
        PromiseOrValue::Value(unused) => panic!("it returns {unused:?}"),
    }
}

const TRADE: Trade = Trade {
    side: 0,
    amount_in: U128(1_000),
    amount_out: U128(906),
};

fn reserves(contract: &Contract) -> [[u128; 2]; 2] {
    contract
        .get_reserves()
        .map(|bounds| bounds.map(|bound| bound.0))
}

#[test]
fn a_swap_is_a_payout_and_a_callback_that_waits_for_it() {
    let mut contract = pool();
    swap(&mut contract, SWAP);

    let [payout, callback] = &get_created_receipts()[..] else {
        panic!("not two receipts");
    };
    assert_eq!(payout.receiver_id, "silver.near");
    let [
        MockAction::FunctionCallWeight {
            method_name,
            args,
            attached_deposit,
            ..
        },
        MockAction::Transfer { .. },
    ] = &payout.actions[..]
    else {
        panic!("not a call and a transfer: {payout:?}");
    };
    assert_eq!(method_name, b"ft_transfer");
    assert_eq!(args, br#"{"receiver_id":"alice.near","amount":"906"}"#);
    assert_eq!(*attached_deposit, NearToken::from_yoctonear(1));
    assert_eq!(callback.receiver_id, "app.near");
    assert_eq!(callback.receipt_indices, [0], "it waits for the payout");
}

#[test]
fn the_bounds_are_apart_while_the_payout_is_under_way() {
    let mut contract = pool();
    swap(&mut contract, SWAP);

    assert_eq!(reserves(&contract), [[10_000, 11_000], [9_094, 10_000]]);
}

#[test]
fn a_payout_that_has_arrived_uses_all() {
    let mut contract = pool();
    swap(&mut contract, SWAP);
    after(success());

    assert_eq!(contract.swap_callback(TRADE), U128(0));
    assert_eq!(reserves(&contract), [[11_000; 2], [9_094; 2]]);
}

#[test]
fn a_payout_that_has_failed_uses_nothing() {
    let mut contract = pool();
    swap(&mut contract, SWAP);
    after(PromiseResult::Failed);

    assert_eq!(contract.swap_callback(TRADE), U128(1_000));
    assert_eq!(reserves(&contract), [[10_000; 2]; 2]);
}

#[test]
#[should_panic(expected = "The swap gives 906, and not 907")]
fn less_than_the_least_is_refused() {
    swap(
        &mut pool(),
        r#"{"swap":{"min_out":"907","deadline":"1000"}}"#,
    );
}

#[test]
#[should_panic(expected = "The swap gives 0, and not 0")]
fn a_swap_for_nothing_is_refused() {
    let msg = r#"{"swap":{"min_out":"0","deadline":"1000"}}"#;
    unused(&mut pool(), "gold.near", "alice.near", 1, msg);
}

#[test]
#[should_panic(expected = "The deadline has passed")]
fn a_swap_after_its_deadline_is_refused() {
    swap(
        &mut pool(),
        r#"{"swap":{"min_out":"906","deadline":"999"}}"#,
    );
}

#[test]
#[should_panic(expected = "mallory.near is no token of this pool")]
fn a_caller_that_is_no_token_is_refused() {
    unused(&mut pool(), "mallory.near", "mallory.near", 1_000, SWAP);
}

#[test]
#[should_panic(expected = "unknown field `min_share`")]
fn an_order_with_a_field_that_it_does_not_know_is_refused() {
    let msg = r#"{"add":{"min_share":"1","min_shares":"0","min_in":["0","0"]}}"#;
    unused(&mut pool(), "gold.near", "carol.near", 1_000, msg);
}

#[test]
#[should_panic(expected = "missing field `min_shares`")]
fn an_order_to_add_without_its_bounds_is_refused() {
    let msg = r#"{"add":{"min_in":["0","0"]}}"#;
    unused(&mut pool(), "gold.near", "carol.near", 1_000, msg);
}

#[test]
#[should_panic(expected = "`msg` is no order")]
fn a_message_that_is_no_order_is_refused() {
    swap(&mut pool(), "Hello");
}
