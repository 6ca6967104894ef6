//! Transactions that deploy contracts: the code is compiled before they reach the chain.
//!
//! A large contract takes seconds to compile. If a block had to do that, all accounts would wait. So only the
//! transaction itself waits, and the later ones of its key: out of order, their nonces would be too great.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use chain::Chain;
use near_crypto::PublicKey;
use near_primitives::action::Action;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::AccountId;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore};

/// The number of contracts that are compiled at the same time.
const COMPILED_AT_ONCE: usize = 2;
static COMPILERS: Semaphore = Semaphore::const_new(COMPILED_AT_ONCE);

type Key = (AccountId, PublicKey);

/// The keys whose transactions wait for a contract to be compiled.
#[derive(Default)]
pub struct Deploys {
    keys: Mutex<HashMap<Key, Weak<AsyncMutex<()>>>>,
}

impl Deploys {
    /// Compiles what `transaction` deploys, and waits for earlier transactions of its key that do. The
    /// transaction must be submitted before the turn is dropped.
    pub async fn turn(&self, chain: Chain, transaction: &SignedTransaction) -> Option<Turn> {
        let code = deployed_code(transaction);
        let queue = self.queue(transaction, !code.is_empty())?;
        let turn = queue.lock_owned().await;
        // Code that the chain refuses is not worth the time.
        if !code.is_empty() && chain.clone().submit(transaction.clone()).is_ok() {
            compile(chain, code).await;
        }
        Some(turn)
    }

    /// Returns the queue of the transaction's key, `None` if nothing waits there and `deploys` is false.
    fn queue(&self, signed: &SignedTransaction, deploys: bool) -> Option<Arc<AsyncMutex<()>>> {
        // A panic elsewhere leaves the map complete.
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.is_empty() && !deploys {
            return None;
        }
        keys.retain(|_, queue| queue.strong_count() > 0);
        let transaction = &signed.transaction;
        let key = (
            transaction.signer_id().clone(),
            transaction.public_key().clone(),
        );
        if let Some(queue) = keys.get(&key).and_then(Weak::upgrade) {
            return Some(queue);
        }
        deploys.then(|| {
            let queue = Arc::default();
            keys.insert(key, Arc::downgrade(&queue));
            queue
        })
    }
}

/// The turn of a transaction in the queue of its key. The next one has its turn when this value is dropped.
pub type Turn = OwnedMutexGuard<()>;

/// Compiles the contracts of a patch.
pub async fn compile_records(chain: Chain, records: &[StateRecord]) {
    let code: Vec<_> = records
        .iter()
        .filter_map(|record| match record {
            StateRecord::Contract { code, .. } => Some(code.clone()),
            _ => None,
        })
        .collect();
    if !code.is_empty() {
        compile(chain, code).await;
    }
}

async fn compile(chain: Chain, code: Vec<Vec<u8>>) {
    // It is never closed.
    let Ok(_permit) = COMPILERS.acquire().await else {
        return;
    };
    let compiled =
        tokio::task::spawn_blocking(move || code.into_iter().for_each(|code| chain.compile(code)));
    if let Err(error) = compiled.await {
        tracing::error!(%error, "a contract was not compiled in advance");
    }
}

/// Returns the code that a transaction deploys, directly or by delegate actions (NEP-366).
fn deployed_code(signed: &SignedTransaction) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for action in signed.transaction.actions() {
        match action {
            Action::Delegate(delegate) => {
                let actions = delegate.delegate_action.get_actions();
                found.extend(actions.iter().filter_map(code_of));
            }
            action => found.extend(code_of(action)),
        }
    }
    found
}

fn code_of(action: &Action) -> Option<Vec<u8>> {
    match action {
        Action::DeployContract(deploy) => Some(deploy.code.clone()),
        Action::DeployGlobalContract(deploy) => Some(deploy.code.to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use chain::testing::{genesis, signer};
    use chain::{Clock, Vm};
    use near_primitives::action::{DeployContractAction, TransferAction};
    use near_primitives::types::Balance;

    use super::*;

    const ALICE: &str = "alice.near";
    const BOB: &str = "bob.near";

    fn account(id: &str) -> AccountId {
        id.parse().expect("a valid account id")
    }

    fn chain() -> Chain {
        let accounts = [account(ALICE), account(BOB)];
        let genesis = genesis(accounts.iter().map(|id| (id, Balance::from_near(10))));
        let vm = Vm::new(None).expect("a cache in memory needs nothing");
        Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound")
    }

    fn signed(chain: &Chain, from: &str, nonce: u64, action: Action) -> SignedTransaction {
        let id = account(from);
        chain.signed_with_nonce(&signer(&id), &id, nonce, vec![action])
    }

    fn deploy() -> Action {
        let code = include_bytes!("../../chain/tests/fixtures/greet.wasm").to_vec();
        DeployContractAction { code }.into()
    }

    fn transfer() -> Action {
        let deposit = Balance::from_yoctonear(1);
        TransferAction { deposit }.into()
    }

    #[tokio::test]
    async fn the_next_transaction_of_a_key_waits_for_its_deploy() {
        let (chain, deploys) = (chain(), Deploys::default());
        let first = signed(&chain, ALICE, 1, deploy());
        let second = signed(&chain, ALICE, 2, transfer());

        let turn = deploys.turn(chain.clone(), &first).await;
        let mut next = pin!(deploys.turn(chain.clone(), &second));

        tokio::select! {
            biased;
            _ = &mut next => panic!("it did not wait"),
            () = std::future::ready(()) => {}
        }
        drop(turn);
        assert!(next.await.is_some());
    }

    #[tokio::test]
    async fn a_transaction_of_another_key_does_not_wait() {
        let (chain, deploys) = (chain(), Deploys::default());
        let first = signed(&chain, ALICE, 1, deploy());
        let other = signed(&chain, BOB, 1, transfer());

        let _turn = deploys.turn(chain.clone(), &first).await;

        assert!(deploys.turn(chain.clone(), &other).await.is_none());
    }

    #[tokio::test]
    async fn nothing_waits_when_the_deploy_is_done() {
        let (chain, deploys) = (chain(), Deploys::default());
        let first = signed(&chain, ALICE, 1, deploy());
        let second = signed(&chain, ALICE, 2, transfer());

        drop(deploys.turn(chain.clone(), &first).await);

        assert!(deploys.turn(chain.clone(), &second).await.is_none());
    }
}
