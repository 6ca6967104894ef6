// ANCHOR: all
//! Many calls of one kind: ask any accounts for their greeting, and keep whose answer is whose.

use near_sdk::{AccountId, Gas, Promise, env, near, require};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::greeting::MAX_GREETING_BYTES;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::responses::check::check_greeting;
use crate::responses::result_of::{ResultOf, read_results};
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// As many accounts as we ask at once.
pub const MAX_ACCOUNTS: usize = 20;

/// Gas that a callback needs for each answer: 0.25 Tgas. The dearest is one that is read, checked and
/// passed on in full. One beyond the bound costs as little as none at all, however long it is.
pub const GAS_FOR_ANSWER: Gas = Gas::from_ggas(250);

/// Gas for a callback that reads this many answers of strangers.
pub fn gas_for_answers(answers: usize) -> Gas {
    let each = GAS_FOR_ANSWER.saturating_mul(answers as u64);
    GAS_FOR_CALLBACK.saturating_add(each)
}
// ANCHOR_END: gas

// ANCHOR: ask
/// Makes one call to each of these accounts, all of them at once, and joins them in this order. Panics
/// when the list is empty or too long.
pub fn ask_each(accounts: &[AccountId], call: impl Fn(AccountId) -> Promise) -> Promise {
    require!(
        accounts.len() <= MAX_ACCOUNTS,
        format!("Name {MAX_ACCOUNTS} accounts at most")
    );
    accounts
        .iter()
        .cloned()
        .map(call)
        .reduce(|join, call| join.and(call))
        .unwrap_or_else(|| env::panic_str("Name at least one account"))
}

/// Asks an account that may be anyone's for its greeting.
///
/// A weight of zero keeps it at its 5 Tgas. A stranger has no claim on what the caller's gas has left
/// over: it could burn all of that, or answer megabytes with it.
pub fn ask_for_greeting(account_id: AccountId) -> Promise {
    hello::ext(account_id)
        .with_static_gas(GAS_FOR_HELLO)
        .with_unused_gas_weight(0)
        .get_greeting()
}
// ANCHOR_END: ask

// ANCHOR: read_greeting
/// In a callback: what became of the question for a greeting that has this index.
pub fn read_greeting(index: u64) -> CallResult<String> {
    CallResult::read(index, MAX_GREETING_BYTES)
        .checked(|greeting: &String| check_greeting(greeting))
}
// ANCHOR_END: read_greeting

#[near]
impl Contract {
    // ANCHOR: collect_greetings
    /// Asks each of these accounts for its greeting. Answers with one outcome for each, in their order.
    ///
    /// The caller says whom to ask, and only whom. If the caller could choose the method too, the list
    /// could name this account and one of its private methods: those look at the predecessor, and that
    /// would be this account.
    pub fn collect_greetings(&mut self, accounts: Vec<AccountId>) -> Promise {
        enter("collect_greetings");

        ask_each(&accounts, ask_for_greeting).then(
            Self::ext_self()
                .with_static_gas(gas_for_answers(accounts.len()))
                .collect_greetings_callback(accounts),
        )
    }
    // ANCHOR_END: collect_greetings

    // ANCHOR: collect_greetings_callback
    /// Every account has answered or failed. The results are in the order of the join, and `accounts`
    /// is in that order too.
    #[private]
    pub fn collect_greetings_callback(&self, accounts: Vec<AccountId>) -> Vec<ResultOf<String>> {
        enter("collect_greetings_callback");

        read_results(accounts, read_greeting)
    }
    // ANCHOR_END: collect_greetings_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Asks so many accounts that are called `bob`.
    fn ask(number: usize) {
        testing_env!(VMContextBuilder::new().build());
        Contract::new(None, None, None)
            .collect_greetings(vec![accounts(1); number])
            .detach();
    }

    // ANCHOR: test_gas
    #[test]
    fn a_stranger_gets_its_gas_and_no_share_of_the_rest() {
        ask(2);

        let receipts = get_created_receipts();
        let gas: Vec<(Gas, u64)> = receipts
            .iter()
            .map(|receipt| match &receipt.actions[..] {
                [
                    MockAction::FunctionCallWeight {
                        prepaid_gas,
                        gas_weight,
                        ..
                    },
                ] => (*prepaid_gas, gas_weight.0),
                _ => panic!("not one function call: {receipt:?}"),
            })
            .collect();
        assert_eq!(
            gas,
            [
                (Gas::from_tgas(5), 0),
                (Gas::from_tgas(5), 0),
                // The callback: 5 Tgas, and 0.25 for each answer.
                (Gas::from_ggas(5_500), 1),
            ]
        );
    }
    // ANCHOR_END: test_gas

    #[test]
    fn one_account_is_a_list_too() {
        ask(1);

        assert_eq!(get_created_receipts().len(), 2);
    }

    #[test]
    fn as_many_as_allowed_are_asked() {
        ask(MAX_ACCOUNTS);

        assert_eq!(get_created_receipts().len(), MAX_ACCOUNTS + 1);
    }

    #[test]
    #[should_panic(expected = "Name 20 accounts at most")]
    fn more_than_allowed_are_refused() {
        ask(MAX_ACCOUNTS + 1);
    }

    #[test]
    #[should_panic(expected = "Name at least one account")]
    fn nobody_to_ask_is_an_error() {
        ask(0);
    }

    #[test]
    fn the_callback_refuses_a_greeting_with_a_fault_and_keeps_the_others() {
        let contract = Contract::new(None, None, None);
        let results = [br#""Hello""#.as_slice(), br#""a\nb""#];
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
                .map(|bytes| PromiseResult::Successful(bytes.to_vec()))
                .into()
        );

        let outcomes: Vec<_> = contract
            .collect_greetings_callback(vec![accounts(1), accounts(2)])
            .into_iter()
            .map(|answer| answer.result)
            .collect();
        assert_eq!(
            outcomes,
            [
                CallResult::Value("Hello".to_string()),
                CallResult::Refused("strange_character".to_string()),
            ]
        );
    }
}
// ANCHOR_END: all
