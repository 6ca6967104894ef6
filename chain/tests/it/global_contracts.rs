//! Global contracts (NEP-591): code that is deployed once, under its hash or under an account, and used by
//! any account (`SPEC.md` §2.1, §2.4 and §7).

use chain::Chain;
use near_primitives::account::AccountContract;
use near_primitives::action::{
    Action, DeployGlobalContractAction, GlobalContractDeployMode, GlobalContractIdentifier,
    UseGlobalContractAction,
};
use near_primitives::errors::{ActionError, ActionErrorKind, TxExecutionError};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::FinalExecutionStatus;

use crate::test_chain::*;

/// A contract that deploys and uses global contracts.
const PUBLISHER: &[u8] = include_bytes!("../fixtures/publisher.wasm");

const OWNER: &str = "owner.near";
const USER: &str = "user.near";

/// The storage usage of an account with one full-access key (`SPEC.md` §7).
const BARE_ACCOUNT: u64 = 182;

fn accounts() -> Chain {
    chain(&[(OWNER, near(100)), (USER, near(100)), (ALICE, near(100))])
}

fn publication(code: &[u8], deploy_mode: GlobalContractDeployMode) -> Action {
    Action::DeployGlobalContract(DeployGlobalContractAction {
        code: code.into(),
        deploy_mode,
    })
}

fn by_hash(code: &[u8]) -> GlobalContractIdentifier {
    GlobalContractIdentifier::CodeHash(CryptoHash::hash_bytes(code))
}

fn by_account(id: &str) -> GlobalContractIdentifier {
    GlobalContractIdentifier::AccountId(account(id))
}

/// Deploys code under its hash.
fn publish(chain: &mut Chain, code: &[u8]) -> CryptoHash {
    let action = publication(code, GlobalContractDeployMode::CodeHash);
    run(chain, OWNER, OWNER, vec![action])
}

/// Deploys code under the owner's account id.
fn publish_as_owner(chain: &mut Chain, code: &[u8]) -> CryptoHash {
    let action = publication(code, GlobalContractDeployMode::AccountId);
    run(chain, OWNER, OWNER, vec![action])
}

fn adoption(contract_identifier: GlobalContractIdentifier) -> Action {
    Action::UseGlobalContract(Box::new(UseGlobalContractAction {
        contract_identifier,
    }))
}

fn adopt(chain: &mut Chain, id: &str, identifier: GlobalContractIdentifier) -> CryptoHash {
    run(chain, id, id, vec![adoption(identifier)])
}

fn storage_usage(chain: &Chain, id: &str) -> u64 {
    let found = chain.head().state.account(&account(id));
    found.expect("the account exists").storage_usage()
}

fn contract(chain: &Chain, id: &str) -> AccountContract {
    let found = chain.head().state.account(&account(id));
    found.expect("the account exists").contract().into_owned()
}

fn failure(chain: &Chain, hash: &CryptoHash) -> ActionError {
    match status(chain, hash) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error,
        other => panic!("it was to fail, and ended with {other:?}"),
    }
}

fn first_action_failed(kind: ActionErrorKind) -> ActionError {
    let index = Some(0);
    ActionError { index, kind }
}

fn price(chain: &Chain, code: &[u8]) -> Balance {
    let storage = &chain.runtime_config().fees.storage_usage_config;
    storage
        .global_contract_storage_amount_per_byte
        .saturating_mul(code.len() as u128)
}

#[test]
fn any_account_can_use_the_global_contract_of_a_hash() {
    let mut chain = accounts();
    publish(&mut chain, GREET);
    adopt(&mut chain, USER, by_hash(GREET));
    assert_eq!(greet(&mut chain, USER), there());
}

#[test]
fn any_account_can_use_the_global_contract_of_an_account() {
    let mut chain = accounts();
    publish_as_owner(&mut chain, GREET);
    adopt(&mut chain, USER, by_account(OWNER));
    assert_eq!(greet(&mut chain, USER), there());
}

#[test]
fn a_view_runs_a_global_contract() {
    let mut chain = accounts();
    publish(&mut chain, GREET);
    adopt(&mut chain, USER, by_hash(GREET));
    let seen = chain.call_view(chain.head(), &account(USER), "greet", &[]);
    assert_eq!(seen.expect("it can be viewed").value, b"there");
}

#[test]
fn an_account_names_the_global_contract_that_it_uses() {
    let mut chain = accounts();
    publish(&mut chain, GREET);
    publish_as_owner(&mut chain, GREET);
    adopt(&mut chain, USER, by_hash(GREET));
    let hash = CryptoHash::hash_bytes(GREET);
    assert_eq!(contract(&chain, USER), AccountContract::Global(hash));
    adopt(&mut chain, USER, by_account(OWNER));
    let owner: AccountId = account(OWNER);
    assert_eq!(
        contract(&chain, USER),
        AccountContract::GlobalByAccount(owner)
    );
}

#[test]
fn users_of_an_account_run_what_it_has_published_last() {
    let mut chain = accounts();
    publish_as_owner(&mut chain, PUBLISHER);
    adopt(&mut chain, USER, by_account(OWNER));
    publish_as_owner(&mut chain, GREET);
    assert_eq!(greet(&mut chain, USER), there());
}

#[test]
fn users_of_a_hash_keep_the_code_of_that_hash() {
    let mut chain = accounts();
    publish(&mut chain, GREET);
    adopt(&mut chain, USER, by_hash(GREET));
    publish(&mut chain, PUBLISHER);
    assert_eq!(greet(&mut chain, USER), there());
}

#[test]
fn a_global_contract_is_not_the_contract_of_its_owner() {
    let mut chain = accounts();
    publish_as_owner(&mut chain, GREET);
    assert_eq!(contract(&chain, OWNER), AccountContract::None);
    assert_eq!(storage_usage(&chain, OWNER), BARE_ACCOUNT);
}

#[test]
fn a_hash_without_a_global_contract_does_not_exist() {
    let mut chain = accounts();
    let hash = adopt(&mut chain, USER, by_hash(GREET));
    let identifier = by_hash(GREET);
    assert_eq!(
        failure(&chain, &hash),
        first_action_failed(ActionErrorKind::GlobalContractDoesNotExist { identifier })
    );
}

#[test]
fn an_account_without_a_global_contract_cannot_be_used() {
    let mut chain = accounts();
    publish(&mut chain, GREET);
    let hash = adopt(&mut chain, USER, by_account(OWNER));
    let identifier = by_account(OWNER);
    assert_eq!(
        failure(&chain, &hash),
        first_action_failed(ActionErrorKind::GlobalContractDoesNotExist { identifier })
    );
}

/// A receipt distributes the code to the shards in the next block.
#[test]
fn a_global_contract_cannot_be_used_in_the_receipt_that_deploys_it() {
    let mut chain = accounts();
    let actions = vec![
        publication(GREET, GlobalContractDeployMode::CodeHash),
        adoption(by_hash(GREET)),
    ];
    let hash = run(&mut chain, OWNER, OWNER, actions);
    let identifier = by_hash(GREET);
    assert_eq!(
        failure(&chain, &hash),
        ActionError {
            index: Some(1),
            kind: ActionErrorKind::GlobalContractDoesNotExist { identifier },
        }
    );
}

#[test]
fn a_distribution_receipt_runs_in_the_next_block_without_an_outcome() {
    let mut chain = accounts();
    let action = publication(GREET, GlobalContractDeployMode::CodeHash);
    let transaction = sign(&chain, OWNER, OWNER, vec![action]);
    let hash = chain.submit(transaction).expect("it is valid");
    let code = |chain: &Chain| chain.head().state.global_code(&by_hash(GREET).into());
    chain.produce_block();
    assert!(code(&chain).is_none());
    chain.produce_block();
    assert_eq!(code(&chain).as_deref(), Some(GREET));

    let receipts = tree(&chain, &hash);
    assert_eq!(receipts.len(), 2, "the publication and its gas refund");
}

#[test]
fn a_global_contract_burns_the_price_of_each_byte() {
    let mut chain = accounts();
    let before = balance(&chain, OWNER);
    let hash = publish(&mut chain, GREET);

    let block_price = 100_000_000;
    let receipt = &tree(&chain, &hash)[0].outcome;
    let gas = u128::from(receipt.gas_burnt.as_gas()) * block_price;
    let gas = Balance::from_yoctonear(gas);
    let price = price(&chain, GREET);
    assert_eq!(receipt.tokens_burnt, price.saturating_add(gas));
    let conversion = outcome(&chain, &hash).outcome.tokens_burnt;
    let paid = conversion.saturating_add(receipt.tokens_burnt);
    assert_eq!(balance(&chain, OWNER), before.saturating_sub(paid));
}

#[test]
fn the_price_of_a_global_contract_leaves_the_supply() {
    let mut chain = accounts();
    let before = chain.head().total_supply;
    let hash = publish(&mut chain, GREET);
    let burnt = tree(&chain, &hash)
        .iter()
        .map(|receipt| receipt.outcome.tokens_burnt)
        .fold(
            outcome(&chain, &hash).outcome.tokens_burnt,
            Balance::saturating_add,
        );
    assert_eq!(chain.head().total_supply, before.saturating_sub(burnt));
}

#[test]
fn a_deployment_without_the_price_of_the_bytes_fails() {
    let mut chain = chain(&[(OWNER, near(1)), (USER, near(1))]);
    let code = vec![0; 100_000];
    let hash = publish(&mut chain, &code);
    let amount = price(&chain, &code);
    let account_id = account(OWNER);
    assert_eq!(
        failure(&chain, &hash),
        first_action_failed(ActionErrorKind::LackBalanceForState { account_id, amount })
    );
    assert!(
        chain
            .head()
            .state
            .global_code(&by_hash(&code).into())
            .is_none()
    );
}

#[test]
fn a_user_of_a_global_contract_stores_only_its_identifier() {
    let mut chain = accounts();
    publish(&mut chain, GREET);
    publish_as_owner(&mut chain, GREET);
    adopt(&mut chain, USER, by_hash(GREET));
    let hash_length = 32;
    assert_eq!(storage_usage(&chain, USER), BARE_ACCOUNT + hash_length);
    adopt(&mut chain, USER, by_account(OWNER));
    let name_length = OWNER.len() as u64;
    assert_eq!(storage_usage(&chain, USER), BARE_ACCOUNT + name_length);
}

#[test]
fn a_user_of_a_global_contract_gets_the_storage_of_its_code_back() {
    let mut chain = accounts();
    deploy(&mut chain, USER, PUBLISHER);
    publish_as_owner(&mut chain, GREET);
    adopt(&mut chain, USER, by_account(OWNER));
    let name_length = OWNER.len() as u64;
    assert_eq!(storage_usage(&chain, USER), BARE_ACCOUNT + name_length);
}

#[test]
fn a_user_of_a_global_contract_can_deploy_code_of_its_own() {
    let mut chain = accounts();
    publish_as_owner(&mut chain, PUBLISHER);
    adopt(&mut chain, USER, by_account(OWNER));
    deploy(&mut chain, USER, GREET);
    let code_length = GREET.len() as u64;
    assert_eq!(storage_usage(&chain, USER), BARE_ACCOUNT + code_length);
    assert_eq!(greet(&mut chain, USER), there());
}

#[test]
fn no_account_deploys_or_uses_a_global_contract_for_another() {
    let mut chain = accounts();
    publish(&mut chain, GREET);
    let actions = [
        publication(GREET, GlobalContractDeployMode::AccountId),
        adoption(by_hash(GREET)),
    ];
    for action in actions {
        let hash = run(&mut chain, ALICE, USER, vec![action]);
        let expected = ActionErrorKind::ActorNoPermission {
            account_id: account(USER),
            actor_id: account(ALICE),
        };
        assert_eq!(failure(&chain, &hash), first_action_failed(expected));
    }
}

#[test]
fn a_contract_deploys_and_uses_a_global_contract_for_its_own_account() {
    let ways = [
        ("publish_by_hash", "adopt_by_hash", by_hash(GREET)),
        ("publish_by_account", "adopt_by_account", by_account(USER)),
    ];
    for (publish, adopt, identifier) in ways {
        let mut chain = accounts();
        deploy(&mut chain, USER, PUBLISHER);
        let name = match &identifier {
            GlobalContractIdentifier::CodeHash(hash) => hash.as_bytes().to_vec(),
            GlobalContractIdentifier::AccountId(id) => id.as_bytes().to_vec(),
        };
        for (method, input) in [(publish, GREET.to_vec()), (adopt, name)] {
            let action = call(method, input, Gas::from_teragas(200), Balance::ZERO);
            run(&mut chain, ALICE, USER, vec![action]);
        }
        assert_eq!(greet(&mut chain, USER), there(), "{publish}, {adopt}");
    }
}
