//! What an operator does with an account: deploys to it, takes its keys away, and looks at what is
//! stored there. And what the chain says to somebody who may not.

use std::collections::BTreeMap;

use embedded_sandbox::testing::signer;
use near_crypto::{InMemorySigner, KeyType};
use near_primitives::action::{Action, DeleteKeyAction, DeployContractAction, TransferAction};
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::Value;

use super::chain::{TestChain, TxHash, account, contract};

/// Everything that an upgrade can change: the code, and each entry of the storage.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The hash of the code.
    pub code: CryptoHash,
    /// The entries by their keys.
    pub storage: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// The contract of a chapter as wasm, as it is compiled now.
pub fn wasm_of(chapter: &str) -> Vec<u8> {
    contract(chapter).0
}

/// Puts code on the account that it is sent to.
pub fn deploy(code: Vec<u8>) -> Action {
    Action::DeployContract(DeployContractAction { code })
}

impl TestChain {
    /// The contract of a chapter, before anyone has called `new`.
    pub fn without_init(chapter: &str) -> Self {
        let mut chain = Self::partners(chapter, &[]);
        chain.reset_balances();
        chain
    }

    /// Lets an account send its money to alice, until it holds no more than this. The gas for that is
    /// taken from the rest.
    pub fn leave_with(&mut self, name: &str, rest: Balance) {
        let deposit = self.balance(name).saturating_sub(rest);
        let transfer = Action::Transfer(TransferAction { deposit });
        let tx = self.send(name, "alice.near", vec![transfer]);
        self.assert_succeeded(tx);
    }

    /// Lets an account hold so many NEAR, where it needs more than the others of its kind.
    pub fn let_hold(&mut self, name: &'static str, near: u128) {
        self.actors.retain(|(other, _)| *other != name);
        self.actors.push((name, near));
        self.reset_balances();
    }

    /// What a contract's account has at this moment.
    pub fn snapshot(&self, name: &str) -> Snapshot {
        let (state, id) = (&self.chain.head().state, account(name));
        let (code, _) = state.code(&id).expect("there is a contract");
        let entries = state.data(&id, &[]);
        Snapshot {
            code,
            storage: entries.map(|(key, value)| (key, value.to_vec())).collect(),
        }
    }

    /// The code of a contract.
    pub fn code(&self, name: &str) -> Vec<u8> {
        let code = self.chain.head().state.code(&account(name));
        code.expect("there is a contract").1.to_vec()
    }

    /// The log of a transaction, in the order in which its receipts ran.
    pub fn logs(&self, tx: TxHash) -> Vec<String> {
        let transaction = self.transaction(tx);
        let receipts = transaction.receipts().iter();
        receipts.flat_map(|receipt| receipt.logs.clone()).collect()
    }

    /// Takes all keys from an account.
    pub fn remove_keys(&mut self, name: &str) {
        let public_key = signer(&account(name)).public_key();
        let delete = Action::DeleteKey(Box::new(DeleteKeyAction { public_key }));
        let tx = self.send(name, name, vec![delete]);
        self.assert_succeeded(tx);
        let keys = self.chain.head().state.access_keys(&account(name));
        assert!(keys.is_empty(), "{name} had more than one key");
    }

    /// Why a view method does not answer.
    ///
    /// # Panics
    /// It answers.
    pub fn view_error(&self, contract: &str, method: &str, args: Value) -> String {
        let (head, args) = (self.chain.head(), args.to_string());
        let answer = self
            .chain
            .call_view(head, &account(contract), method, args.as_bytes());
        answer.expect_err("the view fails").to_string()
    }

    /// Why the chain does not take a transaction that is signed with another key than one of the
    /// signer's.
    ///
    /// # Panics
    /// The chain takes it.
    pub fn refusal_of_another_key(&mut self, from: &str, to: &str, action: Action) -> String {
        let key = InMemorySigner::from_seed(account(from), KeyType::ED25519, "another");
        let transaction = self.chain.signed(&key, &account(to), vec![action]);
        let refusal = self.chain.submit(transaction);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        trace::error_text::invalid_tx_error(&refusal)
    }

    /// Why the chain does not take the second of two transactions that were signed at the same time, so
    /// with the same nonce.
    ///
    /// # Panics
    /// The chain takes it.
    pub fn refusal_of_a_nonce(&mut self, from: &str, to: &str, actions: [Action; 2]) -> String {
        let signer = signer(&account(from));
        let [first, second] =
            actions.map(|action| self.chain.signed(&signer, &account(to), vec![action]));
        self.chain
            .submit(first)
            .expect("the chain takes the first transaction");
        self.run_to_the_end();
        let refusal = self.chain.submit(second);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        trace::error_text::invalid_tx_error(&refusal)
    }
}
