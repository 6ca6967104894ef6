//! The transaction that a receipt comes from.

use std::collections::HashMap;
use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::transaction::SignedTransaction;

use crate::chain::Chain;

/// Returns the transaction that a receipt comes from, through the receipts between them. Returns `None` if
/// the chain does not know the receipt, or no longer keeps all of them.
pub fn transaction_of_receipt<'a>(
    chain: &'a Chain,
    receipt_id: &CryptoHash,
) -> Option<&'a Arc<SignedTransaction>> {
    let parents = parents(chain);
    // Ids are hashes of what they come from, so that no circle is possible.
    let mut id = parents.get(receipt_id)?;
    while let Some(parent) = parents.get(id) {
        id = parent;
    }
    chain.transaction(id)
}

/// Returns for each receipt the transaction or the receipt whose outcome has it, in all blocks that are kept.
fn parents(chain: &Chain) -> HashMap<CryptoHash, CryptoHash> {
    let blocks = std::iter::successors(Some(chain.head()), |block| {
        chain.block_by_hash(&block.prev_hash)
    });
    blocks
        .flat_map(|block| &block.outcomes)
        .filter_map(|id| chain.outcome(id))
        .flat_map(|outcome| {
            let children = outcome.outcome.receipt_ids.iter();
            children.map(move |child| (*child, outcome.id))
        })
        .collect()
}
