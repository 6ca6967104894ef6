//! The runs of chapter 5: a contract with an owner, its upgrades, and the errors that readers meet.

pub mod errors;
pub mod upgrade;
pub mod watch;

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::test_chain::{TestChain, TxHash, call, paid};

/// Returns the contract of the chapter, which belongs to its own account.
fn new_chain() -> TestChain {
    TestChain::with_guests("testing", &[])
}

/// Returns the contract of the chapter, which belongs to `owner`.
pub(crate) fn owned_by(owner: &str) -> TestChain {
    let mut chain = new_chain();
    let proposal = owners("propose_owner", json!({ "account_id": owner }));
    succeed(&mut chain, "app.near", vec![proposal]);
    succeed(&mut chain, owner, vec![owners("accept_owner", json!({}))]);
    chain.reset_balances();
    chain
}

/// Returns a call to a method that needs one yoctoNEAR.
pub(crate) fn owners(method: &str, args: Value) -> Action {
    paid(call(method, args), Balance::from_yoctonear(1))
}

/// Sends actions to `app.near`.
///
/// # Panics
/// They fail.
fn succeed(chain: &mut TestChain, from: &str, actions: Vec<Action>) -> TxHash {
    let tx = chain.send(from, "app.near", actions);
    chain.assert_succeeded(tx);
    tx
}
