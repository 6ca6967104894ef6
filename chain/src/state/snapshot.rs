//! The values of a chain after a block, and typed reads of them.

use std::ops::Bound;
use std::sync::Arc;

use borsh::BorshDeserialize;
use imbl::OrdMap;
use imbl::ordmap::DiffItem;
use near_crypto::{PublicKey, PublicKeyHandle};
use near_primitives::account::{AccessKey, Account, AccountContract};
use near_primitives::action::GlobalContractIdentifier;
use near_primitives::hash::{CryptoHash, hash};
use near_primitives::receipt::Receipt;
use near_primitives::trie_key::trie_key_parsers::{
    get_raw_prefix_for_access_keys, get_raw_prefix_for_contract_data,
    parse_key_handle_from_access_key_key,
};
use near_primitives::trie_key::{GlobalContractCodeIdentifier, TrieKey, col};
use near_primitives::types::{AccountId, Nonce, NonceIndex};

/// The values of a chain after a block.
#[derive(Clone, Default)]
pub struct State {
    pub(super) values: OrdMap<Vec<u8>, Arc<[u8]>>,
}

impl State {
    /// Returns the bytes stored under `key`.
    pub fn get(&self, key: &TrieKey) -> Option<Arc<[u8]>> {
        self.values.get(&key.to_vec()).cloned()
    }

    /// Returns the bytes stored under a raw key.
    pub(crate) fn get_raw(&self, key: &[u8]) -> Option<&Arc<[u8]>> {
        self.values.get(key)
    }

    /// Returns an account, `None` if it does not exist.
    pub fn account(&self, account_id: &AccountId) -> Option<Account> {
        self.record(&TrieKey::Account {
            account_id: account_id.clone(),
        })
    }

    /// Returns one access key of an account.
    pub fn access_key(&self, account_id: &AccountId, public_key: &PublicKey) -> Option<AccessKey> {
        self.record(&TrieKey::access_key(account_id.clone(), public_key))
    }

    /// Returns all access keys of an account, in the order of their raw keys.
    pub fn access_keys(&self, account_id: &AccountId) -> Vec<(PublicKeyHandle, AccessKey)> {
        let prefix = get_raw_prefix_for_access_keys(account_id);
        self.with_prefix(&prefix)
            .filter_map(|(raw_key, value)| {
                let handle = parse_key_handle_from_access_key_key(raw_key, account_id).ok()?;
                Some((handle, AccessKey::try_from_slice(value).ok()?))
            })
            .collect()
    }

    /// Returns one nonce of a gas key (NEP-611), `None` if the key has no such nonce.
    pub fn gas_key_nonce(
        &self,
        account_id: &AccountId,
        public_key: &PublicKey,
        index: NonceIndex,
    ) -> Option<Nonce> {
        self.record(&TrieKey::gas_key_nonce(
            account_id.clone(),
            public_key,
            index,
        ))
    }

    /// Returns the code that a call to the account runs (its own or a global one) and the code's hash.
    pub fn code(&self, account_id: &AccountId) -> Option<(CryptoHash, Arc<[u8]>)> {
        self.code_of(account_id, &self.account(account_id)?.contract())
    }

    /// Returns the code behind an account's contract, and the code's hash.
    pub(crate) fn code_of(
        &self,
        account_id: &AccountId,
        contract: &AccountContract,
    ) -> Option<(CryptoHash, Arc<[u8]>)> {
        match contract {
            AccountContract::None => None,
            AccountContract::Local(hash) => {
                let key = TrieKey::ContractCode {
                    account_id: account_id.clone(),
                };
                Some((*hash, self.get(&key)?))
            }
            AccountContract::Global(hash) => {
                let code = self.global_code(&GlobalContractCodeIdentifier::CodeHash(*hash))?;
                Some((*hash, code))
            }
            AccountContract::GlobalByAccount(owner) => {
                let by_owner = GlobalContractCodeIdentifier::AccountId(owner.clone());
                let code = self.global_code(&by_owner)?;
                Some((hash(&code), code))
            }
        }
    }

    /// Returns the code of a global contract (NEP-591).
    pub fn global_code(&self, identifier: &GlobalContractCodeIdentifier) -> Option<Arc<[u8]>> {
        self.get(&TrieKey::GlobalContractCode {
            identifier: identifier.clone(),
        })
    }

    /// Returns the contract data of an account whose keys start with `prefix`, in the order of the keys.
    pub fn data<'a>(
        &'a self,
        account_id: &AccountId,
        prefix: &[u8],
    ) -> impl Iterator<Item = (Vec<u8>, Arc<[u8]>)> + use<'a> {
        let data_start = get_raw_prefix_for_contract_data(account_id, &[]).len();
        let raw_prefix = get_raw_prefix_for_contract_data(account_id, prefix);
        self.with_prefix(&raw_prefix)
            .map(move |(raw_key, value)| (raw_key[data_start..].to_vec(), value.clone()))
    }

    /// Returns `true` if there is the receipt of a yield.
    pub(crate) fn has_pending_yield(&self) -> bool {
        let receipts = [col::PROMISE_YIELD_RECEIPT];
        self.first_key_from(&receipts)
            .is_some_and(|key| key.starts_with(&receipts))
    }

    /// Returns the receipts that wait for their inputs, and those of yields.
    pub(crate) fn waiting_receipts(&self) -> impl Iterator<Item = Receipt> {
        let columns = [[col::POSTPONED_RECEIPT], [col::PROMISE_YIELD_RECEIPT]];
        let records = columns
            .into_iter()
            .flat_map(|column| self.with_prefix(&column));
        records
            .map(|(_, value)| Receipt::try_from_slice(value).expect("these columns hold receipts"))
    }

    /// Writes changes, as [`State::changes_since`] returns them.
    pub(crate) fn apply_changes<'a>(
        &mut self,
        changes: impl Iterator<Item = (&'a [u8], Option<&'a Arc<[u8]>>)>,
    ) {
        for (key, value) in changes {
            match value {
                Some(value) => self.values.insert(key.to_vec(), value.clone()),
                None => self.values.remove(key),
            };
        }
    }

    /// Returns the changes since `older`: each raw key with its new value, `None` if it was removed.
    pub fn changes_since<'a>(
        &'a self,
        older: &'a State,
    ) -> impl Iterator<Item = (&'a [u8], Option<&'a Arc<[u8]>>)> {
        older.values.diff(&self.values).map(|item| match item {
            DiffItem::Add(key, value)
            | DiffItem::Update {
                new: (key, value), ..
            } => (key.as_slice(), Some(value)),
            DiffItem::Remove(key, _) => (key.as_slice(), None),
        })
    }

    /// Returns all raw keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Arc<[u8]>)> {
        self.values
            .iter()
            .map(|(key, value)| (key.as_slice(), value))
    }

    /// Returns the number of keys.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Returns `true` if there are no keys.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns the first key at or after `from`.
    pub(super) fn first_key_from(&self, from: &[u8]) -> Option<&[u8]> {
        let range = (Bound::Included(from), Bound::Unbounded);
        self.values
            .range::<_, [u8]>(range)
            .next()
            .map(|(key, _)| key.as_slice())
    }

    /// Returns the first key after `key`.
    pub(super) fn first_key_after(&self, key: &[u8]) -> Option<&[u8]> {
        let range = (Bound::Excluded(key), Bound::Unbounded);
        self.values
            .range::<_, [u8]>(range)
            .next()
            .map(|(key, _)| key.as_slice())
    }

    /// Returns the last key before `end`, or the last of all if there is no end.
    pub(super) fn last_key_before(&self, end: Option<&[u8]>) -> Option<&[u8]> {
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let range = (Bound::Unbounded, end);
        self.values
            .range::<_, [u8]>(range)
            .next_back()
            .map(|(key, _)| key.as_slice())
    }

    /// Returns the raw keys that start with `prefix`, and their values.
    pub(super) fn with_prefix<'a>(
        &'a self,
        prefix: &[u8],
    ) -> impl Iterator<Item = (&'a [u8], &'a Arc<[u8]>)> + use<'a> {
        let prefix = prefix.to_vec();
        let range = (Bound::Included(prefix.as_slice()), Bound::Unbounded);
        self.values
            .range::<_, [u8]>(range)
            .map(|(key, value)| (key.as_slice(), value))
            .take_while(move |(key, _)| key.starts_with(&prefix))
    }

    /// Returns the record stored under `key`. Only this crate writes records, so bytes that do not parse
    /// were written as another type: a bug.
    pub(crate) fn record<T: BorshDeserialize>(&self, key: &TrieKey) -> Option<T> {
        let bytes = self.values.get(&key.to_vec())?;
        Some(T::try_from_slice(bytes).expect("a state record holds the type that its key names"))
    }
}

/// Returns the key under which the code of a global contract is stored.
pub(crate) fn global_code_key(identifier: &GlobalContractIdentifier) -> TrieKey {
    TrieKey::GlobalContractCode {
        identifier: identifier.clone().into(),
    }
}
