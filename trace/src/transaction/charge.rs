//! The charges that RPC does not show: it gives only the sum of all burnt tokens.

use near_primitives::types::Balance;
use near_primitives::views::{
    ActionView, ExecutionOutcomeWithIdView, ExecutionStatusView, ReceiptEnumView, ReceiptView,
};

use crate::action;
use crate::gas::cost;
use crate::receipt::{Charge, ChargeKind};

/// Returns the charge of a receipt: the burnt tokens that did not pay for gas. Gas was burnt at the lower one of the
/// receipt's price and the block's.
///
/// A charge for a new account or for gas keys needs outcome metadata of version 4. In earlier versions tokens were also
/// burnt as a penalty on unspent gas (NEP-536), and the outcome does not separate the two. A gas key may have no balance:
/// tokens that can have paid for gas are no charge for it.
pub fn charge(
    receipt: &ReceiptView,
    outcome: &ExecutionOutcomeWithIdView,
    block_price: Balance,
) -> Option<Charge> {
    const CHARGES_FOR_ACCOUNTS: u32 = 4;

    let ReceiptEnumView::Action {
        actions, gas_price, ..
    } = &receipt.receipt
    else {
        return None;
    };
    let outcome = &outcome.outcome;
    if matches!(outcome.status, ExecutionStatusView::Failure(_)) {
        return None;
    }
    let is_without_penalty = outcome.metadata.version >= CHARGES_FOR_ACCOUNTS;
    let all_for_gas = cost(*gas_price, outcome.gas_burnt);
    let kind = if actions.iter().any(action::deploys_global_contract) {
        ChargeKind::GlobalContract
    } else if is_without_penalty && may_create(receipt, actions) {
        ChargeKind::NewAccount
    } else if is_without_penalty && outcome.tokens_burnt > all_for_gas && may_delete_keys(actions) {
        ChargeKind::GasKeys
    } else {
        return None;
    };
    let price = block_price.min(*gas_price);
    let amount = outcome
        .tokens_burnt
        .saturating_sub(cost(price, outcome.gas_burnt));
    (!amount.is_zero()).then_some(Charge { kind, amount })
}

/// Returns true if the actions may create the receiver. A transfer creates an implicit account if it is the only
/// action.
fn may_create(receipt: &ReceiptView, actions: &[ActionView]) -> bool {
    match actions {
        [ActionView::Transfer { .. }] => receipt.receiver_id.get_account_type().is_implicit(),
        _ => actions.iter().any(|action| {
            matches!(
                action,
                ActionView::CreateAccount
                    | ActionView::DeterministicStateInit { .. }
                    | ActionView::UniversalStateInit { .. }
            )
        }),
    }
}

/// Returns true if the actions may delete gas keys, whose balance is burnt (`ExecutionOutcome::tokens_burnt` in
/// near-primitives).
fn may_delete_keys(actions: &[ActionView]) -> bool {
    actions.iter().any(|action| {
        matches!(
            action,
            ActionView::DeleteKey { .. } | ActionView::DeleteAccount { .. }
        )
    })
}
