// ANCHOR: all
//! The same tests on a sandbox and on testnet:
//!
//! ```sh
//! NEAR_NETWORK=testnet cargo test --test it networks
//! ```
//!
//! They use only what both have: accounts, calls, views. They do not skip blocks, and they do not
//! patch the state. The partners are the public ones on testnet, which other people call at the
//! same time. So each test checks only what holds in spite of that.

mod cases;
mod fixture;
mod network;

use fixture::Fixture;
use near_workspaces::Account;
use network::Network;

#[tokio::test]
async fn a_greeting_is_changed_and_read_with_nobody_in_between() -> anyhow::Result<()> {
    cases::greeting(&Fixture::new().await?).await
}

#[tokio::test]
async fn steps_are_counted_with_nobody_in_between() -> anyhow::Result<()> {
    cases::counting(&Fixture::new().await?).await
}

#[tokio::test]
async fn messages_are_paid_for_and_the_rest_is_paid_back() -> anyhow::Result<()> {
    cases::paying(&Fixture::new().await?).await
}

#[tokio::test]
async fn a_refused_call_changes_nothing() -> anyhow::Result<()> {
    cases::refusing(&Fixture::new().await?).await
}

// ANCHOR: test_testnet_client
#[tokio::test]
async fn the_client_for_testnet_runs_the_same_cases() -> anyhow::Result<()> {
    // The client for testnet, connected to a sandbox. Only the faucet is missing, so the sandbox
    // creates the accounts.
    let sandbox = fixture::sandbox().await?;
    let testnet = near_workspaces::testnet()
        .rpc_addr(&sandbox.rpc_addr())
        .await?;
    let mut accounts = Vec::new();
    for _ in 0..2 {
        let account = sandbox.dev_create_account().await?;
        let (id, key) = (account.id().clone(), account.secret_key().clone());
        accounts.push(Account::from_secret_key(id, key, &testnet));
    }
    let [app, alice] = accounts.try_into().expect("two accounts");
    let fixture = Fixture::of(app, alice).await?;

    cases::greeting(&fixture).await?;
    cases::counting(&fixture).await?;
    cases::paying(&fixture).await?;
    cases::refusing(&fixture).await
}
// ANCHOR_END: test_testnet_client

#[test]
fn without_a_name_the_network_is_a_sandbox() {
    assert_eq!(Network::named(None).unwrap(), Network::Sandbox);
    assert_eq!(Network::named(Some("sandbox")).unwrap(), Network::Sandbox);
}

#[test]
fn testnet_is_called_testnet() {
    assert_eq!(Network::named(Some("testnet")).unwrap(), Network::Testnet);
}

#[test]
fn no_test_runs_on_mainnet() {
    let refusal = Network::named(Some("mainnet")).unwrap_err();

    assert_eq!(
        refusal.to_string(),
        "NEAR_NETWORK is `mainnet`: the tests run on `sandbox` or `testnet`"
    );
}
// ANCHOR_END: all
