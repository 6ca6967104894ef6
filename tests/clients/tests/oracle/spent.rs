//! Where gas and tokens went, without what the protocol has repriced.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

use crate::Observed;

/// What a contract gets of the gas that its calls burn. Until protocol 87 it was a share.
#[derive(Clone, Copy)]
pub enum Reward {
    /// Three tenths, at the price of the block.
    ThirtyPercent,
    /// Nothing.
    None,
}

/// yoctoNEAR for a unit of gas, on either chain.
const GAS_PRICE: i128 = 100_000_000;

/// Pays for the gas of every recorded transaction.
const SIGNER: &str = "alice";

/// What the transaction burnt before its receipt ran, and what it logged. Its signer pays in both
/// protocols the same for sending.
pub fn of_transaction(observed: &Observed) -> Value {
    let transaction = &observed.seen["transaction"];
    json!({
        "gas_burnt": transaction["gas_burnt"],
        "tokens_burnt": transaction["tokens_burnt"],
        "logs": transaction["logs"],
    })
}

/// The gas that a receipt burnt for being a receipt and for its actions. Making an account is the one
/// action that has another price now.
pub fn apart_from_the_vm(receipt: &Value) -> anyhow::Result<Value> {
    let actions = receipt["actions"].as_array().context("actions")?;
    if actions.iter().any(|action| action == "CreateAccount") {
        return Ok(json!("_"));
    }
    let burnt = receipt["gas_burnt"].as_i64().context("an amount of gas")?;
    Ok(json!(burnt - burnt_in_the_vm(receipt)?))
}

/// By how much each account's balance has changed, apart from what it paid for gas and was rewarded
/// with: the deposits that it gave, took and got back.
pub fn deposits(observed: &Observed, reward: Reward) -> anyhow::Result<BTreeMap<String, String>> {
    let mut moved: BTreeMap<&str, i128> = observed
        .change
        .iter()
        .map(|(account, change)| (account.as_str(), change.amount))
        .collect();
    let mut paid = tokens_burnt(&observed.seen["transaction"])?;
    for receipt in observed.seen["receipts"].as_array().context("receipts")? {
        paid += tokens_burnt(receipt)?;
        let executor = receipt["executor"].as_str().context("an executor")?;
        let name = executor.trim_end_matches(".test.near");
        if let (Some(moved), Reward::ThirtyPercent) = (moved.get_mut(name), reward) {
            *moved -= i128::from(burnt_in_the_vm(receipt)? * 3 / 10) * GAS_PRICE;
        }
    }
    *moved.get_mut(SIGNER).context("the signer has a balance")? += paid;
    Ok(moved
        .into_iter()
        .map(|(account, amount)| (account.to_owned(), amount.to_string()))
        .collect())
}

fn burnt_in_the_vm(receipt: &Value) -> anyhow::Result<i64> {
    let costs = receipt["profile"].as_array().context("a profile")?;
    costs.iter().try_fold(0, |sum, cost| {
        let gas: i64 = cost[1].as_str().context("an amount of gas")?.parse()?;
        Ok(sum + gas)
    })
}

fn tokens_burnt(outcome: &Value) -> anyhow::Result<i128> {
    let tokens = outcome["tokens_burnt"].as_str().context("an amount")?;
    Ok(tokens.parse()?)
}
