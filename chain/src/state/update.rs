//! The state while a block is applied.

use std::cell::RefCell;
use std::sync::Arc;

use borsh::BorshSerialize;
use imbl::OrdSet;
use near_crypto::PublicKeyHandle;
use near_primitives::account::{AccessKey, Account};
use near_primitives::trie_key::TrieKey;
use near_primitives::trie_key::trie_key_parsers::{
    get_raw_prefix_for_access_keys, get_raw_prefix_for_contract_data,
};
use near_primitives::types::AccountId;

use super::proof::StorageProof;
use super::snapshot::State;
use super::trie;

/// The state at the start of a block, the current one, and the keys that the block has written.
///
/// The price of a storage write depends on all three (`SPEC.md` §3).
pub struct StateUpdate {
    start: State,
    current: State,
    written: OrdSet<Vec<u8>>,
    /// What contracts have touched of the state at the start. A failed receipt has touched it, too.
    proof: RefCell<StorageProof>,
}

/// A copy of the current state to roll back to.
pub(crate) struct Checkpoint {
    current: State,
    written: OrdSet<Vec<u8>>,
}

impl StateUpdate {
    /// Starts an update of `start`.
    pub fn new(start: State) -> Self {
        Self {
            current: start.clone(),
            start,
            written: OrdSet::new(),
            proof: RefCell::default(),
        }
    }

    /// Returns the current state.
    pub fn current(&self) -> &State {
        &self.current
    }

    /// Returns the current state and ends the update.
    pub fn into_state(self) -> State {
        self.current
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            current: self.current.clone(),
            written: self.written.clone(),
        }
    }

    pub(crate) fn roll_back(&mut self, checkpoint: Checkpoint) {
        self.current = checkpoint.current;
        self.written = checkpoint.written;
    }

    pub(crate) fn set(&mut self, key: &TrieKey, value: impl Into<Arc<[u8]>>) {
        let key = key.to_vec();
        self.written.insert(key.clone());
        self.current.values.insert(key, value.into());
    }

    pub(crate) fn set_record<T: BorshSerialize>(&mut self, key: &TrieKey, record: &T) {
        self.set(
            key,
            borsh::to_vec(record).expect("a record in memory can be serialised"),
        );
    }

    pub(crate) fn remove(&mut self, key: &TrieKey) {
        self.remove_raw(key.to_vec());
    }

    pub(crate) fn set_account(&mut self, account_id: &AccountId, account: &Account) {
        self.set_record(
            &TrieKey::Account {
                account_id: account_id.clone(),
            },
            account,
        );
    }

    pub(crate) fn set_access_key(
        &mut self,
        account_id: &AccountId,
        handle: impl Into<PublicKeyHandle>,
        access_key: &AccessKey,
    ) {
        self.set_record(&TrieKey::access_key(account_id.clone(), handle), access_key);
    }

    /// Removes an account with its code, keys and data.
    pub(crate) fn remove_account(&mut self, account_id: &AccountId) {
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
                .current
                .with_prefix(&prefix)
                .map(|(key, _)| key.to_vec())
                .collect();
            keys.into_iter().for_each(|key| self.remove_raw(key));
        }
    }

    /// Returns the number of trie nodes that a write or removal of `key` touches (`SPEC.md` §3).
    ///
    /// It is 0 if this block has written the key before. Otherwise it is the length of the path in the
    /// trie at the start of the block, and 1 more for a value at its end.
    pub(crate) fn nodes_touched_by_write(&self, key: &TrieKey) -> u64 {
        let key = key.to_vec();
        if self.written.contains(&key) {
            return 0;
        }
        let value_nodes = u64::from(self.start.values.contains_key(&key));
        trie::path_length(&self.start, &key) + value_nodes
    }

    /// Begins the storage proof of the next receipt.
    pub(crate) fn start_receipt(&self) {
        self.proof.borrow_mut().start_receipt();
    }

    /// Adds the way to `key` to the storage proof. Returns `false` if this block has written the key: then
    /// it is not read from the state at the start, and neither is its value.
    pub(crate) fn record_path(&self, key: &TrieKey, is_missing: bool) -> bool {
        let key = key.to_vec();
        let is_read = !self.written.contains(&key);
        if is_read {
            self.proof.borrow_mut().record_path(key, is_missing);
        }
        is_read
    }

    /// Adds a value to the storage proof.
    pub(crate) fn record_value(&self, value: &Arc<[u8]>) {
        self.proof.borrow_mut().record_value(value);
    }

    /// Adds the removal of a key to the storage proof.
    pub(crate) fn record_removal(&self) {
        self.proof.borrow_mut().record_removal();
    }

    /// Returns the size of the current receipt's storage proof, in bytes. Up to `limit`, it may be less than
    /// the number returned.
    pub(crate) fn receipt_proof_size(&self, limit: usize) -> usize {
        self.proof.borrow_mut().receipt_size(&self.start, limit)
    }

    /// Returns `true` if the block's storage proof is greater than `limit`, in bytes.
    pub(crate) fn proof_exceeds(&self, limit: usize) -> bool {
        self.proof.borrow_mut().exceeds(&self.start, limit)
    }

    fn remove_raw(&mut self, key: Vec<u8>) {
        self.current.values.remove(&key);
        self.written.insert(key);
    }
}
