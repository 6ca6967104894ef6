//! The output of a receipt, for the receipts that wait for it (`SPEC.md` §2.7).

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{DataReceipt, DataReceiver, Receipt, ReceiptEnum, ReceiptV0};
use near_vm_runner::logic::types::ReturnData;

use super::action_result::ActionResult;
use super::receipt_context::ReceiptContext;

/// Sends the result of a receipt to its receivers as data, or leaves that to the receipt that was
/// returned.
pub(super) fn send_output(context: &ReceiptContext, result: &mut ActionResult) {
    let receivers = context.output_data_receivers;
    let data = match &result.result {
        Ok(ReturnData::ReceiptIndex(index)) => {
            let returned = &mut result.new_receipts[*index as usize];
            forward_receivers(returned, receivers);
            return;
        }
        Ok(ReturnData::Value(value)) => Some(value.clone()),
        Ok(ReturnData::None) => Some(Vec::new()),
        Err(_) => None,
    };
    let data_receipts = receivers.iter().map(|receiver| {
        Receipt::V0(ReceiptV0 {
            predecessor_id: context.account_id.clone(),
            receiver_id: receiver.receiver_id.clone(),
            receipt_id: CryptoHash::default(),
            receipt: ReceiptEnum::Data(DataReceipt {
                data_id: receiver.data_id,
                data: data.clone(),
            }),
        })
    });
    result.new_receipts.extend(data_receipts);
}

/// Adds receivers to the output of a receipt with actions.
fn forward_receivers(receipt: &mut Receipt, receivers: &[DataReceiver]) {
    match receipt.receipt_mut() {
        ReceiptEnum::Action(action_receipt) | ReceiptEnum::PromiseYield(action_receipt) => {
            action_receipt
                .output_data_receivers
                .extend_from_slice(receivers);
        }
        ReceiptEnum::ActionV2(action_receipt) | ReceiptEnum::PromiseYieldV2(action_receipt) => {
            action_receipt
                .output_data_receivers
                .extend_from_slice(receivers);
        }
        ReceiptEnum::Data(_)
        | ReceiptEnum::PromiseResume(_)
        | ReceiptEnum::GlobalContractDistribution(_) => {}
    }
}
