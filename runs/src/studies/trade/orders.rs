//! Every order of a trade, with the failures of others, and after callbacks of its own were lost.

pub mod crafting;

use std::sync::LazyLock;

use chain::explore::{
    Delivery, Explore, Report, Verdict, View, ensure, has_a_single_holder, tokens_are_conserved,
};
use serde_json::json;

use super::ledger::{
    GOES_BACK, PRICE, WEALTH, can_be_resumed, every_trade_ends, gold_of, logged, open_legs,
    owner_of,
};
use super::{GAS_FOR_ALL, back_in, fill, game, lost, offer, register, resume, storage_deposit};
use crate::test_chain::{Forgery, TestChain, TxHash};

const HOLDERS: [&str; 3] = ["alice.near", "bob.near", "app.near"];

/// A scenario: its content in one line, the modes in which it is explored, and the function that
/// builds it.
type Content = (&'static str, &'static [Delivery], fn() -> Explore);

const BOTH: &[Delivery] = &Delivery::ALL;

/// The scenarios that the page counts.
const ALL: &[Content] = &[
    ("carol resumes at any time", BOTH, resumed),
    ("alice gets room for gold late", BOTH, room_comes_late),
    ("the items may fail", BOTH, items_may_fail),
    ("the items call back in", BOTH, items_call_back),
    (
        "a callback was lost, the sword comes again",
        BOTH,
        callback_lost,
    ),
    (
        "the exchange was lost, the sword comes again",
        BOTH,
        exchange_lost,
    ),
    (
        "crafting: carol resumes at any time",
        BOTH,
        crafting::resumed,
    ),
    ("crafting: bob pays, too", BOTH, crafting::bob_pays_too),
    (
        "crafting: the items may fail",
        BOTH,
        crafting::items_may_fail,
    ),
    (
        "crafting: the same, and carol resumes",
        &[Delivery::Fifo],
        crafting::items_may_fail_and_carol_resumes,
    ),
    (
        "crafting: the callback of the mint was lost",
        BOTH,
        crafting::mint_callback_lost,
    ),
    (
        "crafting: the callback of the answer was lost",
        BOTH,
        crafting::answer_lost,
    ),
];

/// Returns the reports of all scenarios in both modes, each with its content. They are explored
/// once.
pub fn reports() -> &'static [(&'static str, Report)] {
    static REPORTS: LazyLock<Vec<(&str, Report)>> = LazyLock::new(|| {
        let each = ALL
            .iter()
            .flat_map(|content| content.1.iter().map(move |mode| (content, *mode)));
        let explored = each.map(|((title, _, scenario), delivery)| {
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
        .transaction("bob.near", "gold.near", vec![fill("sword")])
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
    let scenario = alice_and_bob(&chain, "trade");
    every_trade_ends(scenario.transaction("carol.near", "app.near", vec![resume()]))
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

/// Returns the scenario in which the items call a method of the escrow in each transfer.
pub fn items_call_back() -> Explore {
    let chain = back_in::game();
    let told = |method, args| {
        let mut told = chain.clone();
        back_in::call_back(&mut told, method, args);
        told.storage_records("items.near")
    };
    let id = json!({ "id": 0 });
    let scenario = chain
        .explore("trade-calls-back")
        .behaviours(
            "items.near",
            [
                ("resumes", told("resume", id.clone())),
                ("begins", told("exchange_callback", id)),
                ("marks", told("leg_callback", json!({ "id": 0, "leg": 0 }))),
            ],
        )
        .transaction("alice.near", "items.near", vec![offer(GAS_FOR_ALL)])
        .transaction("bob.near", "gold.near", vec![fill("sword")]);
    with_property(scenario)
}

/// Returns the scenario that begins when the callback of the sword is lost. Bob has the sword, and
/// offers it again. Carol resumes twice.
pub fn callback_lost() -> Explore {
    let (chain, _) = lost::callback();
    after_loss(&chain, "trade-callback-lost", "bob.near")
}

/// Returns the scenario that begins when the callback of the yield is lost. Alice has the sword,
/// and offers it again. Carol resumes twice.
pub fn exchange_lost() -> Explore {
    let (chain, _) = lost::exchange();
    after_loss(&chain, "trade-exchange-lost", "alice.near")
}

/// Returns the scenario in which carol calls a callback of the trade, after a promise of her own.
/// `crafting` has that of the answer of the items.
pub fn forged() -> Explore {
    let mut chain = game();
    register(&mut chain, "alice.near");
    let callbacks = [
        ("exchange_callback", json!({ "id": 0 })),
        ("leg_callback", json!({ "id": 0, "leg": 0 })),
    ];
    let callbacks = callbacks.map(|(method, args)| Forgery {
        method,
        args,
        success: "null",
    });
    let scenario = chain
        .explore_forgeries("trade-forged", "carol.near", &callbacks)
        .transaction("alice.near", "items.near", vec![offer(GAS_FOR_ALL)])
        .transaction("bob.near", "gold.near", vec![fill("sword")]);
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

/// Returns the chain after a trade whose sword did not leave at first, and the two transactions of
/// the trade.
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

// ---- The property ----

/// Checks that the gold of `app.near` is that of its journal, and that the journal has its sword
/// once.
///
/// A sword that was sent may be gone, when the callback was lost. One that the items do not give
/// back stays here, because they have failed.
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

    let sword = owner_of(view, "sword")? == "app.near";
    let held = legs.iter().filter(|leg| leg["asset"].get("item").is_some());
    let held = held
        .filter(|leg| leg["status"] == "held" && leg["way"] != "waiting")
        .count();
    let failed = view.facts().iter().any(|fact| fact.contains(GOES_BACK));
    ensure(
        held <= usize::from(sword) && (!sword || here("item") > 0 || failed),
        || {
            let owner = owner_of(view, "sword").unwrap_or_default();
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
    let right = match owner_of(view, "sword")?.as_str() {
        "bob.near" => [PRICE, WEALTH - PRICE],
        _ => [0, WEALTH],
    };
    ensure([alices, bobs] == right, || {
        let owner = owner_of(view, "sword").unwrap_or_default();
        format!(
            "{owner} has the sword, alice {alices} gold with her claim, and bob {bobs}: {legs:?}"
        )
    })
}
