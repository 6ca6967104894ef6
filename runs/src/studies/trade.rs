//! The runs of the trade: a sword for five gold.

pub mod exchange;
pub mod figures;
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
const ACCOUNTS: [(&str, u128); 5] = [
    ("alice.near", 100),
    ("bob.near", 100),
    ("carol.near", 100),
    ("items.near", 10),
    ("gold.near", 10),
];

/// Returns a chain with the game: alice has a sword, bob ten gold, and `app.near` and bob have room for gold.
fn game() -> TestChain {
    let mut chain = TestChain::study("trade", &ACCOUNTS);
    let partners = json!({ "items": "items.near", "gold": "gold.near" });
    chain.prepare("app.near", "app.near", "new", partners);
    with_assets(&mut chain);
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
    chain.deploy("items.near", partner("trade", "nft"));
    chain.deploy("gold.near", partner("trade", "token"));
    let items = json!({ "owner_id": "items.near", "royalties": {} });
    chain.prepare("items.near", "items.near", "new", items);
    let sword = json!({ "token_id": "sword", "receiver_id": "alice.near" });
    let mint = paid(call("nft_mint", sword), Balance::from_millinear(100));
    let minted = chain.send("items.near", "items.near", vec![mint]);
    chain.assert_succeeded(minted);
    let supply = json!({ "owner_id": "bob.near", "total_supply": "10" });
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
    let msg = json!({ "want": "5" }).to_string();
    give_item(&msg, gas)
}

fn give_item(msg: &str, gas: u64) -> Action {
    let args = json!({ "receiver_id": "app.near", "token_id": "sword", "msg": msg });
    with_gas(paid(call("nft_transfer_call", args), YOCTO), gas)
}

/// Returns the five gold for trade 0.
fn fill() -> Action {
    give_gold(&json!({ "trade": 0 }).to_string())
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
    let sword = chain.view("items.near", "nft_token", json!({ "token_id": "sword" }));
    sword["owner_id"].as_str().unwrap_or_default().to_owned()
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
