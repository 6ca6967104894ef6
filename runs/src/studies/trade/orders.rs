//! Every order of a trade, with the failures of others, and after callbacks of its own were lost.

use std::sync::LazyLock;

use chain::explore::{
    Delivery, Explore, Report, Verdict, View, Violation, ensure, has_a_single_holder,
    tokens_are_conserved,
};
use near_primitives::transaction::ExecutionOutcomeWithId;
use serde_json::{Value, json};

use super::{GAS_FOR_ALL, fill, game, lost, offer, register, resume, storage_deposit};
use crate::test_chain::{Forgery, TestChain, TxHash};

const HOLDERS: [&str; 3] = ["alice.near", "bob.near", "app.near"];

/// The gold that bob begins with.
const WEALTH: u128 = 10;

/// The price of the sword.
const PRICE: u128 = 5;

/// The words with which `app.near` logs that the items give the sword back.
const GOES_BACK: &str = "goes back";

/// A scenario: its content in one line, and the function that builds it.
pub type Content = (&'static str, fn() -> Explore);

/// The scenarios that the page counts.
pub const ALL: &[Content] = &[
    ("carol resumes at any time", resumed),
    ("alice gets room for gold late", room_comes_late),
    ("the items may fail", items_may_fail),
    (
        "after a lost callback, the sword comes again",
        callback_lost,
    ),
    (
        "after a lost exchange, the sword comes again",
        exchange_lost,
    ),
];

/// Returns the reports of all scenarios in both modes, each with its content. They are explored once.
pub fn reports() -> &'static [(&'static str, Report)] {
    static REPORTS: LazyLock<Vec<(&str, Report)>> = LazyLock::new(|| {
        let each = ALL
            .iter()
            .flat_map(|content| Delivery::ALL.map(|mode| (content, mode)));
        let explored = each.map(|((title, scenario), delivery)| {
            let report = scenario().delivery(delivery).run();
            (*title, report.expect("the scenario can be explored"))
        });
        explored.collect()
    });
    &REPORTS
}

// ANCHOR: scenario
/// Returns the scenario in which alice offers the sword and bob pays for it, in time or too late.
fn alice_and_bob(chain: &TestChain, name: &str) -> Explore {
    with_property(offer_and_fill(chain, name))
}

fn offer_and_fill(chain: &TestChain, name: &str) -> Explore {
    chain
        .explore(name)
        .transaction("alice.near", "items.near", vec![offer(GAS_FOR_ALL)])
        .transaction("bob.near", "gold.near", vec![fill()])
}

/// Adds the property: each asset has one holder, or one open entry that says whose it is.
fn with_property(scenario: Explore) -> Explore {
    let gold = tokens_are_conserved("gold.near", &HOLDERS);
    let sword = has_a_single_holder("items.near", "sword", &HOLDERS);
    scenario
        .always("no gold is lost", gold)
        .always("the sword has one holder", sword)
        .at_rest("the journal says what is here", journal_says_what_is_here)
        .at_rest("nobody has both or neither", everybody_has_one)
        .at_rest("an open trade can be resumed", can_be_resumed)
}
// ANCHOR_END: scenario

/// Returns the scenario in which carol resumes, whenever she likes.
pub fn resumed() -> Explore {
    let mut chain = game();
    register(&mut chain, "alice.near");
    alice_and_bob(&chain, "trade")
        .transaction("carol.near", "app.near", vec![resume()])
        .at_end("no trade is open", |view| {
            ensure(entry(view, 0)?.is_null(), || "trade 0 is open".to_owned())
        })
}

/// Returns the scenario in which alice has no room for gold until carol pays for it. Bob resumes.
pub fn room_comes_late() -> Explore {
    let room = storage_deposit("alice.near");
    alice_and_bob(&game(), "trade-room")
        .transaction("carol.near", "gold.near", vec![room])
        .transaction("bob.near", "app.near", vec![resume()])
}

/// Returns the scenario in which each receipt at the items may fail, and carol resumes.
pub fn items_may_fail() -> Explore {
    let mut chain = game();
    register(&mut chain, "alice.near");
    alice_and_bob(&chain, "trade-items")
        .transaction("carol.near", "app.near", vec![resume()])
        .may_fail("items.near")
        .remember(logged(GOES_BACK))
}

/// Returns the scenario that begins when the callback of the sword is lost. Bob has the sword, and offers
/// it again. Carol resumes twice.
pub fn callback_lost() -> Explore {
    let (chain, _) = lost::callback();
    after_loss(&chain, "trade-callback-lost", "bob.near")
}

/// Returns the scenario that begins when the callback of the yield is lost. Alice has the sword, and offers it again. Carol
/// resumes twice.
pub fn exchange_lost() -> Explore {
    let (chain, _) = lost::exchange();
    after_loss(&chain, "trade-exchange-lost", "alice.near")
}

/// Returns the scenario in which carol calls a callback of the trade, after a promise of her own.
pub fn forged() -> Explore {
    let mut chain = game();
    register(&mut chain, "alice.near");
    let leg = json!({ "id": 0, "leg": 0 });
    let callbacks = [
        ("exchange_callback", json!({ "id": 0 })),
        ("leg_callback", leg.clone()),
        ("ask_callback", leg),
    ];
    let callbacks = callbacks.map(|(method, args)| Forgery {
        method,
        args,
        success: "null",
    });
    let scenario = chain
        .explore_forgeries("trade-forged", "carol.near", &callbacks)
        .transaction("alice.near", "items.near", vec![offer(GAS_FOR_ALL)])
        .transaction("bob.near", "gold.near", vec![fill()]);
    with_property(scenario)
}

fn after_loss(chain: &TestChain, name: &str, owner: &str) -> Explore {
    let scenario = chain
        .explore(name)
        .transaction(owner, "items.near", vec![offer(GAS_FOR_ALL)])
        .transaction("carol.near", "app.near", vec![resume()])
        .transaction("carol.near", "app.near", vec![resume()]);
    with_property(scenario)
}

/// Returns the chain after a trade whose sword did not leave at first, and the two transactions of the trade.
pub fn sword_that_does_not_leave() -> (TestChain, [TxHash; 2]) {
    let mut chain = game();
    register(&mut chain, "alice.near");
    let scenario = offer_and_fill(&chain, "trade-back")
        .may_fail("items.near")
        .remember(logged("turns back"))
        .at_end("no trade turns back", |view| {
            ensure(view.facts().is_empty(), || "it turns back".to_owned())
        });
    let report = scenario.run().expect("the scenario can be explored");
    let found = report.counterexample.expect("the items may fail");
    let replay = scenario.replay(&found.schedule).expect("it fits");
    let [offered, filled] = replay.transactions[..] else {
        panic!("not two transactions: {}", found.schedule);
    };
    (TestChain::of_replay(replay), [offered, filled])
}

/// Returns the line with these words that a receipt logs.
fn logged(words: &'static str) -> impl Fn(&ExecutionOutcomeWithId) -> Option<String> {
    move |outcome| {
        let mut logs = outcome.outcome.logs.iter();
        logs.find(|log| log.contains(words)).cloned()
    }
}

// ---- The property ----

/// Returns a trade of the journal, or `null`.
fn entry(view: &View, id: u64) -> Result<Value, Violation> {
    view.call("app.near", "get_trade", json!({ "id": id }))
}

/// Returns the legs of the open trades.
fn open_legs(view: &View) -> Result<Vec<Value>, Violation> {
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

fn owner(view: &View) -> Result<String, Violation> {
    let sword = view.call("items.near", "nft_token", json!({ "token_id": "sword" }))?;
    Ok(sword["owner_id"].as_str().unwrap_or_default().to_owned())
}

fn gold_of(view: &View, name: &str) -> Result<u128, Violation> {
    view.amount("gold.near", "ft_balance_of", json!({ "account_id": name }))
}

/// Checks that the gold of `app.near` is that of its journal, and that the journal has its sword once.
///
/// A sword that was sent may be gone, when the callback was lost. One that the items do not give back stays here, because
/// they have failed.
fn journal_says_what_is_here(view: &View) -> Verdict {
    let legs = open_legs(view)?;
    let here = |asset: &str| {
        let of_asset = legs.iter().filter(|leg| leg["asset"].get(asset).is_some());
        of_asset.filter(|leg| leg["status"] != "gone").count() as u128
    };
    let gold = gold_of(view, "app.near")?;
    ensure(gold == PRICE * here("gold"), || {
        format!("app.near has {gold} gold: {legs:?}")
    })?;

    let sword = owner(view)? == "app.near";
    let held = legs.iter().filter(|leg| leg["asset"].get("item").is_some());
    let held = held
        .filter(|leg| leg["status"] == "held" && leg["way"] != "waiting")
        .count();
    let failed = view.facts().iter().any(|fact| fact.contains(GOES_BACK));
    ensure(
        held <= usize::from(sword) && (!sword || here("item") > 0 || failed),
        || {
            let owner = owner(view).unwrap_or_default();
            format!("{owner} has the sword: {legs:?}")
        },
    )
}

/// Checks that whoever has not the sword has the gold for it, or an entry that sends it to them.
fn everybody_has_one(view: &View) -> Verdict {
    let legs = open_legs(view)?;
    let owed = |name: &str| {
        let gold = legs.iter().filter(|leg| {
            let receiver = match leg["way"].as_str() {
                Some("forward") => "taker",
                _ => "giver",
            };
            leg["asset"].get("gold").is_some() && leg["status"] != "gone" && leg[receiver] == name
        });
        gold.count() as u128 * PRICE
    };
    let alices = gold_of(view, "alice.near")? + owed("alice.near");
    let bobs = gold_of(view, "bob.near")? + owed("bob.near");
    let right = match owner(view)?.as_str() {
        "bob.near" => [PRICE, WEALTH - PRICE],
        _ => [0, WEALTH],
    };
    ensure([alices, bobs] == right, || {
        let owner = owner(view).unwrap_or_default();
        format!(
            "{owner} has the sword, alice {alices} gold with her claim, and bob {bobs}: {legs:?}"
        )
    })
}

/// Checks that an open trade has an asset that `resume` sends, or one about which it asks.
fn can_be_resumed(view: &View) -> Verdict {
    let legs = open_legs(view)?;
    let stuck = legs.iter().filter(|leg| leg["asset"].get("gold").is_some());
    let stuck = stuck.filter(|leg| leg["status"] == "sent").count();
    ensure(stuck == 0, || {
        format!("gold is under way, and nothing else is: {legs:?}")
    })
}
