//! The journal and the assets, as an exploration sees them.

use chain::explore::{Explore, Verdict, View, Violation, ensure};
use near_primitives::transaction::ExecutionOutcomeWithId;
use serde_json::{Value, json};

/// The gold that each player with gold begins with.
pub const WEALTH: u128 = 10;

/// The price of the sword, and of the smith.
pub const PRICE: u128 = 5;

/// The words with which `app.near` logs that the items give the sword back.
pub const GOES_BACK: &str = "goes back";

/// Returns a trade of the journal, or `null`.
pub fn entry(view: &View, id: u64) -> Result<Value, Violation> {
    view.call("app.near", "get_trade", json!({ "id": id }))
}

/// Returns the legs of the open trades.
pub fn open_legs(view: &View) -> Result<Vec<Value>, Violation> {
    let mut legs = Vec::new();
    for id in 0..=1 {
        let entry = entry(view, id)?;
        for leg in entry["legs"].as_array().into_iter().flatten() {
            let mut leg = leg.clone();
            leg["way"] = entry["way"].clone();
            legs.push(leg);
        }
    }
    Ok(legs)
}

/// Returns the owner of an item, or an empty text.
pub fn owner_of(view: &View, item: &str) -> Result<String, Violation> {
    let item = view.call("items.near", "nft_token", json!({ "token_id": item }))?;
    Ok(item["owner_id"].as_str().unwrap_or_default().to_owned())
}

pub fn gold_of(view: &View, name: &str) -> Result<u128, Violation> {
    view.amount("gold.near", "ft_balance_of", json!({ "account_id": name }))
}

/// Adds the property of a scenario in which nobody fails.
pub fn every_trade_ends(scenario: Explore) -> Explore {
    scenario.at_end("no trade is open", |view| {
        ensure(entry(view, 0)?.is_null(), || "trade 0 is open".to_owned())
    })
}

/// Returns the line with these words that a receipt logs.
pub fn logged(words: &'static str) -> impl Fn(&ExecutionOutcomeWithId) -> Option<String> {
    move |outcome| {
        let mut logs = outcome.outcome.logs.iter();
        logs.find(|log| log.contains(words)).cloned()
    }
}

/// Checks that an open trade has an asset that `resume` sends, or one about which it asks.
pub fn can_be_resumed(view: &View) -> Verdict {
    let legs = open_legs(view)?;
    let stuck = legs.iter().filter(|leg| leg["asset"].get("gold").is_some());
    let stuck = stuck.filter(|leg| leg["status"] == "sent").count();
    ensure(stuck == 0, || {
        format!("gold is under way, and nothing else is: {legs:?}")
    })
}
