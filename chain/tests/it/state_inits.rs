//! Accounts whose ids commit to their first state: deterministic accounts (NEP-616), `0s…`, and universal
//! accounts, `0u…` (`SPEC.md` §2.4).

use std::collections::BTreeMap;

use chain::Chain;
use chain::testing::signer;
use near_crypto::{InMemorySigner, KeyType, Signer};
use near_parameters::ActionCosts;
use near_primitives::account::AccountContract;
use near_primitives::action::delegate::{DelegateAction, NonDelegateAction, SignedDelegateAction};
use near_primitives::action::{
    Action, DeployContractAction, DeployGlobalContractAction, DeterministicStateInitAction,
    GlobalContractDeployMode, GlobalContractIdentifier, UniversalStateInitAction,
};
use near_primitives::deterministic_account_id::{
    DeterministicAccountStateInit, DeterministicAccountStateInitV1,
};
use near_primitives::errors::{
    ActionError, ActionErrorKind, ActionsValidationError, InvalidTxError, TxExecutionError,
};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::ExecutionStatus;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::universal_state_init::{
    RawStateInit, UniversalStateInit, UniversalStateInitV1,
};
use near_primitives::utils::{derive_near_deterministic_account_id, derive_universal_account_id};
use near_primitives::views::FinalExecutionStatus;

use crate::test_chain::*;

/// Returns a chain on which the greeting is a global contract.
fn published() -> Chain {
    let mut chain = chain(&[(ALICE, near(1_000)), (BOB, near(1_000))]);
    let action = Action::DeployGlobalContract(DeployGlobalContractAction {
        code: GREET.into(),
        deploy_mode: GlobalContractDeployMode::CodeHash,
    });
    run(&mut chain, BOB, BOB, vec![action]);
    chain
}

fn greeting() -> GlobalContractIdentifier {
    GlobalContractIdentifier::CodeHash(CryptoHash::hash_bytes(GREET))
}

fn data(entries: &[(&str, usize)]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let entry = |(key, length): &(&str, usize)| (key.as_bytes().to_vec(), vec![7; *length]);
    entries.iter().map(entry).collect()
}

/// The state of a deterministic account, with its id.
struct Deterministic {
    id: String,
    state_init: DeterministicAccountStateInit,
}

impl Deterministic {
    fn new(code: GlobalContractIdentifier, entries: &[(&str, usize)]) -> Self {
        let data = data(entries);
        let state_init =
            DeterministicAccountStateInit::V1(DeterministicAccountStateInitV1 { code, data });
        let id = derive_near_deterministic_account_id(&state_init).to_string();
        Self { id, state_init }
    }

    fn init(&self, deposit: Balance) -> Action {
        Action::DeterministicStateInit(Box::new(DeterministicStateInitAction {
            state_init: self.state_init.clone(),
            deposit,
        }))
    }
}

/// The state of a universal account, with its id.
struct Universal {
    id: String,
    state_init: RawStateInit,
}

impl Universal {
    fn new(
        code: Option<GlobalContractIdentifier>,
        entries: &[(&str, usize)],
        keys: &[&Signer],
    ) -> Self {
        let state_init = UniversalStateInit::V1(UniversalStateInitV1 {
            code,
            data: data(entries),
            access_keys: keys.iter().map(|key| key.public_key().into()).collect(),
        })
        .to_raw();
        let id = derive_universal_account_id(&state_init).to_string();
        Self { id, state_init }
    }

    fn init(&self, deposit: Balance) -> Action {
        Action::UniversalStateInit(Box::new(UniversalStateInitAction {
            state_init: self.state_init.clone(),
            deposit,
        }))
    }
}

/// Returns a key for an account whose id is not known yet.
fn key() -> Signer {
    InMemorySigner::from_seed(account("any"), KeyType::ED25519, "universal")
}

/// Returns the same key, which signs for a universal account.
fn signer_of(universal: &Universal) -> Signer {
    InMemorySigner::from_seed(account(&universal.id), KeyType::ED25519, "universal")
}

fn failure(chain: &Chain, hash: &CryptoHash) -> ActionErrorKind {
    match status(chain, hash) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error.kind,
        other => panic!("it was to fail, and ended with {other:?}"),
    }
}

fn assert_success(chain: &Chain, hash: &CryptoHash) {
    let status = status(chain, hash);
    let success = matches!(status, FinalExecutionStatus::SuccessValue(_));
    assert!(success, "{status:?}");
}

/// Returns the error of a transaction that is refused before a block takes it.
fn refusal(chain: &mut Chain, receiver: &str, action: Action) -> ActionsValidationError {
    let transaction = sign(chain, ALICE, receiver, vec![action]);
    match chain.submit(transaction) {
        Err(InvalidTxError::ActionsValidation(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn stored(chain: &Chain, id: &str, key: &str) -> Option<usize> {
    let found = chain.head().state.data(&account(id), key.as_bytes()).next();
    found.map(|(_, value)| value.len())
}

/// Returns what alice has paid for a transaction, without the tokens burnt for gas.
fn paid(chain: &mut Chain, receiver: &str, action: Action) -> Balance {
    let before = balance(chain, ALICE);
    let hash = run(chain, ALICE, receiver, vec![action]);
    assert_success(chain, &hash);
    let burnt = tree(chain, &hash)
        .iter()
        .map(|receipt| receipt.outcome.tokens_burnt)
        .fold(
            outcome(chain, &hash).outcome.tokens_burnt,
            Balance::saturating_add,
        );
    before
        .saturating_sub(balance(chain, ALICE))
        .saturating_sub(burnt)
}

#[test]
fn a_state_init_creates_a_deterministic_account_with_its_contract_and_data() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 3), ("b", 5)]);
    let hash = run(&mut chain, ALICE, &new.id, vec![new.init(Balance::ZERO)]);
    assert_success(&chain, &hash);
    let created = chain
        .head()
        .state
        .account(&account(&new.id))
        .expect("it exists");
    let code = CryptoHash::hash_bytes(GREET);
    assert_eq!(*created.contract(), AccountContract::Global(code));
    assert_eq!(
        created.storage_usage(),
        100 + 32 + (1 + 3 + 40) + (1 + 5 + 40)
    );
    assert_eq!(stored(&chain, &new.id, "b"), Some(5));
    assert_eq!(greet(&mut chain, &new.id), there());
}

#[test]
fn a_deposit_that_storage_does_not_need_goes_back() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 3)]);
    let paid = paid(&mut chain, &new.id, new.init(near(5)));
    assert_eq!(paid, Balance::ZERO);
    assert_eq!(balance(&chain, &new.id), Balance::ZERO);
}

#[test]
fn a_state_init_keeps_exactly_what_storage_needs() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 1_000)]);
    let paid = paid(&mut chain, &new.id, new.init(near(5)));
    let needed = Balance::from_yoctonear(10_u128.pow(19) * (100 + 32 + 1_041));
    assert_eq!(paid, needed);
    assert_eq!(balance(&chain, &new.id), needed);
}

#[test]
fn a_deposit_below_what_storage_needs_fails() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 1_000)]);
    let deposit = Balance::from_yoctonear(10_u128.pow(19) * 1_000);
    let hash = run(&mut chain, ALICE, &new.id, vec![new.init(deposit)]);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::LackBalanceForState {
            account_id: account(&new.id),
            amount: Balance::from_yoctonear(10_u128.pow(19) * 173),
        }
    );
}

#[test]
fn a_transfer_can_pay_for_the_storage_before_the_state_is_there() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 1_000)]);
    run(&mut chain, ALICE, &new.id, vec![transfer(near(1))]);
    let paid = paid(&mut chain, &new.id, new.init(Balance::ZERO));
    assert_eq!(paid, Balance::ZERO);
    assert_eq!(balance(&chain, &new.id), near(1));
    assert_eq!(greet(&mut chain, &new.id), there());
}

#[test]
fn a_second_state_init_changes_nothing_and_returns_the_deposit() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 3)]);
    run(&mut chain, ALICE, &new.id, vec![new.init(Balance::ZERO)]);
    let before = chain.head().state.account(&account(&new.id));
    let paid = paid(&mut chain, &new.id, new.init(near(5)));
    assert_eq!(paid, Balance::ZERO);
    assert_eq!(chain.head().state.account(&account(&new.id)), before);
}

#[test]
fn a_state_init_and_a_call_share_a_receipt() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[]);
    let greet = call("greet", [], Gas::from_teragas(20), Balance::ZERO);
    let actions = vec![new.init(Balance::ZERO), greet];
    let hash = run(&mut chain, ALICE, &new.id, actions);
    assert_eq!(status(&chain, &hash), there());
}

#[test]
fn who_initializes_a_deterministic_account_does_not_own_it() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[]);
    for seizure in [
        add_full_access_key(ALICE),
        Action::DeployContract(DeployContractAction {
            code: PROBE.to_vec(),
        }),
    ] {
        let hash = run(
            &mut chain,
            ALICE,
            &new.id,
            vec![new.init(Balance::ZERO), seizure],
        );
        assert_eq!(
            failure(&chain, &hash),
            ActionErrorKind::ActorNoPermission {
                account_id: account(&new.id),
                actor_id: account(ALICE),
            }
        );
        assert_eq!(chain.head().state.account(&account(&new.id)), None);
    }
}

#[test]
fn a_state_init_needs_its_global_contract() {
    let mut chain = published();
    let identifier = GlobalContractIdentifier::AccountId(account(BOB));
    let new = Deterministic::new(identifier.clone(), &[]);
    let hash = run(&mut chain, ALICE, &new.id, vec![new.init(near(1))]);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::GlobalContractDoesNotExist { identifier }
    );
}

#[test]
fn a_state_init_goes_only_to_the_account_that_it_describes() {
    let mut chain = published();
    let (new, other) = (
        Deterministic::new(greeting(), &[]),
        Deterministic::new(greeting(), &[("a", 1)]),
    );
    assert_eq!(
        refusal(&mut chain, &other.id, new.init(Balance::ZERO)),
        ActionsValidationError::InvalidDeterministicStateInitReceiver {
            receiver_id: account(&other.id),
            derived_id: account(&new.id),
        }
    );
}

#[test]
fn a_receipt_initializes_at_most_1500_entries() {
    let mut chain = published();
    let keys: Vec<_> = (0..1_501).map(|number| number.to_string()).collect();
    let entries: Vec<_> = keys.iter().map(|key| (key.as_str(), 1)).collect();
    let new = Deterministic::new(greeting(), &entries);
    assert_eq!(
        refusal(&mut chain, &new.id, new.init(near(5))),
        ActionsValidationError::TotalNumberOfStateInitEntriesExceeded {
            number_of_entries: 1_501,
            limit: 1_500,
        }
    );
}

#[test]
fn a_state_init_pays_for_its_entries_and_bytes() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 3), ("bc", 5)]);
    let hash = run(&mut chain, ALICE, &new.id, vec![new.init(Balance::ZERO)]);
    let fee = |cost: ActionCosts| chain.runtime_config().fees.fee(cost);
    let exec = |cost: ActionCosts| fee(cost).exec_fee().gas.as_gas();
    let executed = exec(ActionCosts::new_action_receipt)
        + exec(ActionCosts::deterministic_state_init_base)
        + 11 * exec(ActionCosts::deterministic_state_init_byte)
        + 2 * exec(ActionCosts::deterministic_state_init_entry);
    let receipt = &tree(&chain, &hash)[0].outcome;
    assert_eq!(receipt.gas_burnt, Gas::from_gas(executed));
}

#[test]
fn a_delegate_action_initializes_a_deterministic_account() {
    let mut chain = published();
    let new = Deterministic::new(greeting(), &[("a", 3)]);
    let inner = NonDelegateAction::try_from(new.init(Balance::ZERO)).expect("no delegate action");
    let bob = signer(&account(BOB));
    let wish = DelegateAction {
        sender_id: account(BOB),
        receiver_id: account(&new.id),
        actions: vec![inner],
        nonce: sign(&chain, BOB, BOB, vec![]).transaction.nonce().nonce(),
        max_block_height: chain.head().height + 100,
        public_key: bob.public_key(),
    };
    let action = SignedDelegateAction::sign(&bob, wish).into();
    let hash = run(&mut chain, ALICE, BOB, vec![action]);
    assert_success(&chain, &hash);
    assert_eq!(greet(&mut chain, &new.id), there());
}

/// The contract names a global contract that does not exist, so the promise fails, but not before it runs.
#[test]
fn a_contract_initializes_deterministic_accounts() {
    let by_hash = [&[0][..], &[b'k'; 31]].concat();
    let by_hash = CryptoHash(by_hash.try_into().expect("32 bytes"));
    for (method, identifier) in [
        (
            "promise_batch_action_state_init",
            GlobalContractIdentifier::CodeHash(by_hash),
        ),
        (
            "promise_batch_action_state_init_by_account_id",
            GlobalContractIdentifier::AccountId(account(BOB)),
        ),
    ] {
        let mut chain = published();
        deploy(&mut chain, BOB, PROMISES);
        let new = Deterministic::new(identifier.clone(), &[]);
        let id = new.id.as_str();
        let action = call(method, id, Gas::from_teragas(200), Balance::ZERO);
        let hash = run(&mut chain, ALICE, BOB, vec![action]);
        assert_success(&chain, &hash);
        let promise = tree(&chain, &hash)
            .into_iter()
            .find(|receipt| receipt.outcome.executor_id == account(id))
            .expect("the promise was sent");
        let missing = ActionError {
            index: Some(0),
            kind: ActionErrorKind::GlobalContractDoesNotExist { identifier },
        };
        assert_eq!(
            promise.outcome.status,
            ExecutionStatus::Failure(TxExecutionError::ActionError(missing))
        );
    }
}

#[test]
fn a_state_init_creates_a_universal_account_with_its_contract_data_and_keys() {
    let mut chain = published();
    let new = Universal::new(Some(greeting()), &[("a", 3)], &[&key()]);
    let hash = run(&mut chain, ALICE, &new.id, vec![new.init(Balance::ZERO)]);
    assert_success(&chain, &hash);
    let state = &chain.head().state;
    let created = state.account(&account(&new.id)).expect("it exists");
    assert_eq!(created.storage_usage(), 100 + 32 + (1 + 3 + 40) + 82);
    assert_eq!(state.access_keys(&account(&new.id)).len(), 1);
    assert_eq!(stored(&chain, &new.id, "a"), Some(3));
    assert_eq!(greet(&mut chain, &new.id), there());
}

#[test]
fn a_transfer_creates_a_universal_account_that_holds_only_tokens() {
    let mut chain = published();
    let new = Universal::new(Some(greeting()), &[], &[&key()]);
    run(&mut chain, ALICE, &new.id, vec![transfer(near(1))]);
    let created = chain
        .head()
        .state
        .account(&account(&new.id))
        .expect("it exists");
    assert!(!created.is_initialized());
    let action = call("greet", [], Gas::from_teragas(20), Balance::ZERO);
    let hash = run(&mut chain, ALICE, &new.id, vec![action]);
    let account_id = account(&new.id);
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::AccountNotInitialized { account_id }
    );
}

#[test]
fn a_transfer_and_a_state_init_of_a_universal_account_share_a_receipt() {
    let mut chain = published();
    let new = Universal::new(Some(greeting()), &[("a", 1_000)], &[&key()]);
    let actions = vec![transfer(near(1)), new.init(Balance::ZERO)];
    let hash = run(&mut chain, ALICE, &new.id, actions);
    assert_success(&chain, &hash);
    assert_eq!(balance(&chain, &new.id), near(1));
}

/// The id names the key, so the account needs nobody else to begin.
#[test]
fn a_universal_account_with_tokens_sends_its_own_state_init() {
    let mut chain = published();
    let new = Universal::new(None, &[], &[&key()]);
    run(&mut chain, ALICE, &new.id, vec![transfer(near(1))]);
    let own = signer_of(&new);
    let used = |chain: &Chain| {
        let found = chain.head().state.account(&account(&new.id));
        found.expect("it exists").bootstrap_nonce()
    };
    let nonce = used(&chain).expect("it is not initialized") + 1;
    let id = account(&new.id);
    let init = vec![new.init(Balance::ZERO)];
    let later = chain.signed_with_nonce(&own, &id, nonce + 1, init.clone());
    assert!(matches!(
        chain.submit(later),
        Err(InvalidTxError::InvalidNonce { .. })
    ));
    let signed = chain.signed_with_nonce(&own, &id, nonce, init);
    let hash = chain.submit(signed).expect("the id authorizes it");
    chain.produce_blocks_until_idle();
    assert_success(&chain, &hash);
    assert_eq!(used(&chain), None);

    let signed = chain.signed(
        &own,
        &account(BOB),
        vec![transfer(Balance::from_yoctonear(1))],
    );
    let hash = chain.submit(signed).expect("the key is there");
    chain.produce_blocks_until_idle();
    assert_success(&chain, &hash);
}

#[test]
fn a_key_that_the_id_does_not_name_begins_no_universal_account() {
    let mut chain = published();
    let new = Universal::new(None, &[], &[&signer(&account(BOB))]);
    run(&mut chain, ALICE, &new.id, vec![transfer(near(1))]);
    let init = vec![new.init(Balance::ZERO)];
    let signed = chain.signed_with_nonce(&signer_of(&new), &account(&new.id), 1, init);
    assert!(matches!(
        chain.submit(signed),
        Err(InvalidTxError::InvalidAccessKeyError(_))
    ));
}

#[test]
fn a_second_state_init_of_a_universal_account_returns_the_whole_deposit() {
    let mut chain = published();
    let new = Universal::new(None, &[], &[&key()]);
    run(&mut chain, ALICE, &new.id, vec![new.init(Balance::ZERO)]);
    let paid = paid(&mut chain, &new.id, new.init(near(5)));
    assert_eq!(paid, Balance::ZERO);
}

#[test]
fn bytes_that_are_no_state_initialize_no_universal_account() {
    let mut chain = published();
    let state_init = RawStateInit(b"any bytes have an account".to_vec());
    let id: AccountId = derive_universal_account_id(&state_init);
    let action = Action::UniversalStateInit(Box::new(UniversalStateInitAction {
        state_init,
        deposit: Balance::ZERO,
    }));
    assert_eq!(
        refusal(&mut chain, id.as_str(), action.clone()),
        ActionsValidationError::MalformedUniversalStateInit
    );
    assert_eq!(
        refusal(&mut chain, BOB, action),
        ActionsValidationError::InvalidUniversalStateInitReceiver {
            receiver_id: account(BOB),
            derived_id: id,
        }
    );
}

/// A contract gets the same answers: its bytes are no state.
#[test]
fn a_contract_cannot_send_bytes_that_are_no_state() {
    let mut chain = published();
    deploy(&mut chain, BOB, PROMISES);
    let bytes = [&[0][..], &[b'k'; 31]].concat();
    let id = derive_universal_account_id(&RawStateInit(bytes)).to_string();
    let method = "promise_batch_action_universal_state_init";
    let action = call(method, id, Gas::from_teragas(200), Balance::ZERO);
    let hash = run(&mut chain, ALICE, BOB, vec![action]);
    let error = format!("{:?}", failure(&chain, &hash));
    assert!(error.contains("MalformedUniversalStateInit"), "{error}");
}

#[test]
fn a_patch_brings_an_account_that_waits_for_its_state() {
    let mut chain = published();
    let new = Universal::new(None, &[], &[&key()]);
    let record = StateRecord::Account {
        account_id: account(&new.id),
        account: near_primitives::account::Account::new_uninitialized(near(1), 100, 0),
    };
    chain.patch_state(vec![record]).expect("it can be written");
    chain.produce_block();
    let hash = run(&mut chain, ALICE, &new.id, vec![new.init(Balance::ZERO)]);
    assert_success(&chain, &hash);
    assert_eq!(chain.head().state.access_keys(&account(&new.id)).len(), 1);
}
