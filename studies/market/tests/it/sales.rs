//! Sales: whose token and whose money it is before and after, to the last yoctoNEAR.

use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use crate::world::{Balances, PRICE, World, assert_fails_with};

const MILLINEAR: i128 = 10i128.pow(21);

/// The changes of a sale for alice, bob, the artist and our contract: 10 NEAR, less 2 % for us, of
/// which the artist gets a tenth. The transfer costs us one yoctoNEAR.
const SALE: Balances = [
    -10_000 * MILLINEAR,
    8_820 * MILLINEAR,
    980 * MILLINEAR,
    200 * MILLINEAR - 1,
];

#[tokio::test]
async fn a_sale_pays_the_seller_and_the_royalty() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = world.balances().await?;

    let outcome = world.buy(&world.nft).transact().await?;

    assert!(outcome.clone().json::<bool>()?);
    assert_eq!(world.changes(before, &outcome).await?, SALE);
    assert_eq!(world.owner(&world.nft).await?, json!(world.alice.id()));
    // The listing is gone.
    let again = world.buy(&world.nft).transact().await?;
    assert_fails_with(&again, "This token is not for sale");
    Ok(())
}

#[tokio::test]
async fn a_token_that_was_moved_is_not_sold_and_the_buyer_gets_all_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    let transfer = json!({ "receiver_id": world.artist.id(), "token_id": "lamp" });
    let transfer = world
        .bob
        .call(world.nft.id(), "nft_transfer")
        .args_json(transfer);
    let transfer = transfer.deposit(NearToken::from_yoctonear(1));
    transfer.transact().await?.into_result()?;
    let before = world.balances().await?;

    let outcome = world.buy(&world.nft).transact().await?;

    assert!(!outcome.clone().json::<bool>()?);
    assert_eq!(world.changes(before, &outcome).await?, [0; 4]);
    assert_eq!(world.owner(&world.nft).await?, json!(world.artist.id()));
    Ok(())
}

#[tokio::test]
async fn a_bill_that_is_more_than_the_price_gives_the_seller_everything() -> anyhow::Result<()> {
    let world = World::new().await?;
    let bill = json!({ "payout": { world.artist.id().as_str(): PRICE } });
    world.behave(json!({ "return": bill.to_string() })).await?;
    let before = world.balances().await?;

    let outcome = world.buy(&world.rogue).transact().await?;

    assert!(outcome.clone().json::<bool>()?);
    let expected = [SALE[0], SALE[1] + SALE[2], 0, SALE[3]];
    assert_eq!(world.changes(before, &outcome).await?, expected);
    Ok(())
}

#[tokio::test]
async fn with_any_gas_the_sale_is_whole_or_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = world.balances().await?;

    for tgas in (2..200).step_by(22) {
        let gas = Gas::from_tgas(tgas);
        let outcome = world.buy(&world.nft).gas(gas).transact().await?;
        assert_fails_with(&outcome, "gas");
        assert_eq!(world.changes(before, &outcome).await?[1..], [0; 3]);
    }
    let outcome = world
        .buy(&world.nft)
        .gas(Gas::from_tgas(210))
        .transact()
        .await?;

    assert!(outcome.clone().json::<bool>()?);
    assert_eq!(world.changes(before, &outcome).await?[1..], SALE[1..]);
    Ok(())
}

#[tokio::test]
async fn nobody_else_calls_what_is_private() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in [
        "new",
        "trust",
        "buy_callback",
        "pay_callback",
        "ft_on_transfer_callback",
        "pay_tokens_callback",
    ] {
        let call = world.alice.call(world.app.id(), method);
        let outcome = call.args_json(json!({})).max_gas().transact().await?;
        assert_fails_with(&outcome, &format!("Method {method} is private"));
    }
    Ok(())
}
