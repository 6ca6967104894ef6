//! The differences between protocol 78 and protocol 88 (`SPEC.md` §0): amounts of gas and tokens,
//! refunds of gas, the prices of instructions, of trie nodes and of accounts, the limit of gas, and the
//! block of a receipt that only deletes an account.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Costs whose price has changed.
const REPRICED: [&str; 7] = [
    "WASM_INSTRUCTION",
    "WRITE_REGISTER_BYTE",
    "TOUCHING_TRIE_NODE",
    "READ_CACHED_TRIE_NODE",
    "CONTRACT_LOADING_BASE",
    "CONTRACT_LOADING_BYTES",
    "CREATE_ACCOUNT",
];
/// The limit was below what a call can attach, and is so no more.
const OLD_LIMIT: &str = "Exceeded the maximum amount of gas allowed to burn per contract.";
const OUT_OF_GAS: &str = "Exceeded the prepaid gas.";

/// An observation without what has changed.
pub fn masked(scenario: &str, seen: &Value) -> Value {
    let receipts: Vec<&Value> = list(&seen["receipts"])
        .filter(|r| !is_gas_refund(r))
        .collect();
    let names: BTreeMap<&str, usize> = receipts
        .iter()
        .enumerate()
        .map(|(index, r)| (text(&r["receipt"]), index))
        .collect();
    let instant = receipts
        .iter()
        .any(|receipt| only_deletes_an_account(receipt));
    let order: Vec<_> = list(&seen["outcome_order"])
        .filter_map(|n| names.get(text(n)))
        .collect();
    json!({
        "status": status(&seen["status"], &names),
        "transaction": {
            "status": status(&seen["transaction"]["status"], &names),
            "executor": seen["transaction"]["executor"],
        },
        "receipts": receipts
            .iter()
            .map(|receipt| masked_receipt(scenario, receipt, &names, instant))
            .collect::<Vec<_>>(),
        "order": order,
        "storage": seen["storage"],
    })
}

/// Returns the first difference between two values.
pub fn first_difference(a: &Value, b: &Value, path: String) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let keys = x.keys().chain(y.keys().filter(|key| !x.contains_key(*key)));
            keys.into_iter()
                .find_map(|key| first_difference(&a[key], &b[key], format!("{path}.{key}")))
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => (0..x.len())
            .find_map(|index| first_difference(&x[index], &y[index], format!("{path}[{index}]"))),
        _ if a == b => None,
        _ => Some(format!("{path}: {a} != {b}")),
    }
}

fn masked_receipt(
    scenario: &str,
    receipt: &Value,
    names: &BTreeMap<&str, usize>,
    instant: bool,
) -> Value {
    let mut kept = receipt.clone();
    let fields = kept.as_object_mut().expect("a receipt has fields");
    for changed in ["receipt", "gas_price", "gas_burnt", "tokens_burnt"] {
        fields.remove(changed);
    }
    if instant {
        fields.insert("block".to_owned(), json!("_"));
    }
    fields.insert("status".to_owned(), status(&receipt["status"], names));
    fields.insert(
        "actions".to_owned(),
        list(&receipt["actions"]).map(masked_action).collect(),
    );
    fields.insert(
        "logs".to_owned(),
        list(&receipt["logs"]).map(masked_log).collect(),
    );
    fields.insert("profile".to_owned(), masked_profile(scenario, receipt));
    kept
}

/// Host functions by name and gas. Where a loop burns all that there is, how often it gets round depends
/// on every price, so only the names stay.
fn masked_profile(scenario: &str, receipt: &Value) -> Value {
    let burnt_all = scenario.ends_with("out_of_gas_by_burning");
    let mut costs: Vec<Value> = list(&receipt["profile"])
        .filter(|cost| {
            let name = text(&cost[0]);
            // A transfer to an implicit account pays the price of making it.
            let makes_account = name == "TRANSFER" && scenario.contains("implicit");
            !REPRICED.contains(&name) && !makes_account
        })
        .map(|cost| {
            if burnt_all {
                cost[0].clone()
            } else {
                cost.clone()
            }
        })
        .collect();
    costs.sort_by_key(Value::to_string);
    Value::Array(costs)
}

/// A call's gas that is no whole number of Tgas holds what the weights left over.
fn masked_action(action: &Value) -> Value {
    let mut action = action.clone();
    if let Some(gas) = action
        .get_mut("FunctionCall")
        .and_then(|call| call.get_mut("gas"))
        && gas.as_u64().is_some_and(|gas| gas % 1_000_000_000_000 != 0)
    {
        *gas = json!("_");
    }
    action
}

/// Balances and gas that the probe logs.
fn masked_log(log: &Value) -> Value {
    let masked = text(log)
        .split(' ')
        .map(|word| match word.split_once('=') {
            Some((key @ ("balance" | "prepaid" | "used"), _)) => format!("{key}=_"),
            _ => word.to_owned(),
        })
        .collect::<Vec<_>>();
    json!(masked.join(" "))
}

fn status(status: &Value, names: &BTreeMap<&str, usize>) -> Value {
    match status.get("SuccessReceiptId").map(text) {
        Some(name) => json!({ "SuccessReceiptId": names[name] }),
        None => serde_json::from_str(&status.to_string().replace(OLD_LIMIT, OUT_OF_GAS))
            .expect("one text in place of another"),
    }
}

/// A refund of gas goes from `system` to the signer; one of a deposit goes to the caller.
fn is_gas_refund(receipt: &Value) -> bool {
    receipt["from"] == "system" && receipt["to"] == receipt["signer"]
}

fn only_deletes_an_account(receipt: &Value) -> bool {
    let actions = &receipt["actions"];
    receipt["inputs"] == 0
        && actions.as_array().is_some_and(|actions| actions.len() == 1)
        && actions[0].get("DeleteAccount").is_some()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
