//! The states of accounts. Each account is on a shard of its own, and each distinct state is kept once.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use near_primitives::trie_key::col;
use near_primitives::trie_key::trie_key_parsers::parse_account_id_from_raw_key;
use near_primitives::types::AccountId;

use crate::state::State;

/// The number of a state of an account. Equal states have equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ShardId(usize);

impl ShardId {
    /// The state of an account that does not exist.
    pub const MISSING: Self = Self(0);
}

/// The distinct states of accounts that were seen.
pub(super) struct Shards {
    states: Vec<(State, u64)>,
    by_fingerprint: HashMap<u64, Vec<ShardId>>,
}

impl Shards {
    /// Starts with the state of accounts that do not exist.
    pub fn new(missing: State) -> Self {
        let mut shards = Self {
            states: Vec::new(),
            by_fingerprint: HashMap::new(),
        };
        let fingerprint = fingerprint(0, &State::default(), &missing);
        shards.push(missing, fingerprint);
        shards
    }

    /// Returns the state with this number.
    pub fn state(&self, id: ShardId) -> &State {
        &self.states[id.0].0
    }

    /// Returns the number of `state`, which a step has made from the state `before`.
    pub fn number(&mut self, before: ShardId, state: State) -> ShardId {
        let (old, old_fingerprint) = &self.states[before.0];
        let fingerprint = fingerprint(*old_fingerprint, old, &state);
        let candidates = self.by_fingerprint.get(&fingerprint);
        let equal = candidates.into_iter().flatten().find(|id| {
            // Two states may have one fingerprint: only equal ones are merged.
            let known = self.state(**id);
            known.changes_since(&state).next().is_none()
        });
        match equal {
            Some(id) => *id,
            None => self.push(state, fingerprint),
        }
    }

    fn push(&mut self, state: State, fingerprint: u64) -> ShardId {
        let id = ShardId(self.states.len());
        self.states.push((state, fingerprint));
        self.by_fingerprint.entry(fingerprint).or_default().push(id);
        id
    }
}

/// Returns the fingerprint of `new`, from that of `old`: the sum of the hashes of all entries.
fn fingerprint(old_fingerprint: u64, old: &State, new: &State) -> u64 {
    let mut sum = old_fingerprint;
    for (key, value) in new.changes_since(old) {
        if let Some(value) = value {
            sum = sum.wrapping_add(entry_hash(key, value));
        }
        if let Some(value) = old.get_raw(key) {
            sum = sum.wrapping_sub(entry_hash(key, value));
        }
    }
    sum
}

fn entry_hash(key: &[u8], value: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key, value).hash(&mut hasher);
    hasher.finish()
}

/// The state of a chain, by accounts.
pub(super) struct Split {
    /// The state of an account that does not exist: the global contracts, which every shard has.
    pub missing: State,
    pub accounts: BTreeMap<AccountId, State>,
}

/// Splits the state of a chain on which nothing is under way.
pub(super) fn split(state: &State) -> Split {
    let is_global = |key: &[u8]| key.first() == Some(&col::GLOBAL_CONTRACT_CODE);
    let mut missing = State::default();
    let globals = state.iter().filter(|(key, _)| is_global(key));
    missing.apply_changes(globals.map(|(key, value)| (key, Some(value))));
    let mut accounts: BTreeMap<AccountId, State> = BTreeMap::new();
    for (key, value) in state.iter() {
        if let Ok(Some(account_id)) = parse_account_id_from_raw_key(key) {
            let shard = accounts
                .entry(account_id)
                .or_insert_with(|| missing.clone());
            shard.apply_changes(std::iter::once((key, Some(value))));
        }
    }
    Split { missing, accounts }
}

#[cfg(test)]
mod tests {
    use near_primitives::trie_key::TrieKey;

    use super::*;
    use crate::state::StateUpdate;

    /// Returns the state of an account with one key.
    fn state(value: &[u8]) -> State {
        let mut state = StateUpdate::new(State::default());
        let key = TrieKey::ContractData {
            account_id: "a.near".parse().expect("valid"),
            key: b"key".to_vec(),
        };
        state.set(&key, value);
        state.into_state()
    }

    #[test]
    fn equal_states_have_one_number_whatever_they_were_made_from() {
        let mut shards = Shards::new(State::default());
        let one = shards.number(ShardId::MISSING, state(b"one"));
        let two = shards.number(one, state(b"two"));
        assert_ne!(one, two);
        assert_eq!(shards.number(two, state(b"one")), one);
        assert_eq!(shards.number(two, State::default()), ShardId::MISSING);
    }

    #[test]
    fn states_that_share_a_fingerprint_are_not_merged() {
        let mut shards = Shards::new(State::default());
        let fingerprint = fingerprint(0, &State::default(), &state(b"one"));
        let other = shards.push(state(b"two"), fingerprint);
        assert_ne!(shards.number(ShardId::MISSING, state(b"one")), other);
    }
}
