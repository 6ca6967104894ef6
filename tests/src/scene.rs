//! A stage for the figures: a chain with the actors of the book on it, and ways to tell what happened.
//!
//! `alice.near` is the user. `book.near` carries the contract of a chapter, as it is compiled now; its
//! partners carry the wasm that lies in the chapter's folder `tests/partners`. The chain makes no
//! block unless it is told to and its clock does not look at the machine's, so that the same wasm
//! plays the same scene everywhere.
//!
//! * [`trace`] tells what became of a transaction, [`money`] where the money went;
//! * [`expectation`] says what must become of it;
//! * [`measure`] counts, and searches for what just works; [`cast`] puts others in the partners' places;
//! * [`fork`] plays the same scene on in many ways, and lets other users take part;
//! * [`clock`] lets blocks pass; [`operator`] deploys, takes keys away and looks at the storage;
//! * [`relay`] lets one account sign and another one send;
//! * [`text`] is how numbers, values and long lines look in all of them.

mod cast;
mod clock;
mod expectation;
mod fork;
mod measure;
mod money;
mod operator;
mod relay;
pub mod text;

pub use cast::{ON_TESTNET, PARTNERS};
pub use expectation::{Ending, Expectation, Move, answers, answers_nothing, fails, gains, loses};
pub use measure::{Ran, greatest, smallest, with_exact_gas};
pub use money::Money;
pub use operator::{Snapshot, deploy, wasm_of};
pub use relay::Key;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use embedded_sandbox::testing::{genesis, signer};
use embedded_sandbox::views::{final_outcome, final_outcome_with_receipts};
use embedded_sandbox::{Chain, Clock, Vm};
use manuscript::layout::Tree;
use manuscript::wasm::{Built, build_contracts, build_wasm};
use near_crypto::{InMemorySigner, KeyType};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::{
    Action, AddKeyAction, DeleteAccountAction, DeployContractAction, FunctionCallAction,
};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::FinalExecutionStatus;
use serde_json::{Value, json};
use trace::{Answer, Moment, Order, Transaction, assert_transaction};

/// Who is on every stage, and what each holds when the scene begins.
const ACTORS: [(&str, u128); 7] = [
    ("alice.near", 100),
    ("bob.near", 100),
    ("book.near", 10),
    ("hello.near", 10),
    ("counter.near", 10),
    ("guestbook.near", 10),
    ("gold.book.near", 10),
];

/// The token of the stage, in its smallest unit.
pub const ONE_TOKEN: u128 = 10u128.pow(24);

/// The gas that a call gets unless it says otherwise.
const GAS: Gas = Gas::from_teragas(100);

/// A transaction that has run to its end.
pub struct Played {
    /// Its hash.
    pub hash: CryptoHash,
}

/// A chain with actors on it. A clone is a fork: both go on from the same past, at next to no cost.
#[derive(Clone)]
pub struct Scene {
    chain: Chain,
    /// Who is on it, and what each holds when the scene begins, in NEAR.
    actors: Vec<(&'static str, u128)>,
}

impl Scene {
    /// The contract of chapter `setup`, with hello as its partner.
    pub fn setup() -> Self {
        Self::setup_with_hello("hello.near")
    }

    /// The contract of chapter `setup`, with another account in hello's place.
    pub fn setup_with_hello(hello: &str) -> Self {
        let mut scene = Self::partners("setup", &[]);
        scene.init_book(hello);
        scene.everyone_holds_a_round_sum();
        scene
    }

    /// The contract of chapter `setup`, before anyone has called `new`.
    pub fn setup_without_init() -> Self {
        let mut scene = Self::partners("setup", &[]);
        scene.everyone_holds_a_round_sum();
        scene
    }

    /// The contract of chapter `batch`.
    pub fn batch() -> Self {
        Self::with_guests("batch", &[])
    }

    /// The contract of a chapter, and guests beside its partners: an account, which holds 10 NEAR, and
    /// the name of the wasm in the chapter's `tests/partners` that it carries.
    pub fn with_guests(chapter: &str, guests: &[(&'static str, &str)]) -> Self {
        let mut scene = Self::partners(chapter, guests);
        scene.init_book("hello.near");
        scene.everyone_holds_a_round_sum();
        scene
    }

    /// The contract of chapter `batch`, and a token on `gold.book.near`, ten of which belong to `owner`.
    pub fn shop_of(owner: &str) -> Self {
        let mut scene = Self::partners("batch", &[]);
        scene.init_book("hello.near");
        scene.deploy("gold.book.near", partner("batch", "token"));
        let init = json!({ "owner_id": owner, "total_supply": (10 * ONE_TOKEN).to_string() });
        scene.prepare("gold.book.near", "gold.book.near", "new", init);
        scene.everyone_holds_a_round_sum();
        scene
    }

    /// The actors and guests beside them, without a contract.
    fn actors(guests: impl IntoIterator<Item = &'static str>) -> Self {
        Self::actors_and(guests.into_iter().map(|name| (name, 10)))
    }

    /// The actors and others, with what each of these holds, in NEAR.
    fn actors_and(others: impl IntoIterator<Item = (&'static str, u128)>) -> Self {
        let mut actors = ACTORS.to_vec();
        actors.extend(others);
        let balances: Vec<_> = actors
            .iter()
            .map(|(name, near)| (account(name), Balance::from_near(*near)))
            .collect();
        let genesis = genesis(balances.iter().map(|(id, balance)| (id, *balance)));
        let chain = Chain::new(genesis, Clock::Manual, vm()).expect("the genesis is valid");
        Self { chain, actors }
    }

    /// The actors, the contract of a chapter and its partners; nobody has called anything yet.
    fn partners(chapter: &str, guests: &[(&'static str, &str)]) -> Self {
        let mut scene = Self::actors(guests.iter().map(|(name, _)| *name));
        scene.deploy("book.near", contract(chapter).0);
        scene.deploy_partners(chapter, guests);
        scene
    }

    fn deploy_partners(&mut self, chapter: &str, guests: &[(&'static str, &str)]) {
        for name in ["hello", "counter", "guestbook"] {
            self.deploy(&format!("{name}.near"), partner(chapter, name));
        }
        for (name, wasm) in guests {
            self.deploy(name, partner(chapter, wasm));
        }
    }

    fn init_book(&mut self, hello: &str) {
        let partners =
            json!({ "hello": hello, "counter": "counter.near", "guestbook": "guestbook.near" });
        self.prepare("book.near", "book.near", "new", partners);
    }

    fn deploy(&mut self, name: &str, code: Vec<u8>) {
        let deploy = Action::DeployContract(DeployContractAction { code });
        let played = self.send(name, name, vec![deploy]);
        self.assert_succeeded(&played);
    }

    /// A call before the scene begins, which must succeed.
    pub fn prepare(&mut self, from: &str, to: &str, method: &str, args: Value) {
        let played = self.send(from, to, vec![call(method, args)]);
        self.assert_succeeded(&played);
    }

    /// A call of `book.near` to itself with a yoctoNEAR, before the scene begins, which must succeed.
    pub fn operate(&mut self, method: &str, args: Value) {
        let action = paid(call(method, args), Balance::from_yoctonear(1));
        let played = self.send("book.near", "book.near", vec![action]);
        self.assert_succeeded(&played);
    }

    /// The same again, for a scene whose preparations cost gas: the tables of [`Money`] read better
    /// when they begin with whole numbers.
    pub fn everyone_holds_a_round_sum(&mut self) {
        let actors = self.actors.iter();
        let records = actors.filter_map(|&(name, near)| {
            let account_id = account(name);
            let mut account = self.chain.head().state.account(&account_id)?;
            account.set_amount(Balance::from_near(near));
            Some(StateRecord::Account {
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

    /// Alice calls `book.near` with [`GAS`] and without a deposit.
    pub fn call(&mut self, method: &str, args: Value) -> Played {
        self.send("alice.near", "book.near", vec![call(method, args)])
    }

    /// Alice calls `book.near` with [`GAS`] and a deposit.
    pub fn pay(&mut self, method: &str, args: Value, deposit: Balance) -> Played {
        self.send(
            "alice.near",
            "book.near",
            vec![paid(call(method, args), deposit)],
        )
    }

    /// Sends a transaction and lets the chain run until nothing is left to do.
    pub fn send(&mut self, from: &str, to: &str, actions: Vec<Action>) -> Played {
        let hash = self.submit(from, to, actions);
        self.chain.produce_blocks_until_idle();
        Played { hash }
    }

    /// Sends a transaction, which waits for the next block.
    pub fn submit(&mut self, from: &str, to: &str, actions: Vec<Action>) -> CryptoHash {
        let transaction = self
            .chain
            .signed(&signer(&account(from)), &account(to), actions);
        self.chain
            .submit(transaction)
            .expect("the chain takes the transaction")
    }

    /// Gives alice a key that may only call functions of one contract, lets her send a call with it,
    /// and says why the chain does not take it.
    ///
    /// # Panics
    /// The chain takes it.
    pub fn refusal_of_function_call_key(&mut self, contract: &str, action: Action) -> String {
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
        let played = self.send("alice.near", "alice.near", vec![add.into()]);
        self.assert_succeeded(&played);

        let transaction = self.chain.signed(&key, &account(contract), vec![action]);
        let refusal = self.chain.submit(transaction);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        trace::errors::transaction(&refusal)
    }

    /// Makes one block.
    pub fn next_block(&mut self) {
        self.chain.produce_block();
    }

    /// Makes blocks until nothing is left to do.
    pub fn run_to_the_end(&mut self) {
        self.chain.produce_blocks_until_idle();
    }

    /// What a view method answers.
    pub fn view(&self, contract: &str, method: &str, args: Value) -> Value {
        let args = args.to_string();
        let answer = self.chain.call_view(
            self.chain.head(),
            &account(contract),
            method,
            args.as_bytes(),
        );
        let answer = answer.unwrap_or_else(|error| panic!("{contract}.{method}: {error}"));
        serde_json::from_slice(&answer.value).expect("a view answers in JSON")
    }

    /// Whether there is such an account.
    pub fn exists(&self, name: &str) -> bool {
        self.chain.head().state.account(&account(name)).is_some()
    }

    /// What an account holds; zero where there is none.
    pub fn balance(&self, name: &str) -> Balance {
        let account = self.chain.head().state.account(&account(name));
        account.map_or(Balance::ZERO, |account| account.amount())
    }

    /// A transaction that has run, as RPC tells of it. Where RPC leaves the order open, it is the chain's.
    pub fn transaction(&self, hash: CryptoHash) -> Transaction {
        let answer = self.answer(&Played { hash });
        let outcome = &answer.final_outcome;
        let outcomes =
            std::iter::once(&outcome.transaction_outcome).chain(&outcome.receipts_outcome);
        let order: Order = outcomes
            .map(|outcome| (outcome.id, self.moment(outcome.id)))
            .collect();
        Transaction::in_order(&answer, &order).expect("the transaction has run to its end")
    }

    /// What RPC tells of a transaction.
    pub fn answer(&self, played: &Played) -> Answer {
        final_outcome_with_receipts(&self.chain, &played.hash).expect("the transaction has run")
    }

    fn moment(&self, id: CryptoHash) -> Moment {
        let height = self
            .chain
            .outcome(&id)
            .expect("an outcome that is kept")
            .block_height;
        let block = self.chain.block_at(height).expect("a block that is kept");
        let place = block.outcomes.iter().position(|other| *other == id);
        Moment {
            height,
            place: place.expect("the block made the outcome"),
        }
    }

    /// Whether the transaction ended with a value.
    pub fn succeeded(&self, played: &Played) -> bool {
        self.end(played).is_ok()
    }

    /// # Panics
    /// The transaction failed. The message shows what became of it.
    pub fn assert_succeeded(&self, played: &Played) {
        let transaction = self.transaction(played.hash);
        assert_transaction!(transaction, transaction.end.is_ok(), "it fails");
    }

    /// The bytes that the transaction ended with, or its error.
    pub fn end(&self, played: &Played) -> Result<Vec<u8>, String> {
        let outcome = final_outcome(&self.chain, &played.hash).expect("the transaction has run");
        match outcome.status {
            FinalExecutionStatus::SuccessValue(value) => Ok(value),
            FinalExecutionStatus::Failure(error) => Err(trace::errors::told(&error)),
            status => panic!("the transaction has not run to its end: {status:?}"),
        }
    }

    /// What each receipt itself ended with, in the order of execution.
    pub fn ends(&self, played: &Played) -> Vec<Result<Vec<u8>, String>> {
        let transaction = self.transaction(played.hash);
        let ends = transaction.receipts().iter().map(|receipt| {
            let answer = receipt.answer.clone();
            answer.map_err(|failure| failure.message)
        });
        ends.collect()
    }

    /// The first error among the receipts.
    ///
    /// # Panics
    /// There is none.
    pub fn first_error(&self, played: &Played) -> String {
        let error = self.ends(played).into_iter().find_map(Result::err);
        error.unwrap_or_else(|| panic!("nothing failed: {}", self.tree(played)))
    }

    /// Tells what became of a transaction, receipt by receipt.
    pub fn tree(&self, played: &Played) -> String {
        trace::tree(&self.transaction(played.hash))
    }

    /// Tells what happened in which block since the first of these transactions.
    pub fn timeline(&self, hashes: &[CryptoHash]) -> String {
        let transactions: Vec<_> = hashes.iter().map(|hash| self.transaction(*hash)).collect();
        trace::timeline(&transactions)
    }

    /// Remembers what these accounts hold, for [`Money::table`].
    pub fn money(&self, names: &[&'static str]) -> Money {
        Money::of(self, names)
    }

    /// What the signer paid for gas (and for a new account's name) in all receipts together.
    pub fn burnt(&self, played: &Played) -> Balance {
        self.transaction(played.hash).total_tokens_burnt()
    }
}

/// A call with [`GAS`].
pub fn call(method: &str, args: Value) -> Action {
    FunctionCallAction {
        method_name: method.to_owned(),
        args: args.to_string().into_bytes(),
        gas: GAS,
        deposit: Balance::ZERO,
    }
    .into()
}

/// The same call with another amount of gas.
pub fn with_gas(action: Action, tgas: u64) -> Action {
    change(action, |call| call.gas = Gas::from_teragas(tgas))
}

/// The same call with a deposit.
pub fn paid(action: Action, deposit: Balance) -> Action {
    change(action, |call| call.deposit = deposit)
}

/// Deletes the account that it is sent to.
pub fn delete(beneficiary: &str) -> Action {
    DeleteAccountAction {
        beneficiary_id: account(beneficiary),
    }
    .into()
}

fn change(action: Action, change: impl FnOnce(&mut FunctionCallAction)) -> Action {
    let Action::FunctionCall(mut call) = action else {
        panic!("not a function call");
    };
    change(&mut call);
    Action::FunctionCall(call)
}

pub(crate) fn account(name: &str) -> AccountId {
    name.parse()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The compiler of the contracts on the stage, as `rustc --version` says it.
pub fn compiler() -> String {
    contract("setup").1
}

/// The contract of a chapter and the version of its compiler, built when the first scene asks for it.
fn contract(chapter: &str) -> (Vec<u8>, String) {
    static BUILT: Mutex<BTreeMap<String, Built>> = Mutex::new(BTreeMap::new());

    // A chapter that does not build fails every test that wants it, each with the reason.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let built = built.entry(chapter.to_owned()).or_insert_with(|| {
        build_wasm(&folder(chapter))
            .unwrap_or_else(|error| panic!("chapter {chapter}: {:#}", anyhow::Error::from(error)))
    });
    let [wasm] = &built.contracts[..] else {
        panic!("chapter {chapter} is not one contract");
    };
    (wasm.code.clone(), built.rustc.clone())
}

/// The wasm of a contract of `contract/` that lies in no chapter, built when the first scene asks for it.
fn shown(name: &str) -> Vec<u8> {
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

/// The wasm of a partner, as it lies in a chapter.
pub fn partner(chapter: &str, name: &str) -> Vec<u8> {
    let path = folder(chapter)
        .join("tests/partners")
        .join(name)
        .with_extension("wasm");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn folder(chapter: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../chapters")
        .join(chapter)
}

/// One machine for all scenes. It compiles each contract once, and keeps what it has compiled in the target
/// folder and in memory: to load a contract anew takes ten times as long as a call.
fn vm() -> Vm {
    static VM: LazyLock<Vm> = LazyLock::new(|| {
        let folder = Tree::here().target().join("compiled-contracts");
        Vm::new(Some(&folder)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    });
    VM.clone()
}
