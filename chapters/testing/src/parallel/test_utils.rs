// ANCHOR: all
//! What the unit tests of the parallel calls share: results for a callback, and the receipts that a
//! method would send.

use near_sdk::mock::MockAction;
use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
use near_sdk::{
    AccountId, Gas, PromiseResult, RuntimeFeesConfig, VMContext, test_vm_config, testing_env,
};

use crate::Contract;

/// Our contract on `alice`, with `bob`, `charlie` and `danny` as hello, counter and guestbook.
pub fn contract() -> Contract {
    Contract::new(Some(accounts(1)), Some(accounts(2)), Some(accounts(3)))
}

/// A call to it.
pub fn on_alice() -> VMContext {
    VMContextBuilder::new()
        .current_account_id(accounts(0))
        .build()
}

/// A callback of it, after calls that ended like these.
pub fn after(results: Vec<PromiseResult>) {
    testing_env!(
        on_alice(),
        test_vm_config(),
        RuntimeFeesConfig::test(),
        Default::default(),
        results
    );
}

/// A call that went through, with this answer.
pub fn answer(json: &str) -> PromiseResult {
    PromiseResult::Successful(json.as_bytes().to_vec())
}

/// A receipt that the method has made: one call.
#[derive(Debug)]
pub struct Made {
    pub receiver: AccountId,
    pub method: String,
    pub args: String,
    /// Its static gas.
    pub gas: Gas,
    /// The places in the list of the receipts that it waits for.
    pub waits_for: Vec<usize>,
}

/// The receipts that the method has made, in this order.
///
/// near-sdk numbers what a method does, and a receipt goes by the number at which it was begun. Here it
/// goes by its place among the receipts.
pub fn receipts_made() -> Vec<Made> {
    let receipts = get_created_receipts();
    let numbers: Vec<u64> = receipts
        .iter()
        .map(|receipt| receipt.actions[0].receipt_index().unwrap())
        .collect();
    let place = |number: &u64| numbers.iter().position(|other| other == number).unwrap();

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
            Made {
                method: text(method_name),
                args: text(args),
                gas: *prepaid_gas,
                waits_for: receipt.receipt_indices.iter().map(place).collect(),
                receiver: receipt.receiver_id,
            }
        })
        .collect()
}

/// The same as receivers, and whom each waits for.
pub fn receivers_made() -> Vec<(String, Vec<usize>)> {
    receipts_made()
        .into_iter()
        .map(|made| (made.receiver.to_string(), made.waits_for))
        .collect()
}

/// The same as methods, with their arguments.
pub fn calls_made() -> Vec<(String, String)> {
    receipts_made()
        .into_iter()
        .map(|made| (made.method, made.args))
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
// ANCHOR_END: all
