//! The state: an ordered, persistent map from raw trie key to bytes.
//!
//! A clone costs nothing, so a snapshot of every block is kept, a failed receipt is rolled back by
//! dropping its copy, and forking a chain copies no account.

use std::ops::Bound;
use std::sync::Arc;

use borsh::{BorshDeserialize, BorshSerialize};
use imbl::ordmap::DiffItem;
use imbl::{OrdMap, OrdSet};
use near_crypto::{PublicKey, PublicKeyHandle};
use near_primitives::account::{AccessKey, Account, AccountContract};
use near_primitives::action::GlobalContractIdentifier;
use near_primitives::hash::{CryptoHash, hash};
use near_primitives::trie_key::trie_key_parsers::{
    get_raw_prefix_for_access_keys, get_raw_prefix_for_contract_data,
    parse_key_handle_from_access_key_key,
};
use near_primitives::trie_key::{GlobalContractCodeIdentifier, TrieKey};
use near_primitives::types::AccountId;

use crate::trie;

/// The values of a chain after some block.
#[derive(Clone, Default)]
pub struct State {
    values: OrdMap<Vec<u8>, Arc<[u8]>>,
}

impl State {
    /// The bytes stored under `key`.
    pub fn get(&self, key: &TrieKey) -> Option<Arc<[u8]>> {
        self.values.get(&key.to_vec()).cloned()
    }

    /// The account, `None` where it does not exist.
    pub fn account(&self, account_id: &AccountId) -> Option<Account> {
        self.record(&TrieKey::Account {
            account_id: account_id.clone(),
        })
    }

    /// One access key of an account.
    pub fn access_key(&self, account_id: &AccountId, public_key: &PublicKey) -> Option<AccessKey> {
        self.record(&TrieKey::access_key(account_id.clone(), public_key))
    }

    /// All access keys of an account, in the order of their raw keys.
    pub fn access_keys(&self, account_id: &AccountId) -> Vec<(PublicKeyHandle, AccessKey)> {
        let prefix = get_raw_prefix_for_access_keys(account_id);
        self.with_prefix(&prefix)
            .filter_map(|(raw_key, value)| {
                let handle = parse_key_handle_from_access_key_key(raw_key, account_id).ok()?;
                Some((handle, AccessKey::try_from_slice(value).ok()?))
            })
            .collect()
    }

    /// The code that a call to the account runs, its own or a global one, with its hash.
    pub fn code(&self, account_id: &AccountId) -> Option<(CryptoHash, Arc<[u8]>)> {
        self.code_of(account_id, &self.account(account_id)?.contract())
    }

    /// The code behind an account's contract, with its hash.
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

    /// A global contract's code (NEP-591).
    pub fn global_code(&self, identifier: &GlobalContractCodeIdentifier) -> Option<Arc<[u8]>> {
        self.get(&TrieKey::GlobalContractCode {
            identifier: identifier.clone(),
        })
    }

    /// The contract data of an account whose keys start with `prefix`, in the order of their keys.
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

    /// What changed since `older`: the raw key with its new value, `None` where it was removed.
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

    /// All raw keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Arc<[u8]>)> {
        self.values
            .iter()
            .map(|(key, value)| (key.as_slice(), value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The first key at or after `from`.
    pub(crate) fn first_key_from(&self, from: &[u8]) -> Option<&[u8]> {
        let range = (Bound::Included(from), Bound::Unbounded);
        self.values
            .range::<_, [u8]>(range)
            .next()
            .map(|(key, _)| key.as_slice())
    }

    /// The last key before `end`, or the very last where there is no end.
    pub(crate) fn last_key_before(&self, end: Option<&[u8]>) -> Option<&[u8]> {
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let range = (Bound::Unbounded, end);
        self.values
            .range::<_, [u8]>(range)
            .next_back()
            .map(|(key, _)| key.as_slice())
    }

    fn with_prefix<'a>(
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

    /// A value of ours, read back. Only this module and genesis write records, so bytes that do not
    /// parse can only be another type's under the wrong key.
    pub(crate) fn record<T: BorshDeserialize>(&self, key: &TrieKey) -> Option<T> {
        let bytes = self.values.get(&key.to_vec())?;
        Some(T::try_from_slice(bytes).expect("a state record holds the type that its key names"))
    }
}

/// The state while a block is made: what it was at the start, what it is now, and which keys the
/// block has written, which is what the cost of a storage write depends on.
pub(crate) struct BlockState {
    start: State,
    now: State,
    written: OrdSet<Vec<u8>>,
}

/// A point to return to.
pub(crate) struct Checkpoint {
    now: State,
    written: OrdSet<Vec<u8>>,
}

impl BlockState {
    pub fn new(start: State) -> Self {
        Self {
            now: start.clone(),
            start,
            written: OrdSet::new(),
        }
    }

    pub fn now(&self) -> &State {
        &self.now
    }

    pub fn into_state(self) -> State {
        self.now
    }

    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            now: self.now.clone(),
            written: self.written.clone(),
        }
    }

    pub fn roll_back(&mut self, checkpoint: Checkpoint) {
        self.now = checkpoint.now;
        self.written = checkpoint.written;
    }

    pub fn set(&mut self, key: &TrieKey, value: impl Into<Arc<[u8]>>) {
        let key = key.to_vec();
        self.written.insert(key.clone());
        self.now.values.insert(key, value.into());
    }

    pub fn set_record<T: BorshSerialize>(&mut self, key: &TrieKey, record: &T) {
        self.set(
            key,
            borsh::to_vec(record).expect("a record in memory can be serialised"),
        );
    }

    pub fn remove(&mut self, key: &TrieKey) {
        self.remove_raw(key.to_vec());
    }

    pub fn set_account(&mut self, account_id: &AccountId, account: &Account) {
        self.set_record(
            &TrieKey::Account {
                account_id: account_id.clone(),
            },
            account,
        );
    }

    pub fn set_access_key(
        &mut self,
        account_id: &AccountId,
        handle: impl Into<PublicKeyHandle>,
        access_key: &AccessKey,
    ) {
        self.set_record(&TrieKey::access_key(account_id.clone(), handle), access_key);
    }

    /// Takes an account away with its code, keys and data.
    pub fn remove_account(&mut self, account_id: &AccountId) {
        self.remove(&TrieKey::Account {
            account_id: account_id.clone(),
        });
        self.remove(&TrieKey::ContractCode {
            account_id: account_id.clone(),
        });
        for prefix in [
            get_raw_prefix_for_access_keys(account_id),
            get_raw_prefix_for_contract_data(account_id, &[]),
        ] {
            let keys: Vec<_> = self
                .now
                .with_prefix(&prefix)
                .map(|(key, _)| key.to_vec())
                .collect();
            keys.into_iter().for_each(|key| self.remove_raw(key));
        }
    }

    /// How many trie nodes a write or removal of `key` touches (SPEC.md §3): none where this
    /// block wrote the key before, else the path in the trie as of the block's start, and the value
    /// that hangs at its end.
    pub fn nodes_touched_by_write(&self, key: &TrieKey) -> u64 {
        let key = key.to_vec();
        if self.written.contains(&key) {
            return 0;
        }
        let value_nodes = u64::from(self.start.values.contains_key(&key));
        trie::path_length(&self.start, &key) + value_nodes
    }

    fn remove_raw(&mut self, key: Vec<u8>) {
        self.now.values.remove(&key);
        self.written.insert(key);
    }
}

/// Where the code of a global contract lies.
pub(crate) fn global_code_key(identifier: &GlobalContractIdentifier) -> TrieKey {
    TrieKey::GlobalContractCode {
        identifier: identifier.clone().into(),
    }
}
