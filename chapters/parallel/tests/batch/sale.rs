// ANCHOR: all
//! `storage_deposit` and `ft_transfer` in one receipt, against a token of near-contract-standards.

use near_sdk::json_types::U128;
use near_workspaces::AccountId;
use near_workspaces::result::{ExecutionFinalResult, ExecutionOutcome};
use near_workspaces::types::{KeyType, NearToken, SecretKey};
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, error_of, gas_cost, partner_wasm, receipts_on};
use crate::{balances, refunds_of};

/// One token, in its smallest unit.
const ONE_TOKEN: u128 = 10u128.pow(24);
/// What the account of the shop's buyer has to pay the token for its room.
const ROOM: NearToken = NearToken::from_micronear(1_250);
const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// A chain with a token on an account under our contract's. Ten tokens belong to `owner`.
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

    /// Alice buys this many tokens by this name, with a deposit of 20 NEAR.
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

    /// What alice, our contract and the token have in NEAR.
    async fn money(&self) -> anyhow::Result<[NearToken; 3]> {
        let world = &self.world;
        balances(world, [world.alice.id(), world.app.id(), &self.token]).await
    }

    /// How many tokens an account has.
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

    /// Whether alice has room in the token's balances.
    async fn alice_has_room(&self) -> anyhow::Result<bool> {
        let room: Value = self
            .world
            .worker
            .view(&self.token, "storage_balance_of")
            .args_json(json!({ "account_id": self.world.alice.id() }))
            .await?
            .json()?;
        Ok(!room.is_null())
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
async fn the_buyer_gets_room_and_tokens_and_the_rest_of_the_money() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let [alice, app, token] = shop.money().await?;

    let outcome = shop.sell("gold", 3).await?;

    assert!(shop.alice_has_room().await?);
    assert_eq!(shop.tokens_of(shop.world.alice.id()).await?, 3);
    assert_eq!(shop.tokens_of(shop.world.app.id()).await?, 7);
    assert!(shop.batch(&outcome).logs[0].contains(r#""event":"ft_transfer""#));

    let for_the_app = NearToken::from_near(3);
    let for_the_token = ROOM.saturating_add(ONE_YOCTO);
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
async fn the_token_sends_the_money_for_the_room_of_a_known_buyer_to_us() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let first = shop.sell("gold", 1).await?;
    let [alice, app, token] = shop.money().await?;

    let outcome = shop.sell("gold", 1).await?;

    assert_eq!(shop.tokens_of(shop.world.alice.id()).await?, 2);
    // One receipt more than in the first sale: the transfer from the token.
    let receipts_of = |sale| receipts_on(sale, shop.world.app.id()).len();
    assert_eq!(receipts_of(&outcome), receipts_of(&first) + 1);

    let price = NearToken::from_near(1)
        .saturating_add(ROOM)
        .saturating_add(ONE_YOCTO);
    let [alice_after, app_after, token_after] = shop.money().await?;
    assert_eq!(
        alice.saturating_sub(alice_after),
        price.saturating_add(gas_cost(&outcome))
    );
    assert_eq!(
        app_after,
        app.saturating_add(NearToken::from_near(1))
            .saturating_add(ROOM)
    );
    assert_eq!(token_after, token.saturating_add(ONE_YOCTO));
    assert!(outcome.json::<bool>()?);
    Ok(())
}

// ANCHOR: test_sold_out
#[tokio::test]
async fn when_the_tokens_do_not_suffice_the_buyer_gets_neither_room_nor_bill() -> anyhow::Result<()>
{
    let shop = Shop::with_stock_of("app.test.near").await?;
    let before = shop.money().await?;

    let outcome = shop.sell("gold", 11).await?;

    let error = error_of(shop.batch(&outcome));
    assert!(error.contains("Action #1"), "{error}");
    assert!(
        error.contains("The account doesn't have enough balance"),
        "{error}"
    );
    assert!(!shop.alice_has_room().await?, "`storage_deposit` is undone");
    assert_eq!(shop.tokens_of(shop.world.app.id()).await?, 10);
    assert_all_money_is_back(&shop, before, &outcome).await
}
// ANCHOR_END: test_sold_out

#[tokio::test]
async fn when_the_token_does_not_know_us_the_buyer_gets_neither_room_nor_bill() -> anyhow::Result<()>
{
    let shop = Shop::with_stock_of("somebody.test.near").await?;
    let before = shop.money().await?;

    let outcome = shop.sell("gold", 1).await?;

    let error = error_of(shop.batch(&outcome));
    assert!(error.contains("Action #1"), "{error}");
    assert!(
        error.contains("The account app.test.near is not registered"),
        "{error}"
    );
    assert!(!shop.alice_has_room().await?, "`storage_deposit` is undone");
    assert_all_money_is_back(&shop, before, &outcome).await
}

#[tokio::test]
async fn when_there_is_no_such_token_the_buyer_gets_no_bill() -> anyhow::Result<()> {
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
async fn what_storage_deposit_meant_to_send_back_never_leaves() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let first = shop.sell("gold", 1).await?;
    let before = shop.money().await?;

    let outcome = shop.sell("gold", 11).await?;

    // Alice is known, so `storage_deposit` made a transfer to send the money for the room back. Then
    // `ft_transfer` failed, and the transfer is gone. The money comes back with the refund instead.
    let batch = shop.batch(&outcome);
    assert!(error_of(batch).contains("Action #1"));
    assert!(batch.logs[0].contains("The account is already registered, refunding the deposit"));
    let receipts_of = |sale| receipts_on(sale, shop.world.app.id()).len();
    assert_eq!(receipts_of(&outcome), receipts_of(&first));
    assert!(refunds_of(&outcome, batch).contains(&shop.world.app.id()));
    assert_all_money_is_back(&shop, before, &outcome).await
}

#[tokio::test]
async fn a_deposit_below_the_price_is_refused_at_once() -> anyhow::Result<()> {
    let shop = Shop::with_stock_of("app.test.near").await?;
    let [alice, ..] = shop.money().await?;

    let outcome = shop.sell("gold", 20).await?;

    assert_fails_with(&outcome, "Attach at least 20.001250000000000000000001 NEAR");
    assert!(receipts_on(&outcome, &shop.token).is_empty());
    let [alice_after, ..] = shop.money().await?;
    assert_eq!(alice.saturating_sub(alice_after), gas_cost(&outcome));
    Ok(())
}

/// The answer is `false`, alice has paid for gas alone, and nobody else has lost or won anything.
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
