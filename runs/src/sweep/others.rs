//! The methods that move no money, and the arguments with which a run shows it.

use serde_json::{Value, json};

use super::situation::{ANYONE, APP, LONG_PARTNER, PARTNER, TOKEN};

/// Returns arguments with which a method succeeds. A method without an entry has no arguments.
pub fn arguments(method: &str) -> Value {
    let accounts = || json!([PARTNER, LONG_PARTNER]);
    match method {
        "change_greeting" | "set_and_get_greeting" | "change_greeting_then_overview" => {
            json!({ "new_greeting": "Howdy" })
        }
        "count" => json!({ "steps": ["increment"] }),
        "visit" => json!({ "text": "x" }),
        "numbers_of" => json!({ "counters": accounts() }),
        "survey_numbers" => json!({ "counters": accounts(), "quorum": 1 }),
        "collect_greetings" => json!({ "accounts": accounts() }),
        "portfolio" => json!({
            "account_id": ANYONE, "token": TOKEN, "lender": PARTNER, "staking_pool": PARTNER,
        }),
        "inspect_results" => json!({ "shape": "single" }),
        "measure_result" | "get_safe" | "get_owed" | "get_breaker" | "ask_cached"
        | "ask_watched" => {
            json!({ "account_id": PARTNER })
        }
        "get_order" | "get_question" => json!({ "id": 0 }),
        "get_token_price" => json!({ "amount": "1" }),
        "trust_oracle" => json!({ "oracle": ANYONE }),
        "accept_token" => json!({ "token": TOKEN }),
        "propose_owner" => json!({ "account_id": APP }),
        "set_limits" => json!({
            "limits": { "max_deposit": "1000", "min_free_balance": "0" },
        }),
        _ => json!({}),
    }
}

/// The methods for which no run can show that they move no money, and the reason why they need no case.
pub const EXCUSED: [(&str, &str); 4] = [
    (
        "upgrade",
        "its only receipt goes to the contract itself, without a deposit; the new code is no method's doing",
    ),
    ("resolve_order", FOR_THE_OPERATOR),
    ("vault_resolve", FOR_THE_OPERATOR),
    (
        "withdraw_earnings",
        "it sends the contract's own money to its owner, and no user's: the tests of chapter 5 hold that",
    ),
];

const FOR_THE_OPERATOR: &str = "the operator calls it about a callback that is lost; with too little gas it is \
    undone, and can be called again; the tests of chapter 4 hold what it settles";
