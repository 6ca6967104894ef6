//! Balances that move, and by how much.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::trie_key::trie_key_parsers::parse_account_id_from_account_key;
use near_primitives::types::{AccountId, Balance};
use trace::Transaction;
use trace::receipt::RefundKind;

use crate::test_chain::TestChain;
use crate::text::near;

/// By how much an account has more than before, in yoctoNEAR.
type Moved = BTreeMap<String, i128>;

/// An account whose balance moves.
#[derive(Debug)]
pub struct Move {
    account: String,
    by: i128,
}

/// The account has more afterwards, beside its gas.
pub fn gains(account: &str, amount: Balance) -> Move {
    Move {
        account: account.to_owned(),
        by: signed(amount),
    }
}

/// The account has less afterwards, beside its gas.
pub fn loses(account: &str, amount: Balance) -> Move {
    Move {
        account: account.to_owned(),
        by: -signed(amount),
    }
}

/// The difference, if there is any.
pub(super) fn fault(expected: &[Move], moved: &Moved) -> Option<String> {
    let expected = expected.iter().fold(Moved::new(), |mut sums, one| {
        *sums.entry(one.account.clone()).or_default() += one.by;
        sums
    });
    (expected != *moved).then(|| {
        format!(
            "these balances were to move: {}\nand these did: {}",
            told(&expected),
            told(moved)
        )
    })
}

fn told(moved: &Moved) -> String {
    let moves = moved.iter().map(|(account, by)| {
        let sign = if *by < 0 { '-' } else { '+' };
        let amount = near(Balance::from_yoctonear(by.unsigned_abs()));
        format!("{account} {sign}{amount}")
    });
    match moved.len() {
        0 => "none".to_owned(),
        _ => moves.collect::<Vec<_>>().join(", "),
    }
}

fn signed(amount: Balance) -> i128 {
    i128::try_from(amount.as_yoctonear()).expect("there are not so many tokens")
}

impl TestChain {
    /// Every balance that has moved in the blocks of these transactions, from their own to the last refund.
    ///
    /// What a signer has paid for gas counts as if it were there. An account that was deleted counts with
    /// what it left to its heir, and with refunds that found it gone: so no number depends on gas.
    pub(super) fn moved(&self, transactions: &[Transaction]) -> Moved {
        let mut moved = Moved::new();
        let mut add = |account: &AccountId, by: i128| {
            *moved.entry(account.to_string()).or_default() += by;
        };
        for height in heights(transactions) {
            self.changes_at(height, &mut add);
        }
        for transaction in transactions {
            add(
                &transaction.signer,
                signed(transaction.total_tokens_burnt()),
            );
            for receipt in transaction.receipts() {
                for refund in &receipt.refunds {
                    let amount = signed(refund.amount);
                    if refund.is_lost {
                        add(&refund.to, amount);
                    } else if refund.kind == RefundKind::Beneficiary {
                        add(&refund.to, -amount);
                        add(&receipt.receiver, amount);
                    }
                }
            }
        }
        moved.retain(|_, by| *by != 0);
        moved
    }

    /// By how much each balance differs from what it was a block before.
    fn changes_at(&self, height: u64, add: &mut impl FnMut(&AccountId, i128)) {
        let Some(block) = self.chain.block_at(height) else {
            return;
        };
        let before = block.prev_height.and_then(|prev| self.chain.block_at(prev));
        let before = &before.expect("the block before is kept").state;
        for (key, _) in block.state.changes_since(before) {
            let Ok(account) = parse_account_id_from_account_key(key) else {
                continue;
            };
            let [now, then] = [&block.state, before].map(|state| {
                let account = state.account(&account);
                signed(account.map_or(Balance::ZERO, |account| account.amount()))
            });
            add(&account, now - then);
        }
    }
}

/// The heights at which something of these transactions happens.
fn heights(transactions: &[Transaction]) -> BTreeSet<u64> {
    let spans = transactions.iter().map(|transaction| {
        let receipts = transaction
            .receipts()
            .iter()
            .map(|receipt| receipt.position);
        let refunds = transaction.refunds().map(|refund| refund.position);
        let first = transaction.position.height;
        let heights = receipts.chain(refunds).map(|moment| moment.height);
        first..=heights.max().unwrap_or(first)
    });
    spans.flatten().collect()
}
