//! Global contracts (NEP-591): code that many accounts use and none of them stores.

use near_primitives::account::{Account, AccountContract};
use near_primitives::action::{
    DeployGlobalContractAction, GlobalContractDeployMode, GlobalContractIdentifier,
};
use near_primitives::errors::ActionErrorKind;
use near_primitives::hash::hash;
use near_primitives::receipt::{GlobalContractDistributionReceipt, Receipt};
use near_primitives::trie_key::TrieKey;
use near_primitives::types::ShardId;

use super::account::set_contract;
use super::{Effects, ReceiptContext};
use crate::runtime::Runtime;
use crate::state::global_code_key;

impl Runtime<'_> {
    /// Burns the price of keeping the code for ever and sends the code on its way to the shard.
    pub(super) fn deploy_global(
        &mut self,
        receipt: &ReceiptContext,
        deploy: &DeployGlobalContractAction,
        account: &mut Account,
        effects: &mut Effects,
    ) -> Result<(), ActionErrorKind> {
        let price_per_byte = self
            .env
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
        effects.tokens_burnt = effects.tokens_burnt.saturating_add(price);
        let id = match deploy.deploy_mode {
            GlobalContractDeployMode::CodeHash => {
                GlobalContractIdentifier::CodeHash(hash(&deploy.code))
            }
            GlobalContractDeployMode::AccountId => {
                GlobalContractIdentifier::AccountId(receipt.account_id.clone())
            }
        };
        let nonce = self.next_global_nonce(&id);
        let distribution = GlobalContractDistributionReceipt::new(
            id,
            ShardId::new(0),
            Vec::new(),
            deploy.code.clone(),
            nonce,
        );
        effects
            .new_receipts
            .push(Receipt::new_global_contract_distribution(
                receipt.predecessor_id.clone(),
                distribution,
            ));
        Ok(())
    }

    pub(super) fn use_global(
        &mut self,
        receipt: &ReceiptContext,
        identifier: &GlobalContractIdentifier,
        account: &mut Account,
    ) -> Result<(), ActionErrorKind> {
        if self.state.now().get(&global_code_key(identifier)).is_none() {
            return Err(ActionErrorKind::GlobalContractDoesNotExist {
                identifier: identifier.clone(),
            });
        }
        let usage = account
            .storage_usage()
            .saturating_sub(self.code_usage(receipt.account_id, account))
            + identifier.len() as u64;
        if account.contract().is_local() {
            self.state.remove(&TrieKey::ContractCode {
                account_id: receipt.account_id.clone(),
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

    /// Writes a distributed contract; a later one of the same name replaces it.
    pub(crate) fn store_global(&mut self, distribution: &GlobalContractDistributionReceipt) {
        let fees = &self.env.config.fees;
        self.compute += fees.deploy_global_contract_execution_base
            + fees.deploy_global_contract_execution_per_byte * distribution.code().len() as u64;
        self.state.set(
            &global_code_key(distribution.id()),
            distribution.code().clone(),
        );
    }

    fn next_global_nonce(&mut self, identifier: &GlobalContractIdentifier) -> u64 {
        let key = TrieKey::GlobalContractNonce {
            identifier: identifier.clone().into(),
        };
        let nonce = self.state.now().record::<u64>(&key).unwrap_or(0) + 1;
        self.state.set_record(&key, &nonce);
        nonce
    }
}
