//! Changes of balances.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::trie_key::trie_key_parsers::parse_account_id_from_account_key;
use near_primitives::types::{AccountId, Balance};
use trace::Transaction;
use trace::receipt::RefundKind;

use super::fault::Fault;
use crate::test_chain::TestChain;
use crate::text::near;

/// The changes of balances by account, in yoctoNEAR.
type BalanceChanges = BTreeMap<String, i128>;

/// The change of an account's balance, in yoctoNEAR.
#[derive(Debug)]
pub struct BalanceChange {
    account: String,
    by: i128,
}

/// Expects that the account has more afterwards, beside its gas.
pub fn gains(account: &str, amount: Balance) -> BalanceChange {
    BalanceChange {
        account: account.to_owned(),
        by: signed(amount),
    }
}

/// Expects that the account has less afterwards, beside its gas.
pub fn loses(account: &str, amount: Balance) -> BalanceChange {
    BalanceChange {
        account: account.to_owned(),
        by: -signed(amount),
    }
}

/// Returns the difference between the expected changes and the real ones, if there is any.
pub(super) fn fault(expected: &[BalanceChange], balance_changes: &BalanceChanges) -> Option<Fault> {
    let expected = expected
        .iter()
        .fold(BalanceChanges::new(), |mut sums, one| {
            *sums.entry(one.account.clone()).or_default() += one.by;
            sums
        });
    let says = match expected.is_empty() {
        true => "no balance changes".to_owned(),
        false => format!(
            "these balances change, and no other: {}",
            formatted(&expected)
        ),
    };
    (expected != *balance_changes).then(|| Fault {
        says,
        reason: format!(
            "these balances should change: {}\nthese changed: {}",
            formatted(&expected),
            formatted(balance_changes)
        ),
    })
}

fn formatted(balance_changes: &BalanceChanges) -> String {
    let moves = balance_changes.iter().map(|(account, by)| {
        let sign = if *by < 0 { '-' } else { '+' };
        let amount = near(Balance::from_yoctonear(by.unsigned_abs()));
        format!("{account} {sign}{amount}")
    });
    match balance_changes.len() {
        0 => "none".to_owned(),
        _ => moves.collect::<Vec<_>>().join(", "),
    }
}

fn signed(amount: Balance) -> i128 {
    i128::try_from(amount.as_yoctonear()).expect("the supply fits")
}

impl TestChain {
    /// Returns the changes of all balances in the blocks of these transactions, up to the last refund.
    ///
    /// The gas of a signer counts as if it were still there. A deleted account counts with the balance that its
    /// beneficiary got, and with the refunds that did not find it. So no number depends on gas.
    pub(super) fn balance_changes(&self, transactions: &[Transaction]) -> BalanceChanges {
        let mut balance_changes = BalanceChanges::new();
        let mut add = |account: &AccountId, by: i128| {
            *balance_changes.entry(account.to_string()).or_default() += by;
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
        balance_changes.retain(|_, by| *by != 0);
        balance_changes
    }

    /// Adds the changes of all balances in a block.
    fn changes_at(&self, height: u64, add: &mut impl FnMut(&AccountId, i128)) {
        let Some(block) = self.chain.block_at(height) else {
            return;
        };
        let before = block.prev_height.and_then(|prev| self.chain.block_at(prev));
        let before = &before.expect("the block before is in the store").state;
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

/// Returns the heights of the blocks with a receipt or a refund of these transactions, and those in between.
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
