//! near-vm-runner on a mock of the chain, with the context of a receipt's calls.

use std::sync::{Arc, LazyLock};

use chain::{Block, Chain, State};
use near_parameters::RuntimeConfig;
use near_primitives::account::Account;
use near_primitives::action::FunctionCallAction;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use near_primitives::types::{AccountId, Balance, StorageUsage};
use near_vm_runner::logic::errors::{CompilationError, FunctionCallError, VMRunnerError};
use near_vm_runner::logic::mocks::mock_external::MockedExternal;
use near_vm_runner::logic::types::PromiseResult;
use near_vm_runner::logic::{GasCounter, VMContext, VMOutcome};
use near_vm_runner::{Contract, ContractCode, MockContractRuntimeCache};

/// The compiled contracts, shared by all runs.
static COMPILED: LazyLock<MockContractRuntimeCache> = LazyLock::new(Default::default);

/// A machine that runs the calls of one receipt in order.
pub struct Machine<'a> {
    config: Arc<RuntimeConfig>,
    block: &'a Block,
    receipt: &'a Receipt,
    account: Account,
    promise_results: Arc<[PromiseResult]>,
    output_data_receivers: Vec<AccountId>,
    code: Code,
    balance: Balance,
    storage_usage: StorageUsage,
    host: MockedExternal,
}

impl<'a> Machine<'a> {
    pub fn of(
        chain: &Chain,
        before: &State,
        block: &'a Block,
        receipt: &'a Receipt,
        account: Account,
    ) -> Self {
        let VersionedReceiptEnum::Action(action_receipt) = receipt.versioned_receipt() else {
            unreachable!("only action receipts have calls")
        };
        let inputs = action_receipt.input_data_ids().iter();
        let receivers = action_receipt.output_data_receivers().iter();
        let mut host = MockedExternal::new();
        let data = before.data(receipt.receiver_id(), b"");
        host.fake_trie = data
            .map(|(key, value)| (key.to_vec(), value.to_vec()))
            .collect();
        Self {
            config: chain.runtime_config().clone(),
            block,
            receipt,
            promise_results: inputs.map(|id| answer(chain, *id)).collect(),
            output_data_receivers: receivers
                .map(|receiver| receiver.receiver_id.clone())
                .collect(),
            code: Code(
                before
                    .code(receipt.receiver_id())
                    .map(|(hash, code)| (hash, code.to_vec())),
            ),
            balance: account.amount(),
            storage_usage: account.storage_usage(),
            account,
            host,
        }
    }

    pub fn call(&mut self, call: &FunctionCallAction, is_last: bool) -> VMOutcome {
        let context = self.context(call, is_last);
        let wasm_config = self.config.wasm_config.clone();
        let gas_counter = GasCounter::new(
            wasm_config.ext_costs.clone(),
            wasm_config.limit_config.max_gas_burnt,
            wasm_config.regular_op_cost,
            call.gas,
            false,
        );
        let cache = &*COMPILED;
        let prepared = near_vm_runner::prepare(
            &self.code,
            wasm_config,
            Some(cache),
            gas_counter,
            &call.method_name,
        );
        let outcome =
            near_vm_runner::run(prepared, &mut self.host, &context, self.config.fees.clone())
                .unwrap_or_else(|error| nothing_to_run(error, &context));
        self.balance = outcome.balance;
        self.storage_usage = outcome.storage_usage;
        outcome
    }

    fn context(&self, call: &FunctionCallAction, is_last: bool) -> VMContext {
        let VersionedReceiptEnum::Action(action_receipt) = self.receipt.versioned_receipt() else {
            unreachable!("only action receipts have calls")
        };
        VMContext {
            current_account_id: self.receipt.receiver_id().clone(),
            signer_account_id: action_receipt.signer_id().clone(),
            signer_account_pk: borsh::to_vec(action_receipt.signer_public_key())
                .expect("a key can be serialised"),
            predecessor_account_id: self.receipt.predecessor_id().clone(),
            refund_to_account_id: self.receipt.predecessor_id().clone(),
            input: call.args.as_slice().into(),
            promise_results: self.promise_results.clone(),
            block_height: self.block.height,
            block_timestamp: self.block.timestamp,
            epoch_height: self.block.epoch_height,
            account_balance: self.balance,
            account_locked_balance: self.account.locked(),
            storage_usage: self.storage_usage,
            account_contract: self.account.contract().into_owned(),
            attached_deposit: call.deposit,
            prepaid_gas: call.gas,
            random_seed: Vec::new(),
            view_config: None,
            output_data_receivers: match is_last {
                true => self.output_data_receivers.clone(),
                false => Vec::new(),
            },
        }
    }
}

/// Returns the promise result of a callback, from the data receipt.
fn answer(chain: &Chain, data_id: CryptoHash) -> PromiseResult {
    let heights = chain.first_block().height..=chain.head().height;
    let blocks = heights.filter_map(|height| chain.block_at(height));
    let data = blocks
        .flat_map(|block| &block.receipts)
        .find_map(|receipt| match receipt.versioned_receipt() {
            VersionedReceiptEnum::Data(data) if data.data_id == data_id => Some(data.data.clone()),
            _ => None,
        });
    match data.expect("a receipt that ran had all its answers") {
        Some(bytes) => PromiseResult::Successful(bytes.into()),
        None => PromiseResult::Failed,
    }
}

/// The machine does not start for an account without code.
fn nothing_to_run(error: VMRunnerError, context: &VMContext) -> VMOutcome {
    assert!(
        matches!(error, VMRunnerError::ContractCodeNotPresent),
        "{error:?}"
    );
    let account_id = context.current_account_id.as_str().into();
    VMOutcome::nop_outcome(FunctionCallError::CompilationError(
        CompilationError::CodeDoesNotExist { account_id },
    ))
}

struct Code(Option<(CryptoHash, Vec<u8>)>);

impl Contract for Code {
    fn hash(&self) -> CryptoHash {
        self.0
            .as_ref()
            .map_or_else(CryptoHash::default, |(hash, _)| *hash)
    }

    fn get_code(&self) -> Option<Arc<ContractCode>> {
        let (hash, code) = self.0.as_ref()?;
        Some(Arc::new(ContractCode::new(code.clone(), Some(*hash))))
    }
}
