//! The runs of the trade: a sword for five gold, and a new item for iron and five gold.

pub mod back_in;
pub mod crafting;
pub mod exchange;
pub mod figures;
mod ledger;
pub mod lost;
pub mod orders;

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::test_chain::{TestChain, TxHash, call, contract_wasm, paid, partner, with_gas};

/// The gas of an offer that pays for the whole exchange, in Tgas.
const GAS_FOR_ALL: u64 = 150;

const YOCTO: Balance = Balance::from_yoctonear(1);

/// The accounts of the game beside `app.near`, and their balances in NEAR.
const ACCOUNTS: [(&str, u128); 6] = [
    ("alice.near", 100),
    ("bob.near", 100),
    ("carol.near", 100),
    ("smith.near", 10),
    ("items.near", 10),
    ("gold.near", 10),
];

/// Returns a chain with the game: alice has a sword, bob ten gold, and `app.near` and bob have room for gold.
fn game() -> TestChain {
    let mut chain = new_game();
    with_assets(&mut chain);
    chain
}

/// Returns a chain with the escrow, whose smith asks for five gold.
fn new_game() -> TestChain {
    let mut chain = TestChain::study("trade", &ACCOUNTS);
    let partners = json!({
        "items": "items.near", "gold": "gold.near", "smith": "smith.near", "price": "5",
    });
    chain.prepare("app.near", "app.near", "new", partners);
    chain
}

/// Returns the same with the contract that keeps no journal.
fn game_without_journal() -> TestChain {
    let mut chain = TestChain::study("trade", &ACCOUNTS);
    chain.deploy("app.near", contract_wasm("vulnerable_trade"));
    with_assets(&mut chain);
    chain
}

fn with_assets(chain: &mut TestChain) {
    with_items(chain, "items.near");
    mint(chain, "items.near", "sword", "alice.near");
    with_gold(chain, "bob.near", "10");
}

/// Deploys the items. `minter` mints them.
fn with_items(chain: &mut TestChain, minter: &str) {
    chain.deploy("items.near", partner("trade", "nft"));
    let items = json!({ "owner_id": minter, "royalties": {} });
    chain.prepare("items.near", "items.near", "new", items);
}

fn mint(chain: &mut TestChain, minter: &str, item: &str, owner: &str) {
    let args = json!({ "token_id": item, "receiver_id": owner });
    let mint = paid(call("nft_mint", args), Balance::from_millinear(100));
    let minted = chain.send(minter, "items.near", vec![mint]);
    chain.assert_succeeded(minted);
}

/// Deploys the gold, of which this account has so much. `app.near` has room for it.
fn with_gold(chain: &mut TestChain, owner: &str, supply: &str) {
    chain.deploy("gold.near", partner("trade", "token"));
    let supply = json!({ "owner_id": owner, "total_supply": supply });
    chain.prepare("gold.near", "gold.near", "new", supply);
    register(chain, "app.near");
    chain.reset_balances();
}

/// Returns the call that pays for the storage of an account at the gold.
fn storage_deposit(name: &str) -> Action {
    paid(
        call("storage_deposit", json!({ "account_id": name })),
        Balance::from_yoctonear(125 * 10u128.pow(19)),
    )
}

fn register(chain: &mut TestChain, name: &str) {
    let tx = chain.send("carol.near", "gold.near", vec![storage_deposit(name)]);
    chain.assert_succeeded(tx);
    chain.reset_balances();
}

/// Returns the offer of the sword for five gold, with this gas in Tgas.
fn offer(gas: u64) -> Action {
    give_item("sword", &json!({ "want": "5" }).to_string(), gas)
}

fn give_item(item: &str, msg: &str, gas: u64) -> Action {
    let args = json!({ "receiver_id": "app.near", "token_id": item, "msg": msg });
    with_gas(paid(call("nft_transfer_call", args), YOCTO), gas)
}

/// Returns the five gold for trade 0, which has this item.
fn fill(item: &str) -> Action {
    give_gold(&json!({ "trade": 0, "item": item }).to_string())
}

fn give_gold(msg: &str) -> Action {
    let args = json!({ "receiver_id": "app.near", "amount": "5", "msg": msg });
    paid(call("ft_transfer_call", args), YOCTO)
}

fn resume() -> Action {
    call("resume", json!({ "id": 0 }))
}

/// Submits alice's offer, and runs the chain until it waits.
fn alice_offers(chain: &mut TestChain, gas: u64) -> TxHash {
    let offered = chain.submit("alice.near", "items.near", vec![offer(gas)]);
    chain.run_until_idle();
    offered
}

/// Returns the owner of the sword.
fn owner(chain: &TestChain) -> String {
    owner_of(chain, "sword")
}

/// Returns the owner of an item, or an empty text.
fn owner_of(chain: &TestChain, item: &str) -> String {
    let item = chain.view("items.near", "nft_token", json!({ "token_id": item }));
    item["owner_id"].as_str().unwrap_or_default().to_owned()
}

/// Returns the gold of an account.
fn gold_of(chain: &TestChain, name: &str) -> u128 {
    let gold = chain.view("gold.near", "ft_balance_of", json!({ "account_id": name }));
    let gold = gold.as_str().and_then(|gold| gold.parse().ok());
    gold.expect("the gold returns an amount")
}

/// Returns the statuses of the legs of trade 0, or nothing if it is not open.
fn statuses(chain: &TestChain) -> Vec<String> {
    let trade = chain.view("app.near", "get_trade", json!({ "id": 0 }));
    let legs = trade["legs"].as_array().cloned().unwrap_or_default();
    let status = |leg: &Value| match &leg["status"] {
        Value::String(status) => status.clone(),
        _ => "sent".to_owned(),
    };
    legs.iter().map(status).collect()
}
