//! Contracts that behave as they are told: the rogues, and the forger.

use chain::explore::Explore;
use near_primitives::state_record::StateRecord;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::chain::{TestChain, account, call, contract_wasm};

/// A callback, and how somebody else may call it.
pub struct Forgery {
    /// The name of the callback.
    pub method: &'static str,
    /// Its arguments in JSON.
    pub args: Value,
    /// The promise result that it reads if it is no failure.
    pub success: &'static str,
}

impl TestChain {
    /// Sets the behaviour of a contract that has the method `behave`. It pays for the gas, and gets that back.
    pub fn behave(&mut self, name: &str, behaviour: impl Into<Value>) {
        // What was written into the state is there after the next block.
        self.run_until_idle();
        let balance = self.balance(name);
        let args = json!({ "behaviour": behaviour.into() });
        self.prepare(name, name, "behave", args);
        self.write_balance(name, balance);
    }

    /// Begins a scenario in which a contract has each of these behaviours, by their titles.
    pub fn explore_behaviours(
        &self,
        scenario: &str,
        name: &str,
        behaviours: Vec<(String, Value)>,
    ) -> Explore {
        let named: Vec<_> = behaviours
            .into_iter()
            .map(|(title, behaviour)| {
                let mut told = self.clone();
                told.behave(name, behaviour);
                (title.replace(' ', "-"), told.storage_records(name))
            })
            .collect();
        let named = named
            .iter()
            .map(|(title, records)| (title.as_str(), records.clone()));
        self.explore(scenario).behaviours(name, named)
    }

    /// Begins a scenario in which an account, which has no state, calls one of these callbacks of `app.near`, at any time: as
    /// the callback of a promise of its own, which has succeeded or failed.
    pub fn explore_forgeries(
        &self,
        scenario: &str,
        forger: &str,
        callbacks: &[Forgery],
    ) -> Explore {
        let mut chain = self.clone();
        let balance = chain.balance(forger);
        chain.deploy(forger, contract_wasm("forger"));
        chain.write_balance(forger, balance);
        let forged = callbacks.iter().flat_map(|callback| {
            let results = [
                ("success", json!(callback.success)),
                ("failure", json!(null)),
            ];
            results.map(|(result, bytes)| {
                let behaviour = json!({
                    "contract": "app.near",
                    "method": callback.method,
                    "args": callback.args.to_string(),
                    "result": bytes,
                });
                (format!("{}-after-{result}", callback.method), behaviour)
            })
        });
        chain
            .explore_behaviours(scenario, forger, forged.collect())
            .transaction(forger, forger, vec![call("forge", json!({}))])
    }

    /// Sets the balance of an account.
    pub fn write_balance(&mut self, name: &str, balance: Balance) {
        let account_id = account(name);
        let account = self.chain.head().state.account(&account_id);
        let mut account = account.expect("the account exists");
        account.set_amount(balance);
        let record = StateRecord::Account {
            account_id,
            account,
        };
        self.chain
            .patch_state(vec![record])
            .expect("an account can be patched");
        self.run_until_idle();
    }
}
