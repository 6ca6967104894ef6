// ANCHOR: all
//! The promise results that a callback sees: their number and their order, for each shape of calls.

use near_sdk::serde_json::Value;
use near_sdk::{AccountId, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::greeting::MAX_GREETING_BYTES;
use crate::partners::{
    GAS_FOR_COUNTER, GAS_FOR_GUESTBOOK, GAS_FOR_HELLO, counter, guestbook, hello,
};
use crate::responses::greetings::{MAX_ACCOUNTS, ask_each, ask_for_greeting, gas_for_results};
use crate::{Contract, ContractExt};

// ANCHOR: shape
/// The ways in which calls can precede one callback. In JSON: `"single"`,
/// `{"many":["hello.near"]}`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One call: read the greeting.
    Single,
    /// Two actions in one receipt: increment the counter, and read its number.
    Batch,
    /// One call after the other: read the greeting, then the number.
    Chain,
    /// Three calls in parallel: read the greeting, the number, and the number of messages.
    Parallel,
    /// The same call to each of these accounts in parallel: read its greeting.
    Many(Vec<AccountId>),
}
// ANCHOR_END: shape

#[near]
impl Contract {
    // ANCHOR: inspect_results
    /// Creates calls of this shape, and returns all results that the callback sees.
    pub fn inspect_results(&mut self, shape: Shape) -> Promise {
        enter("inspect_results");

        // These are closures because a promise that was created is sent, even if nobody uses it.
        let greeting = || {
            hello::ext(self.partners.hello.clone())
                .with_static_gas(GAS_FOR_HELLO)
                .get_greeting()
        };
        let step = || {
            counter::ext(self.partners.counter.clone())
                .with_static_gas(GAS_FOR_COUNTER)
                .increment()
        };
        let number = || {
            counter::ext(self.partners.counter.clone())
                .with_static_gas(GAS_FOR_COUNTER)
                .get_num()
        };
        let messages = || {
            guestbook::ext(self.partners.guestbook.clone())
                .with_static_gas(GAS_FOR_GUESTBOOK)
                .total_messages()
        };

        let calls = match shape {
            Shape::Single => greeting(),
            Shape::Batch => counter::ext_on(step())
                .with_static_gas(GAS_FOR_COUNTER)
                .get_num(),
            Shape::Chain => greeting().then(number()),
            Shape::Parallel => greeting().and(number()).and(messages()),
            Shape::Many(accounts) => ask_each(&accounts, ask_for_greeting),
        };
        calls.then(
            Self::ext_self()
                .with_static_gas(gas_for_results(MAX_ACCOUNTS))
                .inspect_results_callback(),
        )
    }
    // ANCHOR_END: inspect_results

    // ANCHOR: inspect_results_callback
    /// Returns all promise results, by their indices.
    #[private]
    pub fn inspect_results_callback(&self) -> Vec<CallResult<Value>> {
        enter("inspect_results_callback");

        (0..env::promise_results_count())
            .map(|index| CallResult::read(index, MAX_GREETING_BYTES))
            .collect()
    }
    // ANCHOR_END: inspect_results_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::serde_json::json;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Returns the receivers of the calls of this shape, and the number of results that the
    /// callback waits for.
    fn calls_of(shape: Shape) -> (Vec<AccountId>, usize) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .build()
        );
        Contract::new(Some(accounts(1)), Some(accounts(2)), Some(accounts(3)))
            .inspect_results(shape)
            .detach();

        let mut receipts = get_created_receipts();
        let callback = receipts.pop().expect("there is a callback");
        assert_eq!(callback.receiver_id, accounts(0));
        let receivers = receipts.into_iter().map(|receipt| receipt.receiver_id);
        (receivers.collect(), callback.receipt_indices.len())
    }

    #[test]
    fn only_the_accounts_of_the_shape_are_called() {
        assert_eq!(calls_of(Shape::Single), (vec![accounts(1)], 1));
        assert_eq!(calls_of(Shape::Batch), (vec![accounts(2)], 1));
    }

    #[test]
    fn after_a_chain_the_callback_waits_for_the_last_call_only() {
        assert_eq!(calls_of(Shape::Chain), (vec![accounts(1), accounts(2)], 1));
    }

    #[test]
    fn after_a_join_the_callback_waits_for_all_calls() {
        assert_eq!(
            calls_of(Shape::Parallel),
            (vec![accounts(1), accounts(2), accounts(3)], 3)
        );
        assert_eq!(
            calls_of(Shape::Many(vec![accounts(5), accounts(4)])),
            (vec![accounts(5), accounts(4)], 2)
        );
    }

    #[test]
    fn the_results_are_in_the_order_of_their_indices() {
        let contract = Contract::new(None, None, None);
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![
                PromiseResult::Failed,
                PromiseResult::Successful(b"0".to_vec()),
            ]
        );

        assert_eq!(
            contract.inspect_results_callback(),
            [CallResult::Failed, CallResult::Value(json!(0))]
        );
    }
}
// ANCHOR_END: all
