// ANCHOR: all
//! A new account with a balance, code and state in one receipt.

use near_sdk::json_types::{Base64VecU8, U128};
use near_workspaces::AccountId;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::json;

use crate::batch::{balances, refunds_of};
use crate::common::{World, assert_fails_with, error_of, gas_cost, partner_wasm, receipts_on};

const DEPOSIT: NearToken = NearToken::from_near(5);
const SUPPLY: U128 = U128(1_000);

#[tokio::test]
async fn the_token_exists_with_its_balance_code_and_state() -> anyhow::Result<()> {
    let world = World::new().await?;
    let gold: AccountId = "gold.app.test.near".parse()?;
    let accounts = [world.alice.id(), world.app.id()];
    let [alice, app] = balances(&world, accounts).await?;

    let wasm = partner_wasm("token")?;
    let outcome = launch(&world, "gold", SUPPLY, &wasm, DEPOSIT).await?;

    let [launch] = receipts_on(&outcome, &gold)[..] else {
        panic!("not one receipt on the token: {outcome:#?}");
    };
    assert!(launch.logs[0].contains(r#""event":"ft_mint""#));
    assert_eq!(world.balance(&gold).await?, DEPOSIT);
    assert_eq!(world.worker.view_code(&gold).await?, wasm);
    assert!(world.worker.view_access_keys(&gold).await?.is_empty());
    let owned: U128 = world
        .worker
        .view(&gold, "ft_balance_of")
        .args_json(json!({ "account_id": world.app.id() }))
        .await?
        .json()?;
    assert_eq!(owned, SUPPLY);

    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, DEPOSIT.saturating_add(gas_cost(&outcome)));
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert!(outcome.json::<bool>()?);
    Ok(())
}

// ANCHOR: test_init_fails
#[tokio::test]
async fn when_the_last_action_fails_the_account_does_not_exist() -> anyhow::Result<()> {
    let world = World::new().await?;
    let gold: AccountId = "gold.app.test.near".parse()?;

    for (why, supply, code) in [
        (
            "Smart contract panicked: The total supply must be positive",
            U128(0),
            partner_wasm("token")?,
        ),
        ("MethodNotFound", SUPPLY, partner_wasm("hello")?),
        ("CompilationError", SUPPLY, b"this is no wasm".to_vec()),
    ] {
        let accounts = [world.alice.id(), world.app.id()];
        let [alice, app] = balances(&world, accounts).await?;

        let outcome = launch(&world, "gold", supply, &code, DEPOSIT).await?;

        let [launch] = receipts_on(&outcome, &gold)[..] else {
            panic!("not one receipt on the token: {outcome:#?}");
        };
        let error = error_of(launch);
        assert!(error.contains("Action #3"), "{error}");
        assert!(error.contains(why), "{error}");
        let missing = world
            .worker
            .view_account(&gold)
            .await
            .expect_err("there is no account");
        let missing = format!("{:#}", anyhow::Error::from(missing));
        assert!(missing.contains("does not exist"), "{missing}");

        // The chain refunds the deposit to our contract, and our callback pays it back to alice.
        assert!(refunds_of(&outcome, launch).contains(&world.app.id()));
        assert!(outcome.logs().contains(&"alice.test.near is paid 5 NEAR"));
        let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
        assert_eq!(paid, gas_cost(&outcome));
        assert_eq!(world.balance(world.app.id()).await?, app);
        assert!(!outcome.json::<bool>()?);
    }
    Ok(())
}
// ANCHOR_END: test_init_fails

#[tokio::test]
async fn when_the_account_exists_already_the_launch_changes_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let gold: AccountId = "gold.app.test.near".parse()?;
    let wasm = partner_wasm("token")?;
    launch(&world, "gold", SUPPLY, &wasm, DEPOSIT)
        .await?
        .into_result()?;
    let accounts = [world.alice.id(), world.app.id(), &gold];
    let [alice, app, money] = balances(&world, accounts).await?;

    let hello = partner_wasm("hello")?;
    let outcome = launch(&world, "gold", U128(7), &hello, DEPOSIT).await?;

    let [launch] = receipts_on(&outcome, &gold)[..] else {
        panic!("not one receipt on the token: {outcome:#?}");
    };
    let error = error_of(launch);
    assert!(
        error.contains("Action #0: Can't create a new account"),
        "{error}"
    );
    assert_eq!(world.worker.view_code(&gold).await?, wasm);
    let supply: U128 = world.worker.view(&gold, "ft_total_supply").await?.json()?;
    assert_eq!(supply, SUPPLY);

    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert_eq!(world.balance(&gold).await?, money);
    assert!(!outcome.json::<bool>()?);
    Ok(())
}

#[tokio::test]
async fn a_deposit_below_the_price_of_the_storage_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let gold: AccountId = "gold.app.test.near".parse()?;
    let alice = world.balance(world.alice.id()).await?;

    // The code and 10,000 bytes of state, at 10^19 yoctoNEAR each.
    let wasm = partner_wasm("token")?;
    let price = NearToken::from_yoctonear((wasm.len() as u128 + 10_000) * 10u128.pow(19));
    let deposit = price.saturating_sub(NearToken::from_yoctonear(1));
    let outcome = launch(&world, "gold", SUPPLY, &wasm, deposit).await?;

    let price = price.exact_amount_display();
    assert_fails_with(&outcome, &format!("Attach at least {price}"));
    assert!(receipts_on(&outcome, &gold).is_empty());
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    Ok(())
}

async fn launch(
    world: &World,
    name: &str,
    total_supply: U128,
    code: &[u8],
    deposit: NearToken,
) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("launch_token")
        .args_json(json!({
            "name": name,
            "total_supply": total_supply,
            "code": Base64VecU8(code.to_vec()),
        }))
        .deposit(deposit)
        .transact()
        .await?;
    Ok(outcome)
}
// ANCHOR_END: all
