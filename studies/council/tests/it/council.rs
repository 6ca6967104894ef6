//! A proposal from its bond to its end.

use serde_json::json;

use crate::world::{BOND, NOTHING, PRICE, World, assert_fails_with};

const LIFETIME: u32 = 10_000;

#[tokio::test]
async fn what_the_members_approve_is_executed_once() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.propose(&world.guestbook, LIFETIME).await?;
    assert_fails_with(world.execute().await?, "Proposal 0 is not approved");
    world.approve(0).await?;
    let before = world.balance(world.dave.id()).await?;
    let treasury = world.balance(world.app.id()).await?;

    assert!(world.execute().await?.json::<bool>()?);

    assert_fails_with(world.execute().await?, "There is no such proposal");
    let paid_back = world.balance(world.dave.id()).await? - before;
    assert_eq!(paid_back, BOND.as_yoctonear());
    let spent = treasury - world.balance(world.app.id()).await?;
    assert_eq!(spent, PRICE.as_yoctonear() + BOND.as_yoctonear());
    let messages: u32 = world.guestbook.view("total_messages").await?.json()?;
    assert_eq!(messages, 1);
    Ok(())
}

#[tokio::test]
async fn a_target_that_acts_and_then_fails_needs_a_new_vote() -> anyhow::Result<()> {
    let world = World::new().await?;
    let no_such_method = json!({ "method": "no_such_method", "args": "{}", "deposit_yocto": "0" });
    world.behave(json!({ "call_back": no_such_method })).await?;
    world.propose(&world.rogue, LIFETIME).await?;
    world.approve(0).await?;
    let before = world.balance(world.rogue.id()).await?;

    assert!(!world.execute().await?.json::<bool>()?);

    assert_eq!(world.status().await?, json!("Failed"));
    assert_fails_with(world.execute().await?, "Proposal 0 is not approved");
    let paid = world.balance(world.rogue.id()).await? - before;
    assert_eq!(paid, PRICE.as_yoctonear());

    world.approve(1).await?;
    assert!(world.execute().await?.json::<bool>()?);
    assert!(world.status().await?.is_null());
    Ok(())
}

#[tokio::test]
async fn what_nobody_executes_expires_and_the_bond_is_paid_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.propose(&world.guestbook, LIFETIME).await?;
    world.approve(0).await?;
    let before = world.balance(world.dave.id()).await?;
    world.worker.fast_forward(LIFETIME.into()).await?;

    assert_fails_with(world.execute().await?, "It expired in block");
    let expire = world.call(&world.eve, "expire", json!({ "id": 0 }), NOTHING);
    assert!(expire.await?.json::<bool>()?);

    let paid_back = world.balance(world.dave.id()).await? - before;
    assert_eq!(paid_back, BOND.as_yoctonear());
    Ok(())
}

#[tokio::test]
async fn nobody_else_calls_what_is_private() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in [
        "set_members",
        "execute_callback",
        "bond_callback",
        "pay_callback",
    ] {
        let outcome = world.eve.call(world.app.id(), method).transact().await?;
        assert_fails_with(outcome, &format!("Method {method} is private"));
    }
    Ok(())
}
