//! Tests of the solutions of the page about money.

use near_workspaces::operations::Function;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, KeyType, NearToken, SecretKey};
use near_workspaces::{Account, AccountId};
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, deploy, error_of, partner_wasm, receipts_on};

const ONE_NEAR: NearToken = NearToken::from_near(1);
const PRICE: NearToken = NearToken::from_millinear(100);

// ---- Several messages from a safe ----

/// Adds a safe with the price of `messages` messages.
async fn fill_safe(world: &World, owner: &Account, messages: u128) -> anyhow::Result<()> {
    let bytes = "money.safes".len() + 4 + owner.id().len() + 2 * 16 + 12 + 40;
    let storage = NearToken::from_yoctonear(bytes as u128 * 10u128.pow(19));
    owner
        .call(world.app.id(), "vault_deposit")
        .args_json(json!({}))
        .deposit(storage.saturating_add(PRICE.saturating_mul(messages)))
        .transact()
        .await?
        .into_result()?;
    Ok(())
}

/// Returns the balance of a safe, in prices of messages.
async fn messages_left(world: &World, owner: &AccountId) -> anyhow::Result<u128> {
    let safe = world.app.view("get_safe");
    let safe: Value = safe
        .args_json(json!({ "account_id": owner }))
        .await?
        .json()?;
    let balance: NearToken = serde_json::from_value(safe["balance"].clone())?;
    Ok(balance.as_yoctonear() / PRICE.as_yoctonear())
}

#[tokio::test]
async fn money_that_was_not_spent_is_put_back_into_the_safe() -> anyhow::Result<()> {
    let world = World::new().await?;
    fill_safe(&world, &world.alice, 3).await?;
    let app = world.balance(world.app.id()).await?;

    let guestbooks = json!([
        world.guestbook.id(),
        "nobody.test.near",
        world.guestbook.id()
    ]);
    let outcome = world
        .call("vault_spend_many")
        .args_json(json!({ "guestbooks": guestbooks, "text": "Hello" }))
        .transact()
        .await?;

    assert_eq!(
        outcome.json::<Value>()?,
        json!([
            { "guestbook": "guestbook.test.near", "signed": true },
            { "guestbook": "nobody.test.near", "signed": false },
            { "guestbook": "guestbook.test.near", "signed": true },
        ])
    );
    assert_eq!(messages_left(&world, world.alice.id()).await?, 1);
    let spent = app.saturating_sub(world.balance(world.app.id()).await?);
    assert_eq!(spent, PRICE.saturating_mul(2));
    Ok(())
}

// ANCHOR: test_many
#[tokio::test]
async fn two_calls_in_one_receipt_do_not_spend_the_same_money() -> anyhow::Result<()> {
    let world = World::new().await?;
    fill_safe(&world, &world.alice, 3).await?;
    let app = world.balance(world.app.id()).await?;

    let spend = || {
        let guestbooks = [world.guestbook.id(), world.guestbook.id()];
        Function::new("vault_spend_many")
            .args_json(json!({ "guestbooks": guestbooks, "text": "Hello" }))
            .gas(Gas::from_tgas(200))
    };
    let outcome = world
        .alice
        .batch(world.app.id())
        .call(spend())
        .call(spend())
        .transact()
        .await?;

    assert_fails_with(&outcome, "alice.test.near can spend 0.1 NEAR");
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert_eq!(messages_left(&world, world.alice.id()).await?, 3);
    Ok(())
}

#[tokio::test]
async fn a_guestbook_that_calls_back_cannot_spend_the_same_money() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    fill_safe(&world, rogue.as_account(), 1).await?;
    let args = json!({ "guestbooks": [rogue.id()], "text": "Hello" });
    let call_back = json!({
        "method": "vault_spend_many", "args": args.to_string(), "deposit_yocto": "0",
    });
    rogue
        .call("behave")
        .args_json(json!({ "behaviour": { "call_back": call_back } }))
        .transact()
        .await?
        .into_result()?;
    let app = world.balance(world.app.id()).await?;

    let outcome = rogue
        .as_account()
        .call(world.app.id(), "vault_spend_many")
        .args_json(args)
        .max_gas()
        .transact()
        .await?;

    let [_, call_back, _] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not three receipts on our contract: {outcome:#?}");
    };
    assert!(error_of(call_back).contains("rogue.test.near can spend 0 NEAR"));
    let spent = app.saturating_sub(world.balance(world.app.id()).await?);
    assert_eq!(spent, PRICE);
    Ok(())
}
// ANCHOR_END: test_many

// ---- A payment of a debt that anyone can start ----

fn key_of_bob() -> SecretKey {
    SecretKey::from_seed(KeyType::ED25519, "bob")
}

/// Creates bob's account, or creates it again.
async fn bob(world: &World) -> anyhow::Result<Account> {
    let bob = world
        .worker
        .create_root_account_subaccount("bob".parse()?, key_of_bob())
        .await?;
    Ok(bob.into_result()?)
}

/// Starts a chain on which our contract owes 1 NEAR to bob, who has asked an oracle that does not
/// answer and has deleted his account.
async fn world_that_owes_bob() -> anyhow::Result<World> {
    let world = World::new().await?;
    let bob = bob(&world).await?;
    world
        .app
        .call("trust_oracle")
        .args_json(json!({ "oracle": world.alice.id() }))
        .deposit(NearToken::from_yoctonear(1))
        .transact()
        .await?
        .into_result()?;
    let question = bob
        .call(world.app.id(), "ask_oracle")
        .args_json(json!({ "text": "Shall I go?" }))
        .deposit(ONE_NEAR)
        .max_gas()
        .transact_async()
        .await?;
    world.worker.fast_forward(2).await?;
    bob.delete_account(world.alice.id()).await?.into_result()?;
    world.worker.fast_forward(201).await?;
    question.await?.into_result()?;
    world.worker.fast_forward(3).await?;
    Ok(world)
}

/// Calls `pay_owed_to` for bob, as alice.
async fn push(world: &World) -> anyhow::Result<ExecutionFinalResult> {
    let push = world.call("pay_owed_to");
    let push = push.args_json(json!({ "account_id": "bob.test.near" }));
    Ok(push.transact().await?)
}

async fn owed_to_bob(world: &World) -> anyhow::Result<NearToken> {
    let owed = world.app.view("get_owed");
    let owed = owed.args_json(json!({ "account_id": "bob.test.near" }));
    Ok(owed.await?.json()?)
}

// ANCHOR: test_push
#[tokio::test]
async fn a_debt_to_an_account_that_does_not_exist_stays_a_debt() -> anyhow::Result<()> {
    let world = world_that_owes_bob().await?;

    let outcome = push(&world).await?;

    assert!(!outcome.json::<bool>()?);
    assert_eq!(owed_to_bob(&world).await?, ONE_NEAR);
    Ok(())
}

#[tokio::test]
async fn a_debt_is_paid_to_its_owner_once() -> anyhow::Result<()> {
    let world = world_that_owes_bob().await?;
    let bob = bob(&world).await?;
    let before = world.balance(bob.id()).await?;

    let first = push(&world).await?;
    let second = push(&world).await?;

    assert!(first.json::<bool>()?);
    assert_fails_with(&second, "bob.test.near is owed nothing");
    let received = world.balance(bob.id()).await?.saturating_sub(before);
    assert_eq!(received, ONE_NEAR);
    let held: NearToken = world.app.view("get_liabilities").await?.json()?;
    assert!(held.is_zero(), "a debt that was paid is no liability");
    Ok(())
}
// ANCHOR_END: test_push

// ---- An order from a safe ----

#[tokio::test]
async fn a_guestbook_that_calls_back_cannot_order_more_than_its_safe_holds() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    // Enough for one message and the storage of an order, and not for two.
    fill_safe(&world, rogue.as_account(), 1).await?;
    let top_up = rogue.as_account().call(world.app.id(), "vault_deposit");
    top_up
        .args_json(json!({}))
        .deposit(NearToken::from_millinear(50))
        .transact()
        .await?
        .into_result()?;
    let args = json!({ "guestbook": rogue.id(), "text": "Hello" });
    let call_back = json!({
        "method": "vault_order", "args": args.to_string(), "deposit_yocto": "0",
    });
    rogue
        .call("behave")
        .args_json(json!({ "behaviour": { "call_back": call_back } }))
        .transact()
        .await?
        .into_result()?;
    let app = world.balance(world.app.id()).await?;

    let outcome = rogue
        .as_account()
        .call(world.app.id(), "vault_order")
        .args_json(args)
        .max_gas()
        .transact()
        .await?;

    // The guestbook has the price. The price of the storage was paid back to the payer.
    let order: Value = outcome.clone().json()?;
    assert_eq!(order["signed"], json!(true));
    let call_back = receipts_on(&outcome, world.app.id())[1];
    assert!(error_of(call_back).contains("rogue.test.near can spend 0.0"));
    let spent = app.saturating_sub(world.balance(world.app.id()).await?);
    assert!(spent >= PRICE && spent < PRICE.saturating_add(NearToken::from_millinear(50)));
    assert_eq!(messages_left(&world, rogue.id()).await?, 0);
    Ok(())
}
