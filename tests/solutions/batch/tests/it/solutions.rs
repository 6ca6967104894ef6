//! Tests on a chain of the solutions of chapter 2.

mod evil_token;

use near_sdk::json_types::{Base64VecU8, U128};
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{AccessKeyPermission, Gas, KeyType, NearToken, SecretKey};
use near_workspaces::{Account, AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, error_of, gas_cost, partner_wasm, receipts_on};

// ---- 1. The other order ----

// ANCHOR: test_order
#[tokio::test]
async fn in_the_other_order_the_callback_fails_and_the_greeting_is_changed() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world
        .call("get_and_set_greeting")
        .args_json(json!({ "new_greeting": "Howdy" }))
        .transact()
        .await?;

    assert_fails_with(
        &outcome,
        "The result is not a greeting: EOF while parsing a value",
    );
    assert_eq!(world.greeting().await?, "Howdy");
    Ok(())
}
// ANCHOR_END: test_order

// ---- 2. A key for the launch ----

#[tokio::test]
async fn the_new_account_has_exactly_this_key() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = launch_with_key(&world, partner_wasm("token")?, U128(1_000)).await?;

    assert!(outcome.json::<bool>()?);
    let gold: AccountId = "gold.app.test.near".parse()?;
    let keys = world.worker.view_access_keys(&gold).await?;
    let [key] = &keys[..] else {
        panic!("not one key: {keys:?}");
    };
    assert_eq!(key.public_key, secret_key().public_key());
    let permission = &key.access_key.permission;
    assert!(matches!(permission, AccessKeyPermission::FullAccess));
    Ok(())
}

// ANCHOR: test_key
#[tokio::test]
async fn a_launch_that_fails_adds_no_key_and_costs_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let alice = world.balance(world.alice.id()).await?;

    // `new`, the last action that can fail, refuses a supply of zero.
    let outcome = launch_with_key(&world, partner_wasm("token")?, U128(0)).await?;

    let gold: AccountId = "gold.app.test.near".parse()?;
    let [launch] = receipts_on(&outcome, &gold)[..] else {
        panic!("not one receipt on the token: {outcome:#?}");
    };
    assert!(error_of(launch).contains("Action #4"));
    assert!(world.worker.view_account(&gold).await.is_err());
    assert!(world.worker.view_access_keys(&gold).await?.is_empty());
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    assert!(!outcome.json::<bool>()?);
    Ok(())
}
// ANCHOR_END: test_key

// ANCHOR: test_key_theft
#[tokio::test]
async fn a_token_whose_new_returns_a_failing_promise_is_paid_once() -> anyhow::Result<()> {
    let world = World::new().await?;
    let alice = world.balance(world.alice.id()).await?;
    let app = world.balance(world.app.id()).await?;

    let outcome = launch_with_key(&world, evil_token::WASM.concat(), U128(1_000)).await?;

    // The token has the 5 NEAR, and alice has paid them. Our contract has paid nothing.
    let gold: AccountId = "gold.app.test.near".parse()?;
    assert_eq!(world.balance(&gold).await?, NearToken::from_near(5));
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(
        paid.saturating_sub(gas_cost(&outcome)),
        NearToken::from_near(5)
    );
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert!(outcome.json::<bool>()?);
    Ok(())
}
// ANCHOR_END: test_key_theft

#[tokio::test]
async fn with_any_gas_the_deposit_of_an_implicit_account_is_paid_back_after_a_failed_launch()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let launcher = implicit_account(&world).await?;
    let app = world.balance(world.app.id()).await?;

    for tgas in 40..=90 {
        let launch = launcher.call(world.app.id(), "launch_token_with_key");
        launch
            .args_json(json!({
                "name": "gold",
                "total_supply": U128(0),
                "code": Base64VecU8(partner_wasm("token")?),
                "public_key": secret_key().public_key(),
            }))
            .deposit(NearToken::from_near(5))
            .gas(Gas::from_tgas(tgas))
            .transact()
            .await?;

        let now = world.balance(world.app.id()).await?;
        assert_eq!(now, app, "with {tgas} Tgas");
    }
    Ok(())
}

async fn launch_with_key(
    world: &World,
    code: Vec<u8>,
    total_supply: U128,
) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("launch_token_with_key")
        .args_json(json!({
            "name": "gold",
            "total_supply": total_supply,
            "code": Base64VecU8(code),
            "public_key": secret_key().public_key(),
        }))
        .deposit(NearToken::from_near(5))
        .transact()
        .await?;
    Ok(outcome)
}

fn secret_key() -> SecretKey {
    SecretKey::from_seed(KeyType::ED25519, "gold")
}

// ---- 3. Nothing kept ----

/// One token, in its smallest unit. It costs 1 NEAR.
const ONE_TOKEN: U128 = U128(10u128.pow(24));
/// The price of the registration of an account at the token: 0.00125 NEAR.
const REGISTRATION: NearToken = NearToken::from_micronear(1_250);

// ANCHOR: test_exact
#[tokio::test]
async fn a_buyer_pays_for_the_registration_once_and_the_shop_keeps_nothing_of_it()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let token = launch_gold(&world).await?;
    let one_yocto = NearToken::from_yoctonear(1);
    let tokens = NearToken::from_near(1).saturating_add(one_yocto);

    let first = buy(&world, "gold").await?;
    assert_eq!(first.price, tokens.saturating_add(REGISTRATION));
    // The token keeps the price of the registration, and one yoctoNEAR was the deposit of the
    // transfer.
    assert_eq!(first.earned, NearToken::from_near(1));

    let second = buy(&world, "gold").await?;
    assert_eq!(second.price, tokens);
    assert_eq!(second.earned, NearToken::from_near(1));

    let balance: U128 = token
        .view("ft_balance_of")
        .args_json(json!({ "account_id": world.alice.id() }))
        .await?
        .json()?;
    assert_eq!(balance, U128(2 * ONE_TOKEN.0));
    Ok(())
}
// ANCHOR_END: test_exact

#[tokio::test]
async fn when_the_token_does_not_exist_the_deposit_is_paid_back() -> anyhow::Result<()> {
    let world = World::new().await?;

    let bought = buy(&world, "silver").await?;

    assert_eq!(bought.value, json!(false));
    assert_eq!(bought.price, NearToken::from_near(0));
    assert_eq!(bought.earned, NearToken::from_near(0));
    Ok(())
}

#[tokio::test]
async fn when_the_tokens_are_sold_out_the_deposit_is_paid_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    launch_gold(&world).await?;
    for _ in 0..3 {
        assert_eq!(buy(&world, "gold").await?.value, json!(true));
    }

    let bought = buy(&world, "gold").await?;

    assert_eq!(bought.value, json!(false));
    assert_eq!(bought.price, NearToken::from_near(0));
    assert_eq!(bought.earned, NearToken::from_near(0));
    Ok(())
}

// ANCHOR: test_exact_theft
#[tokio::test]
async fn a_token_that_keeps_deposits_and_returns_a_failing_promise_is_paid_by_the_buyer()
-> anyhow::Result<()> {
    let world = World::new().await?;
    launch_with_key(&world, evil_token::WASM.concat(), ONE_TOKEN)
        .await?
        .into_result()?;

    let bought = buy(&world, "gold").await?;

    // The token keeps the price of the registration. The shop gets the whole price of the tokens.
    assert_eq!(bought.earned, NearToken::from_near(1));
    let one_yocto = NearToken::from_yoctonear(1);
    let price = NearToken::from_near(1).saturating_add(REGISTRATION);
    assert_eq!(bought.price, price.saturating_add(one_yocto));
    Ok(())
}
// ANCHOR_END: test_exact_theft

#[tokio::test]
async fn with_any_gas_the_deposit_of_an_implicit_account_is_paid_back_after_a_failed_sale()
-> anyhow::Result<()> {
    let world = World::new().await?;
    // The supply is less than one token, so the token refuses the transfer. And `silver` does not
    // exist.
    launch_with_key(&world, partner_wasm("token")?, U128(1))
        .await?
        .into_result()?;
    let buyer = implicit_account(&world).await?;
    let app = world.balance(world.app.id()).await?;

    for name in ["gold", "silver"] {
        for tgas in (20..=100).step_by(5) {
            let buy = buyer.call(world.app.id(), "buy_tokens_exactly");
            buy.args_json(json!({ "name": name, "amount": ONE_TOKEN }))
                .deposit(NearToken::from_near(5))
                .gas(Gas::from_tgas(tgas))
                .transact()
                .await?;

            let now = world.balance(world.app.id()).await?;
            assert_eq!(now, app, "{name}, with {tgas} Tgas");
        }
    }
    Ok(())
}

/// Creates an implicit account with 20 NEAR. A transfer to such an account needs the most gas.
async fn implicit_account(world: &World) -> anyhow::Result<Account> {
    let key = SecretKey::from_seed(KeyType::ED25519, "buyer");
    let public_key = key.public_key();
    let digits = public_key
        .key_data()
        .iter()
        .map(|byte| format!("{byte:02x}"));
    let name: AccountId = digits.collect::<String>().parse()?;
    let funded = world
        .alice
        .transfer_near(&name, NearToken::from_near(20))
        .await?;
    funded.into_result()?;
    Ok(Account::from_secret_key(name, key, &world.worker))
}

/// Launches a token on `gold.app.test.near`. Three tokens belong to our contract.
async fn launch_gold(world: &World) -> anyhow::Result<Contract> {
    let total_supply = U128(3 * ONE_TOKEN.0);
    let code = partner_wasm("token")?;
    launch_with_key(world, code, total_supply)
        .await?
        .into_result()?;
    let gold: AccountId = "gold.app.test.near".parse()?;
    Ok(Contract::from_secret_key(gold, secret_key(), &world.worker))
}

/// The result of a sale.
struct Bought {
    /// The returned value.
    value: Value,
    /// The amount that alice has paid, without her gas.
    price: NearToken,
    /// The amount that our contract has received.
    earned: NearToken,
}

/// Buys one token as alice, with a deposit of 5 NEAR.
async fn buy(world: &World, name: &str) -> anyhow::Result<Bought> {
    let alice = world.balance(world.alice.id()).await?;
    let app = world.balance(world.app.id()).await?;

    let outcome = world
        .call("buy_tokens_exactly")
        .args_json(json!({ "name": name, "amount": ONE_TOKEN }))
        .deposit(NearToken::from_near(5))
        .transact()
        .await?;

    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    Ok(Bought {
        price: paid.saturating_sub(gas_cost(&outcome)),
        earned: world.balance(world.app.id()).await?.saturating_sub(app),
        value: outcome.json()?,
    })
}
