//! Every order of the market: buyers, a seller who changes his mind, receivers who are gone, and a
//! collection that misbehaves. `tokens` has the sales for fungible tokens.

pub mod tokens;

use chain::explore::{Explore, Verdict, View, Violation, at_most_once, ensure};
use near_primitives::action::Action;
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use near_primitives::state_record::StateRecord;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::{
    ARTIST, ARTISTS, FEE, LISTING, PRICE, SELLERS, STUDIOS, add_storage, approval,
    bills_of_the_rogue, market, offer_of_the_rogue, purchase, transfer_to,
};
use crate::claim::claim;
use crate::explored::{in_both_modes, table};
use crate::figure::Figure;
use crate::test_chain::{Forgery, call, delete};

/// The most that the market loses to a collection that keeps its yoctoNEAR and fails, in all
/// transactions of a scenario.
const YOCTOS: u128 = 2;

const HOLDS: &str = "app.near holds what it owes";
const ADDS_UP: &str = "the price is the payments, the debts and the fee";
const ONCE: &str = "the lamp is sold at most once";
const PAYS: &str = "whoever has bought the lamp has paid for it";

// ---- The invariants ----

// ANCHOR: holds
/// Checks, at every step, that the market holds at least what it owes: its liabilities do not take
/// from the money of its own. What comes back from a payment that has failed is on its way to a
/// debt.
fn holds_what_it_owes(view: &View) -> Verdict {
    let own = |view: &View| -> Result<u128, Violation> {
        let owes = view.amount("app.near", "get_liabilities", json!({}))?;
        let has = view.balance("app.near").as_yoctonear() + refunds_to_the_market(view);
        has.checked_sub(owes)
            .ok_or_else(|| Violation(format!("it has {has}, and owes {owes}")))
    };
    let (before, after) = (own(&view.at_start())?, own(view)?);
    ensure(after + YOCTOS >= before, || {
        format!("its own money was {before}, and is {after}")
    })
}
// ANCHOR_END: holds

/// Returns the refunds that are under way to the market, in yoctoNEAR.
fn refunds_to_the_market(view: &View) -> u128 {
    let receipts = view.receipts_under_way();
    let refunds = receipts.iter().filter(|receipt| {
        receipt.predecessor_id().is_system() && receipt.receiver_id().as_str() == "app.near"
    });
    refunds.map(|receipt| transferred(receipt)).sum()
}

fn transferred(receipt: &Receipt) -> u128 {
    let VersionedReceiptEnum::Action(receipt) = receipt.versioned_receipt() else {
        return 0;
    };
    let transfers = receipt.actions().iter().map(|action| match action {
        Action::Transfer(transfer) => transfer.deposit.as_yoctonear(),
        _ => 0,
    });
    transfers.sum()
}

/// Returns what an account has gained since the start, with what the market holds for it.
fn gained(view: &View, account_id: &str) -> Result<i128, Violation> {
    let has = |view: &View| -> Result<i128, Violation> {
        let listing = view.call("app.near", "get_listing", lamp_of("nft.near"))?;
        let listing = match listing["seller"].as_str() == Some(account_id) {
            true => LISTING.as_yoctonear(),
            false => 0,
        };
        let account = json!({ "account_id": account_id });
        let held = view.amount("app.near", "get_owed", account)? + listing;
        Ok((view.balance(account_id).as_yoctonear() + held) as i128)
    };
    Ok(has(view)? - has(&view.at_start())?)
}

fn lamp_of(collection: &str) -> Value {
    json!({ "collection": collection, "token_id": "lamp" })
}

/// Returns what the market has gained since the start, without what it owes.
fn gained_by_the_market(view: &View) -> Result<i128, Violation> {
    let own = |view: &View| -> Result<i128, Violation> {
        let owes = view.amount("app.near", "get_liabilities", json!({}))?;
        Ok(view.balance("app.near").as_yoctonear() as i128 - owes as i128)
    };
    Ok(own(view)? - own(&view.at_start())?)
}

/// Checks that the market has gained its fee for each sale, and nothing else, beside yoctoNEAR of
/// its calls.
fn gains_its_fee(view: &View) -> Verdict {
    let gained = gained_by_the_market(view)?;
    let sales = i128::try_from(sales(view)).unwrap_or(0);
    let fees = FEE.as_yoctonear() as i128 * sales;
    ensure((fees - YOCTOS as i128..=fees).contains(&gained), || {
        format!("it has gained {gained} in {sales} sales")
    })
}

/// Returns the number of sales so far.
fn sales(view: &View) -> usize {
    view.facts().iter().filter(|fact| **fact == "sold").count()
}

/// Reads the sale from the outcome of its callback.
fn with_sales(scenario: Explore) -> Explore {
    scenario.remember(|outcome| {
        let mut logs = outcome.outcome.logs.iter();
        let is_sold = logs.any(|line| line.contains(" has bought a token of "));
        is_sold.then(|| "sold".to_owned())
    })
}

fn owner_of_lamp(view: &View, collection: &str) -> Result<String, Violation> {
    let token = view.call(collection, "nft_token", json!({ "token_id": "lamp" }))?;
    Ok(token["owner_id"].as_str().unwrap_or_default().to_owned())
}

/// Returns the check that a buyer has either the lamp, and has paid the price, or neither.
fn has_the_lamp_or_the_money(
    buyer: &'static str,
    collection: &'static str,
) -> impl Fn(&View) -> Verdict + 'static {
    move |view| {
        let has_lamp = owner_of_lamp(view, collection)? == buyer;
        let has_lost = -gained(view, buyer)?;
        let price = match has_lamp {
            true => PRICE.as_yoctonear() as i128,
            false => 0,
        };
        ensure(has_lost == price, || {
            format!("{buyer} has paid {has_lost}, and the lamp is its: {has_lamp}")
        })
    }
}

/// Checks that the seller and the royalties have their parts of a sale, paid or owed.
fn all_have_their_parts(view: &View) -> Verdict {
    let times = sales(view) as u128;
    for (account_id, part) in [
        ("bob.near", SELLERS),
        (ARTIST, ARTISTS),
        ("studio.near", STUDIOS),
    ] {
        let part = (part.as_yoctonear() * times) as i128;
        let has = gained(view, account_id)?;
        ensure(has == part, || {
            format!("{account_id} has gained {has} instead of {part}")
        })?;
    }
    Ok(())
}

/// Adds the invariants of each scenario.
fn checked(scenario: Explore) -> Explore {
    with_sales(scenario)
        .always(HOLDS, holds_what_it_owes)
        .always(ONCE, at_most_once("sold"))
        .at_rest(ADDS_UP, gains_its_fee)
}

// ---- The scenarios ----

/// Returns the scenario in which alice and carol buy the lamp. Payments to all may fail.
pub fn two_buyers() -> Explore {
    let scenario = market()
        .explore("market-two-buyers")
        .transaction("alice.near", "app.near", vec![purchase("nft.near")])
        .transaction("carol.near", "app.near", vec![purchase("nft.near")])
        .may_fail("bob.near")
        .may_fail("studio.near")
        .may_fail("alice.near");
    checked(scenario)
        .at_rest(PAYS, has_the_lamp_or_the_money("alice.near", "nft.near"))
        .at_rest(PAYS, has_the_lamp_or_the_money("carol.near", "nft.near"))
        .at_rest("each has its part", all_have_their_parts)
}

/// Returns the scenario in which bob transfers the lamp to carol, who approves the market without a
/// price, while alice buys.
pub fn seller_moves() -> Explore {
    let scenario = market()
        .explore("market-seller-moves")
        .transaction("alice.near", "app.near", vec![purchase("nft.near")])
        .transaction("bob.near", "nft.near", vec![transfer_to("carol.near")])
        .transaction("carol.near", "nft.near", vec![approval(None)]);
    checked(scenario)
        .at_rest(
            "nobody buys the lamp of carol, who names no price",
            |view| {
                let carols = view.facts().contains(&"carol has the lamp");
                let owner = owner_of_lamp(view, "nft.near")?;
                ensure(!carols || owner == "carol.near", || {
                    format!("{owner} has the lamp of carol")
                })
            },
        )
        .remember(|outcome| {
            let is_carols = |line: &String| {
                line.contains("nft_transfer") && line.contains(r#""new_owner_id":"carol.near""#)
            };
            let logs = &outcome.outcome.logs;
            let is_carols = logs.iter().any(is_carols);
            is_carols.then(|| "carol has the lamp".to_owned())
        })
}

/// Returns the scenario in which bob, while alice buys, changes the price with `nft_approve`, ends
/// the listing with `remove_listing`, or does neither. Then he takes his deposit back.
pub fn seller_changes_his_mind(method: &str) -> Explore {
    let mut chain = market();
    add_storage(&mut chain, "bob.near", LISTING);
    chain.reset_balances();
    let scenario = chain.explore("market-seller-changes-his-mind").transaction(
        "alice.near",
        "app.near",
        vec![purchase("nft.near")],
    );
    let changed = match method {
        "nft_approve" => {
            let twelve = approval(Some(Balance::from_near(12)));
            scenario.transaction("bob.near", "nft.near", vec![twelve])
        }
        "remove_listing" => {
            let removal = call(method, lamp_of("nft.near"));
            scenario.transaction("bob.near", "app.near", vec![removal])
        }
        _ => scenario,
    };
    let withdrawal = call("withdraw_owed", json!({}));
    checked(changed.transaction("bob.near", "app.near", vec![withdrawal]))
        .at_rest(PAYS, has_the_lamp_or_the_money("alice.near", "nft.near"))
        .at_rest("each has its part", all_have_their_parts)
}

/// Returns the scenario in which the artist deletes the account while alice buys, or claims a debt.
/// A payment to the artist may fail.
pub fn artist_leaves(leaves: bool) -> Explore {
    let (receiver, action) = match leaves {
        true => (ARTIST, delete("studio.near")),
        false => ("app.near", call("withdraw_owed", json!({}))),
    };
    let scenario = market()
        .explore("market-artist-leaves")
        .transaction("alice.near", "app.near", vec![purchase("nft.near")])
        .transaction(ARTIST, receiver, vec![action])
        .may_fail(ARTIST);
    let scenario = checked(scenario);
    match leaves {
        true => scenario,
        false => scenario.at_rest("each has its part", all_have_their_parts),
    }
}

/// Returns the scenario in which alice and carol buy the lamp of the rogue, which has each of its
/// behaviours.
pub fn rogue_sells() -> Explore {
    let mut chain = market();
    add_storage(&mut chain, "bob.near", LISTING);
    let token = lamp_of("rogue.near");
    let little = Balance::from_near(1);
    let callback = json!({ "buyer": "rogue.near", "seller": "rogue.near", "price": little });
    let named = behaviours_of_the_rogue(
        [
            ("buys", "buy", token.clone()),
            ("calls the callback", "buy_callback", callback),
            ("ends the listing", "remove_listing", token),
        ],
        |behaviour| {
            let mut told = chain.clone();
            offer_of_the_rogue(&mut told, json!(PRICE), None, behaviour);
            told.storage_records("rogue.near")
        },
    );
    offer_of_the_rogue(&mut chain, json!(PRICE), None, json!("well"));
    let named = named
        .iter()
        .map(|(name, records)| (name.as_str(), records.clone()));
    let scenario = chain
        .explore("market-rogue")
        .behaviours("rogue.near", named)
        .transaction("alice.near", "app.near", vec![purchase("rogue.near")])
        .transaction("carol.near", "app.near", vec![purchase("rogue.near")]);
    checked(scenario)
}

/// Returns the behaviours of the rogue with their names: each bill, each failure, and each of these
/// calls back. A purchase gets a deposit. `records` are those of a behaviour.
fn behaviours_of_the_rogue<const N: usize>(
    calls: [(&str, &str, Value); N],
    records: impl Fn(Value) -> Vec<StateRecord>,
) -> Vec<(String, Vec<StateRecord>)> {
    let bills = bills_of_the_rogue().into_iter();
    let mut behaviours: Vec<_> = bills
        .map(|(title, behaviour, _)| (title, behaviour))
        .collect();
    behaviours.extend([
        ("well", json!("well")),
        ("panics", json!("panic")),
        ("transfers and fails", json!("transfer_then_fail")),
    ]);
    behaviours.extend(calls.map(|(title, method, args)| {
        let deposit = match method {
            "buy" => Balance::from_near(5),
            _ => Balance::ZERO,
        };
        let back = json!({ "method": method, "args": args.to_string(), "deposit_yocto": deposit });
        (title, json!({ "call_back": back }))
    }));
    let named = behaviours.into_iter().map(|(title, behaviour)| {
        let title = title.replace([' ', ','], "-").replace('%', "percent");
        (title, records(behaviour))
    });
    named.collect()
}

/// Returns the scenario in which alice buys from a collection that may fail in each way, also after
/// the transfer.
pub fn collection_fails() -> Explore {
    let scenario = market()
        .explore("market-collection-fails")
        .transaction("alice.near", "app.near", vec![purchase("nft.near")])
        .may_fail("nft.near");
    checked(scenario).at_rest(PAYS, has_the_lamp_or_the_money("alice.near", "nft.near"))
}

/// Returns the scenario in which carol calls a callback of the market, after a promise of her own.
pub fn forged() -> Explore {
    let price = Balance::from_near(1);
    let sale = json!({ "buyer": "carol.near", "seller": "carol.near", "price": price });
    let payment = json!({ "owner": "carol.near", "amount": price });
    let callbacks = [("buy_callback", sale), ("pay_callback", payment)];
    let callbacks = callbacks.map(|(method, args)| Forgery {
        method,
        args,
        success: "{}",
    });
    checked(market().explore_forgeries("market-forged", "carol.near", &callbacks))
}

/// A scenario of the table, with its title.
pub type Named = (&'static str, fn() -> Explore);

/// The scenarios in which no order breaks an invariant.
pub const SCENARIOS: [Named; 8] = [
    ("alice and carol buy", two_buyers),
    ("the seller transfers the token", seller_moves),
    ("the seller changes the price", || {
        seller_changes_his_mind("nft_approve")
    }),
    ("the seller ends the listing", || {
        seller_changes_his_mind("remove_listing")
    }),
    ("the seller takes the deposit back", || {
        seller_changes_his_mind("withdraw_owed")
    }),
    ("a receiver deletes the account", || artist_leaves(true)),
    ("a receiver claims a debt", || artist_leaves(false)),
    ("a collection with each wrong bill", rogue_sells),
];

// ---- The figures ----

/// Shows in how many orders the property holds.
pub fn orders() -> Figure {
    table_of(&SCENARIOS)
}

fn table_of(scenarios: &[Named]) -> Figure {
    let reports = scenarios
        .iter()
        .flat_map(|(title, scenario)| in_both_modes(scenario).map(|report| (title, report)));
    table("alice buys, and", reports)
}

/// Shows the report about a collection that transfers the token and then fails.
pub fn collection_report() -> Figure {
    let report = collection_fails().run();
    let report = report.expect("the scenario can be explored");
    let found = report.counterexample.as_ref();
    let acts_then_fails = found.is_some_and(|found| {
        found.invariant == PAYS && found.schedule.to_string().contains(":acts-then-fails")
    });
    Figure::table(
        report.to_string(),
        [claim(
            "the collection acts, and then fails",
            acts_then_fails,
        )],
    )
}
