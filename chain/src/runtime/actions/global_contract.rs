//! Global contracts (NEP-591): code that many accounts use and that none of them stores.

use near_primitives::account::{Account, AccountContract};
use near_primitives::action::{
    DeployGlobalContractAction, GlobalContractDeployMode, GlobalContractIdentifier,
};
use near_primitives::errors::ActionErrorKind;
use near_primitives::hash::hash;
use near_primitives::receipt::{GlobalContractDistributionReceipt, Receipt};
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Compute, ShardId};

use super::contract::{code_usage, set_contract};
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::ReceiptContext;
use crate::state::{StateUpdate, global_code_key};

/// Burns the price of the code's storage, and sends the code to the shard.
pub(super) fn deploy(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    deploy: &DeployGlobalContractAction,
    account: &mut Account,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let price_per_byte = apply_state
        .config
        .fees
        .storage_usage_config
        .global_contract_storage_amount_per_byte;
    let price = price_per_byte.saturating_mul(deploy.code.len() as u128);
    let left = account.amount().checked_sub(price).ok_or_else(|| {
        ActionErrorKind::LackBalanceForState {
            account_id: receipt.account_id.clone(),
            amount: price,
        }
    })?;
    account.set_amount(left);
    result.tokens_burnt = result.tokens_burnt.saturating_add(price);
    let id = match deploy.deploy_mode {
        GlobalContractDeployMode::CodeHash => {
            GlobalContractIdentifier::CodeHash(hash(&deploy.code))
        }
        GlobalContractDeployMode::AccountId => {
            GlobalContractIdentifier::AccountId(receipt.account_id.clone())
        }
    };
    let nonce = next_nonce(state, &id);
    let distribution = GlobalContractDistributionReceipt::new(
        id,
        ShardId::new(0),
        Vec::new(),
        deploy.code.clone(),
        nonce,
    );
    result
        .new_receipts
        .push(Receipt::new_global_contract_distribution(
            receipt.predecessor_id.clone(),
            distribution,
        ));
    Ok(())
}

/// Makes a global contract that of the account.
pub(super) fn select(
    state: &mut StateUpdate,
    account_id: &AccountId,
    identifier: &GlobalContractIdentifier,
    account: &mut Account,
) -> Result<(), ActionErrorKind> {
    if state.current().get(&global_code_key(identifier)).is_none() {
        return Err(ActionErrorKind::GlobalContractDoesNotExist {
            identifier: identifier.clone(),
        });
    }
    let usage =
        account
            .storage_usage()
            .saturating_sub(code_usage(state.current(), account_id, account))
            + identifier.len() as u64;
    if account.contract().is_local() {
        state.remove(&TrieKey::ContractCode {
            account_id: account_id.clone(),
        });
    }
    account.set_storage_usage(usage);
    set_contract(
        account,
        match identifier {
            GlobalContractIdentifier::CodeHash(hash) => AccountContract::Global(*hash),
            GlobalContractIdentifier::AccountId(owner) => {
                AccountContract::GlobalByAccount(owner.clone())
            }
        },
    );
    Ok(())
}

/// Writes a distributed contract, which replaces an earlier one of the same id. Returns the compute spent.
pub(in crate::runtime) fn apply_global_contract_distribution(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    distribution: &GlobalContractDistributionReceipt,
) -> Compute {
    let (key, code) = (global_code_key(distribution.id()), distribution.code());
    state.set(&key, code.clone());
    let fees = &apply_state.config.fees;
    fees.deploy_global_contract_execution_base
        + fees.deploy_global_contract_execution_per_byte * code.len() as u64
}

fn next_nonce(state: &mut StateUpdate, identifier: &GlobalContractIdentifier) -> u64 {
    let key = TrieKey::GlobalContractNonce {
        identifier: identifier.clone().into(),
    };
    let nonce = state.current().record::<u64>(&key).unwrap_or(0) + 1;
    state.set_record(&key, &nonce);
    nonce
}
