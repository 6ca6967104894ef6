//! Function calls (SPEC.md §2.5): the context of the call, the run, and the receipts that its
//! promises become.

use near_primitives::account::Account;
use near_primitives::action::FunctionCallAction;
use near_primitives::errors::ActionErrorKind;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{
    ActionReceiptV2, DataReceipt, PromiseYieldIndices, PromiseYieldTimeout, Receipt, ReceiptEnum,
    ReceiptV0,
};
use near_primitives::trie_key::TrieKey;
use near_primitives::utils::{create_action_hash_from_receipt_id, create_random_seed};
use near_vm_runner::logic::types::ReturnData;
use near_vm_runner::logic::{VMContext, VMOutcome};

use super::account::with_deposit;
use super::{Actor, Effects, ReceiptContext, Returned};
use crate::host::Host;
use crate::promises::{PendingReceipt, Sent};
use crate::runtime::Runtime;
use crate::vm::{chain_error, chain_profile};

impl Runtime<'_> {
    pub(super) fn function_call(
        &mut self,
        receipt: &ReceiptContext,
        index: usize,
        call: &FunctionCallAction,
        actor: &mut Actor,
        effects: &mut Effects,
    ) -> Result<(), ActionErrorKind> {
        let account = super::existing(actor);
        with_deposit(account, call.deposit)?;
        let (outcome, sent) = self.run_contract(receipt, index, call, account);
        effects.burn(outcome.burnt_gas, outcome.compute_usage);
        let promised = outcome.used_gas.saturating_sub(outcome.burnt_gas);
        effects.gas_used = effects
            .gas_used
            .saturating_add(promised)
            .saturating_add(sent.distributed);
        effects.logs.extend(outcome.logs);
        effects.profile.merge(&chain_profile(outcome.profile));
        if let Some(error) = outcome.aborted {
            return Err(ActionErrorKind::FunctionCallError(chain_error(error)));
        }
        account.set_amount(outcome.balance);
        account.set_storage_usage(outcome.storage_usage);
        effects.subsidized = effects.subsidized.saturating_add(outcome.subsidized_amount);
        effects.returned = match outcome.return_data {
            ReturnData::None => Returned::Value(Vec::new()),
            ReturnData::Value(value) => Returned::Value(value),
            ReturnData::ReceiptIndex(index) => {
                Returned::Receipt(effects.new_receipts.len() + index as usize)
            }
        };
        for pending in sent.receipts {
            if pending.is_yield {
                self.await_yield(receipt, &pending);
            }
            effects.new_receipts.push(promise_receipt(receipt, pending));
        }
        let resumes = sent.resumes.into_iter();
        effects
            .new_receipts
            .extend(resumes.map(|(id, data)| resume_receipt(receipt, id, data)));
        Ok(())
    }

    fn run_contract(
        &mut self,
        receipt: &ReceiptContext,
        index: usize,
        call: &FunctionCallAction,
        account: &Account,
    ) -> (VMOutcome, Sent) {
        let action_hash =
            create_action_hash_from_receipt_id(&receipt.receipt_id, self.block.height, index);
        let context = self.call_context(receipt, index, call, account, action_hash);
        let code = self
            .state
            .now()
            .code_of(receipt.account_id, &account.contract());
        let env = self.env;
        let mut host = Host::new(
            &mut self.state,
            receipt.account_id,
            action_hash,
            self.block.height,
            env.chain_id,
            env.validators,
        );
        let outcome = env
            .vm
            .run(env.config, code, &call.method_name, &context, &mut host);
        let unused = call.gas.saturating_sub(outcome.used_gas);
        let sent = host.into_sent(unused);
        (outcome, sent)
    }

    fn call_context(
        &self,
        receipt: &ReceiptContext,
        index: usize,
        call: &FunctionCallAction,
        account: &Account,
        action_hash: CryptoHash,
    ) -> VMContext {
        let is_last = index + 1 == receipt.actions.len();
        VMContext {
            current_account_id: receipt.account_id.clone(),
            signer_account_id: receipt.signer_id.clone(),
            signer_account_pk: borsh::to_vec(receipt.signer_public_key)
                .expect("a key can be serialised"),
            predecessor_account_id: receipt.predecessor_id.clone(),
            refund_to_account_id: receipt.refund_to.clone(),
            input: call.args.as_slice().into(),
            promise_results: receipt.promise_results.clone(),
            block_height: self.block.height,
            block_timestamp: self.block.timestamp,
            epoch_height: self.block.epoch_height,
            account_balance: account.amount(),
            account_locked_balance: account.locked(),
            storage_usage: account.storage_usage(),
            account_contract: account.contract().into_owned(),
            attached_deposit: call.deposit,
            prepaid_gas: call.gas,
            random_seed: create_random_seed(action_hash, self.block.random_seed),
            view_config: None,
            output_data_receivers: if is_last {
                receipt.output_data_receivers.clone()
            } else {
                Vec::new()
            },
        }
    }

    /// Starts the clock of a yield: what nobody resumes in time is resumed with nothing.
    fn await_yield(&mut self, receipt: &ReceiptContext, pending: &PendingReceipt) {
        let limits = &self.env.config.wasm_config.limit_config;
        let mut indices: PromiseYieldIndices = self
            .state
            .now()
            .record(&TrieKey::PromiseYieldIndices)
            .unwrap_or_default();
        let timeout = PromiseYieldTimeout {
            account_id: receipt.account_id.clone(),
            data_id: pending.input_data_ids[0],
            expires_at: self.block.height + limits.yield_timeout_length_in_blocks,
        };
        let key = TrieKey::PromiseYieldTimeout {
            index: indices.next_available_index,
        };
        self.state.set_record(&key, &timeout);
        indices.next_available_index += 1;
        self.state
            .set_record(&TrieKey::PromiseYieldIndices, &indices);
    }
}

fn promise_receipt(receipt: &ReceiptContext, pending: PendingReceipt) -> Receipt {
    let action_receipt = ActionReceiptV2 {
        signer_id: receipt.signer_id.clone(),
        refund_to: pending.refund_to,
        signer_public_key: receipt.signer_public_key.clone(),
        gas_price: receipt.gas_price,
        output_data_receivers: pending.output_data_receivers,
        input_data_ids: pending.input_data_ids,
        actions: pending.actions,
    };
    new_receipt(
        receipt,
        pending.receiver_id,
        match pending.is_yield {
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

/// A receipt from this account; it gets its id when the whole receipt has succeeded.
fn new_receipt(
    receipt: &ReceiptContext,
    receiver_id: near_primitives::types::AccountId,
    body: ReceiptEnum,
) -> Receipt {
    Receipt::V0(ReceiptV0 {
        predecessor_id: receipt.account_id.clone(),
        receiver_id,
        receipt_id: CryptoHash::default(),
        receipt: body,
    })
}
