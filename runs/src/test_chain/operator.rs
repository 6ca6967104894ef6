//! The operator of an account: deploys to it, deletes its keys, reads its storage. And the refusals of the
//! chain for everybody else.

use std::collections::BTreeMap;

use chain::testing::signer;
use near_crypto::{InMemorySigner, KeyType};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::{
    Action, AddKeyAction, DeleteKeyAction, DeployContractAction, TransferAction,
};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::types::Balance;
use serde_json::Value;

use super::chain::{TestChain, TxHash, account};
use super::contracts::contract;
use super::named_error::NamedError;

/// Everything that an upgrade can change: the code, and each entry of the storage.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The hash of the code.
    pub code: CryptoHash,
    /// The entries by their keys.
    pub storage: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// Returns the wasm of a chapter's contract, as it is compiled now, or as it was supplied.
pub fn wasm_of(chapter: &str) -> Vec<u8> {
    contract(chapter)
}

/// Returns an action that deploys code.
pub fn deploy(code: Vec<u8>) -> Action {
    Action::DeployContract(DeployContractAction { code })
}

impl TestChain {
    /// Returns the contract of a chapter, before the call of `new`.
    pub fn without_init(chapter: &str) -> Self {
        let mut chain = Self::partners(chapter, &[]);
        chain.reset_balances();
        chain
    }

    /// Transfers the balance of an account to alice, except for `rest`. The gas is paid from the rest.
    pub fn transfer_all_but(&mut self, name: &str, rest: Balance) {
        let deposit = self.balance(name).saturating_sub(rest);
        let transfer = Action::Transfer(TransferAction { deposit });
        let tx = self.send(name, "alice.near", vec![transfer]);
        self.assert_succeeded(tx);
    }

    /// Sets the balance of an account, in NEAR.
    pub fn set_balance(&mut self, name: &'static str, near: u128) {
        self.actors.retain(|(other, _)| *other != name);
        self.actors.push((name, near));
        self.reset_balances();
    }

    /// Writes the state of a contract, as near-sdk stores it. Other entries of its storage stay.
    pub fn write_state(&mut self, name: &str, state: &[u8]) {
        let record = StateRecord::Data {
            account_id: account(name),
            data_key: b"STATE".to_vec().into(),
            value: state.to_vec().into(),
        };
        self.chain
            .patch_state(vec![record])
            .expect("an entry can be patched");
    }

    /// Returns the code and the storage of a contract.
    pub fn snapshot(&self, name: &str) -> Snapshot {
        let (state, id) = (&self.chain.head().state, account(name));
        let (code, _) = state.code(&id).expect("there is a contract");
        let entries = state.data(&id, &[]);
        Snapshot {
            code,
            storage: entries.map(|(key, value)| (key, value.to_vec())).collect(),
        }
    }

    /// Returns the code of a contract.
    pub fn code(&self, name: &str) -> Vec<u8> {
        let code = self.chain.head().state.code(&account(name));
        code.expect("there is a contract").1.to_vec()
    }

    /// Returns the logs of a transaction, in the order of execution.
    pub fn logs(&self, tx: TxHash) -> Vec<String> {
        let transaction = self.transaction(tx);
        let receipts = transaction.receipts().iter();
        receipts.flat_map(|receipt| receipt.logs.clone()).collect()
    }

    /// Deletes all keys of an account.
    pub fn remove_keys(&mut self, name: &str) {
        let public_key = signer(&account(name)).public_key();
        let delete = Action::DeleteKey(Box::new(DeleteKeyAction { public_key }));
        let tx = self.send(name, name, vec![delete]);
        self.assert_succeeded(tx);
        let keys = self.chain.head().state.access_keys(&account(name));
        assert!(keys.is_empty(), "{name} had more than one key");
    }

    /// Returns the error of a view method.
    ///
    /// # Panics
    /// The view succeeds.
    pub fn view_error(&self, contract: &str, method: &str, args: Value) -> String {
        let (head, args) = (self.chain.head(), args.to_string());
        let result = self
            .chain
            .call_view(head, &account(contract), method, args.as_bytes());
        result.expect_err("the view fails").to_string()
    }

    /// Returns the reason why the chain refuses a transaction that is signed with a key of another account.
    ///
    /// # Panics
    /// The chain accepts the transaction.
    pub fn refusal_of_another_key(&mut self, from: &str, to: &str, action: Action) -> NamedError {
        let key = InMemorySigner::from_seed(account(from), KeyType::ED25519, "another");
        let transaction = self.chain.signed(&key, &account(to), vec![action]);
        let refusal = self.chain.submit(transaction);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        (&refusal).into()
    }

    /// Returns the reason why the chain refuses the second of two transactions with the same nonce.
    ///
    /// # Panics
    /// The chain accepts the transaction.
    pub fn refusal_of_a_nonce(&mut self, from: &str, to: &str, actions: [Action; 2]) -> NamedError {
        let signer = signer(&account(from));
        let [first, second] =
            actions.map(|action| self.chain.signed(&signer, &account(to), vec![action]));
        self.chain
            .submit(first)
            .expect("the chain accepts the first transaction");
        self.run_until_idle();
        let refusal = self.chain.submit(second);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        (&refusal).into()
    }

    /// Gives alice a function-call key for one contract, signs a call with it, and returns the reason why the
    /// chain refuses it.
    ///
    /// # Panics
    /// The chain accepts the call.
    pub fn refusal_of_function_call_key(&mut self, contract: &str, action: Action) -> NamedError {
        let alice = account("alice.near");
        let key = InMemorySigner::from_seed(alice.clone(), KeyType::ED25519, "for functions only");
        let permission = FunctionCallPermission {
            allowance: None,
            receiver_id: contract.to_owned(),
            method_names: Vec::new(),
        };
        let add = AddKeyAction {
            public_key: key.public_key(),
            access_key: AccessKey {
                nonce: 0,
                permission: AccessKeyPermission::FunctionCall(permission),
            },
        };
        let tx = self.send("alice.near", "alice.near", vec![add.into()]);
        self.assert_succeeded(tx);

        let transaction = self.chain.signed(&key, &account(contract), vec![action]);
        let refusal = self.chain.submit(transaction);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        (&refusal).into()
    }
}
