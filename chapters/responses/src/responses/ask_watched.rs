// ANCHOR: all
//! Calls through a circuit breaker.

use near_sdk::{AccountId, Promise, env, log, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::responses::breaker::{Breaker, Pass};
use crate::responses::greetings::{ask_for_greeting, gas_for_results, read_greeting};
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: ask_watched
    /// Asks a watched account for its greeting. Panics when its breaker refuses the call: then
    /// nothing is called.
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
                .with_static_gas(gas_for_results(1))
                .ask_watched_callback(account_id, pass),
        )
    }
    // ANCHOR_END: ask_watched

    // ANCHOR: ask_watched_callback
    /// Records the result of the call in the breaker, and returns it.
    ///
    /// It must not fail, above all when the call has failed: then the recorded failure would be
    /// reverted. So it returns a failure as a value.
    #[private]
    pub fn ask_watched_callback(
        &mut self,
        account_id: AccountId,
        pass: Pass,
    ) -> CallResult<String> {
        enter("ask_watched_callback");

        let result = read_greeting(0);
        // The payer may have removed the entry since the call was sent.
        if let Some(entry) = self.responses.watched.get_mut(&account_id) {
            let was_closed = entry.breaker.is_closed();
            let succeeded = result.value().is_some();
            entry.breaker.record(pass, succeeded, env::block_height());
            match (was_closed, entry.breaker.is_closed()) {
                (true, false) => {
                    entry.opened_at = env::block_height();
                    log!("The breaker of {account_id} opens");
                }
                (false, true) => log!("The breaker of {account_id} closes"),
                _ => {}
            }
        }
        result
    }
    // ANCHOR_END: ask_watched_callback

    /// Returns the breaker of an account, or nothing when the account is not watched.
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

    /// Returns a contract that watches `bob` since block 1.
    fn contract() -> Contract {
        let mut contract = Contract::new(None, None, None);
        testing_env!(in_block(1));
        contract.watch(accounts(1));
        contract
    }

    /// Calls `bob`, with this promise result. Here the call and its callback run in one block.
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
    fn a_value_that_is_not_accepted_counts_as_a_failure() {
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
    fn the_third_failure_is_logged() {
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
    fn an_open_breaker_refuses_a_call_at_once() {
        let mut contract = contract();
        for height in [2, 3, 4, 5] {
            ask(&mut contract, height, PromiseResult::Failed);
        }
    }

    #[test]
    fn the_callback_of_a_trial_gets_its_pass() {
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
    fn a_callback_without_an_entry_does_not_fail() {
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
