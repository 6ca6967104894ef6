//! A sale for a fungible token: who has it before and after.

use near_workspaces::{AccountId, Contract};
use serde_json::json;

use crate::world::{ONE_YOCTO, World, register};

#[tokio::test]
async fn a_sale_for_tokens_owes_what_does_not_arrive_and_pays_it_later() -> anyhow::Result<()> {
    let world = World::new().await?;
    let token = world.ask_tokens().await?;
    let [alice, bob, artist] = [&world.alice, &world.bob, &world.artist].map(|user| user.id());

    assert_eq!(buy(&world, &token, 99).await?, "0", "99 is not the price");
    assert_eq!(buy(&world, &token, 100).await?, "100");

    assert_eq!(world.owner(&world.nft).await?, json!(alice));
    assert_eq!(balance(&token, bob).await?, "89");
    assert_eq!(balance(&token, artist).await?, "0", "it has no account");
    // Nine for the artist, and the fee.
    assert_eq!(balance(&token, world.app.id()).await?, "11");

    register(&token, &world.alice, artist).await?;
    for arrives in [true, false] {
        let claim = world.artist.call(world.app.id(), "withdraw_owed_tokens");
        let claim = claim.args_json(json!({ "currency": token.id() })).max_gas();
        assert_eq!(claim.transact().await?.is_success(), arrives);
    }
    assert_eq!(balance(&token, artist).await?, "9");
    Ok(())
}

/// Sends tokens of alice for the lamp. Returns the amount that was used.
async fn buy(world: &World, token: &Contract, amount: u128) -> anyhow::Result<String> {
    let msg = json!({ "collection": world.nft.id(), "token_id": "lamp" }).to_string();
    let args = json!({ "receiver_id": world.app.id(), "amount": amount.to_string(), "msg": msg });
    let transfer = world.alice.call(token.id(), "ft_transfer_call");
    let transfer = transfer.args_json(args).deposit(ONE_YOCTO).max_gas();
    Ok(transfer.transact().await?.json()?)
}

async fn balance(token: &Contract, user: &AccountId) -> anyhow::Result<String> {
    let view = token.view("ft_balance_of");
    Ok(view
        .args_json(json!({ "account_id": user }))
        .await?
        .json()?)
}
