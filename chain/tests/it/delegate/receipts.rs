//! The receipts of a delegate action: who sends, signs and pays them, what they burn, and who gets the refunds.

use near_parameters::ActionCosts;
use near_primitives::receipt::VersionedReceiptEnum;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::FinalExecutionStatus;
use serde_json::json;

use super::{
    ALICE, BOB, NOBODY, RELAYER, alice, burnt, relay, three_accounts, wish, with_limited_key,
};
use crate::test_chain::*;

#[test]
fn the_inner_receipt_comes_from_alice_and_is_signed_by_the_relayer() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let hash = relay(&mut chain, wish);

    let receipts = tree(&chain, &hash);
    let outer = chain.receipt(&receipts[0].id).expect("kept");
    let inner = chain.receipt(&receipts[1].id).expect("kept");
    assert_eq!(outer.predecessor_id(), RELAYER);
    assert_eq!(inner.predecessor_id(), ALICE);
    assert_eq!(inner.receiver_id(), BOB);
    let (VersionedReceiptEnum::Action(outer), VersionedReceiptEnum::Action(inner)) =
        (outer.versioned_receipt(), inner.versioned_receipt())
    else {
        panic!("both have actions");
    };
    assert_eq!(inner.signer_id(), RELAYER);
    assert_eq!(*inner.signer_public_key(), public_key(RELAYER));
    assert_eq!(inner.gas_price(), outer.gas_price());
}

#[test]
fn a_contract_sees_alice_as_its_caller_and_the_relayer_as_the_signer() {
    let mut chain = three_accounts();
    deploy(&mut chain, BOB, PROBE);
    let look = program(json!(["log_env"]), 50, near(2));
    let wish = wish(&chain, &alice(), BOB, vec![look]);
    let hash = relay(&mut chain, wish);

    let log = &tree(&chain, &hash)[1].outcome.logs[0];
    let deposit = near(2).as_yoctonear();
    let expected = format!("signer={RELAYER} predecessor={ALICE} deposit={deposit} ");
    assert!(log.contains(&expected), "{log}");
}

#[test]
fn the_status_is_that_of_the_delegate_action_not_of_the_inner_call() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), NOBODY, vec![transfer(near(1))]);
    let hash = relay(&mut chain, wish);

    assert_eq!(
        status(&chain, &hash),
        FinalExecutionStatus::SuccessValue(Vec::new())
    );
}

#[test]
fn an_account_can_change_itself_through_a_relayer() {
    let mut chain = three_accounts();
    let key = with_limited_key(&mut chain);
    let found = chain
        .head()
        .state
        .access_key(&account(ALICE), &key.public_key());
    assert!(found.is_some());
}

#[test]
fn the_relayer_pays_for_gas_and_deposits_and_gets_the_unspent_gas() {
    let mut chain = three_accounts();
    deploy(&mut chain, BOB, PROBE);
    let before = balance(&chain, RELAYER);
    let gift = program(json!([]), 100, near(3));
    let wish = wish(&chain, &alice(), BOB, vec![gift]);
    let hash = relay(&mut chain, wish);

    let paid = burnt(&chain, &hash).saturating_add(near(3));
    assert_eq!(balance(&chain, RELAYER), before.saturating_sub(paid));
    assert_eq!(balance(&chain, ALICE), Balance::ZERO);
}

#[test]
fn each_receipt_burns_its_execution_and_the_outer_one_what_sending_the_inner_costs() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let hash = relay(&mut chain, wish);

    let fees = chain.runtime_config().fees.clone();
    let send = |cost: ActionCosts| fees.fee(cost).send_fee(false).gas;
    let exec = |cost: ActionCosts| fees.fee(cost).exec_fee().gas;
    let sum = |parts: &[Gas]| parts.iter().copied().fold(Gas::ZERO, Gas::saturating_add);
    use ActionCosts::{delegate, new_action_receipt, transfer as transfer_cost};
    let receipts = tree(&chain, &hash);
    assert_eq!(
        outcome(&chain, &hash).outcome.gas_burnt,
        sum(&[
            send(new_action_receipt),
            send(delegate),
            send(transfer_cost)
        ])
    );
    assert_eq!(
        receipts[0].outcome.gas_burnt,
        sum(&[
            exec(new_action_receipt),
            exec(delegate),
            send(transfer_cost)
        ])
    );
    assert_eq!(
        receipts[1].outcome.gas_burnt,
        sum(&[exec(new_action_receipt), exec(transfer_cost)])
    );
}

#[test]
fn the_deposit_of_an_inner_receipt_that_fails_is_returned_to_alice() {
    let mut chain = three_accounts();
    let before = balance(&chain, RELAYER);
    let wish = wish(&chain, &alice(), NOBODY, vec![transfer(near(5))]);
    let hash = relay(&mut chain, wish);

    assert_eq!(balance(&chain, ALICE), near(5));
    let paid = burnt(&chain, &hash).saturating_add(near(5));
    assert_eq!(balance(&chain, RELAYER), before.saturating_sub(paid));
}

#[test]
fn the_deposits_of_a_refused_delegate_action_are_returned_to_the_relayer() {
    let mut chain = three_accounts();
    let before = balance(&chain, RELAYER);
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(5))]);
    wish.max_block_height = 0;
    let hash = relay(&mut chain, wish);

    assert_eq!(balance(&chain, ALICE), Balance::ZERO);
    let paid = burnt(&chain, &hash);
    assert_eq!(balance(&chain, RELAYER), before.saturating_sub(paid));
}
