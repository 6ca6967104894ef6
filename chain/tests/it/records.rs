//! The records of a genesis or a patch: invalid ones are refused by name, and valid ones break nothing.

use std::error::Error;
use std::iter::successors;

use chain::records::MAX_BALANCE;
use chain::records::RecordError;
use chain::testing::genesis;
use chain::{Chain, Clock, Genesis, GenesisError, Vm};
use near_primitives::account::{Account, AccountContract};
use near_primitives::action::{Action, DeployContractAction};
use near_primitives::hash::hash;
use near_primitives::state_record::StateRecord;
use near_primitives::types::Balance;
use serde_json::json;

use crate::test_chain::{
    GREET, PROBE, account, balance, chain, deploy, near, program, run, sign, status, transfer,
};

fn local(code: &[u8]) -> AccountContract {
    AccountContract::Local(hash(code))
}

fn account_record(amount: Balance, contract: AccountContract) -> StateRecord {
    StateRecord::Account {
        account_id: account("alice"),
        account: Account::new(amount, Balance::ZERO, contract, 0),
    }
}

fn contract_record(code: &[u8]) -> StateRecord {
    StateRecord::Contract {
        account_id: account("alice"),
        code: code.to_vec(),
    }
}

fn deployment(code: &[u8]) -> Action {
    Action::DeployContract(DeployContractAction {
        code: code.to_vec(),
    })
}

fn patched(chain: &mut Chain, records: Vec<StateRecord>) -> Result<(), RecordError> {
    chain.patch_state(records)?;
    chain.produce_blocks_until_idle();
    Ok(())
}

fn greeting(chain: &Chain) -> Vec<u8> {
    let called = chain.call_view(chain.head(), &account("alice"), "greet", b"{}");
    called.expect("the contract greets").value
}

fn started(change: impl FnOnce(&mut Genesis)) -> Result<Chain, GenesisError> {
    let alice = account("alice");
    let mut genesis = genesis([(&alice, near(10))]);
    change(&mut genesis);
    Chain::new(genesis, Clock::Manual, Vm::new(None).unwrap())
}

/// Checks the error of a patch and of a genesis with one more record, or with one in another's place.
fn assert_refused(record: &StateRecord, words: &[&str]) {
    let mut chain = chain(&[("alice", near(10))]);
    let patch = patched(&mut chain, vec![record.clone()]).unwrap_err();
    let genesis = started(|genesis| genesis.records[0] = record.clone());
    let genesis = genesis.err().expect("the genesis is refused");
    let causes = successors(Some(&genesis as &dyn Error), |&error| error.source());
    let genesis = causes.map(ToString::to_string).collect::<Vec<_>>();
    for text in [patch.to_string(), genesis.join(": ")] {
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
fn a_patch_has_an_account_and_its_code_in_any_order() {
    let records = [
        account_record(near(10), local(GREET)),
        contract_record(GREET),
    ];
    let reversed = [records[1].clone(), records[0].clone()];
    for records in [records, reversed] {
        let mut chain = chain(&[("alice", near(10))]);
        for _ in 0..2 {
            patched(&mut chain, records.to_vec()).unwrap();
            assert!(!greeting(&chain).is_empty());
        }
    }
}

#[test]
fn an_account_with_the_hash_of_other_code_is_refused() {
    let missing = account_record(near(10), local(GREET));
    assert_refused(&missing, &["alice", "no code is stored", "Contract"]);

    let mut chain = chain(&[("alice", near(10))]);
    deploy(&mut chain, "alice", PROBE);
    let error = patched(&mut chain, vec![missing]).unwrap_err().to_string();
    assert!(error.contains(&hash(PROBE).to_string()), "{error}");
    let other = vec![
        account_record(near(10), local(PROBE)),
        contract_record(GREET),
    ];
    let error = patched(&mut chain, other).unwrap_err().to_string();
    assert!(error.contains(&hash(GREET).to_string()), "{error}");
    let current = account_record(near(7), local(PROBE));
    patched(&mut chain, vec![current]).unwrap();
}

#[test]
fn code_of_an_account_without_a_code_hash_is_refused() {
    let mut chain = chain(&[("alice", near(10))]);
    let error = patched(&mut chain, vec![contract_record(GREET)]).unwrap_err();
    assert!(error.to_string().contains("no code of its own"), "{error}");
    let genesis = started(|genesis| genesis.records.push(contract_record(GREET)));
    let error = genesis.err().expect("the genesis is refused").to_string();
    assert!(error.contains("no code of its own"), "{error}");
}

#[test]
fn a_patch_in_the_block_of_a_deployment_keeps_the_hash_of_the_code() {
    let mut chain = chain(&[("alice", near(10))]);
    deploy(&mut chain, "alice", PROBE);
    let deployment = sign(&chain, "alice", "alice", vec![deployment(GREET)]);
    chain.submit(deployment).unwrap();
    let current = account_record(near(7), local(PROBE));
    patched(&mut chain, vec![current]).unwrap();
    let account = chain.head().state.account(&account("alice")).unwrap();
    assert!(account.amount() < near(8));
    assert_eq!(account.contract().into_owned(), local(GREET));
    assert!(!greeting(&chain).is_empty());
}

#[test]
fn a_balance_above_the_greatest_is_refused() {
    for tokens in [u128::MAX, u128::MAX - 1, (1 << 120) + 1] {
        let tokens = Balance::from_yoctonear(tokens);
        let rich = account_record(tokens, AccountContract::None);
        assert_refused(&rich, &["alice", "amount", "2^120"]);
        let staking = StateRecord::Account {
            account_id: account("alice"),
            account: Account::new(Balance::ZERO, tokens, AccountContract::None, 0),
        };
        assert_refused(&staking, &["alice", "locked", "2^120"]);
    }
    let mut chain = chain(&[("alice", near(10))]);
    let rich = account_record(MAX_BALANCE, AccountContract::None);
    patched(&mut chain, vec![rich]).unwrap();
}

#[test]
fn an_uninitialized_account_or_too_much_storage_is_refused() {
    let uninitialised = StateRecord::Account {
        account_id: account("alice"),
        account: Account::new_uninitialized(near(10), 0, 1),
    };
    assert_refused(&uninitialised, &["alice", "uninitialized"]);
    let full = StateRecord::Account {
        account_id: account("alice"),
        account: Account::new(near(10), Balance::ZERO, AccountContract::None, u64::MAX),
    };
    assert_refused(&full, &["alice", "storage_usage", "2^60"]);
}

#[test]
fn a_call_that_removes_uncounted_data_fails() {
    let mut chain = chain(&[("alice", near(10))]);
    let data = StateRecord::Data {
        account_id: account("alice"),
        data_key: b"key".to_vec().into(),
        value: b"value".to_vec().into(),
    };
    let records = vec![
        account_record(near(10), local(PROBE)),
        contract_record(PROBE),
        data,
    ];
    patched(&mut chain, records).unwrap();
    let remove = json!([{"remove": {"key": "key"}}]);
    let args = json!({"program": remove}).to_string();
    let viewed = chain.call_view(chain.head(), &account("alice"), "run", args.as_bytes());
    viewed.unwrap_err();
    let call = program(remove, 100, Balance::ZERO);
    let hash = run(&mut chain, "alice", "alice", vec![call]);
    let failure = format!("{:?}", status(&chain, &hash));
    assert!(failure.contains("integer overflow"), "{failure}");
    assert_eq!(
        chain.head().state.data(&account("alice"), b"key").count(),
        1
    );
}

#[test]
fn a_deposit_above_the_greatest_balance_fails_and_is_refunded() {
    let mut chain = chain(&[("alice", near(10)), ("bob", near(10))]);
    deploy(&mut chain, "alice", PROBE);
    let full = account_record(MAX_BALANCE, local(PROBE));
    patched(&mut chain, vec![full]).unwrap();
    let call = program(json!([]), 100, near(1));
    for deposit in [transfer(near(1)), call] {
        let before = balance(&chain, "bob");
        let hash = run(&mut chain, "bob", "alice", vec![deposit]);
        let failure = format!("{:?}", status(&chain, &hash));
        assert!(failure.contains("2^120"), "{failure}");
        assert_eq!(balance(&chain, "alice"), MAX_BALANCE);
        assert!(balance(&chain, "bob") > before.saturating_sub(near(1)));
    }
}
