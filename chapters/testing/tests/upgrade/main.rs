// ANCHOR: all
//! From the release before to this one, on a chain: code and state change together, or not at all.

#[path = "../common/mod.rs"]
#[allow(dead_code)] // What is shared has more than these tests need.
mod common;

mod by_key;
mod by_owner;

use std::collections::HashMap;

use near_workspaces::operations::Function;
use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use common::{World, contract_wasm};

/// The wasm of the release that is live before this one.
const LAST_RELEASE: &[u8] = include_bytes!("../releases/last.wasm");

// ANCHOR: live
/// Returns a chain on which our account runs the release before, and has its state.
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
/// Everything that an upgrade can change: the code, and each entry of the storage.
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

/// What a message costs.
const PREMIUM_PRICE: NearToken = NearToken::from_millinear(100);

/// The contract still does its work: it asks, and it takes money and gives back the rest.
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
    assert_eq!(
        paid,
        PREMIUM_PRICE.saturating_add(common::gas_cost(&outcome))
    );
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert!(outcome.json::<bool>()?);
    Ok(())
}

#[tokio::test]
async fn the_last_release_is_another_contract() -> anyhow::Result<()> {
    let world = world_of_the_last_release().await?;

    assert_ne!(LAST_RELEASE, contract_wasm());
    assert_works(&world).await?;
    assert!(world.app.view("get_owner").await.is_err());
    Ok(())
}
// ANCHOR_END: all
