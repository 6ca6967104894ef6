//! The call with money: whose it is before and after, to the last yoctoNEAR.

use near_workspaces::operations::CallTransaction;
use near_workspaces::types::{Gas, NearToken};
use serde_json::{Value, json};

use crate::world::{Balances, ONE_NEAR, ONE_YOCTO, World, assert_fails_with, create};

const PRICE: NearToken = NearToken::from_millinear(100);
const PRICE_YOCTO: i128 = 10i128.pow(23);

const TO_GUESTBOOK: Balances = [-PRICE_YOCTO, 0, PRICE_YOCTO, 0];
const TO_ROGUE: Balances = [-PRICE_YOCTO, 0, 0, PRICE_YOCTO];
const NOTHING: Balances = [0; 4];

/// Returns a call by alice that pays 1 NEAR for a message.
fn sign(world: &World) -> CallTransaction {
    let call = world.call("sign_guestbook", json!({ "texts": ["Hello"] }));
    call.deposit(ONE_NEAR)
}

#[tokio::test]
async fn a_message_costs_its_price_and_the_rest_is_refunded() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = world.balances().await?;

    let outcome = sign(&world).transact().await?;

    assert!(outcome.clone().json::<bool>()?);
    world.assert_changes(before, TO_GUESTBOOK, &outcome).await?;
    Ok(())
}

#[tokio::test]
async fn whatever_the_guestbook_does_nobody_loses_money() -> anyhow::Result<()> {
    let world = World::new().await?;
    let call_back = |method: &str, args: Value| {
        let args = args.to_string();
        json!({ "call_back": { "method": method, "args": args, "deposit_yocto": "0" } })
    };
    let texts = json!({ "texts": ["Hello"] });
    let refund = json!({ "payer": "rogue.test.near", "deposit": ONE_NEAR, "price": "0" });
    let debt = json!({ "owner": "rogue.test.near", "amount": ONE_NEAR });

    for (behaviour, is_paid) in [
        (json!("well"), true),
        (json!("panic"), false),
        (json!("burn_all_gas"), false),
        (json!("return_garbage"), true),
        (json!("return_nothing"), true),
        (json!({ "return_bytes": 20_000 }), true),
        (call_back("no_such_method", json!({})), true),
        (call_back("sign_guestbook", texts), true),
        (call_back("sign_guestbook_callback", refund), true),
        (call_back("pay_callback", debt), true),
        (call_back("withdraw_owed", json!({})), true),
    ] {
        world.behave(behaviour.clone()).await?;
        let before = world.balances().await?;

        let outcome = sign(&world).transact().await?;

        assert_eq!(outcome.clone().json::<bool>()?, is_paid, "{behaviour}");
        let changes = if is_paid { TO_ROGUE } else { NOTHING };
        world.assert_changes(before, changes, &outcome).await?;
    }
    assert_eq!(world.view("get_liabilities").await?, json!("0"));
    Ok(())
}

#[tokio::test]
async fn with_any_gas_nobody_loses_money() -> anyhow::Result<()> {
    let world = World::new().await?;
    let mut refused = 0;

    for tgas in (2..72).step_by(2) {
        let before = world.balances().await?;

        let outcome = sign(&world).gas(Gas::from_tgas(tgas)).transact().await?;

        // Either nothing has left, or everything has come to its end.
        let changes = [TO_GUESTBOOK, NOTHING][usize::from(outcome.is_failure())];
        world.assert_changes(before, changes, &outcome).await?;
        refused += u32::from(outcome.is_failure());
    }
    assert!((1..35).contains(&refused), "both cases occur: {refused}");
    Ok(())
}

#[tokio::test]
async fn a_deposit_below_the_price_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = world.balances().await?;

    let deposit = PRICE.saturating_sub(ONE_YOCTO);
    let outcome = sign(&world).deposit(deposit).transact().await?;

    assert_fails_with(&outcome, "Attach at least 0.1 NEAR");
    world.assert_changes(before, NOTHING, &outcome).await?;
    Ok(())
}

/// Returns a chain, and the name of an account that has paid 1 NEAR for a message and was gone
/// before the rest came back.
async fn world_with_debt() -> anyhow::Result<(World, String)> {
    let world = World::new().await?;
    // The rest comes back after three blocks. If this payer was not fast enough, the next one tries
    // it.
    for number in 0..20 {
        let name = format!("payer{number}");
        let payer = create(&world.worker, &name).await?;
        let call = payer.call(world.app.id(), "sign_guestbook");
        let call = call.args_json(json!({ "texts": ["Hello"] })).max_gas();
        let call = call.deposit(ONE_NEAR).transact_async().await?;
        let gone = payer.delete_account(world.alice.id());
        gone.await?.into_result()?;
        assert!(call.await?.is_success());
        world.worker.fast_forward(3).await?;
        if world.view("get_liabilities").await? != json!("0") {
            return Ok((world, name));
        }
    }
    anyhow::bail!("the rest always came back first")
}

#[tokio::test]
async fn a_payer_who_was_gone_gets_the_rest_later_and_once() -> anyhow::Result<()> {
    let (world, name) = world_with_debt().await?;
    let rest = ONE_NEAR.saturating_sub(PRICE);
    assert_eq!(world.view("get_liabilities").await?, json!(rest));
    let payer = create(&world.worker, &name).await?;
    // A pause does not lock it in.
    world.by_owner("pause", json!({})).await?;
    let app = world.balances().await?[1];

    let claim = || payer.call(world.app.id(), "withdraw_owed");
    let claim = || claim().args_json(json!({})).max_gas().transact();
    assert!(claim().await?.json::<bool>()?);
    let again = claim().await?;

    assert_fails_with(&again, "is owed nothing");
    assert_eq!(world.balances().await?[1], app - 9 * PRICE_YOCTO);
    assert_eq!(world.view("get_liabilities").await?, json!("0"));
    Ok(())
}
