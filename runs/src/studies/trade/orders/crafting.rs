//! Every order of the smith: iron and gold become a new item, and the items may fail.

use chain::explore::{Explore, Verdict, View, ensure, has_a_single_holder, tokens_are_conserved};
use near_primitives::action::Action;
use serde_json::{Value, json};

use super::super::crafting::{NEW, bring, smithy_of_two};
use super::super::ledger::{
    GOES_BACK, PRICE, WEALTH, can_be_resumed, entry, every_trade_ends, gold_of, logged, open_legs,
    owner_of,
};
use super::super::{GAS_FOR_ALL, fill, lost, resume};
use crate::test_chain::{Forgery, TestChain, with_gas};

const HAS_AN_ENTRY: &str = "a new item that is here has an entry";

const HOLDERS: [&str; 4] = ["alice.near", "bob.near", "smith.near", "app.near"];

/// Returns the scenario in which alice crafts, and bob pays for the same number.
pub fn bob_pays_too() -> Explore {
    let scenario = alice_crafts(&smithy_of_two(), "trade-crafting-two");
    every_trade_ends(scenario.transaction("bob.near", "gold.near", vec![fill(NEW)]))
}

/// Returns the scenario in which alice crafts, and carol resumes whenever she likes.
pub fn resumed() -> Explore {
    let scenario = alice_crafts(&smithy_of_two(), "trade-crafting");
    every_trade_ends(scenario.transaction("carol.near", "app.near", vec![resume_with_all_gas()]))
}

/// Returns the scenario in which each receipt at the items may fail, the mint among them.
pub fn items_may_fail() -> Explore {
    failing("trade-crafting-items").at_rest(HAS_AN_ENTRY, new_item_has_an_entry)
}

/// Returns the same, and carol resumes. The mint is repeated then. If the first one fails, the second one may leave an item
/// here that no trade has.
pub fn items_may_fail_and_carol_resumes() -> Explore {
    failing("trade-crafting-items-resumed").transaction(
        "carol.near",
        "app.near",
        vec![resume_with_all_gas()],
    )
}

/// Carol's gas pays for the rest of the crafting, if the items answer her first.
fn resume_with_all_gas() -> Action {
    with_gas(resume(), 300)
}

fn failing(name: &str) -> Explore {
    alice_crafts(&smithy_of_two(), name)
        .may_fail("items.near")
        .remember(logged(GOES_BACK))
}

/// Returns the scenario in which carol answers for the items, that there is no new item, while alice crafts.
pub fn forged() -> Explore {
    let answer = Forgery {
        method: "ask_callback",
        args: json!({ "id": 0, "leg": 0, "status": "asked" }),
        success: "null",
    };
    let end = Forgery {
        method: "mint_callback",
        args: json!({ "id": 0 }),
        success: "null",
    };
    let chain = smithy_of_two();
    crafts(chain.explore_forgeries("trade-crafting-forged", "carol.near", &[answer, end]))
        .at_rest(HAS_AN_ENTRY, new_item_has_an_entry)
}

fn alice_crafts(chain: &TestChain, name: &str) -> Explore {
    crafts(chain.explore(name))
}

fn crafts(scenario: Explore) -> Explore {
    let scenario = scenario
        .transaction("alice.near", "items.near", vec![bring("iron", GAS_FOR_ALL)])
        .transaction("alice.near", "gold.near", vec![fill(NEW)]);
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
        .transaction("carol.near", "app.near", vec![resume_with_all_gas()]);
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
        .always(
            "a new item is here, or alice's, or the smith's",
            new_item_is_not_bobs,
        )
        .at_rest("the journal says what gold is here", gold_is_in_the_journal)
        .at_rest("alice has the new item or all back", has_one_or_the_other)
        .at_rest("an open trade can be resumed", can_be_resumed)
}

/// Checks that there is no new item, or that it is here, or with alice, or with the smith because alice did not get it.
fn new_item_is_not_bobs(view: &View) -> Verdict {
    let owner = owner_of(view, NEW)?;
    let is_so = ["", "app.near", "alice.near", "smith.near"].contains(&&owner[..]);
    ensure(is_so, || format!("{NEW} belongs to {owner}"))
}

/// Checks that a new item that is here is that of an open trade.
fn new_item_has_an_entry(view: &View) -> Verdict {
    let mut legs = open_legs(view)?.into_iter();
    let is_open = legs.any(|leg| is_new_item(&leg) && leg["status"] != "gone");
    ensure(is_open || owner_of(view, NEW)? != "app.near", || {
        format!("{NEW} is here, and no trade has it")
    })
}

fn is_new_item(leg: &Value) -> bool {
    leg["asset"]["item"] == NEW
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

/// Checks that alice has the new item, or what she has brought, or an entry that says where these are.
fn has_one_or_the_other(view: &View) -> Verdict {
    let entry = entry(view, 0)?;
    let legs = entry["legs"].as_array().cloned().unwrap_or_default();
    let waits = |is_it: &dyn Fn(&Value) -> bool| {
        legs.iter().any(|leg| is_it(leg) && leg["status"] != "gone")
    };
    let goes_back = entry["way"] == "back";
    // It waits for the gold, for the mint or its answer, or the new item has not left.
    let is_open = waits(&is_new_item) && !goes_back;
    // She may have brought the new item to the smith.
    let brought = open_legs(view)?
        .into_iter()
        .any(|leg| is_new_item(&leg) && leg["giver"] == "alice.near" && leg["status"] != "gone");
    let is_crafted = owner_of(view, NEW)? == "alice.near" || brought;
    let back = waits(&|leg| leg["asset"].get("gold").is_some()) && goes_back;
    let alices = gold_of(view, "alice.near")? + if back { PRICE } else { 0 };
    let failed = view.facts().iter().any(|fact| fact.contains(GOES_BACK));
    let (receiver, gold) = match is_crafted {
        true => ("smith.near", WEALTH - PRICE),
        false => ("alice.near", WEALTH),
    };
    let owner = owner_of(view, "iron")?;
    let iron_waits = waits(&|leg| leg["asset"]["item"] == "iron") || (failed && !is_crafted);
    let is_settled = (owner == receiver || (owner == "app.near" && iron_waits))
        && (entry.is_null() || goes_back != is_crafted)
        && alices == gold;
    ensure(
        (is_open || is_settled) && gold_of(view, "bob.near")? == WEALTH,
        || format!("{owner} has the iron, alice {alices} gold, crafted: {is_crafted}, {entry}"),
    )
}
