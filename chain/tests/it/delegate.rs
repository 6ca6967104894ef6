//! Delegate actions (NEP-366): a relayer sends and pays for the actions that another account has signed
//! (`SPEC.md` §2.4; costs and refunds: §1.2 and §2.7).
//!
//! Alice signs and has no tokens, the relayer sends the transaction, Bob receives the inner receipt.

use chain::Chain;
use chain::testing::signer;
use near_crypto::{InMemorySigner, KeyType, Signer};
use near_parameters::ActionCosts;
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::delegate::{
    DelegateAction, DelegateActionV2, NonDelegateAction, SignedDelegateAction,
    VersionedSignedDelegateAction,
};
use near_primitives::action::{Action, AddKeyAction, DeployContractAction};
use near_primitives::errors::{
    ActionErrorKind, ActionsValidationError, InvalidAccessKeyError, InvalidTxError,
    TxExecutionError,
};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::VersionedReceiptEnum;
use near_primitives::transaction::TransactionNonce;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::FinalExecutionStatus;
use serde_json::json;

use crate::test_chain::*;

const ALICE: &str = "alice.near";
const BOB: &str = "bob.near";
const RELAYER: &str = "relayer.near";
const NOBODY: &str = "nobody.near";

/// The number of heights from the block before the transaction to the block that executes its receipt.
const BLOCKS_TO_EXECUTION: u64 = 2;

fn three_accounts() -> Chain {
    chain(&[
        (ALICE, Balance::ZERO),
        (BOB, near(100)),
        (RELAYER, near(100)),
    ])
}

fn alice() -> Signer {
    signer(&account(ALICE))
}

fn nonce(chain: &Chain, key: &Signer) -> u64 {
    let found = chain
        .head()
        .state
        .access_key(&key.get_account_id(), &key.public_key());
    found.expect("the key is there").nonce
}

/// Returns a delegate action of Alice's, valid for a hundred blocks, with the next nonce of one of her keys.
fn wish(chain: &Chain, key: &Signer, receiver: &str, actions: Vec<Action>) -> DelegateAction {
    let inner = |action| NonDelegateAction::try_from(action).expect("no delegate action");
    DelegateAction {
        sender_id: account(ALICE),
        receiver_id: account(receiver),
        actions: actions.into_iter().map(inner).collect(),
        nonce: nonce(chain, key) + 1,
        max_block_height: chain.head().height + 100,
        public_key: key.public_key(),
    }
}

fn signed_by(key: &Signer, wish: DelegateAction) -> Action {
    SignedDelegateAction::sign(key, wish).into()
}

/// Signs a delegate action as Alice and sends it as the relayer.
fn relay(chain: &mut Chain, wish: DelegateAction) -> CryptoHash {
    run(chain, RELAYER, ALICE, vec![signed_by(&alice(), wish)])
}

/// Returns the error of the delegate action itself, the only action of its transaction.
fn failure(chain: &Chain, hash: &CryptoHash) -> ActionErrorKind {
    match status(chain, hash) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error.kind,
        other => panic!("it was to fail, and ended with {other:?}"),
    }
}

/// Returns the tokens burnt by a transaction and its receipts.
fn burnt(chain: &Chain, hash: &CryptoHash) -> Balance {
    let transaction = outcome(chain, hash).outcome.tokens_burnt;
    tree(chain, hash)
        .iter()
        .map(|receipt| receipt.outcome.tokens_burnt)
        .fold(transaction, Balance::saturating_add)
}

/// Adds a key to Alice's account that may only call `run` of Bob, with a delegate action.
fn with_limited_key(chain: &mut Chain) -> Signer {
    let key = InMemorySigner::from_seed(account(ALICE), KeyType::ED25519, "alice calls bob");
    let permission = AccessKeyPermission::FunctionCall(FunctionCallPermission {
        allowance: Some(near(1)),
        receiver_id: BOB.to_owned(),
        method_names: vec!["run".to_owned()],
    });
    let add_key = Action::AddKey(Box::new(AddKeyAction {
        public_key: key.public_key(),
        access_key: AccessKey {
            nonce: 0,
            permission,
        },
    }));
    let wish = wish(chain, &alice(), ALICE, vec![add_key]);
    relay(chain, wish);
    key
}

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
fn a_refused_delegate_action_keeps_the_nonce() {
    let mut chain = three_accounts();
    let before = nonce(&chain, &alice());
    let mut wish = wish(&chain, &alice(), BOB, vec![transfer(near(1))]);
    wish.max_block_height = 0;
    relay(&mut chain, wish);
    assert_eq!(nonce(&chain, &alice()), before);
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
