//! The owner and the pause.

use serde_json::json;

use crate::world::{ONE_NEAR, ONE_YOCTO, World, assert_fails_with};

#[tokio::test]
async fn nobody_but_the_owner_configures_the_contract() -> anyhow::Result<()> {
    let world = World::new().await?;

    let partners = json!({ "partners": { "guestbook": world.alice.id() } });
    for (method, args) in [
        ("propose_owner", json!({ "account_id": world.alice.id() })),
        ("set_partners", partners),
        ("pause", json!({})),
        ("resume", json!({})),
        ("upgrade", json!({})),
    ] {
        let by_alice = world.call(method, args.clone()).deposit(ONE_YOCTO);
        assert_fails_with(&by_alice.transact().await?, "Only the owner may do this");

        let owner = world.app.call(method).args_json(args).max_gas();
        let refusal = "Requires attached deposit of exactly 1 yoctoNEAR";
        assert_fails_with(&owner.transact().await?, refusal);
    }
    Ok(())
}

#[tokio::test]
async fn no_call_begins_during_a_pause_and_the_deposit_is_refunded() -> anyhow::Result<()> {
    let world = World::new().await?;
    let logs = world.by_owner("pause", json!({})).await?;
    assert!(logs[0].contains(r#""event":"paused","data":{"by":"app.test.near"}"#));
    let before = world.balances().await?;

    let sign = world.call("sign_guestbook", json!({ "texts": ["Hello"] }));
    let sign = sign.deposit(ONE_NEAR).transact().await?;

    assert_fails_with(&sign, "The contract is paused");
    world.assert_changes(before, [0; 4], &sign).await?;

    world.by_owner("resume", json!({})).await?;
    assert_eq!(world.view("is_paused").await?, json!(false));
    Ok(())
}

#[tokio::test]
async fn a_call_in_flight_finishes_during_a_pause() -> anyhow::Result<()> {
    let world = World::new().await?;
    // The guestbook owns our contract, and pauses it in the middle of alice's call.
    let pause = json!({ "method": "pause", "args": "{}", "deposit_yocto": "1" });
    world.behave(json!({ "call_back": pause })).await?;
    let next = json!({ "account_id": world.rogue.id() });
    world.by_owner("propose_owner", next).await?;
    let rogue = world.rogue.as_account();
    let accept = rogue.call(world.app.id(), "accept_owner");
    accept.deposit(ONE_YOCTO).transact().await?.into_result()?;

    let sign = world.call("sign_guestbook", json!({ "texts": ["Hello"] }));
    let sign = sign.deposit(ONE_NEAR).transact().await?;

    assert!(sign.logs().contains(&"alice.test.near is paid 0.9 NEAR"));
    assert!(sign.json::<bool>()?);
    assert_eq!(world.view("is_paused").await?, json!(true));
    Ok(())
}
