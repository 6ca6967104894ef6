// ANCHOR: all
//! The gas of each call, in all its receipts together, compared with a budget.
//!
//! `UPDATE_GAS_BUDGET=1 cargo test --test it budget` records the budget again.

mod budget;

use std::env;

use budget::Budget;
use near_workspaces::Account;
use near_workspaces::operations::CallTransaction;
use near_workspaces::types::{Gas, KeyType, NearToken, SecretKey};
use serde_json::{Value, json};

use crate::common::{World, partner_wasm};

/// The path of the budget, from the folder of the package.
const BUDGET: &str = "tests/it/gas/budget.toml";

const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

// ANCHOR: test_budget
#[tokio::test]
async fn no_call_burns_more_gas_than_its_budget() -> anyhow::Result<()> {
    let measured = measure().await?;

    if env::var_os("UPDATE_GAS_BUDGET").is_some() {
        return measured.write(BUDGET);
    }
    let budget = Budget::read(BUDGET)?;
    let faults = budget.faults(&measured);
    assert!(faults.is_empty(), "\n{faults}");
    Ok(())
}
// ANCHOR_END: test_budget

// ANCHOR: measure
/// Makes each call once, in an order in which each succeeds.
async fn measure() -> anyhow::Result<Budget> {
    let world = World::new().await?;
    let nothing = NearToken::from_near(0);
    let one_near = NearToken::from_near(1);
    let token = partner_token(&world).await?;
    let guestbook = world.guestbook.id();
    let mut measured = Budget::default();

    for (method, args, deposit) in [
        ("query_greeting", json!({}), nothing),
        (
            "change_greeting",
            json!({ "new_greeting": "Howdy" }),
            nothing,
        ),
        (
            "set_and_get_greeting",
            json!({ "new_greeting": "Howdy" }),
            nothing,
        ),
        ("count", json!({ "steps": vec!["increment"; 10] }), nothing),
        (
            "sign_guestbook",
            json!({ "texts": ["one", "two"] }),
            one_near,
        ),
        (
            "buy_tokens",
            json!({ "name": token, "amount": "1000" }),
            one_near,
        ),
        ("overview", json!({}), nothing),
        ("visit", json!({ "text": "Good morning" }), nothing),
        (
            "collect_greetings",
            json!({ "accounts": [world.hello.id()] }),
            nothing,
        ),
        (
            "sign_guestbooks",
            json!({ "guestbooks": [guestbook], "text": "Good morning" }),
            NearToken::from_millinear(100),
        ),
        ("vault_deposit", json!({}), one_near),
        (
            "vault_spend",
            json!({ "guestbook": guestbook, "text": "Good morning" }),
            nothing,
        ),
        ("vault_close", json!({}), nothing),
    ] {
        let gas = gas_of(world.call(method).args_json(args).deposit(deposit)).await?;
        measured.record(method, gas);
    }
    for method in ["pause", "resume"] {
        let call = world.app.call(method).max_gas().deposit(ONE_YOCTO);
        measured.record(method, gas_of(call).await?);
    }
    Ok(measured)
}

/// Returns the gas that a call burns. The call must succeed.
async fn gas_of(call: CallTransaction) -> anyhow::Result<Gas> {
    let outcome = call.transact().await?;
    let gas = outcome.total_gas_burnt;
    outcome.into_result()?;
    Ok(gas)
}
// ANCHOR_END: measure

/// Deploys a token that our contract can sell. Returns its name.
async fn partner_token(world: &World) -> anyhow::Result<&'static str> {
    let app: &Account = world.app.as_account();
    let token = app
        .create_subaccount("gold")
        .keys(SecretKey::from_seed(KeyType::ED25519, "gold"))
        .initial_balance(NearToken::from_near(10))
        .transact()
        .await?
        .into_result()?
        .deploy(&partner_wasm("token")?)
        .await?
        .into_result()?;
    let supply: Value = json!({ "owner_id": app.id(), "total_supply": "1000000" });
    let init = token.call("new").args_json(supply).max_gas();
    init.transact().await?.into_result()?;
    Ok("gold")
}
// ANCHOR_END: all
