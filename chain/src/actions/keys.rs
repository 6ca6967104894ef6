//! Access keys come and go.

use near_crypto::PublicKey;
use near_primitives::account::{AccessKey, Account};
use near_primitives::action::AddKeyAction;
use near_primitives::errors::ActionErrorKind;
use near_primitives::trie_key::TrieKey;

use super::ReceiptContext;
use crate::runtime::Runtime;

impl Runtime<'_> {
    pub(super) fn add_key(
        &mut self,
        receipt: &ReceiptContext,
        add_key: &AddKeyAction,
        account: &mut Account,
    ) -> Result<(), ActionErrorKind> {
        let public_key = &add_key.public_key;
        if self
            .state
            .now()
            .access_key(receipt.account_id, public_key)
            .is_some()
        {
            return Err(ActionErrorKind::AddKeyAlreadyExists {
                account_id: receipt.account_id.clone(),
                public_key: Box::new(public_key.clone()),
            });
        }
        let access_key = AccessKey {
            nonce: self.first_nonce(),
            permission: add_key.access_key.permission.clone(),
        };
        account
            .set_storage_usage(account.storage_usage() + self.key_usage(public_key, &access_key));
        self.state
            .set_access_key(receipt.account_id, public_key, &access_key);
        Ok(())
    }

    pub(super) fn delete_key(
        &mut self,
        receipt: &ReceiptContext,
        public_key: &PublicKey,
        account: &mut Account,
    ) -> Result<(), ActionErrorKind> {
        let account_id = receipt.account_id;
        let Some(access_key) = self.state.now().access_key(account_id, public_key) else {
            return Err(ActionErrorKind::DeleteKeyDoesNotExist {
                account_id: account_id.clone(),
                public_key: Box::new(public_key.clone()),
            });
        };
        let usage = self.key_usage(public_key, &access_key);
        account.set_storage_usage(account.storage_usage().saturating_sub(usage));
        self.state
            .remove(&TrieKey::access_key(account_id.clone(), public_key));
        Ok(())
    }
}
