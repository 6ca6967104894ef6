//! Every order of the smith: iron and copper become new items, and the items may fail.

use chain::explore::{Explore, Verdict, View, Violation, ensure, has_a_single_holder};
use serde_json::Value;

use super::super::crafting::{NEW, bring, smithy_of_two};
use super::super::{fill, lost, resume};
use super::{GOES_BACK, PRICE, WEALTH, entry, gold_of, logged, open_legs, owner_of};
use crate::test_chain::TestChain;

/// The players, and the item that each brings.
const PLAYERS: [(&str, &str); 2] = [("alice.near", "iron"), ("bob.near", "copper")];

const HOLDERS: [&str; 4] = ["alice.near", "bob.near", "smith.near", "app.near"];

/// Returns the scenario in which alice crafts, and bob pays for the same number.
pub fn bob_pays_too() -> Explore {
    alice_crafts(&smithy_of_two(), "trade-crafting-two").transaction(
        "bob.near",
        "gold.near",
        vec![fill()],
    )
}

/// Returns the scenario in which alice crafts, and carol resumes whenever she likes.
pub fn resumed() -> Explore {
    alice_crafts(&smithy_of_two(), "trade-crafting").transaction(
        "carol.near",
        "app.near",
        vec![resume()],
    )
}

/// Returns the scenario in which each receipt at the items may fail, the mint among them.
pub fn items_may_fail() -> Explore {
    alice_crafts(&smithy_of_two(), "trade-crafting-items")
        .may_fail("items.near")
        .remember(logged(GOES_BACK))
}

/// Returns the same, and carol resumes.
pub fn items_may_fail_and_carol_resumes() -> Explore {
    items_may_fail()
        .named("trade-crafting-items-resumed")
        .transaction("carol.near", "app.near", vec![resume()])
}

fn alice_crafts(chain: &TestChain, name: &str) -> Explore {
    let scenario = chain
        .explore(name)
        .transaction("alice.near", "items.near", vec![bring("iron")])
        .transaction("alice.near", "gold.near", vec![fill()]);
    with_property(scenario)
}

/// Returns the scenario that begins when the callback of the mint is lost. Alice brings the new item to the smith, and carol
/// resumes.
pub fn mint_callback_lost() -> Explore {
    after_loss(&lost::mint().0, "trade-mint-lost")
}

/// Returns the same after the callback with the answer of the items is lost.
pub fn answer_lost() -> Explore {
    after_loss(&lost::answer().0, "trade-answer-lost")
}

fn after_loss(chain: &TestChain, name: &str) -> Explore {
    let scenario = chain
        .explore(name)
        .transaction("alice.near", "items.near", vec![bring(NEW)])
        .transaction("carol.near", "app.near", vec![resume()]);
    with_property(scenario)
}

// ---- The property ----

/// Adds the property: each item has one holder, and each player has the new item, or what it has brought, or an open entry
/// that says which.
fn with_property(scenario: Explore) -> Explore {
    let gold = super::tokens_are_conserved("gold.near", &HOLDERS);
    let items = PLAYERS.map(|(_, item)| has_a_single_holder("items.near", item, &HOLDERS));
    let [iron, copper] = items;
    scenario
        .always("no gold is lost", gold)
        .always("the iron has one holder", iron)
        .always("the copper has one holder", copper)
        .at_rest("the journal says what gold is here", gold_is_in_the_journal)
        .at_rest(
            "a player has the new item or all back",
            has_one_or_the_other,
        )
        .at_rest("an open trade can be resumed", super::can_be_resumed)
}

fn gold_is_in_the_journal(view: &View) -> Verdict {
    let legs = open_legs(view)?;
    let gold = legs.iter().filter(|leg| leg["asset"].get("gold").is_some());
    let here = gold.filter(|leg| leg["status"] != "gone").count() as u128;
    let has = gold_of(view, "app.near")?;
    ensure(has == PRICE * here, || {
        format!("app.near has {has} gold: {legs:?}")
    })
}

fn has_one_or_the_other(view: &View) -> Verdict {
    for (player, item) in PLAYERS {
        let mut entries = Vec::new();
        let mut new = 0;
        for id in 0..=1 {
            let entry = entry(view, id)?;
            if entry["owner"] == player && has_leg_of(&entry, item) {
                entries.push(entry);
            }
            new += u128::from(was_minted_for(view, id, player)?);
        }
        let failed = view.facts().iter().any(|fact| fact.contains(GOES_BACK));
        let is_right = match &entries[..] {
            [] => settled(view, player, item, new, &Value::Null, failed)?,
            [entry] if is_undecided(entry) => new <= 1,
            [entry] => settled(view, player, item, new, entry, failed)?,
            _ => false,
        };
        ensure(is_right, || {
            format!("{player} has {new} new items: {entries:?}")
        })?;
    }
    Ok(())
}

fn has_leg_of(entry: &Value, item: &str) -> bool {
    let mut legs = entry["legs"].as_array().into_iter().flatten();
    legs.any(|leg| leg["asset"]["item"] == item)
}

/// Returns true if the new item of a trade belongs to this player, or is here because the player has offered it.
fn was_minted_for(view: &View, id: u64, player: &str) -> Result<bool, Violation> {
    let owner = owner_of(view, &format!("crafted-{id}"))?;
    Ok(owner == player || (owner == "app.near" && player == "alice.near"))
}

/// Returns true if an entry waits for gold, for the mint, or for the answer of the items.
fn is_undecided(entry: &Value) -> bool {
    entry["way"] != "back" && entry["legs"][0]["status"] != "gone"
}

/// Returns true if the item and the gold of a player have gone to the smith for a new item, or have come back, or wait for
/// that in the entry.
fn settled(
    view: &View,
    player: &str,
    item: &str,
    new: u128,
    entry: &Value,
    failed: bool,
) -> Result<bool, Violation> {
    let waits = |asset: &str| {
        let legs = entry["legs"].as_array().into_iter().flatten();
        let mut legs = legs.filter(|leg| leg["asset"].get(asset).is_some());
        legs.any(|leg| leg["status"] != "gone")
    };
    let goes_back = entry["way"] == "back";
    let gold = gold_of(view, player)? + if goes_back && waits("gold") { PRICE } else { 0 };
    let owner = owner_of(view, item)?;
    let is_here = owner == "app.near" && (waits("item") || (failed && new == 0));
    let owner_is_right = is_here || owner == if new == 1 { "smith.near" } else { player };
    let direction_is_right = entry.is_null() || goes_back == (new == 0);
    Ok(direction_is_right && owner_is_right && new <= 1 && gold + new * PRICE == WEALTH)
}
