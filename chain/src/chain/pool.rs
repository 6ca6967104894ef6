//! The order of a block's transactions.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use imbl::Vector;
use near_primitives::transaction::SignedTransaction;

/// Returns the transactions in the order of their arrival, but those of one key in the order of their
/// nonces.
pub(super) fn in_nonce_order(pool: Vector<Arc<SignedTransaction>>) -> Vec<Arc<SignedTransaction>> {
    let key = |signed: &SignedTransaction| {
        let transaction = &signed.transaction;
        (
            transaction.signer_id().clone(),
            transaction.public_key().to_string(),
        )
    };
    let mut by_key: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for signed in &pool {
        by_key.entry(key(signed)).or_default().push(signed.clone());
    }
    let mut sorted: BTreeMap<_, VecDeque<_>> = BTreeMap::new();
    for (key, mut signed) in by_key {
        signed.sort_by_key(|signed| signed.transaction.nonce().nonce());
        sorted.insert(key, signed.into());
    }
    pool.iter()
        .filter_map(|signed| sorted.get_mut(&key(signed))?.pop_front())
        .collect()
}
