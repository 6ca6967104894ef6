// ANCHOR: all
//! The assets of an account at three contracts, of which one fails.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::Gas;
use near_workspaces::{AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{World, deploy, partner_wasm, receipts_on};
use crate::parallel::rogue;

// ANCHOR: sources
/// Three contracts with assets of alice.
struct Sources {
    token: Contract,
    lender: Contract,
    staking_pool: Contract,
}

impl Sources {
    async fn of(world: &World) -> anyhow::Result<Self> {
        let sources = Self {
            token: deploy(&world.worker, "usd", &partner_wasm("token")?).await?,
            lender: deploy(&world.worker, "lending", &partner_wasm("lending")?).await?,
            staking_pool: deploy(&world.worker, "staking", &partner_wasm("staking")?).await?,
        };
        let alice = world.alice.id();
        let tokens = json!({ "owner_id": alice, "total_supply": "1200" });
        let position = json!({ "account_id": alice, "supplied": "500", "borrowed": "200" });
        let rewards = json!({ "account_id": alice, "rewards": "35" });
        for (contract, method, args) in [
            (&sources.token, "new", tokens),
            (&sources.lender, "set_position", position),
            (&sources.staking_pool, "set_rewards", rewards),
        ] {
            let call = contract.call(method).args_json(args);
            call.transact().await?.into_result()?;
        }
        Ok(sources)
    }

    /// Returns the accounts of the token, the lender and the staking pool.
    fn ids(&self) -> [&AccountId; 3] {
        [self.token.id(), self.lender.id(), self.staking_pool.id()]
    }
}
// ANCHOR_END: sources

#[tokio::test]
async fn a_portfolio_has_three_sources() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sources = Sources::of(&world).await?;

    let outcome = ask(&world, sources.ids()).await?;

    let [_, callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not one callback: {outcome:#?}");
    };
    for source in sources.ids() {
        let [asked] = receipts_on(&outcome, source)[..] else {
            panic!("not one receipt on {source}: {outcome:#?}");
        };
        assert_eq!(
            world.height(asked).await? + 1,
            world.height(callback).await?
        );
    }
    assert_eq!(outcome.json::<Value>()?, complete());
    Ok(())
}

// ANCHOR: test_down
#[tokio::test]
async fn a_source_that_fails_is_named_and_does_not_affect_the_other_two() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sources = Sources::of(&world).await?;
    let rogue = rogue(&world, json!("well")).await?;
    let without_contract = world.alice.id();
    let without_account: AccountId = "nobody.test.near".parse()?;

    for (index, part) in ["tokens", "position", "rewards"].into_iter().enumerate() {
        let mut failing = vec![(&without_account, None), (without_contract, None)];
        for behaviour in [
            "panic",
            "burn_all_gas",
            "return_garbage",
            "return_other_type",
            "return_nothing",
        ] {
            failing.push((rogue.id(), Some(behaviour)));
        }
        for (account, behaviour) in failing {
            if let Some(behaviour) = behaviour {
                let behave = rogue.call("behave");
                let behave = behave.args_json(json!({ "behaviour": behaviour }));
                behave.transact().await?.into_result()?;
            }
            let mut ids = sources.ids();
            ids[index] = account;

            let outcome = ask(&world, ids).await?;

            let mut portfolio: Value = outcome.json()?;
            assert_eq!(portfolio[part]["value"], Value::Null, "{portfolio}");
            assert_eq!(portfolio["missing"], json!([account]));
            // Everything else is the same as without the failure.
            let mut others = complete();
            for portfolio in [&mut portfolio, &mut others] {
                portfolio[part].take();
                portfolio["missing"].take();
            }
            assert_eq!(portfolio, others);
        }
    }
    Ok(())
}
// ANCHOR_END: test_down

#[tokio::test]
async fn a_source_that_burns_all_its_gas_burns_no_more_than_5_tgas() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sources = Sources::of(&world).await?;
    let rogue = rogue(&world, json!("burn_all_gas")).await?;
    let [token, lender, _] = sources.ids();

    let outcome = ask(&world, [token, lender, rogue.id()]).await?;

    let [burning] = receipts_on(&outcome, rogue.id())[..] else {
        panic!("not one receipt on the rogue: {outcome:#?}");
    };
    // The static gas, and the fees for executing the receipt.
    assert!(burning.gas_burnt > Gas::from_tgas(5));
    assert!(burning.gas_burnt < Gas::from_tgas(6));
    Ok(())
}

/// Returns the portfolio of alice when all three calls succeed.
fn complete() -> Value {
    json!({
        "tokens": { "value": "1200" },
        "position": { "value": { "supplied": "500", "borrowed": "200" } },
        "rewards": { "value": "35" },
        "missing": [],
    })
}

async fn ask(world: &World, sources: [&AccountId; 3]) -> anyhow::Result<ExecutionFinalResult> {
    let [token, lender, staking_pool] = sources;
    let outcome = world
        .call("portfolio")
        .args_json(json!({
            "account_id": world.alice.id(),
            "token": token,
            "lender": lender,
            "staking_pool": staking_pool,
        }))
        .transact()
        .await?;
    Ok(outcome)
}
// ANCHOR_END: all
