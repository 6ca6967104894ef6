//! Gas and tokens without the prices that changed between the protocols.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

use super::observation::Observation;

/// The reward of a contract for the gas that its calls burn. Until protocol 87 it was a share of the gas fee.
#[derive(Clone, Copy)]
pub enum Reward {
    /// A reward of 30 % of the gas fee.
    ThirtyPercent,
    /// No reward.
    None,
}

/// The price of gas in yoctoNEAR, on either chain.
const GAS_PRICE: i128 = 100_000_000;

/// The account that pays for the gas of every recorded transaction.
const SIGNER: &str = "alice";

/// Returns the gas that the transaction burnt before its receipt ran, and its logs. The cost of sending is the
/// same in both protocols.
pub fn of_transaction(observed: &Observation) -> Value {
    let transaction = &observed.transaction["transaction"];
    json!({
        "gas_burnt": transaction["gas_burnt"],
        "tokens_burnt": transaction["tokens_burnt"],
        "logs": transaction["logs"],
    })
}

/// Returns the gas that a receipt burnt for itself and its actions. The price of an account creation is the
/// only one of these that changed.
pub fn apart_from_the_vm(receipt: &Value) -> anyhow::Result<Value> {
    let actions = receipt["actions"].as_array().context("actions")?;
    if actions.iter().any(|action| action == "CreateAccount") {
        return Ok(json!("_"));
    }
    let burnt = receipt["gas_burnt"]
        .as_i64()
        .context("an amount of gas is missing")?;
    Ok(json!(burnt - burnt_in_the_vm(receipt)?))
}

/// Returns the change of each account's balance without the gas that it paid and the rewards that it got. The
/// rest is the deposits that it sent and received.
pub fn deposits(
    observed: &Observation,
    reward: Reward,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut moved: BTreeMap<&str, i128> = observed
        .changes
        .iter()
        .map(|(account, change)| (account.as_str(), change.amount))
        .collect();
    let mut paid = tokens_burnt(&observed.transaction["transaction"])?;
    for receipt in observed.transaction["receipts"]
        .as_array()
        .context("receipts")?
    {
        paid += tokens_burnt(receipt)?;
        let executor = receipt["executor"].as_str().context("an executor")?;
        let name = executor.trim_end_matches(".test.near");
        if let (Some(moved), Reward::ThirtyPercent) = (moved.get_mut(name), reward) {
            *moved -= i128::from(burnt_in_the_vm(receipt)? * 3 / 10) * GAS_PRICE;
        }
    }
    *moved.get_mut(SIGNER).context("the signer has no balance")? += paid;
    Ok(moved
        .into_iter()
        .map(|(account, amount)| (account.to_owned(), amount.to_string()))
        .collect())
}

fn burnt_in_the_vm(receipt: &Value) -> anyhow::Result<i64> {
    let costs = receipt["profile"].as_array().context("a profile")?;
    costs.iter().try_fold(0, |sum, cost| {
        let gas: i64 = cost[1]
            .as_str()
            .context("an amount of gas is missing")?
            .parse()?;
        Ok(sum + gas)
    })
}

fn tokens_burnt(outcome: &Value) -> anyhow::Result<i128> {
    let tokens = outcome["tokens_burnt"].as_str().context("an amount")?;
    Ok(tokens.parse()?)
}
