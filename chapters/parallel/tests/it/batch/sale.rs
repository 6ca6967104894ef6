// ANCHOR: all
//! `storage_deposit` and `ft_transfer` in one receipt, against a token of near-contract-standards.

use near_sdk::json_types::U128;
use near_workspaces::AccountId;
use near_workspaces::result::{ExecutionFinalResult, ExecutionOutcome};
use near_workspaces::types::{KeyType, NearToken, SecretKey};
use serde_json::{Value, json};

use crate::batch::{balances, refunds_of};
use crate::common::{World, assert_fails_with, error_of, gas_cost, partner_wasm, receipts_on};

/// One token, in its smallest unit.
const ONE_TOKEN: u128 = 10u128.pow(24);
/// The price of the registration of an account at the token: 0.00125 NEAR.
const REGISTRATION: NearToken = NearToken::from_micronear(1_250);
const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// A chain with a token on a sub-account of our contract. Ten tokens belong to `owner`.
struct Shop {
    world: World,
    token: AccountId,
}

impl Shop {
    async fn with_stock_of(owner: &str) -> anyhow::Result<Self> {
        let world = World::new().await?;
        let token = world
            .app
            .as_account()
            .create_subaccount("gold")
            .keys(SecretKey::from_seed(KeyType::ED25519, "gold"))
            .initial_balance(NearToken::from_near(10))
            .transact()
            .await?
            .into_result()?
            .deploy(&partner_wasm("token")?)
            .await?
            .into_result()?;
        token
            .call("new")
            .args_json(json!({ "owner_id": owner, "total_supply": U128(10 * ONE_TOKEN) }))
            .max_gas()
            .transact()
            .await?
            .into_result()?;

        Ok(Self {
            world,
            token: token.id().clone(),
        })
    }

    /// Buys this many tokens of this name as alice, with a deposit of 20 NEAR.
    async fn sell(&self, name: &str, tokens: u128) -> anyhow::Result<ExecutionFinalResult> {
        let outcome = self
            .world
            .call("buy_tokens")
            .args_json(json!({ "name": name, "amount": U128(tokens * ONE_TOKEN) }))
            .deposit(NearToken::from_near(20))
            .transact()
            .await?;
        Ok(outcome)
    }

    /// Returns the balances of alice, our contract and the token.
    async fn money(&self) -> anyhow::Result<[NearToken; 3]> {
        let world = &self.world;
        balances(world, [world.alice.id(), world.app.id(), &self.token]).await
    }

    /// Returns the number of tokens of an account.
    async fn tokens_of(&self, account: &AccountId) -> anyhow::Result<u128> {
        let balance: U128 = self
            .world
            .worker
            .view(&self.token, "ft_balance_of")
            .args_json(json!({ "account_id": account }))
            .await?
            .json()?;
        Ok(balance.0 / ONE_TOKEN)
    }

    /// Returns whether alice is registered at the token.
    async fn alice_is_registered(&self) -> anyhow::Result<bool> {
        let storage: Value = self
            .world
            .worker
            .view(&self.token, "storage_balance_of")
            .args_json(json!({ "account_id": self.world.alice.id() }))
            .await?
            .json()?;
        Ok(!storage.is_null())
    }

    /// Returns the receipt that ran on the token.
    fn batch<'a>(&self, outcome: &'a ExecutionFinalResult) -> &'a ExecutionOutcome {
        match receipts_on(outcome, &self.token)[..] {
            [batch] => batch,
            _ => panic!("not one receipt on the token: {outcome:#?}"),
        }
    }
}

#[tokio::test]
async fn the_buyer_is_registered_and_gets_the_tokens_and_the_rest() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let [alice, app, token] = shop.money().await?;

    let outcome = shop.sell("gold", 3).await?;

    assert!(shop.alice_is_registered().await?);
    assert_eq!(shop.tokens_of(shop.world.alice.id()).await?, 3);
    assert_eq!(shop.tokens_of(shop.world.app.id()).await?, 7);
    assert!(shop.batch(&outcome).logs[0].contains(r#""event":"ft_transfer""#));

    let for_the_app = NearToken::from_near(3);
    let for_the_token = REGISTRATION.saturating_add(ONE_YOCTO);
    let price = for_the_app.saturating_add(for_the_token);
    let [alice_after, app_after, token_after] = shop.money().await?;
    assert_eq!(
        alice.saturating_sub(alice_after),
        price.saturating_add(gas_cost(&outcome))
    );
    assert_eq!(app_after, app.saturating_add(for_the_app));
    assert_eq!(token_after, token.saturating_add(for_the_token));
    assert!(outcome.json::<bool>()?);
    Ok(())
}

#[tokio::test]
async fn for_a_registered_buyer_the_token_refunds_the_registration_to_us() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let first = shop.sell("gold", 1).await?;
    let [alice, app, token] = shop.money().await?;

    let outcome = shop.sell("gold", 1).await?;

    assert_eq!(shop.tokens_of(shop.world.alice.id()).await?, 2);
    // One receipt more than in the first sale: the transfer from the token.
    let receipts_of = |sale| receipts_on(sale, shop.world.app.id()).len();
    assert_eq!(receipts_of(&outcome), receipts_of(&first) + 1);

    let price = NearToken::from_near(1)
        .saturating_add(REGISTRATION)
        .saturating_add(ONE_YOCTO);
    let [alice_after, app_after, token_after] = shop.money().await?;
    assert_eq!(
        alice.saturating_sub(alice_after),
        price.saturating_add(gas_cost(&outcome))
    );
    assert_eq!(
        app_after,
        app.saturating_add(NearToken::from_near(1))
            .saturating_add(REGISTRATION)
    );
    assert_eq!(token_after, token.saturating_add(ONE_YOCTO));
    assert!(outcome.json::<bool>()?);
    Ok(())
}

// ANCHOR: test_sold_out
#[tokio::test]
async fn when_the_tokens_are_sold_out_the_buyer_gets_all_money_back() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let before = shop.money().await?;

    let outcome = shop.sell("gold", 11).await?;

    let error = error_of(shop.batch(&outcome));
    assert!(error.contains("Action #1"), "{error}");
    assert!(
        error.contains("The account doesn't have enough balance"),
        "{error}"
    );
    assert!(
        !shop.alice_is_registered().await?,
        "`storage_deposit` is undone"
    );
    assert_eq!(shop.tokens_of(shop.world.app.id()).await?, 10);
    assert_all_money_is_back(&shop, before, &outcome).await
}
// ANCHOR_END: test_sold_out

#[tokio::test]
async fn when_we_are_not_registered_the_buyer_gets_all_money_back() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("somebody.test.near").await?;
    let before = shop.money().await?;

    let outcome = shop.sell("gold", 1).await?;

    let error = error_of(shop.batch(&outcome));
    assert!(error.contains("Action #1"), "{error}");
    assert!(
        error.contains("The account app.test.near is not registered"),
        "{error}"
    );
    assert!(
        !shop.alice_is_registered().await?,
        "`storage_deposit` is undone"
    );
    assert_all_money_is_back(&shop, before, &outcome).await
}

#[tokio::test]
async fn when_the_token_does_not_exist_the_buyer_gets_all_money_back() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let before = shop.money().await?;

    let outcome = shop.sell("silver", 1).await?;

    let silver: AccountId = "silver.app.test.near".parse()?;
    let [batch] = receipts_on(&outcome, &silver)[..] else {
        panic!("not one receipt on the token: {outcome:#?}");
    };
    let error = error_of(batch);
    assert!(error.contains("Action #0"), "{error}");
    assert!(error.contains("doesn't exist"), "{error}");
    assert_all_money_is_back(&shop, before, &outcome).await
}

#[tokio::test]
async fn a_refund_of_the_token_is_not_sent_when_a_later_action_fails() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let first = shop.sell("gold", 1).await?;
    let before = shop.money().await?;

    let outcome = shop.sell("gold", 11).await?;

    // Alice is registered, so `storage_deposit` created a transfer that refunds its deposit. Then
    // `ft_transfer` failed, and the transfer was not sent. The chain refunds the deposit instead.
    let batch = shop.batch(&outcome);
    assert!(error_of(batch).contains("Action #1"));
    assert!(batch.logs[0].contains("The account is already registered, refunding the deposit"));
    let receipts_of = |sale| receipts_on(sale, shop.world.app.id()).len();
    assert_eq!(receipts_of(&outcome), receipts_of(&first));
    assert!(refunds_of(&outcome, batch).contains(&shop.world.app.id()));
    assert_all_money_is_back(&shop, before, &outcome).await
}

#[tokio::test]
async fn a_deposit_below_the_price_is_refused_before_a_call_is_sent() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let [alice, ..] = shop.money().await?;

    let outcome = shop.sell("gold", 20).await?;

    assert_fails_with(&outcome, "Attach at least 20.001250000000000000000001 NEAR");
    assert!(receipts_on(&outcome, &shop.token).is_empty());
    let [alice_after, ..] = shop.money().await?;
    assert_eq!(alice.saturating_sub(alice_after), gas_cost(&outcome));
    Ok(())
}

/// Checks that the sale returned `false`, that alice has paid only for gas, and that no other
/// balance has changed.
async fn assert_all_money_is_back(
    shop: &Shop,
    before: [NearToken; 3],
    outcome: &ExecutionFinalResult,
) -> anyhow::Result<()> {
    let [alice, app, token] = before;
    let [alice_after, app_after, token_after] = shop.money().await?;

    assert!(outcome.logs().contains(&"alice.test.near is paid 20 NEAR"));
    assert_eq!(alice.saturating_sub(alice_after), gas_cost(outcome));
    assert_eq!(app_after, app);
    assert_eq!(token_after, token);
    assert!(!outcome.clone().json::<bool>()?);
    Ok(())
}
// ANCHOR_END: all
