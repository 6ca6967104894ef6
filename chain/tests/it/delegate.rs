//! Delegate actions (NEP-366): a relayer sends and pays for the actions that another account has signed
//! (`SPEC.md` §2.4; costs and refunds: §1.2 and §2.7).
//!
//! Alice signs and has no tokens, the relayer sends the transaction, Bob receives the inner receipt.

mod keys;
mod receipts;
mod refusals;

use chain::Chain;
use chain::testing::signer;
use near_crypto::{InMemorySigner, KeyType, Signer};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::delegate::{DelegateAction, NonDelegateAction, SignedDelegateAction};
use near_primitives::action::{Action, AddKeyAction};
use near_primitives::errors::{ActionErrorKind, TxExecutionError};
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use near_primitives::views::FinalExecutionStatus;

use crate::test_chain::*;

const RELAYER: &str = "relayer.near";
const NOBODY: &str = "nobody.near";

/// The number of heights from the block before the transaction to the block that executes its receipt.
const BLOCKS_TO_EXECUTION: u64 = 2;

fn three_accounts() -> Chain {
    chain(&[
        (ALICE, Balance::ZERO),
        (BOB, near(100)),
        (RELAYER, near(100)),
    ])
}

fn alice() -> Signer {
    signer(&account(ALICE))
}

fn nonce(chain: &Chain, key: &Signer) -> u64 {
    let found = chain
        .head()
        .state
        .access_key(&key.get_account_id(), &key.public_key());
    found.expect("the key is there").nonce
}

/// Returns a delegate action of Alice's, valid for a hundred blocks, with the next nonce of one of her keys.
fn wish(chain: &Chain, key: &Signer, receiver: &str, actions: Vec<Action>) -> DelegateAction {
    let inner = |action| NonDelegateAction::try_from(action).expect("no delegate action");
    DelegateAction {
        sender_id: account(ALICE),
        receiver_id: account(receiver),
        actions: actions.into_iter().map(inner).collect(),
        nonce: nonce(chain, key) + 1,
        max_block_height: chain.head().height + 100,
        public_key: key.public_key(),
    }
}

fn signed_by(key: &Signer, wish: DelegateAction) -> Action {
    SignedDelegateAction::sign(key, wish).into()
}

/// Signs a delegate action as Alice and sends it as the relayer.
fn relay(chain: &mut Chain, wish: DelegateAction) -> CryptoHash {
    run(chain, RELAYER, ALICE, vec![signed_by(&alice(), wish)])
}

/// Returns the error of the delegate action itself, the only action of its transaction.
fn failure(chain: &Chain, hash: &CryptoHash) -> ActionErrorKind {
    match status(chain, hash) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error.kind,
        other => panic!("it was to fail, and ended with {other:?}"),
    }
}

/// Returns the tokens burnt by a transaction and its receipts.
fn burnt(chain: &Chain, hash: &CryptoHash) -> Balance {
    let transaction = outcome(chain, hash).outcome.tokens_burnt;
    tree(chain, hash)
        .iter()
        .map(|receipt| receipt.outcome.tokens_burnt)
        .fold(transaction, Balance::saturating_add)
}

/// Adds a key to Alice's account that may only call `run` of Bob, with a delegate action.
fn with_limited_key(chain: &mut Chain) -> Signer {
    let key = InMemorySigner::from_seed(account(ALICE), KeyType::ED25519, "alice calls bob");
    let permission = AccessKeyPermission::FunctionCall(FunctionCallPermission {
        allowance: Some(near(1)),
        receiver_id: BOB.to_owned(),
        method_names: vec!["run".to_owned()],
    });
    let add_key = Action::AddKey(Box::new(AddKeyAction {
        public_key: key.public_key(),
        access_key: AccessKey {
            nonce: 0,
            permission,
        },
    }));
    let wish = wish(chain, &alice(), ALICE, vec![add_key]);
    relay(chain, wish);
    key
}
