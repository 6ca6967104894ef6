//! The kinds of query, on one block.

mod state_page;

use std::num::NonZeroU32;
use std::sync::Arc;

use chain::{Block, Chain, ViewCallError, function_call_error};
use near_crypto::{PublicKey, PublicKeyHandle};
use near_jsonrpc_primitives::types::query::{QueryResponseKind, RpcQueryError};
use near_primitives::account::{AccessKey, Account};
use near_primitives::action::GlobalContractIdentifier;
use near_primitives::hash::{CryptoHash, hash};
use near_primitives::types::{AccountId, Gas};
use near_primitives::views::{
    AccessKeyInfoView, AccessKeyList, CallResult, ContractCodeView, GasKeyNoncesView,
};

pub use self::state_page::StatePage;
use crate::home::Config;

const NO_PROOFS: &str = "this sandbox keeps no Merkle trees: ask with include_proof false";

/// The limits of views in `config.json`.
pub struct ViewLimits {
    state_size: Option<u64>,
    access_keys: u32,
    max_gas_burnt: Option<Gas>,
}

impl ViewLimits {
    /// Returns the limits of a configuration.
    pub fn of(config: &Config) -> Self {
        Self {
            state_size: config.trie_viewer_state_size_limit,
            access_keys: config.view_access_keys_limit,
            max_gas_burnt: config.max_gas_burnt_view,
        }
    }
}

/// A block to query.
pub struct Viewer<'a> {
    /// The chain of the block.
    pub chain: &'a Chain,
    /// The block.
    pub block: &'a Arc<Block>,
    /// The limits.
    pub limits: &'a ViewLimits,
}

impl Viewer<'_> {
    /// Returns an account.
    ///
    /// # Errors
    /// The account does not exist.
    pub fn account(&self, account_id: &AccountId) -> Result<Account, RpcQueryError> {
        self.block
            .state
            .account(account_id)
            .ok_or_else(|| self.unknown_account(account_id.clone()))
    }

    fn unknown_account(&self, requested_account_id: AccountId) -> RpcQueryError {
        RpcQueryError::UnknownAccount {
            requested_account_id,
            block_height: self.block.height,
            block_hash: self.block.hash,
        }
    }

    /// Returns the code that calls of an account run.
    pub fn code(&self, account_id: AccountId) -> Result<QueryResponseKind, RpcQueryError> {
        self.account(&account_id)?;
        match self.block.state.code(&account_id) {
            Some((hash, code)) => Ok(code_view(hash, &code)),
            None => Err(RpcQueryError::NoContractCode {
                contract_account_id: account_id,
                block_height: self.block.height,
                block_hash: self.block.hash,
            }),
        }
    }

    /// Returns the code of a global contract.
    pub fn global_code(
        &self,
        identifier: GlobalContractIdentifier,
    ) -> Result<QueryResponseKind, RpcQueryError> {
        match self.block.state.global_code(&identifier.clone().into()) {
            Some(code) => Ok(code_view(hash(&code), &code)),
            None => Err(RpcQueryError::NoGlobalContractCode {
                identifier,
                block_height: self.block.height,
                block_hash: self.block.hash,
            }),
        }
    }

    /// Returns the contract data of an account. A state that is too large is refused without pages.
    pub fn state(
        &self,
        account_id: AccountId,
        prefix: &[u8],
        page: StatePage,
        include_proof: bool,
    ) -> Result<QueryResponseKind, RpcQueryError> {
        if include_proof {
            return Err(internal_error(NO_PROOFS));
        }
        if let Some(after_key) = &page.after_key
            && !after_key.starts_with(prefix)
        {
            return Err(internal_error("after_key does not start with the prefix"));
        }
        let account = self.account(&account_id)?;
        if !page.is_asked_for()
            && let Some(limit) = self.limits.state_size
            && self.state_size(&account_id, &account) > limit
        {
            return Err(RpcQueryError::TooLargeContractState {
                contract_account_id: account_id,
                block_height: self.block.height,
                block_hash: self.block.hash,
            });
        }
        Ok(QueryResponseKind::ViewState(page.of(
            self.block.state.data(&account_id, prefix),
            &account_id,
        )))
    }

    /// Returns the storage usage of an account without its own code, in bytes.
    fn state_size(&self, account_id: &AccountId, account: &Account) -> u64 {
        let code = account
            .local_contract_hash()
            .and_then(|_| self.block.state.code(account_id));
        let code_size = code.map_or(0, |(_, code)| code.len() as u64);
        account.storage_usage().saturating_sub(code_size)
    }

    /// Returns one access key of an account.
    pub fn access_key(
        &self,
        account_id: &AccountId,
        public_key: PublicKey,
    ) -> Result<QueryResponseKind, RpcQueryError> {
        match self.block.state.access_key(account_id, &public_key) {
            Some(key) => Ok(QueryResponseKind::AccessKey(key.into())),
            None => Err(RpcQueryError::UnknownAccessKey {
                public_key,
                block_height: self.block.height,
                block_hash: self.block.hash,
            }),
        }
    }

    /// Returns the nonces of a gas key.
    pub fn gas_key_nonces(
        &self,
        account_id: &AccountId,
        public_key: PublicKey,
    ) -> Result<QueryResponseKind, RpcQueryError> {
        self.account(account_id)?;
        let state = &self.block.state;
        let access_key = state.access_key(account_id, &public_key);
        let Some(gas_key) = access_key.as_ref().and_then(AccessKey::gas_key_info) else {
            return Err(RpcQueryError::UnknownGasKey {
                public_key,
                block_height: self.block.height,
                block_hash: self.block.hash,
            });
        };
        let nonces = (0..gas_key.num_nonces)
            .filter_map(|index| state.gas_key_nonce(account_id, &public_key, index))
            .collect();
        Ok(QueryResponseKind::GasKeyNonces(GasKeyNoncesView { nonces }))
    }

    /// Returns the keys of an account, none if the account does not exist.
    pub fn access_keys(
        &self,
        account_id: AccountId,
        after_key: Option<PublicKeyHandle>,
        limit: Option<NonZeroU32>,
    ) -> Result<QueryResponseKind, RpcQueryError> {
        let keys = self.block.state.access_keys(&account_id);
        let in_pages = after_key.is_some() || limit.is_some();
        let most = self.limits.access_keys;
        let page = limit.map_or(most, |limit| limit.get().min(most)) as usize;
        if !in_pages && keys.len() > page {
            return Err(RpcQueryError::TooManyAccessKeys {
                requested_account_id: account_id,
                limit: most,
                block_height: self.block.height,
                block_hash: self.block.hash,
            });
        }
        let start = match after_key {
            None => 0,
            Some(after) => {
                let after = borsh::to_vec(&after).unwrap_or_default();
                keys.iter()
                    .position(|(key, _)| borsh::to_vec(key).is_ok_and(|key| key > after))
                    .unwrap_or(keys.len())
            }
        };
        let is_last_page = keys.len() - start <= page;
        let keys: Vec<_> = keys
            .into_iter()
            .skip(start)
            .take(page)
            .map(|(key, access_key)| AccessKeyInfoView::new(key, access_key.into()))
            .collect();
        let last_key = match keys.last() {
            Some(last) if !is_last_page => Some(last.public_key.clone()),
            _ => None,
        };
        Ok(QueryResponseKind::AccessKeyList(AccessKeyList {
            keys,
            last_key,
        }))
    }

    /// Calls a view method and returns its result.
    pub fn call(
        &self,
        account_id: AccountId,
        method: &str,
        args: &[u8],
    ) -> Result<QueryResponseKind, RpcQueryError> {
        let limit_config = &self.chain.runtime_config().wasm_config.limit_config;
        let gas = self
            .limits
            .max_gas_burnt
            .unwrap_or(limit_config.max_gas_burnt);
        let called = self
            .chain
            .call_view_with_gas(self.block, &account_id, method, args, gas);
        match called {
            Ok(result) => Ok(QueryResponseKind::CallResult(CallResult {
                result: result.value,
                logs: result.logs,
            })),
            Err(ViewCallError::UnknownAccount(account_id)) => Err(self.unknown_account(account_id)),
            Err(ViewCallError::Failed { error, .. }) => {
                Err(RpcQueryError::ContractExecutionError {
                    vm_error: format!("wasm execution failed with error: {error:?}"),
                    error: function_call_error(error),
                    block_height: self.block.height,
                    block_hash: self.block.hash,
                })
            }
        }
    }
}

fn internal_error(error_message: &str) -> RpcQueryError {
    RpcQueryError::InternalError {
        error_message: error_message.to_owned(),
    }
}

fn code_view(hash: CryptoHash, code: &[u8]) -> QueryResponseKind {
    QueryResponseKind::ViewCode(ContractCodeView {
        code: code.to_vec(),
        hash,
    })
}
