//! The contract of a chapter with its partners, and a user whose money passes through it.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::exports::exports;
use super::ledger::Ledger;
use super::situation::{ANYONE, APP, Call, LAUNCHED, LONG_PARTNER, ORACLE, PARTNER, TOKEN, User};
use crate::test_chain::{ONE_TOKEN, TestChain, TxHash, call, paid, wasm_of, with_exact_gas};

/// The chapter with the partners. They are the same in every chapter.
const PARTNERS_OF: &str = "testing";

/// All accounts that can have money, without the user.
const OTHERS: [&str; 7] = [APP, ANYONE, ORACLE, PARTNER, LONG_PARTNER, TOKEN, LAUNCHED];

/// A contract on `app.near` with its partners and its user.
pub struct Setting {
    /// The name of the contract: that of its chapter.
    pub chapter: &'static str,
    /// The user whose money the sweep follows.
    pub user: User,
    methods: BTreeSet<String>,
    chain: TestChain,
}

impl Setting {
    /// Returns the contract of a chapter. Its guestbook is [`PARTNER`], and it is configured so that it accepts
    /// money.
    pub fn of(chapter: &'static str, user: User) -> Self {
        let mut setting = Self::with_contract(chapter, wasm_of(chapter), user);
        setting.prepare(
            "new",
            json!({ "hello": "hello.near", "counter": "counter.near", "guestbook": PARTNER }),
        );
        setting.prepare_with_yocto("trust_oracle", json!({ "oracle": ORACLE }));
        setting.prepare_with_yocto("accept_token", json!({ "token": TOKEN }));
        let supply = (20 * ONE_TOKEN).to_string();
        let init = json!({ "owner_id": APP, "total_supply": supply });
        setting.chain.launch_token(TOKEN, init);
        setting.chain.reset_balances();
        setting
    }

    /// Returns any contract, as a deployment leaves it.
    ///
    /// # Panics
    /// The code is not valid wasm.
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

    /// Returns the methods that the contract exports.
    pub fn methods(&self) -> &BTreeSet<String> {
        &self.methods
    }

    /// Returns a fork of the chain.
    pub fn fork(&self) -> TestChain {
        self.chain.clone()
    }

    /// Calls the contract from its own account, if it has the method.
    fn prepare(&mut self, method: &str, args: Value) {
        if self.methods.contains(method) {
            self.chain.prepare(APP, APP, method, args);
        }
    }

    /// Calls the contract from its own account with a yoctoNEAR, if it has the method.
    fn prepare_with_yocto(&mut self, method: &str, args: Value) {
        if self.methods.contains(method) {
            self.chain.prepare_with_yocto(method, args);
        }
    }

    /// Returns all balances, with this amount as the contract's own money.
    pub fn ledger(&self, chain: &TestChain, own: Balance) -> Ledger {
        let names = OTHERS.into_iter().chain([self.user.account()]);
        let balances: BTreeMap<_, _> = names.map(|name| (name, chain.balance(name))).collect();
        Ledger { own, balances }
    }
}

/// Sets the behaviour of both partners: `"well"` or `"panic"`.
pub fn partners_behave(chain: &mut TestChain, behaviour: &str) {
    for partner in [PARTNER, LONG_PARTNER] {
        let args = json!({ "behaviour": behaviour });
        chain.prepare(ANYONE, partner, "behave", args);
    }
}

/// Runs a call with this gas, in units of gas.
pub fn run_call(chain: &mut TestChain, planned: &Call, gas: u64) -> TxHash {
    let Call {
        from,
        to,
        method,
        args,
        deposit,
    } = planned;
    let action = paid(call(method, args.clone()), *deposit);
    chain.send(from, to, vec![with_exact_gas(action, gas)])
}

/// Runs a call of the preparations.
///
/// # Panics
/// The call fails.
pub fn prepare(chain: &mut TestChain, planned: &Call) {
    let tx = run_call(chain, planned, 300 * 10u64.pow(12));
    if let Some(error) = chain.failure(tx) {
        panic!("{}: {error}", planned.method);
    }
}
