//! View calls (`SPEC.md` §6): methods run on the state of a block, without effect.

use near_primitives::config::ViewConfig;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_vm_runner::logic::VMContext;
use near_vm_runner::logic::errors::FunctionCallError;

use crate::block::Block;
use crate::chain::Chain;
use crate::state::StateUpdate;
use crate::vm::RuntimeExt;

/// The result of a view call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewResult {
    /// The bytes returned, empty if the method returns nothing.
    pub value: Vec<u8>,
    /// The logs of the contract.
    pub logs: Vec<String>,
}

/// The error of a view call.
#[derive(Debug, thiserror::Error)]
pub enum ViewCallError {
    /// The account does not exist.
    #[error("account {0} does not exist while viewing")]
    UnknownAccount(AccountId),
    /// The call failed: the contract or the method is missing, or the contract returned an error.
    #[error("wasm execution failed with error: {error:?}")]
    Failed {
        /// The error of the virtual machine.
        error: FunctionCallError,
        /// The logs before the error.
        logs: Vec<String>,
    },
}

impl Chain {
    /// Calls a method on the state after `block`, with the gas limit of a receipt.
    ///
    /// # Errors
    /// The account does not exist, or the call failed.
    pub fn call_view(
        &self,
        block: &Block,
        account_id: &AccountId,
        method: &str,
        args: &[u8],
    ) -> Result<ViewResult, ViewCallError> {
        let max_gas_burnt = self.runtime_config().wasm_config.limit_config.max_gas_burnt;
        self.call_view_with_gas(block, account_id, method, args, max_gas_burnt)
    }

    /// Calls a method on the state after `block`, as [`Chain::call_view`] does, with another gas limit
    /// (neard's setting `max_gas_burnt_view`).
    ///
    /// # Errors
    /// The account does not exist, or the call failed.
    pub fn call_view_with_gas(
        &self,
        block: &Block,
        account_id: &AccountId,
        method: &str,
        args: &[u8],
        max_gas_burnt: Gas,
    ) -> Result<ViewResult, ViewCallError> {
        let account = block
            .state
            .account(account_id)
            .ok_or_else(|| ViewCallError::UnknownAccount(account_id.clone()))?;
        let config = self.runtime_config();
        let context = VMContext {
            current_account_id: account_id.clone(),
            signer_account_id: account_id.clone(),
            signer_account_pk: Vec::new(),
            predecessor_account_id: account_id.clone(),
            refund_to_account_id: account_id.clone(),
            input: args.into(),
            promise_results: Vec::new().into(),
            block_height: block.height,
            block_timestamp: block.timestamp,
            epoch_height: block.epoch_height,
            account_balance: account.amount(),
            account_locked_balance: account.locked(),
            storage_usage: account.storage_usage(),
            account_contract: account.contract().into_owned(),
            attached_deposit: Balance::ZERO,
            prepaid_gas: Gas::ZERO,
            random_seed: block.random_seed.as_bytes().to_vec(),
            view_config: Some(ViewConfig { max_gas_burnt }),
            output_data_receivers: Vec::new(),
        };
        let code = block.state.code_of(account_id, &account.contract());
        let mut scratch = StateUpdate::new(block.state.clone());
        let mut external = RuntimeExt::new(
            &mut scratch,
            account_id,
            CryptoHash::default(),
            block.height,
            &self.genesis().chain_id,
            block.epochs.current(),
        );
        let outcome = self.vm().run(config, code, method, &context, &mut external);
        match outcome.aborted {
            Some(error) => Err(ViewCallError::Failed {
                error,
                logs: outcome.logs,
            }),
            None => Ok(ViewResult {
                value: outcome.return_data.as_value().unwrap_or_default(),
                logs: outcome.logs,
            }),
        }
    }
}
