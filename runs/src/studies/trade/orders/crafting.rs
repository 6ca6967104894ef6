//! Every order of the smith: iron and gold become a new item, and the items may fail.

use chain::explore::{Explore, Verdict, View, ensure, has_a_single_holder, tokens_are_conserved};
use serde_json::json;

use super::super::crafting::{NEW, bring, smithy_of_two};
use super::super::ledger::{
    GOES_BACK, PRICE, WEALTH, can_be_resumed, entry, every_trade_ends, gold_of, logged, open_legs,
    owner_of,
};
use super::super::{GAS_FOR_ALL, fill, lost, resume};
use crate::test_chain::{Forgery, TestChain};

const HOLDERS: [&str; 4] = ["alice.near", "bob.near", "smith.near", "app.near"];

/// Returns the scenario in which alice crafts, and bob pays for the same number.
pub fn bob_pays_too() -> Explore {
    let scenario = alice_crafts(&smithy_of_two(), "trade-crafting-two");
    every_trade_ends(scenario.transaction("bob.near", "gold.near", vec![fill()]))
}

/// Returns the scenario in which alice crafts, and carol resumes whenever she likes.
pub fn resumed() -> Explore {
    let scenario = alice_crafts(&smithy_of_two(), "trade-crafting");
    every_trade_ends(scenario.transaction("carol.near", "app.near", vec![resume()]))
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

/// Returns the scenario in which carol answers for the items, that there is no new item, while alice crafts.
pub fn forged() -> Explore {
    let answer = Forgery {
        method: "ask_callback",
        args: json!({ "id": 0, "leg": 0, "mint_had_ended": true }),
        success: "null",
    };
    let chain = smithy_of_two();
    crafts(chain.explore_forgeries("trade-crafting-forged", "carol.near", &[answer]))
}

fn alice_crafts(chain: &TestChain, name: &str) -> Explore {
    crafts(chain.explore(name))
}

fn crafts(scenario: Explore) -> Explore {
    let scenario = scenario
        .transaction("alice.near", "items.near", vec![bring("iron", GAS_FOR_ALL)])
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
        .transaction("alice.near", "items.near", vec![bring(NEW, GAS_FOR_ALL)])
        .transaction("carol.near", "app.near", vec![resume()]);
    with_property(scenario)
}

// ---- The property ----

/// Adds the property: alice has the new item, or what she has brought, or an open entry that says which.
fn with_property(scenario: Explore) -> Explore {
    let gold = tokens_are_conserved("gold.near", &HOLDERS);
    scenario
        .always("no gold is lost", gold)
        .always(
            "the iron has one holder",
            has_a_single_holder("items.near", "iron", &HOLDERS),
        )
        .always("a new item belongs to alice", new_item_is_alices)
        .at_rest("the journal says what gold is here", gold_is_in_the_journal)
        .at_rest("alice has the new item or all back", has_one_or_the_other)
        .at_rest("an open trade can be resumed", can_be_resumed)
}

/// Checks that there is no new item, or that it is alice's, or here because she has brought it to the smith.
fn new_item_is_alices(view: &View) -> Verdict {
    let owner = owner_of(view, NEW)?;
    let is_hers = ["", "alice.near", "app.near"].contains(&&owner[..]);
    ensure(is_hers, || format!("{NEW} belongs to {owner}"))
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

/// Checks that the iron and the gold of alice have gone to the smith for a new item, or have come back, or wait for that in
/// the entry. Bob has all his gold.
fn has_one_or_the_other(view: &View) -> Verdict {
    let entry = entry(view, 0)?;
    let waits = |asset: &str| {
        let legs = entry["legs"].as_array().into_iter().flatten();
        let mut legs = legs.filter(|leg| leg["asset"].get(asset).is_some());
        legs.any(|leg| leg["status"] != "gone")
    };
    let goes_back = entry["way"] == "back";
    let is_minted = !owner_of(view, NEW)?.is_empty();
    // It waits for the gold, for the mint, or for the answer of the items.
    let is_open = waits("new") && !goes_back;
    let owed = if waits("gold") && goes_back { PRICE } else { 0 };
    let alices = gold_of(view, "alice.near")? + owed;
    let failed = view.facts().iter().any(|fact| fact.contains(GOES_BACK));
    let receiver = if is_minted {
        "smith.near"
    } else {
        "alice.near"
    };
    let owner = owner_of(view, "iron")?;
    let is_here = owner == "app.near" && (waits("item") || (failed && !is_minted));
    let is_settled = (is_here || owner == receiver)
        && (entry.is_null() || goes_back != is_minted)
        && alices == if is_minted { WEALTH - PRICE } else { WEALTH };
    ensure(
        (is_open || is_settled) && gold_of(view, "bob.near")? == WEALTH,
        || format!("{owner} has the iron, alice {alices} gold, minted: {is_minted}, {entry}"),
    )
}
