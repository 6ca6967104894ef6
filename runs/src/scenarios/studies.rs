//! The scenarios of the field studies. Their figures and tests explore them.

use chain::explore::Explore;

use super::scenario::Finds::SaidByItsStudy;
use super::scenario::Scenario;
use crate::studies::council::orders as council;
use crate::studies::market::orders as market;
use crate::studies::swap::orders::{self as swap, Way};
use crate::studies::trade::orders as trade;

/// The name, the content in one line, and the scenario.
type Row = (&'static str, &'static str, fn() -> Explore);

pub(super) fn scenarios() -> Vec<Scenario> {
    let rows: [Row; 13] = [
        (
            "swap-vulnerable",
            "mallory swaps at a vulnerable pool, and bob before her swap is taken back",
            || swap::vulnerable(Way::Difference),
        ),
        (
            "swap",
            "alice, who may have no room for silver, and bob swap at the pool with bounds",
            swap::swaps,
        ),
        (
            "market-two-buyers",
            "alice and carol buy the same token; payments to all may fail",
            market::two_buyers,
        ),
        (
            "market-seller-moves",
            "alice buys a token that its seller transfers at the same time",
            market::seller_moves,
        ),
        (
            "market-rogue",
            "alice and carol buy from a collection with each wrong bill, which also calls back",
            market::rogue_sells,
        ),
        (
            "market-tokens-gold-fails",
            "alice buys for gold, and each transfer of gold may fail",
            market::tokens::gold_fails,
        ),
        (
            "market-collection-fails",
            "alice buys from a collection that may fail, also after it has transferred the token",
            market::collection_fails,
        ),
        (
            "council-vulnerable",
            "alice and bob execute an approved call of a vulnerable council; the guestbook may fail",
            council::vulnerable,
        ),
        (
            "council-executors",
            "alice and eve execute a call, a vote is late, bob votes again; the guestbook may fail",
            council::executors,
        ),
        (
            "trade",
            "alice offers a sword, bob pays for it or comes too late, carol resumes",
            trade::resumed,
        ),
        (
            "trade-items",
            "the same; the contract of the sword may fail",
            trade::items_may_fail,
        ),
        (
            "trade-crafting-items",
            "alice brings iron and gold for a new item; the items may fail, the mint among them",
            trade::crafting::items_may_fail,
        ),
        (
            "trade-calls-back",
            "alice offers a sword, bob pays for it; its contract calls the escrow back in",
            trade::items_call_back,
        ),
    ];
    let forged: [Row; 6] = [
        (
            "swap-forged-callback",
            "the rogue calls a callback of the pool, after a promise of its own",
            swap::forged,
        ),
        (
            "market-forged-callback",
            "carol calls a callback of the market, after a promise of her own",
            market::forged,
        ),
        (
            "market-tokens-forged-callback",
            "carol calls a callback of a sale for gold, after a promise of her own",
            market::tokens::forged,
        ),
        (
            "council-forged-callback",
            "the rogue calls a callback of the council while eve executes",
            council::forged,
        ),
        (
            "trade-forged-callback",
            "carol calls a callback of the trade while alice offers and bob pays",
            trade::forged,
        ),
        (
            "trade-crafting-forged-callback",
            "carol answers for the items that there is no new item, while alice crafts",
            trade::crafting::forged,
        ),
    ];
    let scenario = |(name, summary, build): Row| Scenario::new(name, summary, build);
    let shown = rows.map(|row| scenario(row).finds(SaidByItsStudy));
    shown.into_iter().chain(forged.map(scenario)).collect()
}
