//! A swap that goes through, one whose payout fails, and one that is refused.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_swap_pays_silver_for_gold() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.add_room(&world.silver, world.alice.id()).await?;

    assert_eq!(world.swap(906).await?, "1000");

    assert_eq!(world.holdings(world.alice.id()).await?, ["0", "906"]);
    assert_eq!(world.holdings(world.app.id()).await?, ["11000", "9094"]);
    assert_eq!(
        world.reserves().await?,
        json!([["11000", "11000"], ["9094", "9094"]])
    );
    Ok(())
}

#[tokio::test]
async fn a_swap_whose_payout_fails_returns_the_gold() -> anyhow::Result<()> {
    let world = World::new().await?;

    assert_eq!(world.swap(906).await?, "0");

    assert_eq!(world.holdings(world.alice.id()).await?, ["1000", "0"]);
    assert_eq!(world.holdings(world.app.id()).await?, ["10000", "10000"]);
    assert_eq!(
        world.reserves().await?,
        json!([["10000", "10000"], ["10000", "10000"]])
    );
    Ok(())
}

#[tokio::test]
async fn a_swap_that_gives_too_little_returns_the_gold() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.add_room(&world.silver, world.alice.id()).await?;

    assert_eq!(world.swap(907).await?, "0");

    assert_eq!(world.holdings(world.alice.id()).await?, ["1000", "0"]);
    Ok(())
}

#[tokio::test]
async fn nobody_else_calls_what_is_private() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in ["new", "swap_callback", "claim_callback"] {
        let call = world.alice.call(world.app.id(), method).max_gas();
        let error = call.transact().await?.into_result().unwrap_err();

        let expected = format!("Method {method} is private");
        assert!(error.to_string().contains(&expected), "{error}");
    }
    Ok(())
}
