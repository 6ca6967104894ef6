//! `query`: looking at accounts, keys, code and state, and calling view methods (runtime-spec §6).

mod legacy;

use std::num::NonZeroU32;
use std::sync::Arc;

use near_crypto::PublicKeyHandle;
use near_jsonrpc_primitives::errors::RpcError;
use near_jsonrpc_primitives::types::query::{
    QueryResponseKind, RpcQueryError, RpcQueryRequest, RpcQueryResponse,
};
use near_primitives::account::Account;
use near_primitives::action::GlobalContractIdentifier;
use near_primitives::hash::{CryptoHash, hash};
use near_primitives::types::{AccountId, BlockHeight, BlockId, BlockReference};
use near_primitives::views::{
    AccessKeyInfoView, AccessKeyList, CallResult, ContractCodeView, QueryRequest, StateItem,
    ViewStateResult,
};
use serde_json::json;

use super::blocks::find;
use super::params::Params;
use super::{Answer, Node, answer, in_background};
use crate::block::Block;
use crate::chain::Chain;
use crate::view_call::ViewCallError;

/// The most access keys that one page lists, and that a request without pages may get.
const KEYS_PER_PAGE: u32 = 100;

/// Answers `query`.
pub async fn query(node: &Node, mut params: Params) -> Answer {
    let request = match params.positional() {
        Some(values) => legacy::request(values)?,
        None => params.parse::<RpcQueryRequest>()?,
    };
    let chain = node.miner.chain();
    let state_size_limit = node.config.trie_viewer_state_size_limit;
    in_background(move || match look(&chain, request, state_size_limit) {
        Ok(response) => answer(response),
        Err(error) => refusal(error),
    })
    .await
}

/// Two errors are told as a result, for the sake of clients from before there were typed errors.
fn refusal(error: RpcQueryError) -> Answer {
    let told_as_result = |error: String, block_height: BlockHeight, block_hash: CryptoHash| {
        let logs: [String; 0] = [];
        Ok(json!({
            "error": error,
            "logs": logs,
            "block_height": block_height,
            "block_hash": block_hash,
        }))
    };
    match error {
        RpcQueryError::ContractExecutionError {
            vm_error,
            block_height,
            block_hash,
            ..
        } => told_as_result(vm_error, block_height, block_hash),
        RpcQueryError::UnknownAccessKey {
            public_key,
            block_height,
            block_hash,
        } => told_as_result(
            format!("access key {public_key} does not exist while viewing"),
            block_height,
            block_hash,
        ),
        RpcQueryError::UnknownBlock {
            block_reference: BlockReference::BlockId(ref id),
        } => {
            let what = match id {
                BlockId::Height(height) => format!("BLOCK HEIGHT: {height}"),
                BlockId::Hash(hash) => format!("BLOCK HEADER: {hash}"),
            };
            let data = json!(format!("DB Not Found Error: {what} \n Cause: Unknown"));
            Err(RpcError::new_internal_or_handler_error(
                Some(data),
                json!(error),
            ))
        }
        error => Err(error.into()),
    }
}

fn look(
    chain: &Chain,
    request: RpcQueryRequest,
    state_size_limit: u64,
) -> Result<RpcQueryResponse, RpcQueryError> {
    let RpcQueryRequest {
        block_reference,
        request,
    } = request;
    let block = match find(chain, &block_reference) {
        Ok(block) => block,
        Err(_) => return Err(RpcQueryError::UnknownBlock { block_reference }),
    };
    let viewer = Viewer { chain, block };
    let kind = match request {
        QueryRequest::ViewAccount { account_id } => {
            QueryResponseKind::ViewAccount(viewer.account(&account_id)?.into())
        }
        QueryRequest::ViewCode { account_id } => viewer.code(account_id)?,
        QueryRequest::ViewState {
            account_id,
            prefix,
            after_key,
            limit,
            include_proof,
        } => {
            if include_proof {
                let error_message = "this sandbox keeps no Merkle trees: ask with \
                                     include_proof false"
                    .to_owned();
                return Err(RpcQueryError::InternalError { error_message });
            }
            let page = (after_key.map(|key| key.to_vec()), limit);
            viewer.state(account_id, &prefix, page, state_size_limit)?
        }
        QueryRequest::ViewAccessKey {
            account_id,
            public_key,
        } => match block.state.access_key(&account_id, &public_key) {
            Some(key) => QueryResponseKind::AccessKey(key.into()),
            None => {
                return Err(RpcQueryError::UnknownAccessKey {
                    public_key,
                    block_height: block.height,
                    block_hash: block.hash,
                });
            }
        },
        QueryRequest::ViewAccessKeyList {
            account_id,
            after_key,
            limit,
        } => viewer.access_keys(account_id, after_key, limit)?,
        QueryRequest::ViewGasKeyNonces {
            account_id,
            public_key,
        } => {
            viewer.account(&account_id)?;
            return Err(RpcQueryError::UnknownGasKey {
                public_key,
                block_height: block.height,
                block_hash: block.hash,
            });
        }
        QueryRequest::CallFunction {
            account_id,
            method_name,
            args,
        } => viewer.call(account_id, &method_name, &args)?,
        QueryRequest::ViewGlobalContractCode { code_hash } => {
            viewer.global_code(GlobalContractIdentifier::CodeHash(code_hash))?
        }
        QueryRequest::ViewGlobalContractCodeByAccountId { account_id } => {
            viewer.global_code(GlobalContractIdentifier::AccountId(account_id))?
        }
    };
    Ok(RpcQueryResponse {
        kind,
        block_height: block.height,
        block_hash: block.hash,
    })
}

/// One block, to be looked at.
struct Viewer<'a> {
    chain: &'a Chain,
    block: &'a Arc<Block>,
}

impl Viewer<'_> {
    fn account(&self, account_id: &AccountId) -> Result<Account, RpcQueryError> {
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

    fn code(&self, account_id: AccountId) -> Result<QueryResponseKind, RpcQueryError> {
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

    fn global_code(
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

    /// Without pages, a state that is too large is refused rather than listed.
    fn state(
        &self,
        account_id: AccountId,
        prefix: &[u8],
        (after_key, limit): (Option<Vec<u8>>, Option<NonZeroU32>),
        size_limit: u64,
    ) -> Result<QueryResponseKind, RpcQueryError> {
        let account = self.account(&account_id)?;
        let code_size = match account.local_contract_hash() {
            Some(_) => self
                .block
                .state
                .code(&account_id)
                .map_or(0, |(_, code)| code.len() as u64),
            None => 0,
        };
        let size = account.storage_usage().saturating_sub(code_size);
        if after_key.is_none() && limit.is_none() && size > size_limit {
            return Err(RpcQueryError::TooLargeContractState {
                contract_account_id: account_id,
                block_height: self.block.height,
                block_hash: self.block.hash,
            });
        }
        let mut entries = self
            .block
            .state
            .data(&account_id, prefix)
            .skip_while(|(key, _)| after_key.as_ref().is_some_and(|after| key <= after))
            .peekable();
        let most = limit.map_or(usize::MAX, |limit| limit.get() as usize);
        let mut values = Vec::new();
        while values.len() < most
            && let Some((key, value)) = entries.next()
        {
            values.push(StateItem {
                key: key.into(),
                value: value.to_vec().into(),
            });
        }
        let last_key = match entries.peek() {
            Some(_) => values.last().map(|item| item.key.clone()),
            None => None,
        };
        Ok(QueryResponseKind::ViewState(ViewStateResult {
            values,
            proof: Vec::new(),
            last_key,
        }))
    }

    fn access_keys(
        &self,
        account_id: AccountId,
        after_key: Option<PublicKeyHandle>,
        limit: Option<NonZeroU32>,
    ) -> Result<QueryResponseKind, RpcQueryError> {
        let keys = self.block.state.access_keys(&account_id);
        let in_pages = after_key.is_some() || limit.is_some();
        let page = limit.map_or(KEYS_PER_PAGE, |limit| limit.get().min(KEYS_PER_PAGE)) as usize;
        if !in_pages && keys.len() > page {
            return Err(RpcQueryError::TooManyAccessKeys {
                requested_account_id: account_id,
                limit: KEYS_PER_PAGE,
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

    fn call(
        &self,
        account_id: AccountId,
        method: &str,
        args: &[u8],
    ) -> Result<QueryResponseKind, RpcQueryError> {
        match self.chain.call_view(self.block, &account_id, method, args) {
            Ok(result) => Ok(QueryResponseKind::CallResult(CallResult {
                result: result.value,
                logs: result.logs,
            })),
            Err(ViewCallError::UnknownAccount(account_id)) => Err(self.unknown_account(account_id)),
            Err(ViewCallError::Failed { error, .. }) => {
                Err(RpcQueryError::ContractExecutionError {
                    vm_error: format!("wasm execution failed with error: {error:?}"),
                    error: crate::vm::chain_error(error),
                    block_height: self.block.height,
                    block_hash: self.block.hash,
                })
            }
        }
    }
}

fn code_view(hash: CryptoHash, code: &[u8]) -> QueryResponseKind {
    QueryResponseKind::ViewCode(ContractCodeView {
        code: code.to_vec(),
        hash,
    })
}
