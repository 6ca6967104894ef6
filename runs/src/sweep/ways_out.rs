//! The calls with which users take out their money, with enough gas and after enough time.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::setting::{Setting, run_call};
use super::situation::{APP, Call, NOBODY};
use crate::test_chain::TestChain;

/// A number of blocks after which nothing waits for time to pass any more.
pub const LONG_ENOUGH: u64 = 100_000;

/// The gas of a call that takes money out, in units of gas.
const GAS: u64 = 300 * 10u64.pow(12);

/// Returns the calls with which a user takes out their money, in a useful order.
fn ways_out() -> Vec<(&'static str, Value)> {
    vec![
        ("cancel_order", json!({ "id": 0 })),
        ("cancel_question", json!({ "id": 0 })),
        ("vault_close", json!({})),
        ("unwatch", json!({ "account_id": NOBODY[0] })),
        ("unwatch", json!({ "account_id": NOBODY[1] })),
        ("withdraw_owed", json!({})),
    ]
}

/// Lets time pass, and takes out all money of the user. A call that finds nothing to take out fails, and that
/// is fine.
pub fn take_out(setting: &Setting, chain: &mut TestChain) {
    chain.skip_blocks(LONG_ENOUGH);
    for (method, args) in ways_out() {
        if setting.methods().contains(method) {
            let call = Call {
                from: setting.user.account(),
                to: APP,
                method: method.to_owned(),
                args,
                deposit: Balance::ZERO,
            };
            run_call(chain, &call, GAS);
        }
    }
}
