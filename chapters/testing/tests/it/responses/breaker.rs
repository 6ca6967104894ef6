// ANCHOR: all
//! A circuit breaker over several transactions.

use near_workspaces::Contract;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, error_of, receipts_on};
use crate::responses::{behave, call, untrusted};

/// A chain with a watched contract that panics.
struct Watch {
    world: World,
    rogue: Contract,
}

impl Watch {
    async fn new() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let rogue = untrusted(&world, "rogue", json!("panic")).await?;
        world
            .call("watch")
            .args_json(json!({ "account_id": rogue.id() }))
            .deposit(NearToken::from_millinear(10))
            .transact()
            .await?
            .into_result()?;
        Ok(Self { world, rogue })
    }

    /// Starts the same chain, and lets three calls fail.
    async fn opened() -> anyhow::Result<Self> {
        let watch = Self::new().await?;
        for _ in 0..3 {
            watch.ask().await?.into_result()?;
        }
        Ok(watch)
    }

    async fn ask(&self) -> anyhow::Result<ExecutionFinalResult> {
        let args = json!({ "account_id": self.rogue.id() });
        call(&self.world, "ask_watched", args).await
    }

    async fn breaker(&self) -> anyhow::Result<Value> {
        let args = json!({ "account_id": self.rogue.id() });
        let view = self.world.app.view("get_breaker").args_json(args);
        Ok(view.await?.json()?)
    }

    /// Skips the blocks for which an open breaker refuses calls.
    async fn cool_down(&self) -> anyhow::Result<()> {
        Ok(self.world.worker.fast_forward(20).await?)
    }
}

#[tokio::test]
async fn a_failed_call_is_counted() -> anyhow::Result<()> {
    let watch = Watch::new().await?;

    let outcome = watch.ask().await?;

    assert_eq!(outcome.json::<Value>()?, json!("failed"));
    assert_eq!(
        watch.breaker().await?,
        json!({ "closed": { "failures": 1 } })
    );
    Ok(())
}

#[tokio::test]
async fn a_success_resets_the_count() -> anyhow::Result<()> {
    let watch = Watch::new().await?;
    watch.ask().await?.into_result()?;
    watch.ask().await?.into_result()?;

    behave(&watch.rogue, json!("well")).await?;
    let outcome = watch.ask().await?;

    assert_eq!(outcome.json::<Value>()?, json!({ "value": "Hello" }));
    assert_eq!(
        watch.breaker().await?,
        json!({ "closed": { "failures": 0 } })
    );
    Ok(())
}

// ANCHOR: test_opens
#[tokio::test]
async fn after_three_failures_calls_are_refused() -> anyhow::Result<()> {
    let watch = Watch::opened().await?;
    let before = watch.breaker().await?;
    assert!(before["open"]["since"].is_u64());

    let outcome = watch.ask().await?;

    assert_fails_with(
        &outcome,
        "rogue.test.near has failed too often, ask again in",
    );
    assert!(receipts_on(&outcome, watch.rogue.id()).is_empty());
    assert_eq!(watch.breaker().await?, before);
    Ok(())
}
// ANCHOR_END: test_opens

// ANCHOR: test_closes
#[tokio::test]
async fn a_trial_that_succeeds_closes_it() -> anyhow::Result<()> {
    let watch = Watch::opened().await?;
    behave(&watch.rogue, json!("well")).await?;
    watch.cool_down().await?;

    let outcome = watch.ask().await?;

    let closes = "The breaker of rogue.test.near closes";
    assert!(outcome.logs().contains(&closes));
    assert_eq!(outcome.json::<Value>()?, json!({ "value": "Hello" }));
    assert_eq!(
        watch.breaker().await?,
        json!({ "closed": { "failures": 0 } })
    );
    Ok(())
}
// ANCHOR_END: test_closes

#[tokio::test]
async fn a_trial_that_fails_opens_it_again() -> anyhow::Result<()> {
    let watch = Watch::opened().await?;
    watch.cool_down().await?;

    let trial = watch.ask().await?;
    let next = watch.ask().await?;

    assert_eq!(receipts_on(&trial, watch.rogue.id()).len(), 1);
    assert_eq!(trial.json::<Value>()?, json!("failed"));
    assert_fails_with(&next, "rogue.test.near has failed too often");
    Ok(())
}

// ANCHOR: test_trial
#[tokio::test]
async fn during_a_trial_other_calls_are_refused() -> anyhow::Result<()> {
    let watch = Watch::opened().await?;
    watch.cool_down().await?;
    // During the trial, the watched contract itself calls `ask_watched` for its own account.
    let ask_again = json!({ "call_back": {
        "method": "ask_watched",
        "args": json!({ "account_id": watch.rogue.id() }).to_string(),
        "deposit_yocto": "0",
    }});
    behave(&watch.rogue, ask_again).await?;

    let outcome = watch.ask().await?;

    let refused = receipts_on(&outcome, watch.world.app.id())
        .into_iter()
        .find(|receipt| receipt.is_failure())
        .expect("the second question is refused");
    assert!(error_of(refused).contains("rogue.test.near has failed too often"));
    assert_eq!(receipts_on(&outcome, watch.rogue.id()).len(), 1);
    Ok(())
}
// ANCHOR_END: test_trial

#[tokio::test]
async fn each_account_has_its_own_breaker() -> anyhow::Result<()> {
    let watch = Watch::opened().await?;
    let args = json!({ "account_id": watch.world.hello.id() });
    watch
        .world
        .call("watch")
        .args_json(&args)
        .deposit(NearToken::from_millinear(10))
        .transact()
        .await?
        .into_result()?;

    let outcome = call(&watch.world, "ask_watched", args).await?;

    assert_eq!(outcome.json::<Value>()?, json!({ "value": "Hello" }));
    Ok(())
}

#[tokio::test]
async fn an_account_that_is_not_watched_is_not_called() -> anyhow::Result<()> {
    let world = World::new().await?;

    let args = json!({ "account_id": world.hello.id() });
    let outcome = call(&world, "ask_watched", args).await?;

    assert_fails_with(&outcome, "hello.test.near is not watched");
    assert!(receipts_on(&outcome, world.hello.id()).is_empty());
    Ok(())
}
// ANCHOR_END: all
