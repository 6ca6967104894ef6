//! Implicit accounts: a transfer creates them, and their ids say what they are (`SPEC.md` §2.3 and §2.4).

use chain::testing::genesis;
use chain::{Chain, Clock, Vm};
use near_primitives::account::{AccessKey, AccountContract};
use near_primitives::action::{Action, CreateAccountAction, DeleteAccountAction};
use near_primitives::errors::{
    ActionErrorKind, CompilationError, FunctionCallError, TxExecutionError,
};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::FinalExecutionStatus;

use crate::test_chain::*;

const ETH: &str = "0x00000000000000000000000000000000000000aa";
const DETERMINISTIC: &str = "0s00000000000000000000000000000000000000aa";
const HEX: &str = "5b1dbb36a4b0b4b5b34ea1a8b8b6b9d2cb4a8d4c2a6b0a1f0e9d8c7b6a594837";
const UNIVERSAL: &str = "0u0000000000000000000000000000000000000000000000000000";

fn two_accounts() -> Chain {
    chain(&[(ALICE, near(100)), (BOB, near(100))])
}

fn failure(chain: &Chain, hash: &CryptoHash) -> ActionErrorKind {
    match status(chain, hash) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error.kind,
        other => panic!("it was to fail, and ended with {other:?}"),
    }
}

/// Returns the wallet contract of a new Ethereum address on a chain of this name.
fn wallet(chain_id: &str) -> AccountContract {
    let alice = account(ALICE);
    let mut genesis = genesis([(&alice, near(100))]);
    genesis.config.chain_id = chain_id.to_owned();
    let vm = Vm::new(None).expect("a cache in memory needs nothing");
    let mut chain = Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound");
    run(&mut chain, ALICE, ETH, vec![transfer(near(1))]);
    let created = chain.head().state.account(&account(ETH));
    created.expect("it was created").contract().into_owned()
}

#[test]
fn a_transfer_to_an_ethereum_address_creates_an_account_without_keys() {
    let mut chain = two_accounts();
    run(&mut chain, ALICE, ETH, vec![transfer(near(1))]);
    let state = &chain.head().state;
    let created = state.account(&account(ETH)).expect("it was created");
    assert_eq!(created.amount(), near(1));
    assert_eq!(created.storage_usage(), 132);
    assert!(state.access_keys(&account(ETH)).is_empty());
}

/// The hashes of nearcore, `runtime/near-wallet-contract/src/lib.rs`.
#[test]
fn an_ethereum_address_has_the_wallet_contract_of_its_chain() {
    for (chain_id, hash) in [
        ("mainnet", "2zodJZK2e4nnv5AqwCRnenNSmkikXhEd7PPY6BmfTmW4"),
        ("mocknet", "2zodJZK2e4nnv5AqwCRnenNSmkikXhEd7PPY6BmfTmW4"),
        ("testnet", "3PpYvRxBfC5BkZxTw8ZFG3D52w1ZRhvDDWirKoxphMDn"),
        ("localnet", "FAq9tQRbwJPTV3PQLn2F7AUD3FW2Fw1V8ZeZuazfeu1v"),
    ] {
        let hash = hash.parse().expect("a hash");
        assert_eq!(
            wallet(chain_id),
            AccountContract::Global(hash),
            "{chain_id}"
        );
    }
}

/// As on a local chain of nearcore, until somebody deploys the wallet contract.
#[test]
fn an_ethereum_address_runs_no_code_before_the_wallet_contract_is_deployed() {
    let mut chain = two_accounts();
    run(&mut chain, ALICE, ETH, vec![transfer(near(1))]);
    let action = call("rlp_execute", [], Gas::from_teragas(10), Balance::ZERO);
    let hash = run(&mut chain, ALICE, ETH, vec![action]);
    let error = CompilationError::CodeDoesNotExist {
        account_id: account(ETH),
    };
    assert_eq!(
        failure(&chain, &hash),
        ActionErrorKind::FunctionCallError(FunctionCallError::CompilationError(error))
    );
}

#[test]
fn a_transfer_creates_an_implicit_account_only_if_it_is_alone() {
    for id in [ETH, DETERMINISTIC, HEX] {
        let mut chain = two_accounts();
        let hash = run(
            &mut chain,
            ALICE,
            id,
            vec![transfer(near(1)), transfer(near(1))],
        );
        let account_id = account(id);
        assert_eq!(
            failure(&chain, &hash),
            ActionErrorKind::AccountDoesNotExist { account_id }
        );
    }
}

#[test]
fn only_a_transfer_creates_an_implicit_account() {
    for id in [ETH, DETERMINISTIC, HEX, UNIVERSAL] {
        let mut chain = two_accounts();
        let actions = vec![Action::CreateAccount(CreateAccountAction {})];
        let hash = run(&mut chain, ALICE, id, actions);
        let account_id = account(id);
        assert_eq!(
            failure(&chain, &hash),
            ActionErrorKind::OnlyImplicitAccountCreationAllowed { account_id }
        );
    }
}

#[test]
fn a_contract_creates_implicit_accounts() {
    for id in [ETH, DETERMINISTIC, HEX, UNIVERSAL] {
        let mut chain = two_accounts();
        deploy(&mut chain, BOB, PROBE);
        let gift = serde_json::json!([
            {"create": {"to": id, "actions": [{"transfer": {"yocto": "5"}}]}},
        ]);
        run(
            &mut chain,
            ALICE,
            BOB,
            vec![program(gift, 100, Balance::ZERO)],
        );
        assert_eq!(balance(&chain, id), Balance::from_yoctonear(5), "{id}");
    }
}

#[test]
fn an_account_can_be_deleted_in_favour_of_any_valid_id() {
    for beneficiary in [ETH, DETERMINISTIC, UNIVERSAL, HEX, "nobody.near", BOB] {
        let mut chain = two_accounts();
        let beneficiary_id = account(beneficiary);
        let action = Action::DeleteAccount(DeleteAccountAction { beneficiary_id });
        let hash = run(&mut chain, ALICE, ALICE, vec![action]);
        assert!(
            matches!(status(&chain, &hash), FinalExecutionStatus::SuccessValue(_)),
            "{beneficiary}"
        );
        assert_eq!(chain.head().state.account(&account(ALICE)), None);
    }
}

/// What is left of a deleted account is a refund, and refunds create nothing.
#[test]
fn the_balance_of_a_deleted_account_creates_no_account() {
    for beneficiary in [ETH, DETERMINISTIC, UNIVERSAL, HEX] {
        let mut chain = two_accounts();
        let beneficiary_id = account(beneficiary);
        let supply = chain.head().total_supply;
        let action = Action::DeleteAccount(DeleteAccountAction { beneficiary_id });
        run(&mut chain, ALICE, ALICE, vec![action]);
        assert_eq!(chain.head().state.account(&account(beneficiary)), None);
        let lost = supply.saturating_sub(chain.head().total_supply);
        assert!(lost > near(99), "{beneficiary}: {lost}");
    }
}

#[test]
fn the_balance_of_a_deleted_account_reaches_an_ethereum_address_that_exists() {
    let mut chain = two_accounts();
    run(&mut chain, ALICE, ETH, vec![transfer(near(1))]);
    let beneficiary_id = account(ETH);
    let action = Action::DeleteAccount(DeleteAccountAction { beneficiary_id });
    run(&mut chain, ALICE, ALICE, vec![action]);
    assert!(balance(&chain, ETH) > near(99));
}

#[test]
fn a_64_hex_account_has_the_key_that_its_id_spells() {
    let mut chain = two_accounts();
    run(&mut chain, ALICE, HEX, vec![transfer(near(1))]);
    let keys = chain.head().state.access_keys(&account(HEX));
    let permissions: Vec<_> = keys.into_iter().map(|(_, key)| key.permission).collect();
    assert_eq!(permissions, [AccessKey::full_access().permission]);
}
