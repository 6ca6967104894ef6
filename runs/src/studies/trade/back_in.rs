//! Items that call the escrow back in, before they have answered.

use serde_json::{Value, json};

use super::{new_game, register, with_gold};
use crate::test_chain::{TestChain, contract_wasm};

/// Returns a chain with the game, whose items call back. Alice has a sword and room for gold.
pub(super) fn game() -> TestChain {
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
pub(super) fn call_back(chain: &mut TestChain, method: &str, args: Value) {
    let call_back = json!({ "method": method, "args": args.to_string() });
    let args = json!({ "call_back": call_back });
    chain.prepare("carol.near", "items.near", "behave", args);
    chain.reset_balances();
}
