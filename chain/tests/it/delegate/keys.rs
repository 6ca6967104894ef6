//! The keys of delegate actions: their nonces, and the permissions of function-call keys.

use chain::testing::signer;
use near_primitives::account::AccessKey;
use near_primitives::errors::{ActionErrorKind, InvalidAccessKeyError, InvalidTxError};
use near_primitives::types::{Balance, Gas};
use near_primitives::views::FinalExecutionStatus;
use serde_json::json;

use super::{
    ALICE, BLOCKS_TO_EXECUTION, BOB, RELAYER, alice, failure, nonce, relay, signed_by,
    three_accounts, wish, with_limited_key,
};
use crate::test_chain::*;

#[test]
fn the_nonces_of_both_keys_rise() {
    let mut chain = three_accounts();
    let relayer = signer(&account(RELAYER));
    let before = nonce(&chain, &relayer);
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.nonce = 77;
    relay(&mut chain, wish);

    assert_eq!(nonce(&chain, &alice()), 77);
    assert_eq!(nonce(&chain, &relayer), before + 1);
}

#[test]
fn a_nonce_of_a_delegate_action_cannot_be_used_by_a_transaction() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let used = wish.nonce;
    relay(&mut chain, wish);

    let own = chain.signed_with_nonce(&alice(), &account(BOB), used, vec![transfer(near(1))]);
    let expected = InvalidTxError::InvalidNonce {
        tx_nonce: used,
        ak_nonce: used,
    };
    assert_eq!(chain.submit(own), Err(expected));
}

#[test]
fn a_refused_delegate_action_keeps_the_nonce() {
    let mut chain = three_accounts();
    let before = nonce(&chain, &alice());
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.max_block_height = 0;
    relay(&mut chain, wish);
    assert_eq!(nonce(&chain, &alice()), before);
}

#[test]
fn a_nonce_above_a_million_for_each_height_is_refused() {
    let mut chain = three_accounts();
    let height = chain.head().height + BLOCKS_TO_EXECUTION;
    let upper_bound = height * AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER;
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.nonce = upper_bound;
    let hash = relay(&mut chain, wish);
    let expected = ActionErrorKind::DelegateActionNonceTooLarge {
        delegate_nonce: upper_bound,
        upper_bound,
    };
    assert_eq!(failure(&chain, &hash), expected);
}

#[test]
fn the_greatest_nonce_of_a_height_is_valid() {
    let mut chain = three_accounts();
    let height = chain.head().height + BLOCKS_TO_EXECUTION;
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.nonce = height * AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER - 1;
    relay(&mut chain, wish);
    assert_eq!(balance(&chain, BOB), near(101));
}

#[test]
fn a_key_that_the_account_does_not_have_cannot_sign_for_it() {
    let mut chain = three_accounts();
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.public_key = public_key(BOB);
    let forged = signed_by(&signer(&account(BOB)), wish);
    let hash = run(&mut chain, RELAYER, ALICE, vec![forged]);
    let expected = InvalidAccessKeyError::AccessKeyNotFound {
        account_id: account(ALICE),
        public_key: Box::new(public_key(BOB)),
    };
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::DelegateActionAccessKeyError(expected)
    );
}

#[test]
fn a_function_call_key_signs_within_its_permission_and_keeps_its_allowance() {
    let mut chain = three_accounts();
    deploy(&mut chain, BOB, PROBE);
    let key = with_limited_key(&mut chain);
    let call = program(json!([{"return": {"text": "ran"}}]), 50, Balance::ZERO);
    let wish = wish(&chain, &key, BOB, vec![call]);
    let hash = run(&mut chain, RELAYER, ALICE, vec![signed_by(&key, wish)]);

    let inner = tree(&chain, &hash)[1].id;
    let ran = FinalExecutionStatus::SuccessValue(b"ran".to_vec());
    assert_eq!(status(&chain, &inner), ran);
    let key = chain
        .head()
        .state
        .access_key(&account(ALICE), &key.public_key());
    let permission = key.expect("still there").permission;
    let permission = permission.function_call_permission().expect("limited");
    assert_eq!(permission.allowance, Some(near(1)));
}

#[test]
fn a_function_call_key_cannot_sign_beyond_its_permission() {
    let mut chain = three_accounts();
    let key = with_limited_key(&mut chain);
    let call = |method: &str, deposit| call(method, [], Gas::from_teragas(10), deposit);
    let one = Balance::from_yoctonear(1);
    let cases = [
        (
            BOB,
            vec![transfer(near(1))],
            InvalidAccessKeyError::RequiresFullAccess,
        ),
        (
            BOB,
            vec![call("run", Balance::ZERO), call("run", Balance::ZERO)],
            InvalidAccessKeyError::RequiresFullAccess,
        ),
        (
            BOB,
            vec![call("run", one)],
            InvalidAccessKeyError::DepositWithFunctionCall,
        ),
        (
            RELAYER,
            vec![call("run", Balance::ZERO)],
            InvalidAccessKeyError::ReceiverMismatch {
                tx_receiver: account(RELAYER),
                ak_receiver: BOB.to_owned(),
            },
        ),
        (
            BOB,
            vec![call("walk", Balance::ZERO)],
            InvalidAccessKeyError::MethodNameMismatch {
                method_name: "walk".to_owned(),
            },
        ),
    ];
    for (receiver, actions, expected) in cases {
        let wish = wish(&chain, &key, receiver, actions);
        let hash = run(&mut chain, RELAYER, ALICE, vec![signed_by(&key, wish)]);
        assert_eq!(
            failure(&chain, &hash),
            ActionErrorKind::DelegateActionAccessKeyError(expected)
        );
    }
}
