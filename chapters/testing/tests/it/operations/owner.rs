// ANCHOR: all
//! The owner, and the change of the owner.

use serde_json::json;

use crate::common::{World, assert_fails_with};
use crate::operations::{ONE_YOCTO, assert_event, bob, by_owner, view};

#[tokio::test]
async fn the_owner_of_a_new_contract_is_its_own_account() -> anyhow::Result<()> {
    let world = World::new().await?;

    assert_eq!(view(&world, "get_owner").await?, json!(world.app.id()));
    assert_eq!(view(&world, "get_proposed_owner").await?, json!(null));
    Ok(())
}

// ANCHOR: test_two_steps
#[tokio::test]
async fn the_owner_changes_when_the_next_one_accepts() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (app, alice) = (world.app.id(), world.alice.id());

    let proposal = by_owner(&world, "propose_owner")
        .args_json(json!({ "account_id": alice }))
        .transact()
        .await?;
    assert_event(
        &proposal,
        "owner_proposed",
        json!({ "owner": app, "proposed": alice }),
    );
    assert_eq!(view(&world, "get_owner").await?, json!(app));
    assert_eq!(view(&world, "get_proposed_owner").await?, json!(alice));

    let acceptance = world
        .call("accept_owner")
        .deposit(ONE_YOCTO)
        .transact()
        .await?;
    assert_event(
        &acceptance,
        "owner_changed",
        json!({ "old_owner": app, "new_owner": alice }),
    );
    assert_eq!(view(&world, "get_owner").await?, json!(alice));
    assert_eq!(view(&world, "get_proposed_owner").await?, json!(null));

    let outcome = by_owner(&world, "pause").transact().await?;
    assert_fails_with(&outcome, "Only the owner may do this");
    Ok(())
}
// ANCHOR_END: test_two_steps

#[tokio::test]
async fn a_proposal_that_was_withdrawn_cannot_be_accepted() -> anyhow::Result<()> {
    let world = World::new().await?;
    for proposed in [json!({ "account_id": world.alice.id() }), json!({})] {
        by_owner(&world, "propose_owner")
            .args_json(proposed)
            .transact()
            .await?
            .into_result()?;
    }

    let outcome = world
        .call("accept_owner")
        .deposit(ONE_YOCTO)
        .transact()
        .await?;

    assert_fails_with(&outcome, "Nobody has proposed you as the owner");
    assert_eq!(view(&world, "get_owner").await?, json!(world.app.id()));
    Ok(())
}

#[tokio::test]
async fn only_the_proposed_account_can_accept() -> anyhow::Result<()> {
    let world = World::new().await?;
    let bob = bob(&world).await?;
    by_owner(&world, "propose_owner")
        .args_json(json!({ "account_id": world.alice.id() }))
        .transact()
        .await?
        .into_result()?;

    let outcome = bob
        .call(world.app.id(), "accept_owner")
        .deposit(ONE_YOCTO)
        .transact()
        .await?;

    assert_fails_with(&outcome, "Nobody has proposed you as the owner");
    assert_eq!(view(&world, "get_owner").await?, json!(world.app.id()));
    Ok(())
}

// ANCHOR: test_only_the_owner
#[tokio::test]
async fn only_the_owner_can_configure_the_contract() -> anyhow::Result<()> {
    let world = World::new().await?;
    let limits = json!({ "max_deposit": "0", "min_free_balance": "0" });

    for (method, args) in [
        ("propose_owner", json!({ "account_id": world.alice.id() })),
        ("set_partners", json!({ "hello": world.alice.id() })),
        ("trust_oracle", json!({ "oracle": world.alice.id() })),
        ("accept_token", json!({ "token": world.alice.id() })),
        ("withdraw_earnings", json!({ "amount": "1" })),
        ("set_limits", json!({ "limits": limits })),
        ("pause", json!({})),
        ("resume", json!({})),
        ("upgrade", json!({})),
    ] {
        let by_alice = world.call(method).args_json(&args).deposit(ONE_YOCTO);
        let outcome = by_alice.transact().await?;
        assert_fails_with(&outcome, "Only the owner may do this");
        assert!(outcome.logs().is_empty(), "{method} tells of an event");

        let owner = world.app.call(method).args_json(&args).max_gas();
        let outcome = owner.transact().await?;
        assert_fails_with(&outcome, "Requires attached deposit of exactly 1 yoctoNEAR");
    }
    Ok(())
}
// ANCHOR_END: test_only_the_owner
// ANCHOR_END: all
