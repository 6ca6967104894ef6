//! The contract of a chapter with its partners, and a user whose money passes through it.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::exports::exports;
use super::ledger::Ledger;
use super::situation::{
    BOOK, Call, LAUNCHED, LONG_PARTNER, ORACLE, PARTNER, STRANGER, TOKEN, User,
};
use crate::test_chain::{ONE_TOKEN, TestChain, TxHash, call, paid, wasm_of, with_exact_gas};

/// The chapter whose partners take part. It has all of them, and they are the same in every chapter.
const PARTNERS_OF: &str = "testing";

/// Everybody who can have money, but the user.
const OTHERS: [&str; 7] = [
    BOOK,
    STRANGER,
    ORACLE,
    PARTNER,
    LONG_PARTNER,
    TOKEN,
    LAUNCHED,
];

/// A contract on `book.near`, and who takes part.
pub struct Setting {
    /// The name of the contract: that of its chapter.
    pub chapter: &'static str,
    /// Whose money it is about.
    pub user: User,
    methods: BTreeSet<String>,
    chain: TestChain,
}

impl Setting {
    /// The contract of a chapter. Its guestbook is [`PARTNER`], and what else it must know before it
    /// takes money it has been told.
    pub fn of(chapter: &'static str, user: User) -> Self {
        let mut setting = Self::with_contract(chapter, wasm_of(chapter), user);
        setting.prepare(
            "new",
            json!({ "hello": "hello.near", "counter": "counter.near", "guestbook": PARTNER }),
        );
        setting.operate("trust_oracle", json!({ "oracle": ORACLE }));
        setting.operate("accept_token", json!({ "token": TOKEN }));
        let supply = (20 * ONE_TOKEN).to_string();
        let init = json!({ "owner_id": BOOK, "total_supply": supply });
        setting.chain.launch_token(TOKEN, init);
        setting.chain.reset_balances();
        setting
    }

    /// Any contract, as a deployment leaves it.
    ///
    /// # Panics
    /// The code is no wasm.
    pub fn with_contract(name: &'static str, code: Vec<u8>, user: User) -> Self {
        let methods = exports(&code).unwrap_or_else(|error| panic!("{name}: {error}"));
        let guests = [(PARTNER, "rogue"), (LONG_PARTNER, "rogue")];
        let users = [user.account(), ORACLE];
        let chain = TestChain::with_users(code, PARTNERS_OF, &guests, &users);
        Self {
            chapter: name,
            user,
            methods,
            chain,
        }
    }

    /// The methods that the contract exports.
    pub fn methods(&self) -> &BTreeSet<String> {
        &self.methods
    }

    /// A fork of the chain as it stands.
    pub fn fork(&self) -> TestChain {
        self.chain.clone()
    }

    /// A call of the contract to itself, where it has the method.
    fn prepare(&mut self, method: &str, args: Value) {
        if self.methods.contains(method) {
            self.chain.prepare(BOOK, BOOK, method, args);
        }
    }

    /// The same with a yoctoNEAR, for the methods of its operator.
    fn operate(&mut self, method: &str, args: Value) {
        if self.methods.contains(method) {
            self.chain.operate(method, args);
        }
    }

    /// Returns all balances, where the contract has so much of its own.
    pub fn ledger(&self, chain: &TestChain, own: Balance) -> Ledger {
        let names = OTHERS.into_iter().chain([self.user.account()]);
        let balances: BTreeMap<_, _> = names.map(|name| (name, chain.balance(name))).collect();
        Ledger { own, balances }
    }
}

/// Tells both partners how to behave from now on: `"well"`, `"panic"`.
pub fn partners_behave(chain: &mut TestChain, behaviour: &str) {
    for partner in [PARTNER, LONG_PARTNER] {
        let args = json!({ "behaviour": behaviour });
        chain.prepare(STRANGER, partner, "behave", args);
    }
}

/// Plays a call with so many units of gas.
pub fn play(chain: &mut TestChain, to_play: &Call, gas: u64) -> TxHash {
    let Call {
        from,
        to,
        method,
        args,
        deposit,
    } = to_play;
    let action = paid(call(method, args.clone()), *deposit);
    chain.send(from, to, vec![with_exact_gas(action, gas)])
}

/// Plays a call of the preparations.
///
/// # Panics
/// It fails.
pub fn prepare(chain: &mut TestChain, to_play: &Call) {
    let tx = play(chain, to_play, 300 * 10u64.pow(12));
    if let Some(error) = chain.failure(tx) {
        panic!("{}: {error}", to_play.method);
    }
}
