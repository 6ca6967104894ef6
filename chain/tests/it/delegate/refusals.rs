//! Delegate actions that are refused: expired, forged, sent to another account, or not valid.

use chain::testing::signer;
use near_primitives::action::delegate::{
    DelegateActionV2, SignedDelegateAction, VersionedSignedDelegateAction,
};
use near_primitives::action::{Action, DeployContractAction};
use near_primitives::errors::{ActionErrorKind, ActionsValidationError, InvalidTxError};
use near_primitives::transaction::TransactionNonce;
use near_primitives::types::{Balance, Gas};

use super::{
    ALICE, BLOCKS_TO_EXECUTION, BOB, RELAYER, alice, failure, relay, signed_by, three_accounts,
    wish,
};
use crate::test_chain::*;

#[test]
fn a_delegate_action_cannot_be_relayed_twice() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let used = wish.nonce;
    relay(&mut chain, wish.clone());
    let again = relay(&mut chain, wish);

    let expected = ActionErrorKind::DelegateActionInvalidNonce {
        delegate_nonce: used,
        ak_nonce: used,
    };
    assert_eq!(failure(&chain, &again), expected);
    assert_eq!(balance(&chain, BOB), near(101));
}

#[test]
fn a_delegate_action_is_valid_up_to_its_last_block() {
    let mut chain = three_accounts();
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.max_block_height = chain.head().height + BLOCKS_TO_EXECUTION;
    relay(&mut chain, wish);
    assert_eq!(balance(&chain, BOB), near(101));
}

#[test]
fn a_delegate_action_has_expired_one_block_later() {
    let mut chain = three_accounts();
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.max_block_height = chain.head().height + BLOCKS_TO_EXECUTION - 1;
    let hash = relay(&mut chain, wish);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::DelegateActionExpired
    );
}

#[test]
fn a_stolen_delegate_action_is_refused() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let mut stolen = SignedDelegateAction::sign(&alice(), wish);
    stolen.delegate_action.receiver_id = account(RELAYER);
    let hash = run(&mut chain, RELAYER, ALICE, vec![stolen.into()]);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::DelegateActionInvalidSignature
    );
}

#[test]
fn a_delegate_action_with_the_signature_of_another_key_is_refused() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let forged = signed_by(&signer(&account(RELAYER)), wish);
    let hash = run(&mut chain, RELAYER, ALICE, vec![forged]);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::DelegateActionInvalidSignature
    );
}

#[test]
fn a_delegate_action_must_be_sent_to_its_signer() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let hash = run(&mut chain, RELAYER, BOB, vec![signed_by(&alice(), wish)]);
    let expected = ActionErrorKind::DelegateActionSenderDoesNotMatchTxReceiver {
        sender_id: account(ALICE),
        receiver_id: account(BOB),
    };
    assert_eq!(failure(&chain, &hash), expected);
}

#[test]
fn a_transaction_has_at_most_one_delegate_action() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let twice = vec![
        signed_by(&alice(), wish.clone()),
        signed_by(&alice(), wish.clone()),
    ];
    let transaction = sign(&chain, RELAYER, ALICE, twice);
    let expected = ActionsValidationError::DelegateActionMustBeOnlyOne;
    assert_eq!(
        chain.submit(transaction),
        Err(InvalidTxError::ActionsValidation(expected))
    );
}

#[test]
fn the_inner_actions_are_validated_like_those_of_a_transaction() {
    let mut chain = three_accounts();
    let without_gas = call("run", [], Gas::ZERO, Balance::ZERO);
    let wish = wish(&chain, &alice(), BOB, vec![without_gas]);
    let transaction = sign(&chain, RELAYER, ALICE, vec![signed_by(&alice(), wish)]);
    let expected = ActionsValidationError::FunctionCallZeroAttachedGas;
    assert_eq!(
        chain.submit(transaction),
        Err(InvalidTxError::ActionsValidation(expected))
    );
}

#[test]
fn the_second_version_of_delegate_actions_is_refused_as_on_the_network() {
    let mut chain = three_accounts();
    let wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    let second_version = DelegateActionV2 {
        sender_id: wish.sender_id,
        receiver_id: wish.receiver_id,
        actions: wish.actions,
        nonce: TransactionNonce::from_nonce(wish.nonce),
        max_block_height: wish.max_block_height,
        public_key: wish.public_key,
    };
    let action = VersionedSignedDelegateAction::sign(&alice(), second_version.into());
    let transaction = sign(&chain, RELAYER, ALICE, vec![action.into()]);
    let expected = ActionsValidationError::RemovedProtocolFeature {
        protocol_feature: "DelegateV2".to_owned(),
        version: chain.protocol_version(),
    };
    assert_eq!(
        chain.submit(transaction),
        Err(InvalidTxError::ActionsValidation(expected))
    );
}

/// Ten deployments are the limit of a receipt, and a delegate action becomes a receipt of its own.
#[test]
fn the_deployments_of_a_delegate_action_count_for_its_own_receipt() {
    let mut chain = three_accounts();
    let deployments = |count| {
        let deployment = Action::DeployContract(DeployContractAction { code: vec![7] });
        vec![deployment; count]
    };
    let mut sent_with = |inner, outer| {
        let wish = wish(&chain, &alice(), ALICE, deployments(inner));
        let mut actions = deployments(outer);
        actions.push(signed_by(&alice(), wish));
        let transaction = sign(&chain, RELAYER, ALICE, actions);
        chain.submit(transaction).map(|_| ())
    };
    assert_eq!(sent_with(10, 10), Ok(()));
    let too_many = ActionsValidationError::TotalNumberOfDeployActionsExceeded {
        number_of_deploy_actions: 11,
        limit: 10,
    };
    let refused = Err(InvalidTxError::ActionsValidation(too_many));
    assert_eq!(sent_with(11, 0), refused);
    assert_eq!(sent_with(0, 11), refused);
}
