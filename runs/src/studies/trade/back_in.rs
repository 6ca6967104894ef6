//! Items that call the escrow back in, before they have answered.

use chain::explore::Explore;
use serde_json::{Value, json};

use super::{
    GAS_FOR_ALL, YOCTO, alice_offers, figures, fill, new_game, offer, orders, register, with_gold,
};
use crate::figure::Figure;
use crate::test_chain::{TestChain, contract_wasm, gains, loses, returns};

/// Returns a chain with the game, whose items call back. Alice has a sword and room for gold.
fn game() -> TestChain {
    let mut chain = game_with("sword", "bob.near");
    register(&mut chain, "alice.near");
    chain
}

/// Returns a chain with items that call back, on which alice has one of them, and this account ten gold.
fn game_with(item: &str, wealthy: &str) -> TestChain {
    let mut chain = new_game();
    chain.deploy("items.near", contract_wasm("rogue_items"));
    let item = json!({ "token_id": item, "receiver_id": "alice.near" });
    chain.prepare("alice.near", "items.near", "nft_mint", item);
    with_gold(&mut chain, wealthy, "10");
    chain
}

/// Returns a chain on which alice has iron and ten gold, and the items call back with a call that fails.
pub(super) fn smithy() -> TestChain {
    let mut chain = game_with("iron", "alice.near");
    register(&mut chain, "smith.near");
    call_back(&mut chain, "leg_callback", json!({ "id": 0, "leg": 0 }));
    chain
}

/// Lets the items call this method.
fn call_back(chain: &mut TestChain, method: &str, args: Value) {
    let call_back = json!({ "method": method, "args": args.to_string() });
    let args = json!({ "call_back": call_back });
    chain.prepare("carol.near", "items.near", "behave", args);
    chain.reset_balances();
}

/// Shows items that call `resume` in the transfer of the sword.
pub fn sword() -> Figure {
    let mut chain = game();
    call_back(&mut chain, "resume", json!({ "id": 0 }));
    let offered = alice_offers(&mut chain, GAS_FOR_ALL);
    let filled = chain.send("bob.near", "gold.near", vec![fill()]);
    let expected = returns(json!(true))
        .then_returns(json!("5"))
        .logs("Trade 0 has too little gas: resume it")
        .moves([
            loses("alice.near", YOCTO),
            loses("bob.near", YOCTO),
            loses("app.near", YOCTO.saturating_add(YOCTO)),
            gains("items.near", YOCTO.saturating_add(YOCTO)),
            gains("gold.near", YOCTO.saturating_add(YOCTO)),
        ]);
    let (text, claim) = figures::assets(&chain, "bob.near", [5, 5, 0], &[]);
    let figure = chain.figure_of_blocks(&[offered, filled], expected);
    figure.with(&text, claim)
}

/// Returns the scenario in which the items call a method of the escrow in each transfer.
pub fn explored() -> Explore {
    let chain = game();
    let told = |method, args| {
        let mut told = chain.clone();
        call_back(&mut told, method, args);
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
        .transaction("bob.near", "gold.near", vec![fill()]);
    orders::with_property(scenario)
}
