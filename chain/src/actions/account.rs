//! Accounts come, get money and code, and go.

use near_crypto::PublicKey;
use near_primitives::account::{AccessKey, AccessKeyPermission, Account, AccountContract};
use near_primitives::errors::{ActionErrorKind, FunctionCallError};
use near_primitives::hash::hash;
use near_primitives::receipt::Receipt;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Balance, StorageUsage};

use super::{Actor, Effects, ReceiptContext};
use crate::records::MOST_TOKENS;
use crate::runtime::Runtime;

impl Runtime<'_> {
    pub(super) fn create_account(
        &mut self,
        receipt: &ReceiptContext,
        actor: &mut Actor,
    ) -> Result<(), ActionErrorKind> {
        let account_id = receipt.account_id;
        let rules = &self.env.config.account_creation_config;
        if account_id.is_top_level() {
            let short = account_id.len() < rules.min_allowed_top_level_account_length as usize;
            if short && *receipt.predecessor_id != rules.registrar_account_id {
                return Err(ActionErrorKind::CreateAccountOnlyByRegistrar {
                    account_id: account_id.clone(),
                    registrar_account_id: rules.registrar_account_id.clone(),
                    predecessor_id: receipt.predecessor_id.clone(),
                });
            }
        } else if !account_id.is_sub_account_of(receipt.predecessor_id) {
            return Err(ActionErrorKind::CreateAccountNotAllowed {
                account_id: account_id.clone(),
                predecessor_id: receipt.predecessor_id.clone(),
            });
        }
        actor.actor_id = account_id.clone();
        actor.account = Some(self.empty_account());
        Ok(())
    }

    pub(super) fn transfer(
        &mut self,
        receipt: &ReceiptContext,
        deposit: Balance,
        actor: &mut Actor,
    ) -> Result<(), ActionErrorKind> {
        match &mut actor.account {
            None => actor.account = Some(self.create_implicit_account(receipt, deposit)),
            Some(account) => {
                account.set_amount(with_deposit(account, deposit)?);
                if receipt.is_refund() && receipt.signer_id == receipt.account_id {
                    self.refund_allowance(receipt, deposit);
                }
            }
        }
        Ok(())
    }

    pub(super) fn deploy(
        &mut self,
        account_id: &AccountId,
        account: &mut Account,
        code: &[u8],
    ) -> Result<(), ActionErrorKind> {
        let usage = account
            .storage_usage()
            .saturating_sub(self.code_usage(account_id, account))
            + code.len() as u64;
        account.set_storage_usage(usage);
        set_contract(account, AccountContract::Local(hash(code)));
        self.state.set(
            &TrieKey::ContractCode {
                account_id: account_id.clone(),
            },
            code,
        );
        Ok(())
    }

    pub(super) fn delete_account(
        &mut self,
        receipt: &ReceiptContext,
        beneficiary_id: &AccountId,
        actor: &mut Actor,
        effects: &mut Effects,
    ) -> Result<(), ActionErrorKind> {
        let account_id = receipt.account_id;
        let account = super::existing(actor);
        let without_code = account
            .storage_usage()
            .saturating_sub(self.code_usage(account_id, account));
        if without_code > Account::MAX_ACCOUNT_DELETION_STORAGE_USAGE {
            return Err(ActionErrorKind::DeleteAccountWithLargeState {
                account_id: account_id.clone(),
            });
        }
        if account.amount() > Balance::ZERO {
            effects.new_receipts.push(Receipt::new_balance_refund(
                beneficiary_id,
                account.amount(),
            ));
        }
        self.state.remove_account(account_id);
        actor.account = None;
        actor.actor_id = receipt.predecessor_id.clone();
        Ok(())
    }

    /// The bytes that an account pays for its contract.
    pub(super) fn code_usage(&self, account_id: &AccountId, account: &Account) -> StorageUsage {
        match account.contract().as_ref() {
            AccountContract::Local(_) => {
                let key = TrieKey::ContractCode {
                    account_id: account_id.clone(),
                };
                self.state
                    .now()
                    .get(&key)
                    .map_or(0, |code| code.len() as u64)
            }
            contract => contract.identifier_storage_usage(),
        }
    }

    fn empty_account(&self) -> Account {
        let usage = self.env.config.fees.storage_usage_config.num_bytes_account;
        Account::new(Balance::ZERO, Balance::ZERO, AccountContract::None, usage)
    }

    /// An account with the full-access key that its id spells.
    fn create_implicit_account(&mut self, receipt: &ReceiptContext, deposit: Balance) -> Account {
        let public_key = PublicKey::from_near_implicit_account(receipt.account_id)
            .expect("the id of such an account is an ed25519 key in hex");
        let access_key = AccessKey {
            nonce: self.first_nonce(),
            permission: AccessKeyPermission::FullAccess,
        };
        let mut account = self.empty_account();
        account.set_amount(deposit);
        account
            .set_storage_usage(account.storage_usage() + self.key_usage(&public_key, &access_key));
        self.state
            .set_access_key(receipt.account_id, &public_key, &access_key);
        account
    }

    /// Gas that comes back also comes back to the allowance of the key that paid for it.
    fn refund_allowance(&mut self, receipt: &ReceiptContext, refund: Balance) {
        let found = self
            .state
            .now()
            .access_key(receipt.account_id, receipt.signer_public_key);
        let Some(mut access_key) = found else { return };
        if let AccessKeyPermission::FunctionCall(permission) = &mut access_key.permission
            && let Some(allowance) = &mut permission.allowance
        {
            *allowance = allowance.saturating_add(refund);
            self.state
                .set_access_key(receipt.account_id, receipt.signer_public_key, &access_key);
        }
    }
}

/// What an account holds with a deposit, if that is no more than an account may hold: patches can
/// bring in more tokens than there are.
pub(super) fn with_deposit(
    account: &Account,
    deposit: Balance,
) -> Result<Balance, ActionErrorKind> {
    let sum = account.amount().checked_add(deposit);
    sum.filter(|sum| *sum <= MOST_TOKENS).ok_or_else(|| {
        ActionErrorKind::FunctionCallError(FunctionCallError::ExecutionError(format!(
            "the receiver would hold more than 2^120 ({}) yoctoNEAR",
            MOST_TOKENS.as_yoctonear()
        )))
    })
}

/// Sets the contract of an account; `records` and this module make none that is uninitialised.
pub(super) fn set_contract(account: &mut Account, contract: AccountContract) {
    account
        .set_contract(contract)
        .expect("no account of this chain is uninitialised");
}
