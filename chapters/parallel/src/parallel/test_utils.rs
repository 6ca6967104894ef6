// ANCHOR: all
//! Helpers of the unit tests of parallel calls: promise results for a callback, and the calls that
//! a method creates.

use near_sdk::mock::MockAction;
use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
use near_sdk::{
    AccountId, Gas, PromiseResult, RuntimeFeesConfig, VMContext, test_vm_config, testing_env,
};

use crate::Contract;

/// Returns our contract on `alice`, with `bob`, `charlie` and `danny` as hello, counter and
/// guestbook.
pub fn contract() -> Contract {
    Contract::new(Some(accounts(1)), Some(accounts(2)), Some(accounts(3)))
}

/// Returns the context of a call to it.
pub fn on_alice() -> VMContext {
    VMContextBuilder::new()
        .current_account_id(accounts(0))
        .build()
}

/// Sets the context of a callback of it that sees these promise results.
pub fn after(results: Vec<PromiseResult>) {
    testing_env!(
        on_alice(),
        test_vm_config(),
        RuntimeFeesConfig::test(),
        Default::default(),
        results
    );
}

/// Returns the promise result of a call that succeeded and returned this value.
pub fn success(json: &str) -> PromiseResult {
    PromiseResult::Successful(json.as_bytes().to_vec())
}

/// A call that the method has created, in a receipt of its own.
#[derive(Debug)]
pub struct CreatedCall {
    pub receiver: AccountId,
    pub method: String,
    pub args: String,
    /// The static gas.
    pub gas: Gas,
    /// The indices of the calls that it waits for.
    pub waits_for: Vec<usize>,
}

/// Returns the calls that the method has created, in the order of their creation.
///
/// near-sdk counts all actions, and identifies a receipt by the number of its first action. Here a
/// call is identified by its index among the receipts.
pub fn created_calls() -> Vec<CreatedCall> {
    let receipts = get_created_receipts();
    let numbers: Vec<u64> = receipts
        .iter()
        .map(|receipt| receipt.actions[0].receipt_index().unwrap())
        .collect();
    let index = |number: &u64| numbers.iter().position(|other| other == number).unwrap();

    receipts
        .into_iter()
        .map(|receipt| {
            let [
                MockAction::FunctionCallWeight {
                    method_name,
                    args,
                    prepaid_gas,
                    ..
                },
            ] = &receipt.actions[..]
            else {
                panic!("not one call: {receipt:?}");
            };
            CreatedCall {
                method: text(method_name),
                args: text(args),
                gas: *prepaid_gas,
                waits_for: receipt.receipt_indices.iter().map(index).collect(),
                receiver: receipt.receiver_id,
            }
        })
        .collect()
}

/// Returns the receiver of each created call, and the indices of the calls that it waits for.
pub fn receivers() -> Vec<(String, Vec<usize>)> {
    created_calls()
        .into_iter()
        .map(|call| (call.receiver.to_string(), call.waits_for))
        .collect()
}

/// Returns the method of each created call, and its arguments.
pub fn methods_and_args() -> Vec<(String, String)> {
    created_calls()
        .into_iter()
        .map(|call| (call.method, call.args))
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
// ANCHOR_END: all
