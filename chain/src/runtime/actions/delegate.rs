//! Delegate actions (NEP-366): a relayer pays for the actions that another account has signed.

use near_primitives::account::{AccessKey, AccessKeyPermission};
use near_primitives::action::delegate::{DelegateAction, SignedDelegateAction};
use near_primitives::errors::{ActionErrorKind, InvalidAccessKeyError};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{ActionReceipt, Receipt, ReceiptEnum, ReceiptV0};

use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::fees;
use crate::runtime::receipt_context::ReceiptContext;
use crate::runtime::verifier::check_function_call_permission;
use crate::state::StateUpdate;

/// Checks the signed actions and creates a receipt with them.
pub(super) fn apply(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    signed: &SignedDelegateAction,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let inner = &signed.delegate_action;
    if !signed.verify() {
        return Err(ActionErrorKind::DelegateActionInvalidSignature);
    }
    if apply_state.block_height > inner.max_block_height {
        return Err(ActionErrorKind::DelegateActionExpired);
    }
    if inner.sender_id != *receipt.account_id {
        return Err(
            ActionErrorKind::DelegateActionSenderDoesNotMatchTxReceiver {
                sender_id: inner.sender_id.clone(),
                receiver_id: receipt.account_id.clone(),
            },
        );
    }
    use_delegate_key(apply_state, state, inner)?;
    reserve_inner_gas(apply_state, inner, result);
    result.new_receipts.push(Receipt::V0(ReceiptV0 {
        predecessor_id: inner.sender_id.clone(),
        receiver_id: inner.receiver_id.clone(),
        receipt_id: CryptoHash::default(),
        receipt: ReceiptEnum::Action(ActionReceipt {
            signer_id: receipt.signer_id.clone(),
            signer_public_key: receipt.signer_public_key.clone(),
            gas_price: receipt.gas_price,
            output_data_receivers: Vec::new(),
            input_data_ids: Vec::new(),
            actions: inner.get_actions(),
        }),
    }));
    Ok(())
}

/// Checks the key that has signed the inner actions, and raises its nonce.
fn use_delegate_key(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    inner: &DelegateAction,
) -> Result<(), ActionErrorKind> {
    let found = state
        .current()
        .access_key(&inner.sender_id, &inner.public_key);
    let mut access_key = found.ok_or_else(|| {
        ActionErrorKind::DelegateActionAccessKeyError(InvalidAccessKeyError::AccessKeyNotFound {
            account_id: inner.sender_id.clone(),
            public_key: Box::new(inner.public_key.clone()),
        })
    })?;
    if access_key.gas_key_info().is_some() {
        return Err(ActionErrorKind::DelegateActionAccessKeyError(
            InvalidAccessKeyError::DelegateActionRequiresNonGasKey,
        ));
    }
    let (delegate_nonce, ak_nonce) = (inner.nonce, access_key.nonce);
    if delegate_nonce <= ak_nonce {
        return Err(ActionErrorKind::DelegateActionInvalidNonce {
            delegate_nonce,
            ak_nonce,
        });
    }
    let upper_bound = apply_state
        .block_height
        .saturating_mul(AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER);
    if delegate_nonce >= upper_bound {
        return Err(ActionErrorKind::DelegateActionNonceTooLarge {
            delegate_nonce,
            upper_bound,
        });
    }
    if let AccessKeyPermission::FunctionCall(permission) = &access_key.permission {
        check_function_call_permission(permission, &inner.receiver_id, &inner.get_actions())
            .map_err(ActionErrorKind::DelegateActionAccessKeyError)?;
    }
    access_key.nonce = delegate_nonce;
    state.set_access_key(&inner.sender_id, &inner.public_key, &access_key);
    Ok(())
}

/// Burns the fee for sending the new receipt and uses the gas that the receipt takes along. The
/// transaction has bought this gas, so the sums do not overflow here.
fn reserve_inner_gas(apply_state: &ApplyState, inner: &DelegateAction, result: &mut ActionResult) {
    let config = apply_state.config;
    let actions = inner.get_actions();
    let sir = inner.sender_id == inner.receiver_id;
    let bought = "the transaction has bought this gas";
    let send = fees::send_fee(config, sir, &actions, &inner.receiver_id).expect(bought);
    let exec = fees::prepaid_exec_fee(config, &actions, &inner.receiver_id).expect(bought);
    let attached = fees::attached_gas(&actions).expect(bought);
    result.burn(send.gas, send.compute);
    result.gas_used = result
        .gas_used
        .saturating_add(exec.gas)
        .saturating_add(fees::receipt_exec_fee(config).gas)
        .saturating_add(attached);
}
