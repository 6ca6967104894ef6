//! The ways in which users get what is theirs: by calls of their own, with gas enough, when time enough has passed.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::setting::{Setting, play};
use super::situation::{BOOK, Call, NOBODY};
use crate::test_chain::TestChain;

/// So many blocks later nothing waits any more that waits for a time.
pub const LONG_ENOUGH: u64 = 100_000;

/// The gas of a call that takes money out.
const GAS: u64 = 300 * 10u64.pow(12);

/// The calls with which a user takes out what is theirs, in the order in which they make sense.
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

/// Lets time pass, and lets the user take out all that the contract gives. What finds nothing to take
/// out fails, and that is fine.
pub fn take_out(setting: &Setting, chain: &mut TestChain) {
    chain.skip_blocks(LONG_ENOUGH);
    for (method, args) in ways_out() {
        if setting.methods().contains(method) {
            let call = Call {
                from: setting.user.account(),
                to: BOOK,
                method: method.to_owned(),
                args,
                deposit: Balance::ZERO,
            };
            play(chain, &call, GAS);
        }
    }
}
