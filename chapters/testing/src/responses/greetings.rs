// ANCHOR: all
//! Many calls of one kind: ask any accounts for their greeting, and return each result with its
//! account.

use near_sdk::{AccountId, Gas, Promise, env, near, require};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::greeting::MAX_GREETING_BYTES;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::responses::check::check_greeting;
use crate::result_of::{ResultOf, read_results};
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// The largest number of accounts in one call.
pub const MAX_ACCOUNTS: usize = 20;

/// The gas that a callback needs for each result: 0.25 Tgas. The most expensive result is a value
/// that is read, checked and returned in full. A value beyond the bound costs as little as a
/// failure, however long it is.
pub const GAS_PER_RESULT: Gas = Gas::from_ggas(250);

/// Returns the static gas of a callback that reads this many results.
pub fn gas_for_results(results: usize) -> Gas {
    let each = GAS_PER_RESULT.saturating_mul(results as u64);
    GAS_FOR_CALLBACK.saturating_add(each)
}
// ANCHOR_END: gas

// ANCHOR: ask
/// Creates one call to each of these accounts, in parallel, and joins them in this order. Panics
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

/// Asks any account for its greeting.
///
/// With a gas weight of zero the account gets exactly 5 Tgas. With a share of the caller's unused
/// gas it could burn all of it, or return megabytes.
pub fn ask_for_greeting(account_id: AccountId) -> Promise {
    hello::ext(account_id)
        .with_static_gas(GAS_FOR_HELLO)
        .with_unused_gas_weight(0)
        .get_greeting()
}
// ANCHOR_END: ask

// ANCHOR: read_greeting
/// Reads, in a callback, the greeting with this index in the join.
pub fn read_greeting(index: u64) -> CallResult<String> {
    CallResult::read(index, MAX_GREETING_BYTES)
        .checked(|greeting: &String| check_greeting(greeting))
}
// ANCHOR_END: read_greeting

#[near]
impl Contract {
    // ANCHOR: collect_greetings
    /// Asks each of these accounts for its greeting. Returns one result for each, in their order.
    ///
    /// The caller chooses the accounts, and not the method. Otherwise the caller could choose this
    /// account and one of its private methods: these check that the predecessor is this account,
    /// and it would be.
    pub fn collect_greetings(&mut self, accounts: Vec<AccountId>) -> Promise {
        enter("collect_greetings");

        ask_each(&accounts, ask_for_greeting).then(
            Self::ext_self()
                .with_static_gas(gas_for_results(accounts.len()))
                .collect_greetings_callback(accounts),
        )
    }
    // ANCHOR_END: collect_greetings

    // ANCHOR: collect_greetings_callback
    /// Returns the results. They are in the order of the join, and `accounts` is in that order too.
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

    /// Asks `bob` this many times.
    fn ask(number: usize) {
        testing_env!(VMContextBuilder::new().build());
        Contract::new(None, None, None)
            .collect_greetings(vec![accounts(1); number])
            .detach();
    }

    // ANCHOR: test_gas
    #[test]
    fn an_untrusted_contract_gets_its_static_gas_and_no_share_of_the_unused_gas() {
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
                // The callback: 5 Tgas, and 0.25 for each result.
                (Gas::from_ggas(5_500), 1),
            ]
        );
    }
    // ANCHOR_END: test_gas

    #[test]
    fn a_list_of_one_account_is_accepted() {
        ask(1);

        assert_eq!(get_created_receipts().len(), 2);
    }

    #[test]
    fn the_largest_list_is_accepted() {
        ask(MAX_ACCOUNTS);

        assert_eq!(get_created_receipts().len(), MAX_ACCOUNTS + 1);
    }

    #[test]
    #[should_panic(expected = "Name 20 accounts at most")]
    fn a_longer_list_is_refused() {
        ask(MAX_ACCOUNTS + 1);
    }

    #[test]
    #[should_panic(expected = "Name at least one account")]
    fn an_empty_list_is_refused() {
        ask(0);
    }

    #[test]
    fn a_greeting_with_a_fault_is_refused_and_the_others_are_not() {
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

        let results: Vec<_> = contract
            .collect_greetings_callback(vec![accounts(1), accounts(2)])
            .into_iter()
            .map(|of_account| of_account.result)
            .collect();
        assert_eq!(
            results,
            [
                CallResult::Value("Hello".to_string()),
                CallResult::Refused("strange_character".to_string()),
            ]
        );
    }
}
// ANCHOR_END: all
