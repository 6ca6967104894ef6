//! Gas keys (NEP-611): keys with a balance that pays for gas, and with many nonces (`SPEC.md` §1.1 and §2.4).

use chain::testing::{genesis, signer};
use chain::{Chain, Clock, Vm};
use near_crypto::{InMemorySigner, KeyType, Signer};
use near_parameters::{ActionCosts, gas_key_transfer_exec_fee};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::delegate::{DelegateAction, NonDelegateAction, SignedDelegateAction};
use near_primitives::action::{
    Action, AddKeyAction, DeleteAccountAction, DeleteKeyAction, TransferToGasKeyAction,
    WithdrawFromGasKeyAction,
};
use near_primitives::errors::{
    ActionErrorKind, ActionsValidationError, InvalidAccessKeyError, InvalidTxError,
    TxExecutionError,
};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::{
    NonceMode, SignedTransaction, Transaction, TransactionNonce, TransactionV1,
};
use near_primitives::types::{Balance, Gas, Nonce, NonceIndex};
use near_primitives::views::FinalExecutionStatus;

use crate::test_chain::*;

const NONCES: NonceIndex = 3;

fn gas_key() -> Signer {
    InMemorySigner::from_seed(account(ALICE), KeyType::ED25519, "gas")
}

fn add(access_key: AccessKey) -> Action {
    Action::AddKey(Box::new(AddKeyAction {
        public_key: gas_key().public_key(),
        access_key,
    }))
}

fn pay_in(deposit: Balance) -> Action {
    Action::TransferToGasKey(Box::new(TransferToGasKeyAction {
        public_key: gas_key().public_key(),
        deposit,
    }))
}

fn withdraw(amount: Balance) -> Action {
    Action::WithdrawFromGasKey(Box::new(WithdrawFromGasKeyAction {
        public_key: gas_key().public_key(),
        amount,
    }))
}

fn delete() -> Action {
    Action::DeleteKey(Box::new(DeleteKeyAction {
        public_key: gas_key().public_key(),
    }))
}

/// Returns a chain on which alice has a gas key with this balance.
fn with_balance(balance: Balance) -> Chain {
    let mut chain = chain(&[(ALICE, near(100)), (BOB, near(100))]);
    let access_key = AccessKey::gas_key_full_access(NONCES);
    let hash = run(
        &mut chain,
        ALICE,
        ALICE,
        vec![add(access_key), pay_in(balance)],
    );
    assert_success(&chain, &hash);
    chain
}

fn key_balance(chain: &Chain) -> Balance {
    let key = gas_key().public_key();
    let found = chain.head().state.access_key(&account(ALICE), &key);
    let key = found.expect("the key is there");
    key.gas_key_info().expect("it is a gas key").balance
}

fn nonces(chain: &Chain) -> Vec<Nonce> {
    let (alice, key) = (account(ALICE), gas_key().public_key());
    (0..NONCES)
        .map_while(|index| chain.head().state.gas_key_nonce(&alice, &key, index))
        .collect()
}

fn signed_with(
    chain: &Chain,
    nonce: TransactionNonce,
    to: &str,
    actions: Vec<Action>,
) -> SignedTransaction {
    let key = gas_key();
    let transaction = Transaction::V1(TransactionV1 {
        signer_id: account(ALICE),
        public_key: key.public_key(),
        nonce,
        receiver_id: account(to),
        block_hash: chain.head().hash,
        actions,
        nonce_mode: NonceMode::Monotonic,
    });
    let hash = transaction.get_hash_and_size().0;
    SignedTransaction::new(key.sign(hash.as_ref()), transaction)
}

/// Signs with the gas key, with the next nonce of an index.
fn signed(chain: &Chain, index: NonceIndex, to: &str, actions: Vec<Action>) -> SignedTransaction {
    let next = nonces(chain)[usize::from(index)] + 1;
    let nonce = TransactionNonce::from_nonce_and_index(next, index);
    signed_with(chain, nonce, to, actions)
}

fn use_key(chain: &mut Chain, index: NonceIndex, to: &str, actions: Vec<Action>) -> CryptoHash {
    let signed = signed(chain, index, to, actions);
    let hash = chain.submit(signed).expect("the transaction is valid");
    chain.produce_blocks_until_idle();
    hash
}

fn assert_success(chain: &Chain, hash: &CryptoHash) {
    let status = status(chain, hash);
    let success = matches!(status, FinalExecutionStatus::SuccessValue(_));
    assert!(success, "{status:?}");
}

fn failure(chain: &Chain, hash: &CryptoHash) -> ActionErrorKind {
    match status(chain, hash) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error.kind,
        other => panic!("it was to fail, and ended with {other:?}"),
    }
}

fn burnt(chain: &Chain, hash: &CryptoHash) -> Balance {
    tree(chain, hash)
        .iter()
        .map(|receipt| receipt.outcome.tokens_burnt)
        .fold(
            outcome(chain, hash).outcome.tokens_burnt,
            Balance::saturating_add,
        )
}

#[test]
fn a_gas_key_begins_with_equal_nonces_and_without_a_balance() {
    let mut chain = chain(&[(ALICE, near(100))]);
    let height = chain.head().height;
    run(
        &mut chain,
        ALICE,
        ALICE,
        vec![add(AccessKey::gas_key_full_access(NONCES))],
    );
    assert_eq!(nonces(&chain), vec![height * 1_000_000; 3]);
    assert_eq!(key_balance(&chain), Balance::ZERO);
}

#[test]
fn the_storage_of_a_gas_key_counts_its_nonces() {
    let mut chain = with_balance(Balance::ZERO);
    let usage = |chain: &Chain| {
        let found = chain.head().state.account(&account(ALICE));
        found.expect("alice exists").storage_usage()
    };
    let key = 33 + 27 + 40;
    let nonce = 33 + 2 + 8 + 40;
    assert_eq!(usage(&chain), 182 + key + 3 * nonce);
    run(&mut chain, ALICE, ALICE, vec![delete()]);
    assert_eq!(usage(&chain), 182);
    assert!(nonces(&chain).is_empty());
}

#[test]
fn the_key_pays_for_gas_and_the_account_for_deposits() {
    let mut chain = with_balance(near(1));
    let before = balance(&chain, ALICE);
    let hash = use_key(&mut chain, 0, BOB, vec![transfer(near(2))]);
    assert_success(&chain, &hash);
    assert_eq!(balance(&chain, ALICE), before.saturating_sub(near(2)));
    let spent = near(1).saturating_sub(key_balance(&chain));
    assert_eq!(spent, burnt(&chain, &hash));
}

#[test]
fn each_index_has_a_nonce_of_its_own() {
    let mut chain = with_balance(near(1));
    let first = nonces(&chain)[0];
    use_key(&mut chain, 1, BOB, vec![transfer(near(1))]);
    use_key(&mut chain, 1, BOB, vec![transfer(near(1))]);
    use_key(&mut chain, 2, BOB, vec![transfer(near(1))]);
    assert_eq!(nonces(&chain), [first, first + 2, first + 1]);
}

#[test]
fn a_nonce_of_an_index_is_taken_once() {
    let mut chain = with_balance(near(1));
    let used = signed(&chain, 1, BOB, vec![transfer(near(1))]);
    let again = signed(&chain, 1, BOB, vec![transfer(near(2))]);
    chain.submit(used).expect("it is valid");
    chain.produce_blocks_until_idle();
    assert!(matches!(
        chain.submit(again),
        Err(InvalidTxError::InvalidNonce { .. })
    ));
}

#[test]
fn an_index_that_the_key_does_not_have_is_refused() {
    let mut chain = with_balance(near(1));
    let nonce = TransactionNonce::from_nonce_and_index(nonces(&chain)[0] + 1, NONCES);
    let signed = signed_with(&chain, nonce, BOB, vec![transfer(near(1))]);
    assert_eq!(
        chain.submit(signed),
        Err(InvalidTxError::InvalidNonceIndex {
            tx_nonce_index: Some(NONCES),
            num_nonces: NONCES,
        })
    );
}

#[test]
fn a_gas_key_needs_an_index() {
    let mut chain = with_balance(near(1));
    let signed = chain.signed_with_nonce(&gas_key(), &account(BOB), 5_000_000, vec![]);
    assert_eq!(
        chain.submit(signed),
        Err(InvalidTxError::InvalidNonceIndex {
            tx_nonce_index: None,
            num_nonces: NONCES,
        })
    );
}

#[test]
fn a_gas_key_that_cannot_pay_for_gas_is_refused() {
    let mut chain = with_balance(Balance::from_yoctonear(7));
    let signed = signed(&chain, 0, BOB, vec![transfer(near(1))]);
    match chain.submit(signed) {
        Err(InvalidTxError::NotEnoughGasKeyBalance { balance, .. }) => {
            assert_eq!(balance, Balance::from_yoctonear(7));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_account_that_cannot_pay_the_deposit_is_refused() {
    let mut chain = with_balance(near(1));
    let signed = signed(&chain, 0, BOB, vec![transfer(near(99))]);
    match chain.submit(signed) {
        Err(InvalidTxError::NotEnoughBalanceForDeposit { cost, .. }) => assert_eq!(cost, near(99)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_limited_gas_key_sends_only_its_call() {
    let mut chain = chain(&[(ALICE, near(100)), (BOB, near(100))]);
    let permission = FunctionCallPermission {
        allowance: None,
        receiver_id: BOB.to_owned(),
        method_names: vec!["run".to_owned()],
    };
    let access_key = AccessKey::gas_key_function_call(NONCES, permission);
    run(
        &mut chain,
        ALICE,
        ALICE,
        vec![add(access_key), pay_in(near(1))],
    );
    deploy(&mut chain, BOB, PROBE);
    let signed = signed(&chain, 0, BOB, vec![transfer(near(1))]);
    assert_eq!(
        chain.submit(signed),
        Err(InvalidTxError::InvalidAccessKeyError(
            InvalidAccessKeyError::RequiresFullAccess
        ))
    );
    let call = program(
        serde_json::json!([{"return": {"text": "7"}}]),
        30,
        Balance::ZERO,
    );
    let hash = use_key(&mut chain, 0, BOB, vec![call]);
    assert_success(&chain, &hash);
}

#[test]
fn a_withdrawal_moves_tokens_to_the_account() {
    let mut chain = with_balance(near(2));
    let before = balance(&chain, ALICE);
    let hash = run(&mut chain, ALICE, ALICE, vec![withdraw(near(1))]);
    assert_eq!(key_balance(&chain), near(1));
    let after = balance(&chain, ALICE).saturating_add(burnt(&chain, &hash));
    assert_eq!(after, before.saturating_add(near(1)));
}

#[test]
fn a_withdrawal_beyond_the_balance_fails() {
    let mut chain = with_balance(near(1));
    let hash = run(&mut chain, ALICE, ALICE, vec![withdraw(near(2))]);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::InsufficientGasKeyBalance {
            account_id: account(ALICE),
            public_key: Box::new(gas_key().public_key()),
            balance: near(1),
            required: near(2),
        }
    );
}

#[test]
fn anybody_pays_into_a_gas_key_and_nobody_else_withdraws() {
    let mut chain = with_balance(Balance::ZERO);
    let hash = run(&mut chain, BOB, ALICE, vec![pay_in(near(1))]);
    assert_success(&chain, &hash);
    assert_eq!(key_balance(&chain), near(1));
    let hash = run(&mut chain, BOB, ALICE, vec![withdraw(near(1))]);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::ActorNoPermission {
            account_id: account(ALICE),
            actor_id: account(BOB),
        }
    );
}

#[test]
fn a_key_that_is_no_gas_key_takes_no_tokens() {
    let mut chain = chain(&[(ALICE, near(100))]);
    let public_key = public_key(ALICE);
    let action = Action::TransferToGasKey(Box::new(TransferToGasKeyAction {
        public_key: public_key.clone(),
        deposit: near(1),
    }));
    let hash = run(&mut chain, ALICE, ALICE, vec![action]);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::GasKeyDoesNotExist {
            account_id: account(ALICE),
            public_key: Box::new(public_key),
        }
    );
    assert!(balance(&chain, ALICE) > near(99), "the deposit is back");
}

#[test]
fn a_deleted_gas_key_burns_its_balance() {
    let mut chain = with_balance(near(1));
    let supply = chain.head().total_supply;
    let hash = run(&mut chain, ALICE, ALICE, vec![delete()]);
    assert_success(&chain, &hash);
    let lost = supply.saturating_sub(chain.head().total_supply);
    assert_eq!(lost, burnt(&chain, &hash));
    assert!(lost > near(1));
}

#[test]
fn a_gas_key_with_more_than_1_near_is_not_deleted() {
    let more = near(1).saturating_add(Balance::from_yoctonear(1));
    let mut chain = with_balance(more);
    let hash = run(&mut chain, ALICE, ALICE, vec![delete()]);
    let too_high = |public_key| ActionErrorKind::GasKeyBalanceTooHigh {
        account_id: account(ALICE),
        public_key,
        balance: more,
    };
    let key = Some(Box::new(gas_key().public_key()));
    assert_eq!(failure(&chain, &hash), too_high(key));
    let beneficiary_id = account(BOB);
    let action = Action::DeleteAccount(DeleteAccountAction { beneficiary_id });
    let hash = run(&mut chain, ALICE, ALICE, vec![action]);
    assert_eq!(failure(&chain, &hash), too_high(None));
}

#[test]
fn a_deleted_account_leaves_no_nonces_of_its_gas_keys() {
    let mut chain = with_balance(near(1));
    let beneficiary_id = account(BOB);
    let action = Action::DeleteAccount(DeleteAccountAction { beneficiary_id });
    let hash = run(&mut chain, ALICE, ALICE, vec![action]);
    assert_success(&chain, &hash);
    assert!(nonces(&chain).is_empty());
}

#[test]
fn paying_into_a_gas_key_costs_what_near_parameters_says() {
    let mut chain = with_balance(Balance::ZERO);
    let hash = run(&mut chain, BOB, ALICE, vec![pay_in(near(1))]);
    let fees = &chain.runtime_config().fees;
    let receipt = fees.fee(ActionCosts::new_action_receipt).exec_fee().gas;
    let payment = gas_key_transfer_exec_fee(fees, ALICE.len(), 33).total().gas;
    assert_eq!(
        tree(&chain, &hash)[0].outcome.gas_burnt,
        receipt.saturating_add(payment)
    );
}

#[test]
fn a_gas_key_is_refused_that_could_not_work() {
    let with = |change: fn(&mut AccessKeyPermission)| {
        let mut key = AccessKey::gas_key_full_access(NONCES);
        change(&mut key.permission);
        let mut chain = chain(&[(ALICE, near(100))]);
        let signed = sign(&chain, ALICE, ALICE, vec![add(key)]);
        match chain.submit(signed) {
            Err(InvalidTxError::ActionsValidation(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let none = with(|permission| {
        *permission = AccessKey::gas_key_full_access(0).permission;
    });
    assert_eq!(
        none,
        ActionsValidationError::GasKeyInvalidNumNonces {
            requested_nonces: 0,
            limit: 1_024,
        }
    );
    let rich = with(|permission| {
        if let AccessKeyPermission::GasKeyFullAccess(key) = permission {
            key.balance = near(1);
        }
    });
    let balance = near(1);
    assert_eq!(
        rich,
        ActionsValidationError::AddGasKeyWithNonZeroBalance { balance }
    );
    let allowed = with(|permission| {
        let limits = FunctionCallPermission {
            allowance: Some(near(1)),
            receiver_id: BOB.to_owned(),
            method_names: Vec::new(),
        };
        *permission = AccessKey::gas_key_function_call(1, limits).permission;
    });
    assert_eq!(
        allowed,
        ActionsValidationError::GasKeyFunctionCallAllowanceNotAllowed
    );
}

fn delegated(chain: &mut Chain, key: &Signer, nonce: Nonce, action: Action) -> SignedTransaction {
    let inner = NonDelegateAction::try_from(action).expect("no delegate action");
    let wish = DelegateAction {
        sender_id: account(ALICE),
        receiver_id: account(ALICE),
        actions: vec![inner],
        nonce,
        max_block_height: chain.head().height + 100,
        public_key: key.public_key(),
    };
    let action = SignedDelegateAction::sign(key, wish).into();
    sign(chain, BOB, ALICE, vec![action])
}

#[test]
fn a_delegate_action_withdraws_nothing_from_a_gas_key() {
    let mut chain = with_balance(near(1));
    let alice = signer(&account(ALICE));
    let signed = delegated(&mut chain, &alice, 5_000_000, withdraw(near(1)));
    assert_eq!(
        chain.submit(signed),
        Err(InvalidTxError::ActionsValidation(
            ActionsValidationError::WithdrawFromGasKeyNotAllowedInDelegate
        ))
    );
}

#[test]
fn a_gas_key_signs_no_delegate_action_of_the_first_version() {
    let mut chain = with_balance(near(1));
    let nonce = nonces(&chain)[0] + 1;
    let signed = delegated(&mut chain, &gas_key(), nonce, transfer(near(1)));
    let hash = chain.submit(signed).expect("its form is right");
    chain.produce_blocks_until_idle();
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::DelegateActionAccessKeyError(
            InvalidAccessKeyError::DelegateActionRequiresNonGasKey
        )
    );
}

#[test]
fn a_contract_adds_gas_keys_and_pays_into_them() {
    let mut chain = chain(&[(ALICE, near(100)), (BOB, near(100))]);
    deploy(&mut chain, BOB, PROMISES);
    for method in [
        "promise_batch_action_add_gas_key_with_full_access",
        "promise_batch_action_transfer_to_gas_key",
    ] {
        let action = call(method, BOB, Gas::from_teragas(200), Balance::ZERO);
        let hash = run(&mut chain, ALICE, BOB, vec![action]);
        assert_success(&chain, &hash);
    }
    let keys = chain.head().state.access_keys(&account(BOB));
    let balances: Vec<_> = keys
        .iter()
        .filter_map(|(_, key)| Some(key.gas_key_info()?.balance))
        .collect();
    assert_eq!(balances, [Balance::from_yoctonear(1)]);
}

#[test]
fn a_contract_adds_limited_gas_keys() {
    let mut chain = chain(&[(ALICE, near(100)), (BOB, near(100))]);
    deploy(&mut chain, BOB, PROMISES);
    let method = "promise_batch_action_add_gas_key_with_function_call";
    let action = call(method, BOB, Gas::from_teragas(200), Balance::ZERO);
    run(&mut chain, ALICE, BOB, vec![action]);
    let keys = chain.head().state.access_keys(&account(BOB));
    let is_limited =
        |key: &AccessKey| matches!(key.permission, AccessKeyPermission::GasKeyFunctionCall(..));
    assert_eq!(keys.iter().filter(|(_, key)| is_limited(key)).count(), 1);
}

/// A key that a genesis brings is the same as one that was added, if its nonces are there.
#[test]
fn a_genesis_has_gas_keys_with_their_nonces() {
    let (alice, bob) = (account(ALICE), account(BOB));
    let mut genesis = genesis([(&alice, near(100)), (&bob, near(100))]);
    let key = gas_key().public_key();
    let mut access_key = AccessKey::gas_key_full_access(NONCES);
    access_key.gas_key_info_mut().expect("a gas key").balance = near(1);
    let nonces =
        (0..NONCES).map(|index| StateRecord::gas_key_nonce(alice.clone(), &key, index, 40));
    genesis.records.extend(nonces);
    let record = StateRecord::access_key(alice.clone(), &key, access_key);
    genesis.records.push(record);
    let vm = Vm::new(None).expect("a cache in memory needs nothing");
    let mut chain = Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound");
    let found = chain.head().state.account(&alice).expect("alice exists");
    assert_eq!(found.storage_usage(), 182 + 100 + 3 * 83);
    let hash = use_key(&mut chain, 2, BOB, vec![transfer(near(1))]);
    assert_success(&chain, &hash);
    assert_eq!(super::gas_keys::nonces(&chain), [40, 40, 41]);
}

#[test]
fn a_patch_sets_the_nonces_of_a_gas_key() {
    let mut chain = with_balance(near(1));
    let key = gas_key().public_key();
    let record = StateRecord::gas_key_nonce(account(ALICE), &key, 1, 77);
    chain.patch_state(vec![record]).expect("it can be written");
    chain.produce_block();
    assert_eq!(nonces(&chain)[1], 77);
}
