// ANCHOR: all
//! Calls that pass a circuit breaker.

use near_sdk::{AccountId, Promise, env, log, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::responses::breaker::{Breaker, Pass};
use crate::responses::greetings::{ask_for_greeting, gas_for_answers, read_greeting};
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: ask_watched
    /// Asks a watched account for its greeting, unless its breaker is open. Then it panics at once, and
    /// nobody is called.
    pub fn ask_watched(&mut self, account_id: AccountId) -> Promise {
        enter("ask_watched");

        let breaker = &mut self.responses.entry(&account_id).breaker;
        let pass = breaker.admit(env::block_height()).unwrap_or_else(|blocks| {
            env::panic_str(&format!(
                "{account_id} has failed too often, ask again in {blocks} blocks"
            ))
        });

        ask_for_greeting(account_id.clone()).then(
            Self::ext_self()
                .with_static_gas(gas_for_answers(1))
                .ask_watched_callback(account_id, pass),
        )
    }
    // ANCHOR_END: ask_watched

    // ANCHOR: ask_watched_callback
    /// Tells the breaker how the call ended.
    ///
    /// It must not fail, above all when the account has: the failure that it has to remember would be
    /// undone with it. So it passes the outcome on as a value, whatever it is.
    #[private]
    pub fn ask_watched_callback(
        &mut self,
        account_id: AccountId,
        pass: Pass,
    ) -> CallResult<String> {
        enter("ask_watched_callback");

        let outcome = read_greeting(0);
        // Whoever paid for the entry may have ended it while the call was under way.
        if let Some(entry) = self.responses.watched.get_mut(&account_id) {
            let was_closed = entry.breaker.is_closed();
            let answered = outcome.value().is_some();
            entry.breaker.record(pass, answered, env::block_height());
            match (was_closed, entry.breaker.is_closed()) {
                (true, false) => {
                    entry.opened_at = env::block_height();
                    log!("The breaker of {account_id} opens");
                }
                (false, true) => log!("The breaker of {account_id} closes"),
                _ => {}
            }
        }
        outcome
    }
    // ANCHOR_END: ask_watched_callback

    /// The breaker of an account; nothing where the account is not watched.
    pub fn get_breaker(&self, account_id: AccountId) -> Option<&Breaker> {
        let entry = self.responses.watched.get(&account_id)?;
        Some(&entry.breaker)
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, VMContext, test_vm_config, testing_env};

    use super::*;
    use crate::responses::watch::WATCH_PRICE;

    fn in_block(height: u64) -> VMContext {
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(0))
            .attached_deposit(WATCH_PRICE)
            .block_height(height)
            .build()
    }

    /// A contract that watches `bob`, in block 1.
    fn contract() -> Contract {
        let mut contract = Contract::new(None, None, None);
        testing_env!(in_block(1));
        contract.watch(accounts(1));
        contract
    }

    /// Asks `bob`, who gives this answer. Everything happens in one block here.
    fn ask(contract: &mut Contract, height: u64, result: PromiseResult) -> CallResult<String> {
        testing_env!(
            in_block(height),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
        contract.ask_watched(accounts(1)).detach();
        contract.ask_watched_callback(accounts(1), Pass::Common)
    }

    fn hello() -> PromiseResult {
        PromiseResult::Successful(br#""Hello""#.to_vec())
    }

    #[test]
    fn an_answer_that_we_do_not_take_is_a_failure() {
        let mut contract = contract();
        let bad = [&b"true"[..], br#""a\nb""#, &[b'x'; 2_000]];
        for (height, bytes) in (2..).zip(bad) {
            ask(
                &mut contract,
                height,
                PromiseResult::Successful(bytes.to_vec()),
            );
        }

        assert_eq!(
            contract.get_breaker(accounts(1)),
            Some(&Breaker::Open { since: 4 })
        );
    }

    #[test]
    fn the_third_failure_is_in_the_log() {
        let mut contract = contract();
        for height in [2, 3] {
            ask(&mut contract, height, PromiseResult::Failed);
            assert!(!get_logs().iter().any(|log| log.contains("breaker")));
        }
        ask(&mut contract, 4, PromiseResult::Failed);

        assert_eq!(get_logs().last().unwrap(), "The breaker of bob opens");
    }

    #[test]
    #[should_panic(expected = "bob has failed too often, ask again in 19 blocks")]
    fn an_open_breaker_refuses_at_once() {
        let mut contract = contract();
        for height in [2, 3, 4, 5] {
            ask(&mut contract, height, PromiseResult::Failed);
        }
    }

    #[test]
    fn the_trial_carries_its_pass() {
        let mut contract = contract();
        for height in [2, 3, 4] {
            ask(&mut contract, height, PromiseResult::Failed);
        }
        testing_env!(in_block(24));
        contract.ask_watched(accounts(1)).detach();

        let [_call, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        let [MockAction::FunctionCallWeight { args, .. }] = &callback.actions[..] else {
            panic!("not one function call: {callback:?}");
        };
        assert_eq!(args, br#"{"account_id":"bob","pass":"trial"}"#);
    }

    #[test]
    fn an_entry_that_was_ended_meanwhile_is_not_missed() {
        let mut contract = contract();
        contract.unwatch(accounts(1)).detach();
        testing_env!(
            in_block(3),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![hello()]
        );

        assert_eq!(
            contract.ask_watched_callback(accounts(1), Pass::Common),
            CallResult::Value("Hello".to_string())
        );
        assert_eq!(contract.get_breaker(accounts(1)), None);
    }
}
// ANCHOR_END: all
