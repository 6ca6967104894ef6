//! The first receipt of a transaction whose signer is also its receiver. RPC does not give this local receipt.

use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use near_primitives::views::{ReceiptEnumView, ReceiptView};

use crate::action;
use crate::gas::{price, units};
use crate::tx_status::TxStatus;

/// Returns the first receipt as a node creates it from the transaction, without storing it. If RPC gives the first
/// receipt, it is not a local one.
pub fn local_receipt(status: &TxStatus) -> Option<ReceiptView> {
    let outcome = &status.final_outcome;
    let signed = &outcome.transaction;
    let [id] = outcome.transaction_outcome.outcome.receipt_ids[..] else {
        return None;
    };
    Some(ReceiptView {
        predecessor_id: signed.signer_id.clone(),
        receiver_id: signed.receiver_id.clone(),
        receipt_id: id,
        receipt: ReceiptEnumView::Action {
            signer_id: signed.signer_id.clone(),
            signer_public_key: signed.public_key.clone(),
            gas_price: price_of_local_receipt(status, &id),
            output_data_receivers: Vec::new(),
            input_data_ids: Vec::new(),
            actions: signed.actions.clone(),
            is_promise_yield: false,
            refund_to: None,
        },
        _priority: 0,
    })
}

/// Returns the price at which the gas of a local receipt was bought. RPC does not give it.
///
/// The children have the same price. Without children it is the price of the block, or the least price at which gas
/// is sold (`min_gas_purchase_price` in near-parameters, 10^9 yoctoNEAR per unit). Of these two, it is the price at
/// which the paid gas comes closest to the attached gas, because only fees are added to the attached gas.
fn price_of_local_receipt(status: &TxStatus, id: &CryptoHash) -> Balance {
    const LEAST: Balance = Balance::from_yoctonear(1_000_000_000);

    let outcomes = &status.final_outcome.receipts_outcome;
    let Some(outcome) = outcomes.iter().find(|outcome| outcome.id == *id) else {
        return Balance::ZERO;
    };
    let is_child =
        |receipt: &&ReceiptView| outcome.outcome.receipt_ids.contains(&receipt.receipt_id);
    let mut paid = outcome.outcome.tokens_burnt;
    for child in status.receipts.iter().filter(is_child) {
        if let ReceiptEnumView::Action {
            gas_price,
            actions,
            signer_id,
            ..
        } = &child.receipt
        {
            if !child.predecessor_id.is_system() {
                return *gas_price;
            }
            if !signer_id.is_system() {
                paid = paid.saturating_add(action::total_deposit(actions));
            }
        }
    }
    let transaction = &status.final_outcome.transaction_outcome.outcome;
    let block_price = price(transaction.tokens_burnt, transaction.gas_burnt);
    let attached = action::attached_gas(&status.final_outcome.transaction.actions);
    let fees_at = |price: &Balance| {
        units(paid, *price)
            .filter(|bought| *bought >= outcome.outcome.gas_burnt)?
            .checked_sub(attached)
    };
    let prices = [block_price, LEAST.max(block_price)];
    let known = prices.into_iter().filter(|price| fees_at(price).is_some());
    known.min_by_key(fees_at).unwrap_or(block_price)
}
