//! The runs of the pool that exchanges two tokens.
//!
//! `market` has the chain with its tokens, `orders` the scenarios, and this module the figures.

mod market;
pub mod orders;

use chain::explore::{Delivery, Explore, Report};
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use serde_json::json;

use self::market::{Holdings, Market, YOCTO, add_room, count, swap, transfer_call};
use self::orders::{Way, last_shares, liquidity, swaps, three_swaps, vulnerable};
use crate::claim::claim;
use crate::explored;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{BalanceChange, ExpectationBuilder, contract_wasm, gains, loses, returns};
use crate::text::table;

/// The accounts whose tokens the figures show.
const TRADERS: [&str; 3] = ["alice.near", "bob.near", "app.near"];

/// Returns the moves of the yoctoNEAR that a user attaches for gold and, if it arrives, the pool for silver.
fn yoctos(user: &str, payout_arrives: bool) -> Vec<BalanceChange> {
    let mut moves = vec![loses(user, YOCTO), gains("gold.near", YOCTO)];
    if payout_arrives {
        moves.extend([loses("app.near", YOCTO), gains("silver.near", YOCTO)]);
    }
    moves
}

/// Returns the expectation that the token says how much of the first token was used.
fn used(amount: u128) -> ExpectationBuilder {
    returns(json!(amount.to_string()))
}

/// Begins the expectation that alice has no room for silver.
fn no_room(used: ExpectationBuilder, name: &str) -> ExpectationBuilder {
    used.fails_at(
        "silver.near",
        "ft_transfer",
        &format!("{name} is not registered"),
    )
}

/// Shows a pool that answers before the payout has arrived.
pub fn early() -> Figure {
    let mut market = Market::vulnerable();
    let holdings = Holdings::of(&market, &TRADERS);
    let tx = market.chain.send(
        "alice.near",
        "gold.near",
        transfer_call("app.near", 1_000, "early"),
    );
    let expected = no_room(used(1_000), "alice.near").moves(yoctos("alice.near", false));
    let sentence = "alice has paid 1,000 gold and has no silver";
    let claim = holdings.moved(&market, sentence, [[-1_000, 0], [0, 0], [1_000, 0]]);
    let figure = market.chain.figure(tx, expected);
    figure.with(&holdings.table(&market), claim).with_warning((
        "Alice has lost 1,000 gold to the pool, and no receipt can give it back.".to_owned(),
        holdings.moved(&market, sentence, [[-1_000, 0], [0, 0], [1_000, 0]]),
    ))
}

/// Shows a swap that goes through. The cards have the bounds of the reserves.
pub fn success() -> Figure {
    let mut market = Market::new();
    add_room(&mut market.chain, "silver.near", "alice.near");
    let holdings = Holdings::of(&market, &TRADERS);
    let (tx, notes) = market.run_with_notes("alice.near", swap("app.near", 1_000, 900));
    let expected = used(1_000)
        .receipts(5)
        .runs_in(3, "silver.near", "ft_transfer")
        .runs_in(4, "app.near", "swap_callback")
        .moves(yoctos("alice.near", true));
    let claim = holdings.moved(
        &market,
        "alice has 906 silver for 1,000 gold",
        [[-1_000, 906], [0, 0], [1_000, -906]],
    );
    let figure = market.chain.figure(tx, expected);
    figure
        .with(&holdings.table(&market), claim)
        .with_notes(notes)
        .with_inputs(SWAP.inputs)
}

/// Shows a swap of bob that lands first, so alice gets less than she accepts, and all of hers comes back.
pub fn min_out() -> Figure {
    let mut market = Market::new();
    add_room(&mut market.chain, "silver.near", "alice.near");
    let holdings = Holdings::of(&market, &TRADERS);
    let bobs = ("bob.near", swap("app.near", 1_000, 1));
    let alices = ("alice.near", swap("app.near", 1_000, 900));
    let hashes = one_block_apart(&mut market, [bobs, alices]);
    let refused = "The swap gives 755, and not 900";
    let expected = used(1_000)
        .then_returns(json!("0"))
        .fails_at("app.near", "ft_on_transfer", refused)
        .moves(
            yoctos("bob.near", true)
                .into_iter()
                .chain(yoctos("alice.near", false)),
        );
    let claim = holdings.moved(
        &market,
        "bob has 906 silver, and alice all her gold",
        [[0, 0], [-1_000, 906], [1_000, -906]],
    );
    let figure = market.chain.figure_of_blocks(&hashes, expected);
    figure
        .with(&holdings.table(&market), claim)
        .with_notes(market.notes_of_swaps(&hashes))
        .with_inputs(MIN_OUT.inputs)
}

/// Submits two swaps of gold, one block apart, and runs the chain until it is idle.
fn one_block_apart(market: &mut Market, swaps: [(&str, Vec<Action>); 2]) -> [CryptoHash; 2] {
    let hashes = swaps.map(|(trader, actions)| {
        let hash = market.chain.submit(trader, "gold.near", actions);
        market.chain.produce_block();
        hash
    });
    market.chain.run_until_idle();
    hashes
}

/// Shows a payout that fails: the bounds meet at the old reserves, and the gold returns.
pub fn payout_fails() -> Figure {
    let mut market = Market::new();
    let holdings = Holdings::of(&market, &TRADERS);
    let (tx, notes) = market.run_with_notes("alice.near", swap("app.near", 1_000, 900));
    let expected = no_room(used(0), "alice.near")
        .receipts(5)
        .moves(yoctos("alice.near", false));
    let claim = holdings.moved(&market, "nobody has lost a token", [[0, 0]; 3]);
    let figure = market.chain.figure(tx, expected);
    figure
        .with(&holdings.table(&market), claim)
        .with_notes(notes)
}

/// Shows a receiver that is no pool: it sends the gold on, and then answers that it has used none.
pub fn forwarded() -> Figure {
    let mut market = Market::new();
    market.chain.deploy("rogue.near", contract_wasm("rogue"));
    let behaviour = json!({ "forward_tokens": "bob.near" });
    market.chain.behave("rogue.near", behaviour);
    add_room(&mut market.chain, "gold.near", "rogue.near");
    market.chain.reset_balances();
    let holdings = Holdings::of(&market, &["alice.near", "bob.near", "rogue.near"]);
    let tx = market
        .chain
        .send("alice.near", "gold.near", swap("rogue.near", 1_000, 900));
    let expected = used(1_000).moves([
        loses("alice.near", YOCTO),
        loses("rogue.near", YOCTO),
        gains("gold.near", YOCTO.saturating_add(YOCTO)),
    ]);
    let claim = holdings.moved(
        &market,
        "bob has alice's gold",
        [[-1_000, 0], [1_000, 0], [0, 0]],
    );
    let figure = market.chain.figure(tx, expected);
    figure.with(&holdings.table(&market), claim)
}

/// The accounts of the attack: mallory has no room for silver, and bob trades with her in between.
const ATTACKERS: [&str; 3] = ["mallory.near", "bob.near", "app.near"];

/// Submits mallory's swap of 10,000 gold, which cannot be paid, and bob's swap of 5,000 silver one block later.
fn attack(market: &mut Market, way: Option<&str>) -> [CryptoHash; 2] {
    let swap = |amount| match way {
        Some(way) => transfer_call("app.near", amount, way),
        None => swap("app.near", amount, 1),
    };
    let first = market
        .chain
        .submit("mallory.near", "gold.near", swap(10_000));
    market.chain.produce_block();
    let second = market.chain.submit("bob.near", "silver.near", swap(5_000));
    market.chain.run_until_idle();
    [first, second]
}

/// Shows the callback that writes a copy of the old reserves back, although bob has traded in between.
pub fn copy() -> Figure {
    let mut market = Market::vulnerable();
    let holdings = Holdings::of(&market, &ATTACKERS);
    let hashes = attack(&mut market, Some("copy"));
    let expected = no_room(used(0), "mallory.near")
        .then_returns(json!("5000"))
        .moves([
            loses("mallory.near", YOCTO),
            loses("bob.near", YOCTO),
            loses("app.near", YOCTO),
            gains("gold.near", YOCTO.saturating_add(YOCTO)),
            gains("silver.near", YOCTO),
        ]);
    let moves = [[0, 0], [10_000, -5_000], [-10_000, 5_000]];
    let sentence = "bob has 10,000 gold for 5,000 silver";
    let drained = claim(
        "the pool has no gold and believes in 10,000",
        market.holdings("app.near")[0] == 0 && market.reserves() == [[10_000; 2]; 2],
    );
    let figure = market.chain.figure_of_blocks(&hashes, expected);
    figure
        .with(
            &holdings.table(&market),
            holdings.moved(&market, sentence, moves),
        )
        .with_warning((
            "The pool has no gold left, and its reserves say 10,000.".to_owned(),
            drained,
        ))
}

/// Shows the same attack on the three ways to end a swap.
pub fn undone() -> Figure {
    let header = ["the callback", "gold", "silver", "reserves say", "k"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut row = |title: &str, market: &Market| {
        let [gold, silver] = market.holdings("app.near");
        let [first, second] = market.reserves().map(|[_, at_most]| at_most);
        rows.push(vec![
            title.to_owned(),
            count(gold),
            count(silver),
            format!("{} and {}", count(first), count(second)),
            count(gold * silver),
        ]);
        [gold, silver]
    };
    let before = row("before the attack", &Market::new());
    let [copy, difference] = ["copy", "difference"].map(|way| {
        let mut market = Market::vulnerable();
        attack(&mut market, Some(way));
        row(&format!("VULNERABLE: {way}"), &market)
    });
    let mut market = Market::new();
    attack(&mut market, None);
    let bounds = row("bounds", &market);
    let k = |[gold, silver]: [u128; 2]| gold * silver;
    Figure::table(
        table(&rows),
        [
            claim("a copy drains the gold", copy[0] == 0),
            claim("a difference drains the gold", difference[0] == 0),
            claim("with bounds k does not fall", k(bounds) >= k(before)),
            claim(
                "with bounds the pool holds what its reserves say",
                market.reserves() == bounds.map(|amount| [amount; 2]),
            ),
        ],
    )
}

/// Shows the report about the callback that takes a swap back by its amounts.
pub fn difference_report() -> Figure {
    let report = report_of(&vulnerable(Way::Difference));
    let is_found = report.counterexample.is_some();
    Figure::table(
        report.to_string(),
        [claim("the machine finds that k falls", is_found)],
    )
}

/// Shows the numbers of the pool with bounds.
pub fn orders() -> Figure {
    let [fifo, overtaking] = Delivery::ALL;
    let both = "alice swaps gold, bob silver";
    let all = "and mallory swaps gold";
    let leaves = "alice swaps, carol removes";
    let empties = "the last shares leave";
    let scenarios = [
        (both, swaps as fn() -> Explore, fifo),
        (both, swaps, overtaking),
        (all, three_swaps, fifo),
        (leaves, liquidity, fifo),
        (leaves, liquidity, overtaking),
        (empties, last_shares, fifo),
        (empties, last_shares, overtaking),
    ];
    let reports = scenarios
        .map(|(title, scenario, delivery)| (title, report_of(&scenario().delivery(delivery))));
    explored::table("", reports)
}

fn report_of(scenario: &Explore) -> Report {
    scenario.run().expect("the scenario can be explored")
}

// ---- With other inputs ----

/// The bound of a swap of alice.
const MIN_OUT_OF_ALICE: Input =
    Input::number("min-out", "alice wants at least", [1, 1_000], 900, "silver");

/// A swap of alice, who may have no room for silver.
pub const SWAP: Play = Play {
    figure: "swap",
    inputs: &[
        Input::one_of(
            "alice",
            "alice is",
            &[
                ("registered", "registered with silver"),
                ("new", "not registered with silver"),
            ],
        ),
        Input::number("gold", "She sends", [1, 20_000], 1_000, "gold"),
        MIN_OUT_OF_ALICE,
    ],
    run: |values| {
        let mut market = Market::new();
        if values.choice("alice") == "registered" {
            add_room(&mut market.chain, "silver.near", "alice.near");
        }
        let holdings = Holdings::of(&market, &TRADERS);
        let swap = swap(
            "app.near",
            values.number("gold").into(),
            values.number("min-out").into(),
        );
        let (tx, notes) = market.run_with_notes("alice.near", swap);
        let figure = market.chain.rerun(tx);
        figure.append(&holdings.table(&market)).with_notes(notes)
    },
};

/// Two swaps of gold, one block apart. Bob accepts any amount of silver, alice only some.
pub const MIN_OUT: Play = Play {
    figure: "swap-min-out",
    inputs: &[
        Input::one_of(
            "first",
            "First comes",
            &[("bob.near", "bob.near"), ("alice.near", "alice.near")],
        ),
        Input::number("gold", "bob sends", [1, 10_000], 1_000, "gold"),
        MIN_OUT_OF_ALICE,
    ],
    run: |values| {
        let mut market = Market::new();
        add_room(&mut market.chain, "silver.near", "alice.near");
        let bobs = swap("app.near", values.number("gold").into(), 1);
        let alices = swap("app.near", 1_000, values.number("min-out").into());
        let mut swaps = [("bob.near", bobs), ("alice.near", alices)];
        if values.choice("first") == "alice.near" {
            swaps.reverse();
        }
        let holdings = Holdings::of(&market, &TRADERS);
        let hashes = one_block_apart(&mut market, swaps);
        let figure = market.chain.rerun_of_blocks(&hashes);
        figure
            .append(&holdings.table(&market))
            .with_notes(market.notes_of_swaps(&hashes))
    },
};
