// ANCHOR: all
//! Upgrades from the previous release to this one, on a chain: code and state change together, or
//! not at all.

mod by_key;
mod by_owner;

use std::collections::HashMap;

use near_workspaces::operations::Function;
use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use crate::common::{World, gas_cost};
use crate::wasm::contract_wasm;

/// The wasm of the previous release.
const LAST_RELEASE: &[u8] = include_bytes!("../releases/last.wasm");

// ANCHOR: live
/// Starts a chain on which our account has the code and the state of the previous release.
async fn world_of_the_last_release() -> anyhow::Result<World> {
    let world = World::without_init().await?;
    let app = world.app.as_account();
    let outcome = app
        .batch(app.id())
        .deploy(LAST_RELEASE)
        .call(Function::new("new").args_json(json!({
            "hello": world.hello.id(),
            "counter": world.counter.id(),
            "guestbook": world.guestbook.id(),
        })))
        .transact()
        .await?;
    outcome.into_result()?;
    Ok(world)
}

/// Returns the second action of an upgrade.
fn migrate() -> Function {
    Function::new("migrate").gas(Gas::from_tgas(10))
}
// ANCHOR_END: live

// ANCHOR: snapshot
/// The code and all storage entries of our account: everything that an upgrade can change.
#[derive(PartialEq)]
struct Snapshot {
    code: Vec<u8>,
    state: HashMap<Vec<u8>, Vec<u8>>,
}

impl Snapshot {
    async fn of(world: &World) -> anyhow::Result<Self> {
        Ok(Self {
            code: world.app.view_code().await?,
            state: world.app.view_state().await?,
        })
    }
}
// ANCHOR_END: snapshot

/// The price of a premium message: 0.1 NEAR.
const PREMIUM_PRICE: NearToken = NearToken::from_millinear(100);

/// Checks that the contract works: it calls a partner, and it accepts a deposit and pays the rest
/// back.
async fn assert_works(world: &World) -> anyhow::Result<()> {
    let greeting: String = world.call("query_greeting").transact().await?.json()?;
    assert_eq!(greeting, "Hello");

    let app = world.balance(world.app.id()).await?;
    let alice = world.balance(world.alice.id()).await?;
    let outcome = world
        .call("sign_guestbook")
        .args_json(json!({ "texts": ["Good morning"] }))
        .deposit(NearToken::from_near(1))
        .transact()
        .await?;
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, PREMIUM_PRICE.saturating_add(gas_cost(&outcome)));
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert!(outcome.json::<bool>()?);
    Ok(())
}

#[tokio::test]
async fn the_previous_release_works_and_has_no_owner() -> anyhow::Result<()> {
    let world = world_of_the_last_release().await?;

    assert_ne!(LAST_RELEASE, contract_wasm());
    assert_works(&world).await?;
    assert!(world.app.view("get_owner").await.is_err());
    Ok(())
}
// ANCHOR_END: all
