// ANCHOR: all
//! `ft_transfer_call` to our contract: tokens for messages, and the rest is returned.

use near_sdk::json_types::U128;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use near_workspaces::{AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{assert_fails_with, deploy, error_of, partner_wasm, receipts_on};
use crate::money::{Fixture, call};

/// One token, in its smallest unit.
const ONE_TOKEN: u128 = 10u128.pow(24);

/// A chain with a token that our contract accepts. Alice has ten tokens.
struct Market {
    fixture: Fixture,
    token: Contract,
}

impl Market {
    async fn new() -> anyhow::Result<Self> {
        let market = Self::without_room_for_us().await?;
        market.make_room_for(market.fixture.world.app.id()).await?;
        Ok(market)
    }

    async fn without_room_for_us() -> anyhow::Result<Self> {
        let fixture = Fixture::new().await?;
        let token = deploy(&fixture.world.worker, "gold", &partner_wasm("token")?).await?;
        let supply = U128(10 * ONE_TOKEN);
        token
            .call("new")
            .args_json(json!({ "owner_id": fixture.world.alice.id(), "total_supply": supply }))
            .transact()
            .await?
            .into_result()?;
        fixture
            .operator_calls("accept_token", json!({ "token": token.id() }))
            .await?
            .into_result()?;
        Ok(Self { fixture, token })
    }

    async fn make_room_for(&self, account: &AccountId) -> anyhow::Result<()> {
        self.token
            .call("storage_deposit")
            .args_json(json!({ "account_id": account }))
            .deposit(NearToken::from_micronear(1_250))
            .transact()
            .await?
            .into_result()?;
        Ok(())
    }

    /// Sends this many tokens of alice.
    async fn send(
        &self,
        receiver: &AccountId,
        tokens: u128,
        msg: &str,
    ) -> anyhow::Result<ExecutionFinalResult> {
        let amount = U128(tokens * ONE_TOKEN);
        let outcome = self
            .fixture
            .world
            .alice
            .call(self.token.id(), "ft_transfer_call")
            .args_json(json!({ "receiver_id": receiver, "amount": amount, "msg": msg }))
            .deposit(NearToken::from_yoctonear(1))
            .max_gas()
            .transact()
            .await?;
        Ok(outcome)
    }

    /// Sends five tokens of alice to our contract, for these texts.
    async fn order(&self, guestbook: &str, texts: &[&str]) -> anyhow::Result<ExecutionFinalResult> {
        let msg = json!({ "guestbook": format!("{guestbook}.test.near"), "texts": texts });
        let app = self.fixture.world.app.id();
        self.send(app, 5, &msg.to_string()).await
    }

    /// Returns the numbers of tokens of alice and of the receiver.
    async fn tokens(&self, receiver: &AccountId) -> anyhow::Result<[u128; 2]> {
        let mut tokens = [0; 2];
        for (tokens, account) in tokens
            .iter_mut()
            .zip([self.fixture.world.alice.id(), receiver])
        {
            let balance = self.token.view("ft_balance_of");
            let balance = balance.args_json(json!({ "account_id": account })).await?;
            *tokens = balance.json::<U128>()?.0 / ONE_TOKEN;
        }
        Ok(tokens)
    }

    /// Checks that our contract has this many tokens, alice has the rest, and the transaction has
    /// returned the number.
    async fn assert_used(&self, used: u128, outcome: &ExecutionFinalResult) -> anyhow::Result<()> {
        let app = self.fixture.world.app.id();
        assert_eq!(self.tokens(app).await?, [10 - used, used]);
        assert_eq!(outcome.clone().json::<U128>()?, U128(used * ONE_TOKEN));
        Ok(())
    }
}

#[tokio::test]
async fn two_texts_use_two_tokens_and_the_rest_is_returned() -> anyhow::Result<()> {
    let market = Market::new().await?;

    let outcome = market.order("guestbook", &["one", "two"]).await?;

    market.assert_used(2, &outcome).await?;
    let total = market
        .fixture
        .world
        .guestbook
        .view("total_messages")
        .await?;
    assert_eq!(total.json::<u32>()?, 2);
    Ok(())
}

#[tokio::test]
async fn a_text_that_fails_uses_no_token() -> anyhow::Result<()> {
    let market = Market::new().await?;
    // Too long for the static gas of a message.
    let long = "x".repeat(300_000);

    let outcome = market.order("guestbook", &["one", &long, "three"]).await?;

    market.assert_used(2, &outcome).await
}

#[tokio::test]
async fn a_guestbook_that_fails_uses_no_tokens() -> anyhow::Result<()> {
    let market = Market::new().await?;

    let outcome = market.order("nobody", &["one", "two"]).await?;

    market.assert_used(0, &outcome).await
}

#[tokio::test]
async fn too_few_tokens_are_returned_and_no_call_is_sent() -> anyhow::Result<()> {
    let market = Market::new().await?;

    let outcome = market
        .order("guestbook", &["1", "2", "3", "4", "5", "6"])
        .await?;

    market.assert_used(0, &outcome).await?;
    assert!(receipts_on(&outcome, market.fixture.world.guestbook.id()).is_empty());
    Ok(())
}

#[tokio::test]
async fn when_our_method_panics_all_tokens_are_returned() -> anyhow::Result<()> {
    let market = Market::new().await?;
    let app = market.fixture.world.app.id();

    let outcome = market.send(app, 5, "Hello").await?;

    let [call] = receipts_on(&outcome, app)[..] else {
        panic!("not one receipt on our contract: {outcome:#?}");
    };
    assert!(error_of(call).contains("Say in `msg` the guestbook and the texts"));
    market.assert_used(0, &outcome).await
}

#[tokio::test]
async fn tokens_of_another_contract_are_returned() -> anyhow::Result<()> {
    let market = Market::new().await?;
    let args = json!({ "token": "silver.test.near" });
    market
        .fixture
        .operator_calls("accept_token", args)
        .await?
        .into_result()?;

    let outcome = market.order("guestbook", &["one"]).await?;

    market.assert_used(0, &outcome).await
}

#[tokio::test]
async fn nobody_else_can_call_ft_on_transfer() -> anyhow::Result<()> {
    let market = Market::new().await?;
    let world = &market.fixture.world;
    let msg = json!({ "guestbook": world.guestbook.id(), "texts": ["free"] }).to_string();
    let args = json!({ "sender_id": "bob.test.near", "amount": U128(ONE_TOKEN), "msg": msg });

    let outcome = call(&world.alice, world, "ft_on_transfer", args)
        .transact()
        .await?;

    assert_fails_with(&outcome, "alice.test.near is not the token that we take");
    assert!(receipts_on(&outcome, world.guestbook.id()).is_empty());
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_is_not_registered_receives_nothing() -> anyhow::Result<()> {
    let market = Market::without_room_for_us().await?;

    let outcome = market.order("guestbook", &["one"]).await?;

    let app = market.fixture.world.app.id();
    assert_fails_with(&outcome, "The account app.test.near is not registered");
    assert!(receipts_on(&outcome, app).is_empty());
    assert_eq!(market.tokens(app).await?, [10, 0]);
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_returns_more_than_was_sent_gives_back_only_what_was_sent()
-> anyhow::Result<()> {
    let market = Market::new().await?;
    let rogue = market.fixture.rogue.id();
    market.make_room_for(rogue).await?;
    let supply = json!({ "method": "ft_total_supply", "args": "{}", "deposit_yocto": "0" });

    // The rogue keeps the tokens of an earlier transfer.
    market.send(rogue, 4, "").await?.into_result()?;
    assert_eq!(market.tokens(rogue).await?, [6, 4]);
    // It returns the value that the token returns: ten tokens.
    market
        .fixture
        .behave(json!({ "call_back": supply }))
        .await?;
    let outcome = market.send(rogue, 3, "").await?;

    assert_eq!(outcome.json::<U128>()?, U128(0));
    assert_eq!(market.tokens(rogue).await?, [6, 4]);
    Ok(())
}

#[tokio::test]
async fn when_a_receiver_returns_no_number_all_tokens_are_returned() -> anyhow::Result<()> {
    let market = Market::new().await?;
    let rogue = market.fixture.rogue.id();
    market.make_room_for(rogue).await?;

    for behaviour in [
        json!("panic"),
        json!("burn_all_gas"),
        json!("return_garbage"),
        json!("return_other_type"),
        json!("return_nothing"),
        json!({ "return_bytes": 1_000_000 }),
    ] {
        market.fixture.behave(behaviour.clone()).await?;
        let outcome = market.send(rogue, 3, "").await?;

        assert_eq!(outcome.json::<Value>()?, json!("0"), "{behaviour}");
        assert_eq!(market.tokens(rogue).await?, [10, 0], "{behaviour}");
    }
    Ok(())
}
// ANCHOR_END: all
