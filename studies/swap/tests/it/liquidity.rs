//! Liquidity that leaves the pool again.

use serde_json::json;

use crate::world::{ONE_YOCTO, World};

#[tokio::test]
async fn shares_are_removed_and_claimed_with_the_fees() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.add_room(&world.silver, world.alice.id()).await?;
    world.swap(906).await?;

    let remove = json!({ "shares": "10000", "min_out": ["11000", "9094"] });
    let remove = world.carol.call(world.app.id(), "remove").args_json(remove);
    remove.deposit(ONE_YOCTO).transact().await?.into_result()?;
    for token in [&world.gold, &world.silver] {
        let claim = world.carol.call(world.app.id(), "claim");
        let claim = claim.args_json(json!({ "token": token.id() })).max_gas();
        assert!(claim.transact().await?.json::<bool>()?);
    }

    assert_eq!(
        world.holdings(world.carol.id()).await?,
        ["1000000", "999094"]
    );
    assert_eq!(world.holdings(world.app.id()).await?, ["0", "0"]);
    Ok(())
}
