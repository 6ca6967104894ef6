//! The runs of the smith: iron and five gold for a new item.

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::{
    GAS_FOR_ALL, YOCTO, back_in, fill, give_item, gold_of, mint, new_game, owner_of, register,
    statuses, with_gold, with_items,
};
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::test_chain::{BalanceChange, TestChain, call, gains, loses, paid, returns};
use crate::text;

/// The new item of the first crafting.
pub(super) const NEW: &str = "app.near-0";

/// What the new item costs `app.near` for its storage at the items.
const STORAGE: Balance = Balance::from_yoctonear(439 * 10u128.pow(19));

/// What it costs at items that keep the whole deposit.
const MINT_DEPOSIT: Balance = Balance::from_millinear(20);

/// Returns a chain on which alice has iron and ten gold, and the smith has room for gold. `minter` mints the items.
pub(super) fn smithy(minter: &str) -> TestChain {
    smithy_of(minter, "10")
}

fn smithy_of(minter: &str, gold: &str) -> TestChain {
    let mut chain = new_game();
    with_items(&mut chain, minter);
    mint(&mut chain, minter, "iron", "alice.near");
    with_gold(&mut chain, "alice.near", gold);
    register(&mut chain, "smith.near");
    chain
}

/// Returns the same with bob, who has ten gold, too.
pub(super) fn smithy_of_two() -> TestChain {
    let mut chain = smithy_of("app.near", "20");
    register(&mut chain, "bob.near");
    let half = json!({ "receiver_id": "bob.near", "amount": "10" });
    let half = paid(call("ft_transfer", half), YOCTO);
    let sent = chain.send("alice.near", "gold.near", vec![half]);
    chain.assert_succeeded(sent);
    chain.reset_balances();
    chain
}

/// Returns the call that brings an item to the smith, with this gas in Tgas.
pub(super) fn bring(item: &str, gas: u64) -> Action {
    give_item(item, &json!({ "craft": {} }).to_string(), gas)
}

/// Returns a table of who has what, and the journal, with the claim that the smith has the iron and the gold and alice the new
/// item, or that alice has what she has brought.
fn assets(chain: &TestChain, is_crafted: bool) -> (String, Claim) {
    let held = ["alice.near", "smith.near", "app.near"].map(|name| {
        let has = |item| usize::from(owner_of(chain, item) == name);
        (name, has("iron"), gold_of(chain, name), has(NEW))
    });
    let mut rows = vec![["", "iron", "gold", NEW].map(str::to_owned).to_vec()];
    rows.extend(held.map(|(name, iron, gold, new)| {
        let cells = [
            name.to_owned(),
            iron.to_string(),
            gold.to_string(),
            new.to_string(),
        ];
        cells.to_vec()
    }));
    let right = match is_crafted {
        true => [
            ("alice.near", 0, 5, 1),
            ("smith.near", 1, 5, 0),
            ("app.near", 0, 0, 0),
        ],
        false => [
            ("alice.near", 1, 10, 0),
            ("smith.near", 0, 0, 0),
            ("app.near", 0, 0, 0),
        ],
    };
    let is_so = held == right && statuses(chain).is_empty();
    let text = format!("{}The journal: no open trade.\n", text::table(&rows));
    (text, claim(&format!("{right:?}, and no open trade"), is_so))
}

/// Returns what the calls cost. `app.near` sends this number of items and one amount of gold, and pays this for the new
/// item.
fn costs(items: u128, storage: Balance) -> Vec<BalanceChange> {
    let yocto = Balance::from_yoctonear;
    let sent = storage.saturating_add(yocto(items + 1));
    vec![
        loses("alice.near", yocto(2)),
        loses("app.near", sent),
        gains("items.near", sent),
        gains("gold.near", yocto(2)),
    ]
}

/// Brings the iron and the gold, and returns the figure of that.
fn figure_of(
    mut chain: TestChain,
    is_crafted: bool,
    failures: &[[&str; 3]],
    storage: Balance,
) -> Figure {
    let brought = chain.submit("alice.near", "items.near", vec![bring("iron", GAS_FOR_ALL)]);
    chain.run_until_idle();
    let paid = chain.send("alice.near", "gold.near", vec![fill(NEW)]);
    let mut expected = returns(json!(true)).then_returns(json!("5"));
    for [account, action, reason] in failures {
        expected = expected.fails_at(account, action, reason);
    }
    let (text, claim) = assets(&chain, is_crafted);
    let costs = costs(if is_crafted { 2 } else { 1 }, storage);
    let figure = chain.figure_of_blocks(&[brought, paid], expected.moves(costs));
    figure.with(&text, claim)
}

/// Shows a new item, for which the smith gets the iron and the gold.
pub fn crafted() -> Figure {
    figure_of(smithy("app.near"), true, &[], STORAGE)
}

/// Shows a mint that the items refuse: the gold goes back, and then the iron.
pub fn not_minted() -> Figure {
    let failure = ["items.near", "nft_mint", "Only the owner mints"];
    figure_of(smithy("items.near"), false, &[failure], Balance::ZERO)
}

/// Shows a mint that makes the new item, and then answers with a failure, because it has called a private method. So do
/// the transfers of the items.
pub fn minted_and_failed() -> Figure {
    let failure = ["app.near", "leg_callback", "Method leg_callback is private"];
    figure_of(back_in::smithy(), true, &[failure; 3], MINT_DEPOSIT)
}

/// Shows a crafting whose new item has the name of an item of bob. Returns the owners of both, and alice's gold.
pub fn taken_name() -> (String, String, u128) {
    let mut chain = smithy("items.near");
    mint(&mut chain, "items.near", NEW, "bob.near");
    chain.submit("alice.near", "items.near", vec![bring("iron", GAS_FOR_ALL)]);
    chain.run_until_idle();
    chain.send("alice.near", "gold.near", vec![fill(NEW)]);
    (
        owner_of(&chain, "iron"),
        owner_of(&chain, NEW),
        gold_of(&chain, "alice.near"),
    )
}
