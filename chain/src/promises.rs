//! The receipts that a function call is making, and how the gas that it leaves over is shared out among
//! them (NEP-264).

use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::DataReceiver;
use near_primitives::types::{AccountId, Gas};

/// A receipt that a contract is making.
pub(crate) struct PendingReceipt {
    pub receiver_id: AccountId,
    pub refund_to: Option<AccountId>,
    pub output_data_receivers: Vec<DataReceiver>,
    pub input_data_ids: Vec<CryptoHash>,
    pub actions: Vec<Action>,
    pub is_yield: bool,
}

/// A function call that asked for a share of the gas that is left.
pub(crate) struct WeightedCall {
    /// Its receipt, among those of the call.
    pub receipt: usize,
    /// Its place in that receipt.
    pub action: usize,
    pub weight: u64,
}

/// What a function call wants to send.
pub(crate) struct Sent {
    pub receipts: Vec<PendingReceipt>,
    /// Payloads for yields, by their data id.
    pub resumes: Vec<(CryptoHash, Vec<u8>)>,
    /// Gas given to weighted calls: it counts as used.
    pub distributed: Gas,
}

/// Gives the weighted calls their shares of `unused`, in proportion to their weights; what rounding
/// leaves goes to the last. Returns what was given away.
pub(crate) fn distribute(
    unused: Gas,
    calls: &[WeightedCall],
    receipts: &mut [PendingReceipt],
) -> Gas {
    let Some((last, others)) = calls.split_last() else {
        return Gas::ZERO;
    };
    let total_weight: u128 = calls.iter().map(|call| u128::from(call.weight)).sum();
    let mut left = unused;
    for call in others {
        let share = u128::from(unused.as_gas()) * u128::from(call.weight) / total_weight;
        let share = Gas::from_gas(u64::try_from(share).unwrap_or(u64::MAX));
        left = left.saturating_sub(share);
        give(share, call, receipts);
    }
    give(left, last, receipts);
    unused
}

fn give(share: Gas, call: &WeightedCall, receipts: &mut [PendingReceipt]) {
    if let Action::FunctionCall(function_call) = &mut receipts[call.receipt].actions[call.action] {
        function_call.gas = function_call.gas.saturating_add(share);
    }
}
