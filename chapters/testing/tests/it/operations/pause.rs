// ANCHOR: all
//! A pause: new calls are refused, and callbacks still run.

use near_workspaces::Account;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::{
    World, assert_fails_with, deploy, gas_cost, partner_wasm, receipts, receipts_on,
};
use crate::operations::{assert_event, bob, by_owner, events, view};

/// Returns calls of each kind, with valid arguments and deposits.
fn calls() -> [(&'static str, Value, NearToken); 10] {
    let nothing = NearToken::from_near(0);
    let two_near = NearToken::from_near(2);
    let launch = json!({ "name": "gold", "total_supply": "1", "code": "" });
    [
        ("query_greeting", json!({}), nothing),
        (
            "change_greeting",
            json!({ "new_greeting": "Howdy" }),
            nothing,
        ),
        (
            "set_and_get_greeting",
            json!({ "new_greeting": "Howdy" }),
            nothing,
        ),
        ("count", json!({ "steps": ["increment"] }), nothing),
        ("sign_guestbook", json!({ "texts": ["one"] }), two_near),
        ("launch_token", launch, two_near),
        ("overview", json!({}), nothing),
        ("collect_greetings", json!({ "accounts": [] }), nothing),
        ("vault_deposit", json!({}), two_near),
        ("ask_oracle", json!({ "text": "Now?" }), two_near),
    ]
}

#[tokio::test]
async fn calls_are_refused_while_the_contract_is_paused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let outcome = by_owner(&world, "pause").transact().await?;
    assert_event(&outcome, "paused", json!({ "by": world.app.id() }));

    for (method, args, deposit) in calls() {
        let before = world.balance(world.alice.id()).await?;
        let call = world.call(method).args_json(args).deposit(deposit);
        let outcome = call.transact().await?;

        assert_fails_with(&outcome, "The contract is paused");
        assert_eq!(receipts(&outcome).len(), 1, "{method} has called someone");
        let paid = before.saturating_sub(world.balance(world.alice.id()).await?);
        assert_eq!(paid, gas_cost(&outcome), "{method} has kept the deposit");
    }
    Ok(())
}

#[tokio::test]
async fn views_work_while_the_contract_is_paused() -> anyhow::Result<()> {
    let world = World::new().await?;
    by_owner(&world, "pause").transact().await?.into_result()?;

    assert_eq!(view(&world, "is_paused").await?, json!(true));
    assert_eq!(view(&world, "get_owner").await?, json!(world.app.id()));
    assert_eq!(
        view(&world, "health_check").await?,
        json!({ "healthy": false, "problems": ["paused"] })
    );
    Ok(())
}

#[tokio::test]
async fn after_the_pause_calls_are_admitted_again() -> anyhow::Result<()> {
    let world = World::new().await?;
    by_owner(&world, "pause").transact().await?.into_result()?;

    let outcome = by_owner(&world, "resume").transact().await?;

    assert_event(&outcome, "resumed", json!({ "by": world.app.id() }));
    assert_eq!(view(&world, "is_paused").await?, json!(false));
    let greeting: String = world.call("query_greeting").transact().await?.json()?;
    assert_eq!(greeting, "Hello");
    Ok(())
}

// ANCHOR: test_in_flight
#[tokio::test]
async fn a_callback_runs_while_the_contract_is_paused() -> anyhow::Result<()> {
    let world = World::new().await?;
    // A guestbook that owns our contract, and pauses it in the middle of alice's call.
    let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    by_owner(&world, "set_partners")
        .args_json(json!({ "guestbook": rogue.id() }))
        .transact()
        .await?
        .into_result()?;
    by_owner(&world, "propose_owner")
        .args_json(json!({ "account_id": rogue.id() }))
        .transact()
        .await?
        .into_result()?;
    for method in ["accept_owner", "pause"] {
        let call = json!({ "method": method, "args": "{}", "deposit_yocto": "1" });
        rogue
            .call("behave")
            .args_json(json!({ "behaviour": { "call_back": call } }))
            .transact()
            .await?
            .into_result()?;
        let before = world.balance(world.alice.id()).await?;

        let outcome = world
            .call("sign_guestbook")
            .args_json(json!({ "texts": ["Good morning"] }))
            .deposit(NearToken::from_near(1))
            .transact()
            .await?;

        // The call, the rogue's call back, the callback, and the callback of the payment.
        assert_eq!(receipts_on(&outcome, world.app.id()).len(), 4);
        assert_eq!(events(&outcome).len(), 1);
        assert!(outcome.logs().contains(&"alice.test.near is paid 0.9 NEAR"));
        let paid = before.saturating_sub(world.balance(world.alice.id()).await?);
        let price = NearToken::from_millinear(100);
        assert_eq!(paid, price.saturating_add(gas_cost(&outcome)));
        assert!(outcome.json::<bool>()?);
    }

    assert_eq!(view(&world, "is_paused").await?, json!(true));
    Ok(())
}
// ANCHOR_END: test_in_flight

// ANCHOR: test_owed
#[tokio::test]
async fn a_debt_can_be_claimed_while_the_contract_is_paused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let one_near = NearToken::from_near(1);
    let bob = world_that_owes_bob(&world, one_near).await?;
    let stats = view(&world, "get_stats").await?;
    assert_eq!(stats["liabilities"], json!(one_near));
    by_owner(&world, "pause").transact().await?.into_result()?;
    let before = world.balance(bob.id()).await?;

    let claim = bob.call(world.app.id(), "withdraw_owed").max_gas();
    let outcome = claim.args_json(json!({})).transact().await?;

    let after = world.balance(bob.id()).await?;
    let paid = after.saturating_add(gas_cost(&outcome));
    assert_eq!(paid, before.saturating_add(one_near));
    assert!(outcome.json::<bool>()?);
    Ok(())
}
// ANCHOR_END: test_owed

/// Asks an oracle that does not answer as bob, deletes his account before the payment back, and
/// creates it again.
async fn world_that_owes_bob(world: &World, money: NearToken) -> anyhow::Result<Account> {
    by_owner(world, "trust_oracle")
        .args_json(json!({ "oracle": world.hello.id() }))
        .transact()
        .await?
        .into_result()?;
    let user = bob(world).await?;
    let question = user
        .call(world.app.id(), "ask_oracle")
        .args_json(json!({ "text": "Shall I go?" }))
        .deposit(money)
        .max_gas()
        .transact_async()
        .await?;
    world.worker.fast_forward(2).await?;
    user.delete_account(world.alice.id()).await?.into_result()?;
    world.worker.fast_forward(201).await?;
    assert!(question.await?.is_success());
    world.worker.fast_forward(3).await?;
    bob(world).await
}
// ANCHOR_END: all
