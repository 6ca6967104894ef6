//! A chain in the test's own process, with accounts whose keys follow from their names.
#![allow(dead_code, reason = "each test file uses its part of this")]

use std::sync::Arc;

use chain::testing::{genesis, signer};
use chain::{Chain, Clock, Outcome, Vm};
use near_crypto::PublicKey;
use near_primitives::account::AccessKey;
use near_primitives::action::{
    Action, AddKeyAction, CreateAccountAction, DeployContractAction, FunctionCallAction,
    TransferAction,
};
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::{ExecutionStatus, SignedTransaction};
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::FinalExecutionStatus;

/// A user, who signs most transactions.
pub const ALICE: &str = "alice.near";
/// Another user, or a contract.
pub const BOB: &str = "bob.near";

/// A contract with a view method `greet`, which returns "there".
pub const GREET: &[u8] = include_bytes!("../fixtures/greet.wasm");
/// A contract whose methods call the host functions of their names, in a promise on the account in the input.
pub const PROMISES: &[u8] = include_bytes!("../fixtures/promises.wasm");
/// The probe contract, which runs the program in its argument.
pub const PROBE: &[u8] = include_bytes!("../fixtures/probe.wasm");

pub fn account(id: &str) -> AccountId {
    id.parse().expect("a test names valid accounts")
}

pub fn near(amount: u128) -> Balance {
    Balance::from_near(amount)
}

pub fn public_key(id: &str) -> PublicKey {
    signer(&account(id)).public_key()
}

pub fn chain(accounts: &[(&str, Balance)]) -> Chain {
    let accounts: Vec<_> = accounts
        .iter()
        .map(|(id, amount)| (account(id), *amount))
        .collect();
    let genesis = genesis(accounts.iter().map(|(id, amount)| (id, *amount)));
    let vm = Vm::new(None).expect("a cache in memory needs nothing");
    Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound")
}

/// Signs a transaction on top of the head, with the next nonce of the signer's key.
pub fn sign(chain: &Chain, from: &str, to: &str, actions: Vec<Action>) -> SignedTransaction {
    chain.signed(&signer(&account(from)), &account(to), actions)
}

/// Submits a transaction and produces blocks until the chain is idle.
pub fn run(chain: &mut Chain, from: &str, to: &str, actions: Vec<Action>) -> CryptoHash {
    let signed = sign(chain, from, to, actions);
    let hash = chain.submit(signed).expect("the transaction is valid");
    chain.produce_blocks_until_idle();
    hash
}

/// Creates an account with the key that is derived from its name.
pub fn create(chain: &mut Chain, parent: &str, id: &str, amount: Balance) -> CryptoHash {
    let actions = vec![
        Action::CreateAccount(CreateAccountAction {}),
        add_full_access_key(id),
        transfer(amount),
    ];
    run(chain, parent, id, actions)
}

pub fn deploy(chain: &mut Chain, id: &str, code: &[u8]) -> CryptoHash {
    let action = Action::DeployContract(DeployContractAction {
        code: code.to_vec(),
    });
    run(chain, id, id, vec![action])
}

pub fn transfer(deposit: Balance) -> Action {
    Action::Transfer(TransferAction { deposit })
}

pub fn add_full_access_key(id: &str) -> Action {
    let access_key = AccessKey::full_access();
    Action::AddKey(Box::new(AddKeyAction {
        public_key: public_key(id),
        access_key,
    }))
}

pub fn call(method: &str, args: impl Into<Vec<u8>>, gas: Gas, deposit: Balance) -> Action {
    let method_name = method.to_owned();
    let args = args.into();
    Action::FunctionCall(Box::new(FunctionCallAction {
        method_name,
        args,
        gas,
        deposit,
    }))
}

/// Calls `greet` as alice, and returns the status.
pub fn greet(chain: &mut Chain, id: &str) -> FinalExecutionStatus {
    let action = call("greet", [], Gas::from_teragas(20), Balance::ZERO);
    let hash = run(chain, ALICE, id, vec![action]);
    status(chain, &hash)
}

/// Returns the status of a call of `greet` that succeeded.
pub fn there() -> FinalExecutionStatus {
    FinalExecutionStatus::SuccessValue(b"there".to_vec())
}

/// Returns a call of the probe with a program.
pub fn program(statements: serde_json::Value, tgas: u64, deposit: Balance) -> Action {
    let args = serde_json::json!({ "program": statements }).to_string();
    call("run", args, Gas::from_teragas(tgas), deposit)
}

pub fn balance(chain: &Chain, id: &str) -> Balance {
    let found = chain.head().state.account(&account(id));
    found.expect("the account exists").amount()
}

pub fn outcome<'a>(chain: &'a Chain, id: &CryptoHash) -> &'a Arc<Outcome> {
    chain.outcome(id).expect("it was executed")
}

/// Returns the outcomes of the receipts below a transaction or a receipt, parents before children.
pub fn tree(chain: &Chain, id: &CryptoHash) -> Vec<Arc<Outcome>> {
    let mut found = Vec::new();
    for child in &outcome(chain, id).outcome.receipt_ids {
        if let Some(outcome) = chain.outcome(child) {
            found.push(outcome.clone());
            found.extend(tree(chain, child));
        }
    }
    found
}

/// Returns the value or the failure of a transaction.
pub fn status(chain: &Chain, hash: &CryptoHash) -> FinalExecutionStatus {
    let mut id = *hash;
    loop {
        match &outcome(chain, &id).outcome.status {
            ExecutionStatus::Unknown => return FinalExecutionStatus::Started,
            ExecutionStatus::SuccessReceiptId(next) => id = *next,
            ExecutionStatus::SuccessValue(value) => {
                return FinalExecutionStatus::SuccessValue(value.clone());
            }
            ExecutionStatus::Failure(error) => return FinalExecutionStatus::Failure(error.clone()),
        }
    }
}
