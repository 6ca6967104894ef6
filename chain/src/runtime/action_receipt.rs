//! The application of an action receipt whose inputs are there (`SPEC.md` §2.2).

use near_primitives::account::AccountContract;
use near_primitives::errors::{ActionError, ActionErrorKind, TxExecutionError};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{Receipt, VersionedActionReceipt, VersionedReceiptEnum};
use near_primitives::transaction::{
    ExecutionMetadata, ExecutionMetadataV4, ExecutionOutcome, ExecutionOutcomeWithId,
    ExecutionStatus,
};
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{Balance, BlockHeight};
use near_primitives::utils::create_receipt_id_from_receipt_id;
use near_vm_runner::logic::types::ReturnData;

use super::action_result::ActionResult;
use super::actions::apply_action;
use super::apply_state::ApplyState;
use super::output::send_output;
use super::receipt_context::{Actor, ReceiptContext};
use super::storage::check_storage_stake;
use super::validation::validate_receipt;
use super::{fees, postponed, refunds};
use crate::state::StateUpdate;

/// The result of an action receipt.
pub(super) struct AppliedReceipt {
    pub outcome: ExecutionOutcomeWithId,
    pub new_receipts: Vec<Receipt>,
    /// The stakes that the account has proposed.
    pub validator_proposals: Vec<ValidatorStake>,
    /// The tokens minted for an account without balance, in yoctoNEAR.
    pub tokens_minted: Balance,
    /// The tokens of a refund whose receiver does not exist, in yoctoNEAR.
    pub tokens_lost: Balance,
}

/// Applies an action receipt: runs its actions, keeps or rolls back the state, settles gas and deposits,
/// sends its output and assigns the ids of the new receipts.
pub(super) fn apply_action_receipt(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &Receipt,
    action_receipt: &VersionedActionReceipt,
) -> AppliedReceipt {
    let account_id = receipt.receiver_id();
    let context = ReceiptContext {
        receipt_id: *receipt.receipt_id(),
        predecessor_id: receipt.predecessor_id(),
        account_id,
        signer_id: action_receipt.signer_id(),
        signer_public_key: action_receipt.signer_public_key(),
        refund_to: receipt.balance_refund_receiver(),
        gas_price: action_receipt.gas_price(),
        actions: action_receipt.actions(),
        promise_results: postponed::take_promise_results(state, account_id, action_receipt),
        output_data_receivers: action_receipt.output_data_receivers(),
    };
    state.start_receipt();
    let checkpoint = state.checkpoint();
    let mut actor = Actor {
        account: state.current().account(account_id),
        actor_id: context.predecessor_id.clone(),
    };
    let existed = actor.account.is_some();
    let mut result = apply_actions(apply_state, state, &context, &mut actor);
    if result.result.is_err() {
        state.roll_back(checkpoint);
    } else if let Some(account) = &actor.account {
        state.set_account(account_id, account);
    }
    let is_created = !existed && actor.account.is_some() && result.result.is_ok();
    let tokens_lost = refunds::lost_tokens(&context, &result);
    refunds::settle(apply_state, &context, &mut result, is_created);
    send_output(&context, &mut result);
    let ids = assign_receipt_ids(&context, apply_state.block_height, &mut result.new_receipts);
    let new_receipts = std::mem::take(&mut result.new_receipts);
    let validator_proposals = std::mem::take(&mut result.validator_proposals);
    let tokens_minted = result.subsidized_amount;
    AppliedReceipt {
        outcome: outcome(&context, result, &new_receipts, &ids),
        new_receipts,
        validator_proposals,
        tokens_minted,
        tokens_lost,
    }
}

/// Runs the actions until one fails, and checks that the account then holds enough for its storage.
fn apply_actions(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    context: &ReceiptContext,
    actor: &mut Actor,
) -> ActionResult {
    let mut result = ActionResult::new(fees::receipt_exec_fee(apply_state.config));
    for index in 0..context.actions.len() {
        result.contracts.push(actor.contract());
        let applied = charge_and_apply(apply_state, state, context, index, actor, &mut result);
        if let Err(kind) = applied {
            let index = Some(index as u64);
            result.fail(ActionError { index, kind });
            break;
        }
    }
    result
        .contracts
        .resize(context.actions.len(), AccountContract::None);
    if let (Ok(_), Some(account)) = (&result.result, &actor.account)
        && let Err(amount) = check_storage_stake(&apply_state.config.fees, account)
    {
        let account_id = context.account_id.clone();
        let kind = ActionErrorKind::LackBalanceForState { account_id, amount };
        result.fail(ActionError { index: None, kind });
    }
    result
}

/// Burns the execution fee of an action, runs it, and validates the receipts that it has created.
fn charge_and_apply(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    context: &ReceiptContext,
    index: usize,
    actor: &mut Actor,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let config = apply_state.config;
    let fee = fees::exec_fee(config, &context.actions[index], context.account_id)
        .expect("the gas of this receipt was bought with the same sum");
    result.burn(fee.gas, fee.compute);
    let earlier_receipts = result.new_receipts.len();
    apply_action(apply_state, state, context, index, actor, result)?;
    let limits = &config.wasm_config.limit_config;
    let version = apply_state.current_protocol_version;
    result.new_receipts[earlier_receipts..]
        .iter()
        .try_for_each(|receipt| validate_receipt(limits, receipt, version))
        .map_err(ActionErrorKind::NewReceiptValidationError)
}

/// Assigns the ids of new receipts and returns them, in order (`SPEC.md` §1.3).
fn assign_receipt_ids(
    context: &ReceiptContext,
    height: BlockHeight,
    receipts: &mut [Receipt],
) -> Vec<CryptoHash> {
    let mut ids = Vec::with_capacity(receipts.len());
    for (index, receipt) in receipts.iter_mut().enumerate() {
        let id = create_receipt_id_from_receipt_id(&context.receipt_id, height, index);
        receipt.set_receipt_id(id);
        ids.push(id);
    }
    ids
}

fn outcome(
    context: &ReceiptContext,
    result: ActionResult,
    new_receipts: &[Receipt],
    ids: &[CryptoHash],
) -> ExecutionOutcomeWithId {
    let status = match result.result {
        Err(error) => ExecutionStatus::Failure(TxExecutionError::ActionError(error)),
        Ok(ReturnData::None) => ExecutionStatus::SuccessValue(Vec::new()),
        Ok(ReturnData::Value(value)) => ExecutionStatus::SuccessValue(value),
        Ok(ReturnData::ReceiptIndex(index)) => {
            ExecutionStatus::SuccessReceiptId(ids[index as usize])
        }
    };
    let with_outcomes = new_receipts.iter().filter(|receipt| has_outcome(receipt));
    ExecutionOutcomeWithId {
        id: context.receipt_id,
        outcome: ExecutionOutcome {
            logs: result.logs,
            receipt_ids: with_outcomes.map(|receipt| *receipt.receipt_id()).collect(),
            gas_burnt: result.gas_burnt,
            compute_usage: Some(result.compute_usage),
            tokens_burnt: result.tokens_burnt,
            executor_id: context.account_id.clone(),
            status,
            metadata: ExecutionMetadata::V4(Box::new(ExecutionMetadataV4 {
                profile: result.profile,
                contracts: result.contracts,
            })),
        },
    }
}

/// Returns `true` for receipts with actions: only they end in an outcome.
fn has_outcome(receipt: &Receipt) -> bool {
    matches!(
        receipt.versioned_receipt(),
        VersionedReceiptEnum::Action(_) | VersionedReceiptEnum::PromiseYield(_)
    )
}
