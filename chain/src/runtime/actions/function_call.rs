//! Function calls (`SPEC.md` §2.5): the context of a call, its run, and the receipts that its promises
//! become.

use near_primitives::account::Account;
use near_primitives::action::FunctionCallAction;
use near_primitives::errors::ActionErrorKind;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{ActionReceiptV2, DataReceipt, Receipt, ReceiptEnum, ReceiptV0};
use near_primitives::types::AccountId;
use near_primitives::utils::{create_action_hash_from_receipt_id, create_random_seed};
use near_vm_runner::logic::types::ReturnData;
use near_vm_runner::logic::{VMContext, VMOutcome};

use super::balance::with_deposit;
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::ReceiptContext;
use crate::runtime::yields;
use crate::state::StateUpdate;
use crate::vm::{NewPromise, PromiseOutput, RuntimeExt, function_call_error, gas_profile};

/// Calls a method of the account's contract.
pub(super) fn call(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    index: usize,
    call: &FunctionCallAction,
    account: &mut Account,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    with_deposit(account, call.deposit)?;
    let (outcome, output) = run_contract(apply_state, state, receipt, index, call, account);
    result.burn(outcome.burnt_gas, outcome.compute_usage);
    let promised_gas = outcome.used_gas.saturating_sub(outcome.burnt_gas);
    result.gas_used = result
        .gas_used
        .saturating_add(promised_gas)
        .saturating_add(output.distributed_gas);
    result.logs.extend(outcome.logs);
    result.profile.merge(&gas_profile(outcome.profile));
    if let Some(error) = outcome.aborted {
        let error = function_call_error(error);
        return Err(ActionErrorKind::FunctionCallError(error));
    }
    account.set_amount(outcome.balance);
    account.set_storage_usage(outcome.storage_usage);
    result.subsidized_amount = result
        .subsidized_amount
        .saturating_add(outcome.subsidized_amount);
    result.result = Ok(match outcome.return_data {
        // The index counts the receipts of this call; earlier actions may have created some.
        ReturnData::ReceiptIndex(index) => {
            ReturnData::ReceiptIndex(result.new_receipts.len() as u64 + index)
        }
        other => other,
    });
    for promise in output.promises {
        if promise.is_yield {
            let data_id = promise.input_data_ids[0];
            yields::enqueue_timeout(apply_state, state, receipt.account_id, data_id);
        }
        result.new_receipts.push(promise_receipt(receipt, promise));
    }
    let resumes = output.resumes.into_iter();
    result
        .new_receipts
        .extend(resumes.map(|(id, data)| resume_receipt(receipt, id, data)));
    Ok(())
}

fn run_contract(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    index: usize,
    call: &FunctionCallAction,
    account: &Account,
) -> (VMOutcome, PromiseOutput) {
    let height = apply_state.block_height;
    let action_hash = create_action_hash_from_receipt_id(&receipt.receipt_id, height, index);
    let context = vm_context(apply_state, receipt, index, call, account, action_hash);
    let code = state
        .current()
        .code_of(receipt.account_id, &account.contract());
    let limits = &apply_state.config.wasm_config.limit_config;
    let mut external = RuntimeExt::new(
        state,
        receipt.account_id,
        action_hash,
        height,
        apply_state.chain_id,
        &apply_state.epoch_info,
    )
    .with_proof_limit(limits.per_receipt_storage_proof_size_limit);
    let outcome = apply_state.vm.run(
        apply_state.config,
        code,
        &call.method_name,
        &context,
        &mut external,
    );
    let unused_gas = call.gas.saturating_sub(outcome.used_gas);
    let output = external.into_promise_output(unused_gas);
    (outcome, output)
}

fn vm_context(
    apply_state: &ApplyState,
    receipt: &ReceiptContext,
    index: usize,
    call: &FunctionCallAction,
    account: &Account,
    action_hash: CryptoHash,
) -> VMContext {
    let is_last = index + 1 == receipt.actions.len();
    let receivers = receipt.output_data_receivers.iter();
    VMContext {
        current_account_id: receipt.account_id.clone(),
        signer_account_id: receipt.signer_id.clone(),
        signer_account_pk: borsh::to_vec(receipt.signer_public_key)
            .expect("a key can be serialised"),
        predecessor_account_id: receipt.predecessor_id.clone(),
        refund_to_account_id: receipt.refund_to.clone(),
        input: call.args.as_slice().into(),
        promise_results: receipt.promise_results.clone(),
        block_height: apply_state.block_height,
        block_timestamp: apply_state.block_timestamp,
        epoch_height: apply_state.epoch_height,
        account_balance: account.amount(),
        account_locked_balance: account.locked(),
        storage_usage: account.storage_usage(),
        account_contract: account.contract().into_owned(),
        attached_deposit: call.deposit,
        prepaid_gas: call.gas,
        random_seed: create_random_seed(action_hash, apply_state.random_seed),
        view_config: None,
        output_data_receivers: if is_last {
            receivers
                .map(|receiver| receiver.receiver_id.clone())
                .collect()
        } else {
            Vec::new()
        },
    }
}

fn promise_receipt(receipt: &ReceiptContext, promise: NewPromise) -> Receipt {
    let action_receipt = ActionReceiptV2 {
        signer_id: receipt.signer_id.clone(),
        refund_to: promise.refund_to,
        signer_public_key: receipt.signer_public_key.clone(),
        gas_price: receipt.gas_price,
        output_data_receivers: promise.output_data_receivers,
        input_data_ids: promise.input_data_ids,
        actions: promise.actions,
    };
    new_receipt(
        receipt,
        promise.receiver_id,
        match promise.is_yield {
            false => ReceiptEnum::ActionV2(action_receipt),
            true => ReceiptEnum::PromiseYieldV2(action_receipt),
        },
    )
}

fn resume_receipt(receipt: &ReceiptContext, data_id: CryptoHash, data: Vec<u8>) -> Receipt {
    let data = DataReceipt {
        data_id,
        data: Some(data),
    };
    new_receipt(
        receipt,
        receipt.account_id.clone(),
        ReceiptEnum::PromiseResume(data),
    )
}

/// Creates a receipt from this account. It gets its id when its parent has run.
fn new_receipt(receipt: &ReceiptContext, receiver_id: AccountId, body: ReceiptEnum) -> Receipt {
    Receipt::V0(ReceiptV0 {
        predecessor_id: receipt.account_id.clone(),
        receiver_id,
        receipt_id: CryptoHash::default(),
        receipt: body,
    })
}
