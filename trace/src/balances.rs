//! The changes of balances by deposits, transfers and refunds of deposits.

use std::collections::BTreeMap;

use near_primitives::types::{AccountId, Balance};

use crate::receipt::RefundKind;
use crate::transaction::Transaction;

/// Returns the change of each account's balance, in yoctoNEAR, without accounts whose balance is the same.
///
/// Gas and its refunds do not count. Money that is under way has left its sender, and has not reached its receiver.
pub fn changes(transactions: &[Transaction]) -> BTreeMap<AccountId, i128> {
    let mut changes = BTreeMap::new();
    let mut add = |account: &AccountId, amount: i128| {
        *changes.entry(account.clone()).or_default() += amount;
    };
    for receipt in transactions.iter().flat_map(Transaction::receipts) {
        let deposit = yocto(receipt.deposit());
        add(&receipt.predecessor, -deposit);
        if receipt.succeeded() {
            add(&receipt.receiver, deposit);
        }
        add(&receipt.receiver, -yocto(receipt.charge_to_receiver()));
        for refund in &receipt.refunds {
            let amount = match refund.kind {
                RefundKind::Gas => continue,
                RefundKind::Deposit => yocto(refund.amount),
                RefundKind::Beneficiary => {
                    add(&receipt.receiver, -yocto(refund.amount));
                    yocto(refund.amount)
                }
            };
            if !refund.is_lost {
                add(&refund.to, amount);
            }
        }
    }
    changes.retain(|_, change| *change != 0);
    changes
}

/// Returns an amount as a signed number. All tokens together are far below the greatest one.
fn yocto(amount: Balance) -> i128 {
    i128::try_from(amount.as_yoctonear()).unwrap_or(i128::MAX)
}
