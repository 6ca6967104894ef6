//! Every order of a sale for fungible tokens: buyers, a seller who changes his mind, a royalty without an account at the
//! token, a token that fails, and a collection that misbehaves.

use chain::explore::{Explore, Verdict, View, Violation, ensure, tokens_are_conserved};
use near_primitives::action::Action;
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use serde_json::{Value, json};

use super::super::tokens::{
    ARTISTS, FEE, LISTING, PRICE, SELLERS, STUDIOS, approval, market_for_gold, purchase, register,
    rogue_asks_gold, withdrawal,
};
use super::{
    HOLDS, Named, ONCE, PAYS, at_most_once, behaviours_of_the_rogue, gained_by_the_market,
    holds_what_it_owes, lamp_of, owner_of_lamp, sales, table_of, with_sales,
};
use crate::figure::Figure;
use crate::studies::market::{ARTIST, add_storage, transfer_to};
use crate::test_chain::Forgery;

/// The accounts that may have gold.
const HOLDERS: [&str; 7] = [
    "alice.near",
    "bob.near",
    "carol.near",
    ARTIST,
    "studio.near",
    "rogue.near",
    "app.near",
];

/// The most yoctoNEAR that the market pays to the contracts that it calls, in all transactions of a scenario.
const YOCTOS: u128 = 20;

const HAS_GOLD: &str = "app.near has the gold that it owes";
const CONSERVED: &str = "no gold is lost";

// ---- The invariants ----

fn gold_of(view: &View, account_id: &str) -> Result<u128, Violation> {
    view.amount(
        "gold.near",
        "ft_balance_of",
        json!({ "account_id": account_id }),
    )
}

fn owed_to(view: &View, account_id: &str) -> Result<u128, Violation> {
    let args = json!({ "currency": "gold.near", "account_id": account_id });
    view.amount("app.near", "get_owed_tokens", args)
}

fn owed_to_all(view: &View) -> Result<u128, Violation> {
    let owed = HOLDERS.iter().map(|holder| owed_to(view, holder));
    owed.sum()
}

/// Checks, at every step, that the market has the gold that it owes, and the prices of the purchases that wait for the
/// collection.
fn has_the_gold_that_it_owes(view: &View) -> Verdict {
    let receipts = view.receipts_under_way();
    let waiting: u128 = receipts
        .iter()
        .map(|receipt| price_that_waits(receipt))
        .sum();
    let (has, owes) = (gold_of(view, "app.near")?, owed_to_all(view)?);
    ensure(has >= owes + waiting, || {
        format!("it has {has} gold, owes {owes}, and {waiting} are in sales")
    })
}

/// Returns the price of a purchase from its callback. Others may call it too, and are refused.
fn price_that_waits(receipt: &Receipt) -> u128 {
    if receipt.predecessor_id().as_str() != "app.near" {
        return 0;
    }
    let VersionedReceiptEnum::Action(receipt) = receipt.versioned_receipt() else {
        return 0;
    };
    let [Action::FunctionCall(call)] = receipt.actions() else {
        return 0;
    };
    let args: Value = serde_json::from_slice(&call.args).unwrap_or_default();
    let price = args["price"].as_str().and_then(|price| price.parse().ok());
    match call.method_name.as_str() {
        "ft_on_transfer_callback" => price.unwrap_or(0),
        _ => 0,
    }
}

/// Checks that the gold of the market is its debts and its fee for each sale, and that it has kept the price of the
/// storage in NEAR.
fn gains_its_fee(view: &View) -> Verdict {
    let sales = sales(view) as u128;
    let (has, owes) = (gold_of(view, "app.near")?, owed_to_all(view)?);
    ensure(has == owes + FEE * sales, || {
        format!("it has {has} gold, and owes {owes} after {sales} sales")
    })?;
    let gained = gained_by_the_market(view)?;
    let kept = (LISTING.as_yoctonear() * sales) as i128;
    ensure((kept - YOCTOS as i128..=kept).contains(&gained), || {
        format!("it has gained {gained} yoctoNEAR in {sales} sales")
    })
}

/// Returns the gold that an account has gained since the start, with what it is owed.
fn gained(view: &View, account_id: &str) -> Result<i128, Violation> {
    let has = |view: &View| -> Result<i128, Violation> {
        Ok((gold_of(view, account_id)? + owed_to(view, account_id)?) as i128)
    };
    Ok(has(view)? - has(&view.at_start())?)
}

/// Returns the check that a buyer has either the lamp, and has paid the price, or neither.
fn has_the_lamp_or_the_gold(
    buyer: &'static str,
    collection: &'static str,
) -> impl Fn(&View) -> Verdict + 'static {
    move |view| {
        let has_lamp = owner_of_lamp(view, collection)? == buyer;
        let has_lost = -gained(view, buyer)?;
        let price = if has_lamp { PRICE as i128 } else { 0 };
        ensure(has_lost == price, || {
            format!("{buyer} has paid {has_lost} gold, and has the lamp: {has_lamp}")
        })
    }
}

/// Checks that the seller and the royalties have their parts of each sale, paid or owed.
fn all_have_their_parts(view: &View) -> Verdict {
    let times = sales(view) as i128;
    for (account_id, part) in [
        ("bob.near", SELLERS),
        (ARTIST, ARTISTS),
        ("studio.near", STUDIOS),
    ] {
        let has = gained(view, account_id)?;
        ensure(has == part as i128 * times, || {
            format!("{account_id} has gained {has} gold in {times} sales")
        })?;
    }
    Ok(())
}

/// Adds the invariants of each scenario.
fn checked(scenario: Explore) -> Explore {
    with_sales(scenario)
        .always(HOLDS, holds_what_it_owes)
        .always(HAS_GOLD, has_the_gold_that_it_owes)
        .always(CONSERVED, tokens_are_conserved("gold.near", &HOLDERS))
        .always(ONCE, at_most_once("sold"))
        .at_rest(
            "the price is the payments, the debts and the fee",
            gains_its_fee,
        )
}

/// Adds that alice, and whoever is paid, has what is right.
fn fair(scenario: Explore) -> Explore {
    checked(scenario)
        .at_rest(PAYS, has_the_lamp_or_the_gold("alice.near", "nft.near"))
        .at_rest("each has its part", all_have_their_parts)
}

// ---- The scenarios ----

/// Returns the scenario in which alice and carol buy the lamp for gold. The artist has no account at the gold.
pub fn two_buyers() -> Explore {
    let scenario = market_for_gold()
        .explore("market-tokens")
        .transaction("alice.near", "gold.near", vec![purchase("nft.near")])
        .transaction("carol.near", "gold.near", vec![purchase("nft.near")]);
    fair(scenario).at_rest(PAYS, has_the_lamp_or_the_gold("carol.near", "nft.near"))
}

/// Returns the scenario in which alice buys, and each transfer of gold to or from the market may fail.
pub fn gold_fails() -> Explore {
    let mut chain = market_for_gold();
    register(&mut chain, "gold.near", ARTIST);
    chain.reset_balances();
    let scenario = chain
        .explore("market-tokens-gold-fails")
        .transaction("alice.near", "gold.near", vec![purchase("nft.near")])
        .may_fail("gold.near");
    fair(scenario)
}

/// Returns the scenario in which the market owes the artist gold of an earlier sale. alice buys a lamp of the rogue, the
/// artist claims twice, and each transfer of gold may fail.
pub fn artist_claims() -> Explore {
    let mut chain = market_for_gold();
    let tx = chain.send("carol.near", "gold.near", vec![purchase("nft.near")]);
    chain.assert_succeeded(tx);
    register(&mut chain, "gold.near", ARTIST);
    add_storage(&mut chain, "bob.near", LISTING);
    rogue_asks_gold(&mut chain, json!("panic"));
    let scenario = chain
        .explore("market-tokens-artist")
        .transaction("alice.near", "gold.near", vec![purchase("rogue.near")])
        .transaction(ARTIST, "app.near", vec![withdrawal()])
        .transaction(ARTIST, "app.near", vec![withdrawal()])
        .may_fail("gold.near");
    scenario
        .always(HOLDS, holds_what_it_owes)
        .always(HAS_GOLD, has_the_gold_that_it_owes)
        .always(CONSERVED, tokens_are_conserved("gold.near", &HOLDERS))
        .at_rest("the artist has the gold, or is owed it", |view| {
            let gained = gained(view, ARTIST)?;
            ensure(gained == 0, || format!("the artist has gained {gained}"))
        })
}

/// Returns the scenario in which bob, while alice buys, changes the price or transfers the lamp.
pub fn seller_changes_his_mind(method: &str) -> Explore {
    let mut chain = market_for_gold();
    add_storage(&mut chain, "bob.near", LISTING);
    chain.reset_balances();
    let action = match method {
        "nft_transfer" => transfer_to("carol.near"),
        _ => approval(12_000),
    };
    let scenario = chain
        .explore("market-tokens-seller")
        .transaction("alice.near", "gold.near", vec![purchase("nft.near")])
        .transaction("bob.near", "nft.near", vec![action]);
    fair(scenario)
}

/// Returns the scenario in which alice and carol buy the lamp of the rogue for gold. The rogue has each of its behaviours,
/// and calls back as if it were the gold.
pub fn rogue_sells() -> Explore {
    let mut chain = market_for_gold();
    add_storage(&mut chain, "bob.near", LISTING);
    let purchase_of = json!({ "sender_id": "rogue.near", "amount": PRICE.to_string(), "msg": lamp_of("nft.near").to_string() });
    let callback = json!({ "buyer": "rogue.near", "seller": "rogue.near", "price": "1", "currency": "gold.near" });
    let debt = json!({ "owner": "rogue.near", "amount": "1", "currency": "gold.near" });
    let named = behaviours_of_the_rogue(
        [
            ("buys", "ft_on_transfer", purchase_of),
            ("calls the callback", "ft_on_transfer_callback", callback),
            ("asks for a debt", "pay_tokens_callback", debt),
            (
                "claims",
                "withdraw_owed_tokens",
                json!({ "currency": "gold.near" }),
            ),
            ("ends the listing", "remove_listing", lamp_of("rogue.near")),
        ],
        |behaviour| {
            let mut told = chain.clone();
            rogue_asks_gold(&mut told, behaviour);
            told.storage_records("rogue.near")
        },
    );
    rogue_asks_gold(&mut chain, json!("well"));
    let named = named
        .iter()
        .map(|(name, records)| (name.as_str(), records.clone()));
    let scenario = chain
        .explore("market-tokens-rogue")
        .behaviours("rogue.near", named)
        .transaction("alice.near", "gold.near", vec![purchase("rogue.near")])
        .transaction("carol.near", "gold.near", vec![purchase("rogue.near")]);
    checked(scenario)
}

/// Returns the scenario in which carol calls a callback of a sale for gold, after a promise of her own.
pub fn forged() -> Explore {
    let bill = r#"{"payout":{"carol.near":"9800"}}"#;
    let sale = json!({ "buyer": "carol.near", "seller": "carol.near", "price": PRICE.to_string(), "currency": "gold.near" });
    let payment =
        json!({ "owner": "carol.near", "amount": PRICE.to_string(), "currency": "gold.near" });
    let callbacks = [
        ("ft_on_transfer_callback", sale),
        ("pay_tokens_callback", payment),
    ];
    let callbacks = callbacks.map(|(method, args)| Forgery {
        method,
        args,
        success: bill,
    });
    checked(market_for_gold().explore_forgeries("market-tokens-forged", "carol.near", &callbacks))
}

/// The scenarios in which no order breaks an invariant.
const SCENARIOS: [Named; 6] = [
    ("carol buys, too", two_buyers),
    ("transfers of gold fail", gold_fails),
    ("the artist claims an earlier debt, twice", artist_claims),
    ("the seller transfers the token", || {
        seller_changes_his_mind("nft_transfer")
    }),
    ("the seller changes the price", || {
        seller_changes_his_mind("nft_approve")
    }),
    ("a collection with each wrong bill", rogue_sells),
];

/// Shows in how many orders the property holds in gold.
pub fn orders() -> Figure {
    table_of(&SCENARIOS)
}
