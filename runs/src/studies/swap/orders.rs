//! The scenarios of the pool: what others may do while a payout is under way, and what must be true
//! after each step.

use chain::explore::{Explore, Verdict, View, Violation, ensure, tokens_are_conserved};
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use near_primitives::transaction::Action;
use serde_json::{Value, json};

use super::market::{ADD, Market, TOKENS, remove, room, swap, transfer_call};
use crate::test_chain::{Forgery, call};

/// The accounts that have tokens.
const HOLDERS: [&str; 5] = [
    "alice.near",
    "bob.near",
    "carol.near",
    "mallory.near",
    "app.near",
];

/// The accounts that the pool may owe tokens.
const OWNERS: [&str; 2] = ["bob.near", "carol.near"];

/// A mistake of the vulnerable pool, by its message.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// It answers before the payout has arrived.
    Early,
    /// It writes a copy of the old reserves back.
    Copy,
    /// It takes the swap back by its amounts.
    Difference,
}

// ANCHOR: swaps
/// Returns the scenario in which alice swaps gold, bob swaps silver, and carol registers alice with
/// silver, perhaps too late.
pub fn swaps() -> Explore {
    with_invariants(Market::new().chain.explore("swap"))
        .transaction("alice.near", "gold.near", swap("app.near", 10_000, 1))
        .transaction("bob.near", "silver.near", swap("app.near", 5_000, 1))
        .transaction("carol.near", "silver.near", vec![room("alice.near")])
        .at_rest(
            "alice has traded, or has all her gold",
            trades("alice.near", 0),
        )
        .at_rest(
            "bob has traded, or has all his silver",
            trades("bob.near", 1),
        )
}

fn with_invariants(scenario: Explore) -> Explore {
    TOKENS
        .iter()
        .fold(scenario, |scenario, token| {
            scenario.always("no token is lost", tokens_are_conserved(token, &HOLDERS))
        })
        .always("the pool holds what it owes", holds_what_it_owes)
        .always("k never falls, however the trades end", no_share_loses)
        .at_rest("the bounds have met", |view| {
            let reserves = reserves(view)?;
            let have_met = reserves.iter().all(|[least, most]| least == most);
            ensure(have_met, || format!("they are {reserves:?}"))
        })
}
// ANCHOR_END: swaps

/// Returns the scenario in which alice, who has no room, swaps gold, and carol removes half of her
/// shares and claims her gold twice.
pub fn liquidity() -> Explore {
    let claim = || vec![call("claim", json!({ "token": "gold.near" }))];
    with_invariants(Market::new().chain.explore("swap-liquidity"))
        .transaction("alice.near", "gold.near", swap("app.near", 10_000, 1))
        .transaction("carol.near", "app.near", remove(5_000))
        .transaction("carol.near", "app.near", claim())
        .transaction("carol.near", "app.near", claim())
        .at_rest(
            "alice has traded, or has all her gold",
            trades("alice.near", 0),
        )
}

/// Returns the scenario in which mallory's swap fails, carol removes all shares that there are, and
/// bob swaps two gold.
pub fn last_shares() -> Explore {
    with_invariants(Market::new().chain.explore("swap-last-shares"))
        .transaction("mallory.near", "gold.near", swap("app.near", 20_000, 1))
        .transaction("carol.near", "app.near", remove(10_000))
        .transaction("bob.near", "gold.near", swap("app.near", 2, 1))
        .at_rest("two gold buy no more than two silver", |view| {
            let (before, after) = (
                holdings(&view.at_start(), "bob.near")?,
                holdings(view, "bob.near")?,
            );
            ensure(after[1] <= before[1] + 2, || {
                format!("bob had {before:?}, and has {after:?}")
            })
        })
}

/// Returns the scenario in which alice, who has no room, swaps gold, and bob adds both tokens.
pub fn addition() -> Explore {
    let add = || transfer_call("app.near", 5_000, ADD);
    with_invariants(Market::new().chain.explore("swap-addition"))
        .transaction("alice.near", "gold.near", swap("app.near", 10_000, 1))
        .transaction("bob.near", "gold.near", add())
        .transaction("bob.near", "silver.near", add())
        .at_rest(
            "alice has traded, or has all her gold",
            trades("alice.near", 0),
        )
}

/// Returns the scenario in which alice and mallory, who have no room, swap gold, and bob swaps
/// silver.
pub fn three_swaps() -> Explore {
    with_invariants(Market::new().chain.explore("swap-three"))
        .transaction("alice.near", "gold.near", swap("app.near", 10_000, 1))
        .transaction("mallory.near", "gold.near", swap("app.near", 5_000, 1))
        .transaction("bob.near", "silver.near", swap("app.near", 5_000, 1))
}

/// Returns the scenario in which the rogue calls a callback of the pool, after a promise of its
/// own.
pub fn forged() -> Explore {
    let trade = json!({ "side": 0, "amount_in": "1000", "amount_out": "900" });
    let claim = json!({ "owner": "bob.near", "side": 0, "amount": "1000" });
    let callbacks = [
        ("swap_callback", json!({ "trade": trade })),
        ("claim_callback", claim),
    ];
    let callbacks = callbacks.map(|(method, args)| Forgery {
        method,
        args,
        success: "",
    });
    let chain = Market::new().chain;
    with_invariants(chain.explore_forgeries("swap-forged", "rogue.near", &callbacks))
}

/// Returns the scenario in which mallory, who has no room, swaps gold at the vulnerable pool, and
/// bob swaps silver.
pub fn vulnerable(way: Way) -> Explore {
    let (way, name) = match way {
        Way::Early => ("early", "vulnerable_early"),
        Way::Copy => ("copy", "vulnerable_copy"),
        Way::Difference => ("difference", "vulnerable_difference"),
    };
    let swap = |amount| transfer_call("app.near", amount, way);
    Market::vulnerable()
        .chain
        .explore(name)
        .transaction("mallory.near", "gold.near", swap(10_000))
        .transaction("bob.near", "silver.near", swap(5_000))
        .at_rest(
            "mallory has traded, or has all her gold",
            trades("mallory.near", 0),
        )
        .at_rest("the pool holds what its reserves say", holds_its_reserves)
        .at_rest("k never falls", |view| {
            let k = |view: &View| -> Result<u128, Violation> {
                let [[_, gold], [_, silver]] = reserves(view)?;
                Ok(gold * silver)
            };
            let (before, after) = (k(&view.at_start())?, k(view)?);
            ensure(after >= before, || {
                format!("it was {before}, and is {after}")
            })
        })
}

/// Checks that the pool has the tokens of its reserves.
fn holds_its_reserves(view: &View) -> Verdict {
    let (holds, reserves) = (holdings(view, "app.near")?, reserves(view)?);
    let is_enough = holds
        .iter()
        .zip(reserves)
        .all(|(holds, [_, most])| *holds >= most);
    ensure(is_enough, || {
        format!("it holds {holds:?}, and its reserves say {reserves:?}")
    })
}

// ANCHOR: holds
/// Checks that the pool has the least of its reserves, its debts, and what has come for trades
/// under way.
fn holds_what_it_owes(view: &View) -> Verdict {
    let holds = holdings(view, "app.near")?;
    let mut owes = reserves(view)?.map(|[least, _]| least);
    for owner in OWNERS {
        let owed = view.call("app.near", "get_owed", json!({ "account_id": owner }))?;
        owes[0] += amount(&owed[0])?;
        owes[1] += amount(&owed[1])?;
    }
    for trade in trades_under_way(view)? {
        owes[trade.side] += trade.amount_in;
    }
    ensure(holds[0] >= owes[0] && holds[1] >= owes[1], || {
        format!("it holds {holds:?}, and owes {owes:?}")
    })
}

/// Checks for each end of the trades under way that the product of the reserves, by the square of
/// the shares, is not less than at the start, and that nothing is left when there are no shares.
fn no_share_loses(view: &View) -> Verdict {
    let (reserves, trades) = (reserves(view)?, trades_under_way(view)?);
    let [[_, gold], [_, silver]] = self::reserves(&view.at_start())?;
    let (before, after) = (shares(&view.at_start())?, shares(view)?);
    for paid in 0..1u32 << trades.len() {
        let mut ends = reserves.map(|[_, most]| most);
        for (index, trade) in trades.iter().enumerate() {
            match paid >> index & 1 {
                1 => ends[1 - trade.side] -= trade.amount_out,
                _ => ends[trade.side] -= trade.amount_in,
            }
        }
        ensure(after > 0 || ends == [0; 2], || {
            format!("{ends:?} may be nobody's")
        })?;
        let (k_before, k_after) = (gold * silver, ends[0] * ends[1]);
        ensure(
            k_after * before * before >= k_before * after * after,
            || format!("{gold} and {silver} may become {ends:?}, with {after} of {before} shares"),
        )?;
    }
    Ok(())
}
// ANCHOR_END: holds

/// Returns the check that an account has as much as at the start, or has less of the token `side`
/// and more of the other.
fn trades(account_id: &'static str, side: usize) -> impl Fn(&View) -> Verdict + 'static {
    move |view| {
        let (before, after) = (
            holdings(&view.at_start(), account_id)?,
            holdings(view, account_id)?,
        );
        let has_traded = after[side] < before[side] && after[1 - side] > before[1 - side];
        ensure(after == before || has_traded, || {
            format!("{account_id} had {before:?}, and has {after:?}")
        })
    }
}

/// A trade whose callback has not run.
struct Trade {
    side: usize,
    amount_in: u128,
    amount_out: u128,
}

/// Reads the trades from the callbacks that wait, and that the pool has sent itself.
fn trades_under_way(view: &View) -> Result<Vec<Trade>, Violation> {
    let receipts = view.receipts_under_way();
    receipts
        .iter()
        .filter(|receipt| receipt.predecessor_id().as_str() == "app.near")
        .filter_map(|receipt| trade(receipt))
        .collect()
}

fn trade(receipt: &Receipt) -> Option<Result<Trade, Violation>> {
    let VersionedReceiptEnum::Action(actions) = receipt.versioned_receipt() else {
        return None;
    };
    let [Action::FunctionCall(call)] = actions.actions() else {
        return None;
    };
    if call.method_name != "swap_callback" {
        return None;
    }
    let args: Value = serde_json::from_slice(&call.args).unwrap_or_default();
    let trade = &args["trade"];
    let side = usize::from(trade["side"] == 1);
    let amounts = [&trade["amount_in"], &trade["amount_out"]].map(amount);
    let [amount_in, amount_out] = amounts;
    Some(amount_in.and_then(|amount_in| {
        Ok(Trade {
            side,
            amount_in,
            amount_out: amount_out?,
        })
    }))
}

/// Returns the gold and the silver of an account.
fn holdings(view: &View, account_id: &str) -> Result<[u128; 2], Violation> {
    let of = |token| view.amount(token, "ft_balance_of", json!({ "account_id": account_id }));
    Ok([of(TOKENS[0])?, of(TOKENS[1])?])
}

/// Returns the least and the most of each token in the pool. The vulnerable pool has one number.
fn reserves(view: &View) -> Result<[[u128; 2]; 2], Violation> {
    let reserves = view.call("app.near", "get_reserves", json!({}))?;
    let of = |side: usize| -> Result<[u128; 2], Violation> {
        match &reserves[side] {
            Value::Array(bounds) => Ok([amount(&bounds[0])?, amount(&bounds[1])?]),
            single => Ok([amount(single)?; 2]),
        }
    };
    Ok([of(0)?, of(1)?])
}

fn shares(view: &View) -> Result<u128, Violation> {
    view.amount("app.near", "get_total_shares", json!({}))
}

fn amount(value: &Value) -> Result<u128, Violation> {
    let amount = value.as_str().and_then(|text| text.parse().ok());
    amount.ok_or_else(|| Violation(format!("{value} is no amount")))
}
