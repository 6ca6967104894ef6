//! The chain and its accounts: the setup, the transactions, and their results.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use chain::testing::{genesis, signer};
use chain::views::{final_outcome, final_outcome_with_receipts};
use chain::{Chain, Clock, Vm};
use manuscript::layout::Tree;
use manuscript::wasm::{Built, build_contracts};
use near_primitives::action::{
    Action, DeleteAccountAction, DeployContractAction, FunctionCallAction,
};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::FinalExecutionStatus;
use serde_json::{Value, json};
use trace::{Order, Position, Transaction, TxStatus, assert_transaction};

use super::contracts::{contract, folder};

/// The accounts of every chain, and their balances at genesis, in NEAR.
const ACTORS: [(&str, u128); 7] = [
    ("alice.near", 100),
    ("bob.near", 100),
    ("app.near", 10),
    ("hello.near", 10),
    ("counter.near", 10),
    ("guestbook.near", 10),
    ("gold.app.near", 10),
];

/// One token, in its smallest unit.
pub const ONE_TOKEN: u128 = 10u128.pow(24);

/// The gas of a call without another amount.
pub const GAS: Gas = Gas::from_teragas(100);

/// The hash of a transaction.
pub type TxHash = CryptoHash;

/// What is deployed on a chain: the name of a chapter, its guests as in [`TestChain::with_guests`], and its contract.
type Deployed = (String, Vec<(&'static str, String)>, Vec<u8>);

/// A chain with accounts. A clone is a fork: both continue from the same state, and a clone costs almost
/// nothing.
#[derive(Clone)]
pub struct TestChain {
    pub(super) chain: Chain,
    /// The accounts, and their balances at genesis, in NEAR.
    pub(super) actors: Vec<(&'static str, u128)>,
}

impl TestChain {
    /// Returns the contract of chapter `setup`, with hello as its partner.
    pub fn setup() -> Self {
        Self::setup_with_hello("hello.near")
    }

    /// Returns the contract of chapter `setup`, with another account as hello.
    pub fn setup_with_hello(hello: &str) -> Self {
        let mut chain = Self::partners("setup", &[]);
        chain.initialize(hello);
        chain.reset_balances();
        chain
    }

    /// Returns the contract of chapter `setup`, before the call of `new`.
    pub fn setup_without_init() -> Self {
        let mut chain = Self::partners("setup", &[]);
        chain.reset_balances();
        chain
    }

    /// Returns the contract of chapter `batch`.
    pub fn batch() -> Self {
        Self::with_guests("batch", &[])
    }

    /// Returns the contract of a chapter, and guests beside its partners. A guest is an account, which holds 10
    /// NEAR, and the name of its wasm in the chapter's `tests/partners`.
    pub fn with_guests(chapter: &str, guests: &[(&'static str, &str)]) -> Self {
        let mut chain = Self::partners(chapter, guests);
        chain.initialize("hello.near");
        chain.reset_balances();
        chain
    }

    /// Returns the contract of chapter `batch`, and a token on `gold.app.near`, ten of which belong to
    /// `owner`.
    pub fn shop_of(owner: &str) -> Self {
        let mut chain = Self::partners("batch", &[]);
        chain.initialize("hello.near");
        chain.deploy("gold.app.near", partner("batch", "token"));
        let init = json!({ "owner_id": owner, "total_supply": (10 * ONE_TOKEN).to_string() });
        chain.prepare("gold.app.near", "gold.app.near", "new", init);
        chain.reset_balances();
        chain
    }

    /// Returns a chain with the contract of a field study on `app.near`, before any call, and with these accounts
    /// beside it, which hold these amounts in NEAR. Partners are deployed with [`TestChain::deploy`].
    pub fn study(name: &str, others: &[(&'static str, u128)]) -> Self {
        let mut actors = vec![("app.near", 10)];
        actors.extend(others);
        let mut chain = Self::with_balances(actors);
        chain.deploy("app.near", contract(name));
        chain
    }

    /// Returns a chain with the usual accounts and with guests, without a contract.
    pub(super) fn actors(guests: impl IntoIterator<Item = &'static str>) -> Self {
        Self::actors_and(guests.into_iter().map(|name| (name, 10)))
    }

    /// Returns a chain with the usual accounts and with others, which hold these amounts in NEAR.
    pub(super) fn actors_and(others: impl IntoIterator<Item = (&'static str, u128)>) -> Self {
        let mut actors = ACTORS.to_vec();
        actors.extend(others);
        Self::with_balances(actors)
    }

    fn with_balances(actors: Vec<(&'static str, u128)>) -> Self {
        let balances: Vec<_> = actors
            .iter()
            .map(|(name, near)| (account(name), Balance::from_near(*near)))
            .collect();
        let genesis = genesis(balances.iter().map(|(id, balance)| (id, *balance)));
        let chain = Chain::new(genesis, Clock::Manual, vm()).expect("the genesis is valid");
        Self { chain, actors }
    }

    /// Returns a chain with the contract of a chapter and its partners, before any call. The first call deploys them,
    /// and every later one forks.
    pub(super) fn partners(chapter: &str, guests: &[(&'static str, &str)]) -> Self {
        static DEPLOYED: Mutex<BTreeMap<Deployed, TestChain>> = Mutex::new(BTreeMap::new());

        let names = guests
            .iter()
            .map(|(name, wasm)| (*name, (*wasm).to_owned()));
        let key = (chapter.to_owned(), names.collect(), contract(chapter));
        let mut deployed = DEPLOYED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = deployed.get(&key) {
            return known.clone();
        }
        let mut chain = Self::actors(guests.iter().map(|(name, _)| *name));
        chain.deploy("app.near", key.2.clone());
        chain.deploy_partners(chapter, guests);
        deployed.insert(key, chain.clone());
        chain
    }

    pub(super) fn deploy_partners(&mut self, chapter: &str, guests: &[(&'static str, &str)]) {
        for name in ["hello", "counter", "guestbook"] {
            self.deploy(&format!("{name}.near"), partner(chapter, name));
        }
        for (name, wasm) in guests {
            self.deploy(name, partner(chapter, wasm));
        }
    }

    pub(super) fn initialize(&mut self, hello: &str) {
        let partners =
            json!({ "hello": hello, "counter": "counter.near", "guestbook": "guestbook.near" });
        self.prepare("app.near", "app.near", "new", partners);
    }

    /// Deploys a contract to an account.
    ///
    /// # Panics
    /// The deployment fails.
    pub fn deploy(&mut self, name: &str, code: Vec<u8>) {
        let deploy = Action::DeployContract(DeployContractAction { code });
        let tx = self.send(name, name, vec![deploy]);
        self.assert_succeeded(tx);
    }

    /// Sends a call of the setup.
    ///
    /// # Panics
    /// The call fails.
    pub fn prepare(&mut self, from: &str, to: &str, method: &str, args: Value) {
        let tx = self.send(from, to, vec![call(method, args)]);
        self.assert_succeeded(tx);
    }

    /// Sends a call of the setup from `app.near` to itself, with a yoctoNEAR.
    ///
    /// # Panics
    /// The call fails.
    pub fn prepare_with_yocto(&mut self, method: &str, args: Value) {
        let action = paid(call(method, args), Balance::from_yoctonear(1));
        let tx = self.send("app.near", "app.near", vec![action]);
        self.assert_succeeded(tx);
    }

    /// Sets the balances to those at genesis, because the setup costs gas. The tables of
    /// [`Money`](super::Money) then begin with round numbers.
    pub fn reset_balances(&mut self) {
        let actors = self.actors.iter();
        let records = actors.filter_map(|&(name, near)| {
            let account_id = account(name);
            let mut account = self.chain.head().state.account(&account_id)?;
            let at_genesis = Balance::from_near(near);
            let is_changed = account.amount() != at_genesis;
            account.set_amount(at_genesis);
            is_changed.then_some(StateRecord::Account {
                account_id,
                account,
            })
        });
        let records = records.collect();
        self.chain
            .patch_state(records)
            .expect("accounts can be patched");
        self.chain.produce_blocks_until_idle();
    }

    /// Calls `app.near` from alice with [`GAS`] and without a deposit.
    pub fn call(&mut self, method: &str, args: Value) -> TxHash {
        self.send("alice.near", "app.near", vec![call(method, args)])
    }

    /// Calls `app.near` from alice with [`GAS`] and a deposit.
    pub fn pay(&mut self, method: &str, args: Value, deposit: Balance) -> TxHash {
        self.send(
            "alice.near",
            "app.near",
            vec![paid(call(method, args), deposit)],
        )
    }

    /// Sends a transaction and runs the chain until it is idle.
    pub fn send(&mut self, from: &str, to: &str, actions: Vec<Action>) -> TxHash {
        let hash = self.submit(from, to, actions);
        self.chain.produce_blocks_until_idle();
        hash
    }

    /// Submits a transaction for the next block.
    pub fn submit(&mut self, from: &str, to: &str, actions: Vec<Action>) -> CryptoHash {
        let transaction = self
            .chain
            .signed(&signer(&account(from)), &account(to), actions);
        self.chain
            .submit(transaction)
            .expect("the chain accepts the transaction")
    }

    /// Produces one block.
    pub fn produce_block(&mut self) {
        self.chain.produce_block();
    }

    /// Produces blocks until the chain is idle.
    pub fn run_until_idle(&mut self) {
        self.chain.produce_blocks_until_idle();
    }

    /// Returns the chain, for what a reader of results does not show.
    pub fn embedded(&self) -> &Chain {
        &self.chain
    }

    /// Returns the result of a view method.
    pub fn view(&self, contract: &str, method: &str, args: Value) -> Value {
        let args = args.to_string();
        let result = self.chain.call_view(
            self.chain.head(),
            &account(contract),
            method,
            args.as_bytes(),
        );
        let result = result.unwrap_or_else(|error| panic!("{contract}.{method}: {error}"));
        serde_json::from_slice(&result.value).expect("the view returns JSON")
    }

    /// Returns true if the account exists.
    pub fn exists(&self, name: &str) -> bool {
        self.chain.head().state.account(&account(name)).is_some()
    }

    /// Returns the balance of an account, or zero if it does not exist.
    pub fn balance(&self, name: &str) -> Balance {
        let account = self.chain.head().state.account(&account(name));
        account.map_or(Balance::ZERO, |account| account.amount())
    }

    /// Returns the part of an account's balance that its storage locks: 10^19 yoctoNEAR for each byte.
    pub fn locked(&self, name: &str) -> Balance {
        let account = self.chain.head().state.account(&account(name));
        let bytes = account.map_or(0, |account| account.storage_usage());
        Balance::from_yoctonear(u128::from(bytes) * 10u128.pow(19))
    }

    /// Returns a transaction that has run, as RPC reports it. Where RPC leaves the order of receipts open, it
    /// is the chain's.
    pub fn transaction(&self, hash: CryptoHash) -> Transaction {
        let result = self.tx_status(hash);
        let outcome = &result.final_outcome;
        let outcomes =
            std::iter::once(&outcome.transaction_outcome).chain(&outcome.receipts_outcome);
        let order: Order = outcomes
            .map(|outcome| (outcome.id, self.position(outcome.id)))
            .collect();
        Transaction::with_order(&result, &order).expect("the transaction has run to its end")
    }

    /// Returns the status of a transaction, as RPC reports it.
    pub fn tx_status(&self, tx: TxHash) -> TxStatus {
        final_outcome_with_receipts(&self.chain, &tx).expect("the transaction has run")
    }

    fn position(&self, id: CryptoHash) -> Position {
        let height = self
            .chain
            .outcome(&id)
            .expect("the outcome is in the store")
            .block_height;
        let block = self
            .chain
            .block_at(height)
            .expect("the block is in the store");
        let index = block.outcomes.iter().position(|other| *other == id);
        Position {
            height,
            index: index.expect("the block has the outcome"),
        }
    }

    /// Returns true if the transaction succeeded.
    pub fn succeeded(&self, tx: TxHash) -> bool {
        self.result(tx).is_ok()
    }

    /// Checks that the transaction succeeded.
    ///
    /// # Panics
    /// The transaction failed. The message shows its tree.
    pub fn assert_succeeded(&self, tx: TxHash) {
        let transaction = self.transaction(tx);
        assert_transaction!(transaction, transaction.result.is_ok(), "it fails");
    }

    /// Returns the result of the transaction in bytes, or its error.
    pub fn result(&self, tx: TxHash) -> Result<Vec<u8>, String> {
        let outcome = final_outcome(&self.chain, &tx).expect("the transaction has run");
        match outcome.status {
            FinalExecutionStatus::SuccessValue(value) => Ok(value),
            FinalExecutionStatus::Failure(error) => {
                Err(trace::error_text::tx_execution_error(&error))
            }
            status => panic!("the transaction has not run to its end: {status:?}"),
        }
    }

    /// Returns the result of each receipt, in the order of execution.
    pub fn receipt_results(&self, tx: TxHash) -> Vec<Result<Vec<u8>, String>> {
        let transaction = self.transaction(tx);
        let ends = transaction.receipts().iter().map(|receipt| {
            let result = receipt.result.clone();
            result.map_err(|failure| failure.message)
        });
        ends.collect()
    }

    /// Returns the first error among the receipts.
    ///
    /// # Panics
    /// No receipt failed.
    pub fn first_error(&self, tx: TxHash) -> String {
        let error = self.receipt_results(tx).into_iter().find_map(Result::err);
        error.unwrap_or_else(|| panic!("no receipt failed: {}", self.tree(tx)))
    }

    /// Returns the tree of a transaction's receipts.
    pub fn tree(&self, tx: TxHash) -> String {
        trace::tree(&self.transaction(tx))
    }

    /// Returns the timeline of these transactions, by blocks.
    pub fn timeline(&self, hashes: &[CryptoHash]) -> String {
        let transactions: Vec<_> = hashes.iter().map(|hash| self.transaction(*hash)).collect();
        trace::timeline(&transactions)
    }

    /// Returns the tokens that the signer paid for the gas of all receipts (and for the name of a new account).
    pub fn tokens_burnt(&self, tx: TxHash) -> Balance {
        self.transaction(tx).total_tokens_burnt()
    }
}

/// Returns a call with [`GAS`].
pub fn call(method: &str, args: Value) -> Action {
    FunctionCallAction {
        method_name: method.to_owned(),
        args: args.to_string().into_bytes(),
        gas: GAS,
        deposit: Balance::ZERO,
    }
    .into()
}

/// Changes the gas of a call, in Tgas.
pub fn with_gas(action: Action, tgas: u64) -> Action {
    change(action, |call| call.gas = Gas::from_teragas(tgas))
}

/// Changes the deposit of a call.
pub fn paid(action: Action, deposit: Balance) -> Action {
    change(action, |call| call.deposit = deposit)
}

/// Returns an action that deletes the receiver's account.
pub fn delete(beneficiary: &str) -> Action {
    DeleteAccountAction {
        beneficiary_id: account(beneficiary),
    }
    .into()
}

pub(super) fn change(action: Action, change: impl FnOnce(&mut FunctionCallAction)) -> Action {
    let Action::FunctionCall(mut call) = action else {
        panic!("not a function call");
    };
    change(&mut call);
    Action::FunctionCall(call)
}

/// Parses the name of an account.
///
/// # Panics
/// The name is not valid.
pub fn account(name: &str) -> AccountId {
    name.parse()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the wasm of a contract of `contract/` that no chapter has. The first call builds them all.
pub fn contract_wasm(name: &str) -> Vec<u8> {
    static BUILT: LazyLock<Result<Built, String>> = LazyLock::new(|| {
        build_contracts(&Tree::here()).map_err(|error| format!("{:#}", anyhow::Error::from(error)))
    });
    let built = BUILT
        .as_ref()
        .unwrap_or_else(|error| panic!("contract/: {error}"));
    let wasm = built.contracts.iter().find(|wasm| wasm.name == name);
    let wasm = wasm.unwrap_or_else(|| panic!("contract/ has no {name}"));
    wasm.code.clone()
}

/// Returns the wasm of a partner in a chapter or a study.
pub fn partner(chapter: &str, name: &str) -> Vec<u8> {
    let path = folder(chapter)
        .join("tests/partners")
        .join(name)
        .with_extension("wasm");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the virtual machine of all chains. It compiles each contract once, and keeps the result in the
/// target folder and in memory, because loading a contract anew takes ten times as long as a call.
fn vm() -> Vm {
    static VM: LazyLock<Vm> = LazyLock::new(|| {
        let folder = Tree::here().target().join("compiled-contracts");
        Vm::new(Some(&folder)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    });
    VM.clone()
}
