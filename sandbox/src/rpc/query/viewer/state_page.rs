//! Pages of `view_state`, with the limits of nearcore's `TrieViewer::view_state`
//! (`runtime/runtime/src/state_viewer/mod.rs`).

use std::num::NonZeroU32;
use std::sync::Arc;

use near_primitives::types::{AccountId, StoreKey};
use near_primitives::views::{StateItem, ViewStateResult};

/// The greatest number of items on a page.
const MAX_ITEMS: u32 = 10_000;
/// The number of bytes after which no further item is on a page: the keys of the trie, and the values.
const MAX_BYTES: usize = 50_000;
/// The bytes around the account id in a key of the trie: the column before it, the separator after it.
const KEY_OVERHEAD: usize = 2;

/// The page that a request asks for.
pub struct StatePage {
    /// The last key of the page before.
    pub after_key: Option<StoreKey>,
    /// The greatest number of items.
    pub limit: Option<NonZeroU32>,
}

impl StatePage {
    /// Returns `true` if the request asks for a page, not for all items.
    pub fn is_asked_for(&self) -> bool {
        self.after_key.is_some() || self.limit.is_some()
    }

    /// Returns the page of the items of an account, which are in the order of their keys.
    pub fn of(
        &self,
        items: impl Iterator<Item = (Vec<u8>, Arc<[u8]>)>,
        account_id: &AccountId,
    ) -> ViewStateResult {
        let mut values: Vec<StateItem> = Vec::new();
        let mut last_key = None;
        let mut bytes = 0;
        for (key, value) in items {
            if self
                .after_key
                .as_deref()
                .is_some_and(|after| *key <= **after)
            {
                continue;
            }
            if self.is_asked_for() && (values.len() >= self.max_items() || bytes >= MAX_BYTES) {
                last_key = values.last().map(|item| item.key.clone());
                break;
            }
            bytes += KEY_OVERHEAD + account_id.len() + key.len() + value.len();
            values.push(StateItem {
                key: key.into(),
                value: value.to_vec().into(),
            });
        }
        ViewStateResult {
            values,
            proof: Vec::new(),
            last_key,
        }
    }

    fn max_items(&self) -> usize {
        self.limit
            .map_or(MAX_ITEMS, |limit| limit.get().min(MAX_ITEMS)) as usize
    }
}
