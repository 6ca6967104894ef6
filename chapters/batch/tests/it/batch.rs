// ANCHOR: all
//! Batches on a chain: all actions or none, and the refunds of deposits.

mod counter;
mod greeting;
mod guestbook;
mod launch;
mod rollback;
mod sale;

use near_workspaces::AccountId;
use near_workspaces::result::{ExecutionFinalResult, ExecutionOutcome};
use near_workspaces::types::NearToken;

use crate::common::{World, assert_fails_with};

// ANCHOR: balances
/// Returns the balances of these accounts.
async fn balances<const N: usize>(
    world: &World,
    accounts: [&AccountId; N],
) -> anyhow::Result<[NearToken; N]> {
    let mut balances = [NearToken::from_near(0); N];
    for (balance, account) in balances.iter_mut().zip(accounts) {
        *balance = world.balance(account).await?;
    }
    Ok(balances)
}
// ANCHOR_END: balances

// ANCHOR: refunds_of
/// Returns the receivers of the refunds of a receipt: of gas, and of its deposits if it has failed.
fn refunds_of<'a>(
    outcome: &'a ExecutionFinalResult,
    receipt: &ExecutionOutcome,
) -> Vec<&'a AccountId> {
    outcome
        .receipt_outcomes()
        .iter()
        // near-workspaces keeps the id of a receipt in `transaction_hash`.
        .filter(|child| receipt.receipt_ids.contains(&child.transaction_hash))
        .filter(|child| child.tokens_burnt.is_zero())
        .map(|refund| &refund.executor_id)
        .collect()
}
// ANCHOR_END: refunds_of

#[tokio::test]
async fn nobody_else_can_call_the_callbacks() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in [
        "set_and_get_greeting_callback",
        "count_callback",
        "sign_guestbook_callback",
        "launch_token_callback",
        "buy_tokens_callback",
    ] {
        let outcome = world.call(method).transact().await?;
        assert_fails_with(&outcome, &format!("Method {method} is private"));
    }
    Ok(())
}
// ANCHOR_END: all
