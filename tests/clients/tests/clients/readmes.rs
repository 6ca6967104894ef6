//! The commands in the README of each starter, on the sandbox: a reader who types them has a contract that works.

mod command;
mod script;
mod stage;

use anyhow::{Context, Result};
use near_workspaces::types::NearToken;
use sandbox_clients::partner_wasm;
use serde_json::{Value, json};

use self::stage::Stage;

const NO_DEPOSIT: NearToken = NearToken::from_yoctonear(0);

/// Returns the wasm of a partner of a study.
fn partner(study: &str, name: &str) -> Result<Vec<u8>> {
    let studies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../studies");
    let path = format!("{studies}/{study}/tests/partners/{name}.wasm");
    std::fs::read(&path).map_err(|error| anyhow::anyhow!("{path}: {error}"))
}

/// Types the commands that deploy a starter without partners.
async fn deployed(starter: &str) -> Result<Stage> {
    let stage = Stage::of(starter).await?;
    stage.type_section("## Deploy").await?;
    Ok(stage)
}

/// Deploys a token, all of which belongs to the owner.
async fn deploy_token(stage: &Stage, study: &str, token: &str, owner: &str) -> Result<()> {
    stage.deploy(token, &partner(study, "token")?).await?;
    let init = json!({ "owner_id": stage.id(owner)?, "total_supply": "1000000" });
    stage.call(token, token, "new", init, NO_DEPOSIT).await
}

#[tokio::test]
async fn the_readme_of_each_chapter_deploys_its_contract_and_calls_it() -> Result<()> {
    for chapter in [
        "chapters/setup",
        "chapters/batch",
        "chapters/parallel",
        "chapters/responses",
        "chapters/testing",
    ] {
        let stage = Stage::of(chapter).await?;
        for partner in ["hello", "counter", "guestbook"] {
            stage
                .put_on_testnet(partner, &partner_wasm(partner)?)
                .await?;
        }

        let typed = stage.type_section("## Deploy").await;

        typed.context(chapter)?;
    }
    Ok(())
}

#[tokio::test]
async fn the_readme_of_bare_hands_the_contract_to_its_owner_who_upgrades_it() -> Result<()> {
    let stage = deployed("starters/bare").await?;

    let owner = stage.view("ACCOUNT", "get_owner", json!({})).await?;
    assert_eq!(owner, json!(stage.id("OWNER")?));
    Ok(())
}

#[tokio::test]
async fn the_readme_of_swap_fills_the_pool() -> Result<()> {
    let stage = Stage::of("studies/swap").await?;
    for token in ["GOLD", "SILVER"] {
        deploy_token(&stage, "swap", token, "PROVIDER").await?;
    }

    stage.type_section("## Deploy").await?;

    let args = json!({ "account_id": stage.id("PROVIDER")? });
    let shares = stage.view("ACCOUNT", "get_shares", args).await?;
    assert_eq!(shares, "10000");
    Ok(())
}

#[tokio::test]
async fn the_readme_of_market_sells_a_token() -> Result<()> {
    let stage = Stage::of("studies/market").await?;
    let owner = stage.id("COLLECTION")?;
    stage
        .deploy("COLLECTION", &partner("market", "nft")?)
        .await?;
    let lamp = json!({ "token_id": "lamp", "receiver_id": stage.id("SELLER")? });
    for (method, args, deposit) in [
        (
            "new",
            json!({ "owner_id": owner, "royalties": {} }),
            NO_DEPOSIT,
        ),
        ("nft_mint", lamp, NearToken::from_millinear(100)),
    ] {
        stage
            .call("COLLECTION", "COLLECTION", method, args, deposit)
            .await?;
    }

    stage.type_section("## Deploy").await?;

    let lamp = json!({ "token_id": "lamp" });
    let lamp = stage.view("COLLECTION", "nft_token", lamp).await?;
    assert_eq!(lamp["owner_id"], json!(stage.id("BUYER")?));
    Ok(())
}

#[tokio::test]
async fn the_readme_of_council_votes_for_its_members() -> Result<()> {
    let stage = deployed("studies/council").await?;

    let members: Value = stage.view("ACCOUNT", "get_members", json!({})).await?;
    assert_eq!(
        members,
        json!(["alice.testnet", "bob.testnet", "carol.testnet"])
    );
    Ok(())
}

#[tokio::test]
async fn the_readme_of_trade_deploys_an_escrow_that_gold_can_reach() -> Result<()> {
    let stage = Stage::of("studies/trade").await?;
    deploy_token(&stage, "trade", "GOLD", "SMITH").await?;

    stage.type_section("## Deploy").await?;

    let args = json!({ "account_id": stage.id("ACCOUNT")? });
    let room = stage.view("GOLD", "storage_balance_of", args).await?;
    assert_ne!(room, Value::Null);
    Ok(())
}
