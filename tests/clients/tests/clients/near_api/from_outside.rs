//! A program outside of the chain: a transaction that succeeds although a receipt has failed, and
//! the events that count.

use std::sync::Arc;

use near_api::types::Action;
use near_api::types::transaction::actions::FunctionCallAction;
use near_api::types::transaction::result::ExecutionFinalResult;
use near_api::{
    Account, AccountId, Contract, NearGas, NearToken, NetworkConfig, Signer, Transaction, signer,
};
use sandbox_clients::{partner_wasm, release_wasm};
use serde_json::{Value, json};

use super::{TestChain, finished};

// ANCHOR: change_greeting
/// Calls `change_greeting` of the contract on `app` from the account `user`, and waits for all
/// receipts.
async fn change_greeting(
    network: &NetworkConfig,
    app: AccountId,
    (user, key): (AccountId, Arc<Signer>),
    greeting: &str,
) -> anyhow::Result<ExecutionFinalResult> {
    let sent = Contract(app)
        .call_function("change_greeting", json!({ "new_greeting": greeting }))
        .transaction()
        .with_signer(user, key)
        .send_to(network)
        .await?;
    sent.into_full()
        .ok_or_else(|| anyhow::anyhow!("a receipt has not run yet"))
}

/// Returns the account of each receipt that failed, also when the transaction has succeeded.
fn failed_receipts(outcome: &ExecutionFinalResult) -> Vec<&AccountId> {
    let failed = outcome.receipt_failures().into_iter();
    failed.map(|receipt| &receipt.executor_id).collect()
}
// ANCHOR_END: change_greeting

// ANCHOR: events
/// Returns the events of the receipts that succeeded. The logs of the others are there too, and
/// nothing that they say has happened.
fn events(outcome: &ExecutionFinalResult) -> Vec<Value> {
    let receipts = outcome.receipt_outcomes().iter();
    receipts
        .filter(|receipt| receipt.is_success())
        .flat_map(|receipt| &receipt.logs)
        .filter_map(|log| serde_json::from_str(log.strip_prefix("EVENT_JSON:")?).ok())
        .collect()
}
// ANCHOR_END: events

/// Returns a chain on which the owner has the contract of chapter 4, with hello on an account
/// below.
async fn chain_with_app() -> anyhow::Result<TestChain> {
    let chain = TestChain::new().await?;
    let hello: AccountId = format!("hello.{}", chain.owner).parse()?;
    let key = signer::generate_secret_key()?;
    let created = Account::create_account(hello.clone())
        .fund_myself(chain.owner.clone(), NearToken::from_near(10))
        .with_public_key(key.public_key())
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(created)?.into_result()?;
    let deployed = Contract::deploy(hello.clone())
        .use_code(partner_wasm("hello")?)
        .without_init_call()
        .with_signer(Signer::from_secret_key(key)?)
        .send_to(&chain.network)
        .await?;
    finished(deployed)?.into_result()?;
    let deployed = Contract::deploy(chain.owner.clone())
        .use_code(release_wasm()?)
        .with_init_call("new", json!({ "hello": hello }))?
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(deployed)?.into_result()?;
    Ok(chain)
}

// ANCHOR: test_green
#[tokio::test]
async fn a_transaction_succeeds_although_the_receipt_on_hello_has_failed() -> anyhow::Result<()> {
    let chain = chain_with_app().await?;
    let user = (chain.owner.clone(), chain.signer.clone());
    // Hello cannot log that much.
    let greeting = "x".repeat(20_000);

    let outcome = change_greeting(&chain.network, chain.owner.clone(), user, &greeting).await?;

    assert!(outcome.is_success());
    let hello: AccountId = format!("hello.{}", chain.owner).parse()?;
    assert_eq!(failed_receipts(&outcome), [&hello]);
    assert!(!outcome.json::<bool>()?, "the method says so, too");
    Ok(())
}
// ANCHOR_END: test_green

/// Returns a call of the token.
fn call(method: &str, args: Value, deposit: NearToken) -> Action {
    let call = FunctionCallAction {
        method_name: method.to_owned(),
        args: args.to_string().into_bytes(),
        gas: NearGas::from_tgas(10),
        deposit,
    };
    Action::FunctionCall(Box::new(call))
}

/// Returns a transfer of this many of the smallest unit to bob.
fn transfer(amount: u32) -> Action {
    let args = json!({ "receiver_id": "bob.near", "amount": amount.to_string() });
    call("ft_transfer", args, NearToken::from_yoctonear(1))
}

/// Sends these transfers to a token of which the owner has ten, in one transaction.
async fn send_tokens(transfers: Vec<Action>) -> anyhow::Result<ExecutionFinalResult> {
    let chain = TestChain::new().await?;
    let deployed = Contract::deploy(chain.owner.clone())
        .use_code(partner_wasm("token")?)
        .with_init_call(
            "new",
            json!({ "owner_id": chain.owner, "total_supply": "10" }),
        )?
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(deployed)?.into_result()?;
    let price = NearToken::from_millinear(10);
    let register = call(
        "storage_deposit",
        json!({ "account_id": "bob.near" }),
        price,
    );
    let sent = Transaction::construct(chain.owner.clone(), chain.owner.clone())
        .add_action(register)
        .add_actions(transfers)
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(sent)
}

#[tokio::test]
async fn an_event_of_a_receipt_that_succeeded_counts() -> anyhow::Result<()> {
    let outcome = send_tokens(vec![transfer(1), transfer(9)]).await?;

    let names: Vec<_> = events(&outcome)
        .into_iter()
        .map(|event| event["event"].clone())
        .collect();
    assert_eq!(names, ["ft_transfer", "ft_transfer"]);
    Ok(())
}

// ANCHOR: test_events
#[tokio::test]
async fn an_event_of_a_receipt_that_failed_does_not_count() -> anyhow::Result<()> {
    // The second transfer fails, and undoes the first.
    let outcome = send_tokens(vec![transfer(1), transfer(1_000)]).await?;

    assert_eq!(outcome.logs().len(), 1, "the first has logged its event");
    assert_eq!(events(&outcome), Vec::<Value>::new());
    Ok(())
}
// ANCHOR_END: test_events
