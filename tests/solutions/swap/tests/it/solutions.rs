//! Two hops: gold to silver in the first pool, and silver to gold in the second one.

use near_workspaces::Account;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::wasm::contract_wasm;
use crate::world::{ONE_YOCTO, World};

/// Deploys a second pool, which carol fills with 10,000 silver and 10,000 gold.
async fn second_pool(world: &World) -> anyhow::Result<Account> {
    let account = world.carol.create_subaccount("second");
    let account = account.initial_balance(NearToken::from_near(10));
    let pool = account.transact().await?.into_result()?;
    let pool = pool.deploy(contract_wasm()).await?.into_result()?;
    let tokens = json!({ "tokens": [world.silver.id(), world.gold.id()] });
    let init = pool.call("new").args_json(tokens).transact().await?;
    init.into_result()?;
    let register = world.carol.call(pool.id(), "register");
    let register = register.deposit(NearToken::from_micronear(1_640));
    register.transact().await?.into_result()?;
    for token in [&world.gold, &world.silver] {
        world.add_room(token, pool.id()).await?;
        let order = json!({ "add": { "min_shares": "0", "min_in": ["0", "0"] } });
        let args = json!({ "receiver_id": pool.id(), "amount": "10000", "msg": order.to_string() });
        let add = world
            .carol
            .call(token.id(), "ft_transfer_call")
            .args_json(args);
        let add = add.deposit(ONE_YOCTO).max_gas().transact().await?;
        add.into_result()?;
    }
    Ok(pool.as_account().clone())
}

/// Sends 1,000 gold of alice through both pools, and returns how much of it was used.
async fn two_hops(world: &World, second: &Account, min_out: u128) -> anyhow::Result<Value> {
    let min_out = min_out.to_string();
    let last = json!({ "swap_for": { "receiver_id": world.alice.id(), "min_out": min_out } });
    let order = json!({ "hop": { "pool": second.id(), "msg": last.to_string() } });
    let swap = world.transfer_call(&world.alice, &world.gold, 1_000, order);
    Ok(swap.await?.json()?)
}

// ANCHOR: test_hops
#[tokio::test]
async fn two_hops_pay_the_user_at_the_second_pool() -> anyhow::Result<()> {
    let world = World::new().await?;
    let second = second_pool(&world).await?;

    assert_eq!(two_hops(&world, &second, 828).await?, "1000");

    assert_eq!(world.holdings(world.alice.id()).await?, ["828", "0"]);
    assert_eq!(world.holdings(world.app.id()).await?, ["11000", "9094"]);
    assert_eq!(world.holdings(second.id()).await?, ["9172", "10906"]);
    Ok(())
}

#[tokio::test]
async fn a_second_pool_that_refuses_gives_everything_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    let second = second_pool(&world).await?;

    assert_eq!(two_hops(&world, &second, 829).await?, "0");

    assert_eq!(world.holdings(world.alice.id()).await?, ["1000", "0"]);
    let at_rest = json!([["10000", "10000"], ["10000", "10000"]]);
    assert_eq!(world.reserves().await?, at_rest);
    Ok(())
}
// ANCHOR_END: test_hops
