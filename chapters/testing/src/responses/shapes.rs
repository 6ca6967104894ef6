// ANCHOR: all
//! What a callback sees: how many results, and in which order, for each shape of call.

use near_sdk::serde_json::Value;
use near_sdk::{AccountId, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::greeting::MAX_GREETING_BYTES;
use crate::partners::{
    GAS_FOR_COUNTER, GAS_FOR_GUESTBOOK, GAS_FOR_HELLO, counter, guestbook, hello,
};
use crate::responses::greetings::{MAX_ACCOUNTS, ask_each, ask_for_greeting, gas_for_answers};
use crate::{Contract, ContractExt};

// ANCHOR: shape
/// How calls can hang together before one callback. In JSON: `"single"`, `{"many":["hello.near"]}`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One call: the greeting.
    Single,
    /// Two actions in one receipt: the counter goes up, and says where it stands.
    Batch,
    /// One call after the other: the greeting, then the number.
    Chain,
    /// Three calls at once: the greeting, the number, and how many messages there are.
    Parallel,
    /// The same call to each of these accounts at once: its greeting.
    Many(Vec<AccountId>),
}
// ANCHOR_END: shape

#[near]
impl Contract {
    // ANCHOR: inspect_results
    /// Makes calls of this shape, and answers with all that the callback sees of them.
    pub fn inspect_results(&mut self, shape: Shape) -> Promise {
        enter("inspect_results");

        // These are closures because a promise that is made is sent, whether anyone uses it or not.
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
                .with_static_gas(gas_for_answers(MAX_ACCOUNTS))
                .inspect_results_callback(),
        )
    }
    // ANCHOR_END: inspect_results

    // ANCHOR: inspect_results_callback
    /// Every result, in its place.
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

    /// The calls that leave for this shape, as receivers, and how many of them the callback waits for.
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
    fn nobody_is_called_who_does_not_belong_to_the_shape() {
        assert_eq!(calls_of(Shape::Single), (vec![accounts(1)], 1));
        assert_eq!(calls_of(Shape::Batch), (vec![accounts(2)], 1));
    }

    #[test]
    fn after_a_chain_the_callback_waits_for_one_call_alone() {
        assert_eq!(calls_of(Shape::Chain), (vec![accounts(1), accounts(2)], 1));
    }

    #[test]
    fn after_a_join_the_callback_waits_for_all() {
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
    fn every_result_stands_in_its_place() {
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
