//! The size of a block's storage proof (`SPEC.md` §3): what a validator without the state needs to see.
//!
//! A node records each trie node and each value that contracts touch, once in a block. This crate keeps no
//! trie, so the nodes follow from the ordered keys. Most blocks stay far below every limit: accesses are
//! collected with an upper bound of their size, and resolved only when the bound comes near a limit.

mod nodes;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use self::nodes::{BRANCH, CHILD, EXTENSION, LEAF, Node, VALUE_REF, nibbles, node_at};
use super::snapshot::State;

/// The size that a node adds for a removal, because the trie around it may change its shape
/// (`record_key_removal` in `core/store/src/trie/trie_recording.rs`), in bytes.
const REMOVAL: usize = 2_000;
/// The greatest share of one key in all branches and extensions of a trie, in bytes: at most one of each,
/// and two children.
const NODES_PER_KEY: usize = BRANCH + VALUE_REF + 2 * CHILD + EXTENSION;
/// The greatest size of the leaf at which the way to a missing key can end, in bytes: that of a key of 2,048
/// bytes on an account with a long name.
const FOREIGN_LEAF: usize = 2_200;

/// An access that has not been resolved yet.
enum Access {
    Path(Vec<u8>),
    Value(Arc<[u8]>),
}

/// What a block has recorded.
#[derive(Default)]
pub(super) struct StorageProof {
    pending: Vec<Access>,
    /// The number of pending accesses from before the current receipt.
    before_receipt: usize,
    /// The upper bound of the size of the pending accesses, and that of the current receipt's.
    pending_bound: Size,
    receipt_bound: Size,
    /// The size of what is resolved, and the part of the current receipt.
    size: usize,
    receipt_size: usize,
    nodes: HashMap<Vec<u8>, Node>,
    values: HashSet<Arc<[u8]>>,
    /// The addresses of the values. A value that is in the set stays where it is.
    addresses: HashSet<usize>,
}

/// An upper bound: branches and extensions are counted once for the whole trie, if that is less.
#[derive(Clone, Copy, Default)]
struct Size {
    inner_nodes: usize,
    others: usize,
}

impl Size {
    fn total(self, state: &State) -> usize {
        self.inner_nodes.min(state.len() * NODES_PER_KEY) + self.others
    }
}

impl StorageProof {
    /// Begins the next receipt.
    pub fn start_receipt(&mut self) {
        self.before_receipt = self.pending.len();
        self.receipt_bound = Size::default();
        self.receipt_size = 0;
    }

    /// Records the nodes on the way to a key.
    pub fn record_path(&mut self, key: Vec<u8>, is_missing: bool) {
        let leaf = if is_missing {
            FOREIGN_LEAF
        } else {
            // The rest of a path is stored with one more byte, also when there is no rest.
            LEAF + key.len() + 1
        };
        // One node for each nibble, and one behind the last: a branch with a value, if it is no leaf.
        let nodes = 2 * key.len() + 1;
        self.add_bound(Size {
            inner_nodes: nodes * (BRANCH + VALUE_REF + 16 * CHILD),
            others: leaf + nodes * 2,
        });
        self.pending.push(Access::Path(key));
    }

    /// Records a value.
    pub fn record_value(&mut self, value: &Arc<[u8]>) {
        self.add_bound(Size {
            inner_nodes: 0,
            others: value.len(),
        });
        self.pending.push(Access::Value(value.clone()));
    }

    /// Records the removal of a key.
    pub fn record_removal(&mut self) {
        self.size += REMOVAL;
        self.receipt_size += REMOVAL;
    }

    /// Returns the size that the current receipt has recorded, or a bound of it up to `limit`.
    pub fn receipt_size(&mut self, state: &State, limit: usize) -> usize {
        let bound = self.receipt_size + self.receipt_bound.total(state);
        if bound <= limit {
            return bound;
        }
        self.resolve(state);
        self.receipt_size
    }

    /// Returns `true` if the block has recorded more than `limit`.
    pub fn exceeds(&mut self, state: &State, limit: usize) -> bool {
        if self.size + self.pending_bound.total(state) <= limit {
            return false;
        }
        self.resolve(state);
        self.size > limit
    }

    fn add_bound(&mut self, size: Size) {
        for bound in [&mut self.pending_bound, &mut self.receipt_bound] {
            bound.inner_nodes += size.inner_nodes;
            bound.others += size.others;
        }
    }

    fn resolve(&mut self, state: &State) {
        let pending = std::mem::take(&mut self.pending);
        for (index, access) in pending.into_iter().enumerate() {
            let size = match access {
                Access::Path(key) => self.add_nodes(state, &nibbles(&key)),
                Access::Value(value) => self.add_value(value),
            };
            self.size += size;
            if index >= self.before_receipt {
                self.receipt_size += size;
            }
        }
        self.before_receipt = 0;
        self.pending_bound = Size::default();
        self.receipt_bound = Size::default();
    }

    /// Adds a value and returns its size, 0 if equal bytes are there already.
    fn add_value(&mut self, value: Arc<[u8]>) -> usize {
        let (address, length) = (value.as_ptr() as usize, value.len());
        if self.addresses.contains(&address) || self.values.contains(&value) {
            return 0;
        }
        self.addresses.insert(address);
        self.values.insert(value);
        length
    }

    /// Adds the nodes on the way to a key, as far as it exists, and returns the size of the new ones.
    fn add_nodes(&mut self, state: &State, wanted: &[u8]) -> usize {
        let mut depth = 0;
        let mut added = 0;
        loop {
            let prefix = &wanted[..depth];
            if !self.nodes.contains_key(prefix) {
                let Some((node, size)) = node_at(state, prefix) else {
                    return added;
                };
                added += size;
                self.nodes.insert(prefix.to_vec(), node);
            }
            match &self.nodes[prefix] {
                Node::Extension(shared) if wanted[depth..].starts_with(shared) => {
                    depth += shared.len();
                }
                Node::Branch(children)
                    if wanted
                        .get(depth)
                        .is_some_and(|nibble| children >> nibble & 1 == 1) =>
                {
                    depth += 1;
                }
                Node::Leaf | Node::Extension(_) | Node::Branch(_) => return added,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn state_of<'a>(keys: impl IntoIterator<Item = &'a [u8]>) -> State {
        let mut state = State::default();
        for key in keys {
            state.values.insert(key.to_vec(), Arc::from([0_u8]));
        }
        state
    }

    /// Returns the size of the nodes on the ways to these keys.
    fn nodes_to(state: &State, wanted: &[&[u8]]) -> usize {
        let mut proof = StorageProof::default();
        for key in wanted {
            proof.record_path(key.to_vec(), !state.values.contains_key(*key));
        }
        proof.receipt_size(state, 0)
    }

    #[test]
    fn a_single_key_is_a_leaf_with_the_whole_key() {
        let state = state_of([&b"abc"[..]]);
        assert_eq!(nodes_to(&state, &[b"abc"]), LEAF + 4);
    }

    #[test]
    fn two_keys_are_an_extension_a_branch_and_a_leaf() {
        let state = state_of([&b"a1"[..], b"a2"]);
        let shared = EXTENSION + 2;
        let branch = BRANCH + 2 * CHILD;
        assert_eq!(nodes_to(&state, &[b"a1"]), shared + branch + LEAF + 1);
        let both = shared + branch + 2 * (LEAF + 1);
        assert_eq!(nodes_to(&state, &[b"a1", b"a2", b"a1"]), both);
    }

    #[test]
    fn a_branch_with_a_value_refers_to_it() {
        let state = state_of([&b"a"[..], b"ab"]);
        let branch = BRANCH + VALUE_REF + CHILD;
        assert_eq!(nodes_to(&state, &[b"a"]), EXTENSION + 2 + branch);
    }

    #[test]
    fn a_missing_key_records_the_way_as_far_as_it_exists() {
        let state = state_of([&b"a1"[..], b"a2"]);
        let way = EXTENSION + 2 + BRANCH + 2 * CHILD;
        assert_eq!(nodes_to(&state, &[b"a3"]), way);
        assert_eq!(nodes_to(&state, &[b"z"]), EXTENSION + 2);
    }

    #[test]
    fn what_an_earlier_receipt_has_recorded_counts_for_the_block_alone() {
        let state = state_of([&b"a"[..], b"b"]);
        let value: Arc<[u8]> = Arc::from(vec![1; 1_000]);
        let mut proof = StorageProof::default();
        proof.record_value(&value);
        proof.start_receipt();
        proof.record_value(&value);
        assert_eq!(proof.receipt_size(&state, 0), 0);
        assert!(proof.exceeds(&state, 999));
        assert!(!proof.exceeds(&state, 1_000));
    }

    #[test]
    fn the_bound_of_the_empty_key_is_not_below_its_node() {
        for keys in [&[&b""[..]][..], &[b"", b"a"]] {
            let state = state_of(keys.iter().copied());
            let mut proof = StorageProof::default();
            proof.record_path(Vec::new(), false);

            let bound = proof.receipt_size(&state, usize::MAX);
            assert!(proof.receipt_size(&state, 0) <= bound, "{keys:?}");
        }
    }

    proptest! {
        /// Accesses are resolved only when the bound passes a limit, so it must not be too small.
        #[test]
        fn the_bound_is_never_below_the_size(
            keys in vec(vec(0_u8..4, 0..6), 1..40),
            wanted in vec(vec(0_u8..4, 0..6), 1..40),
        ) {
            let keys: BTreeSet<_> = keys.into_iter().collect();
            let state = state_of(keys.iter().map(Vec::as_slice));
            let mut proof = StorageProof::default();
            for key in wanted {
                let is_missing = !keys.contains(&key);
                proof.record_path(key, is_missing);
            }
            let bound = proof.receipt_size(&state, usize::MAX);
            prop_assert!(proof.receipt_size(&state, 0) <= bound);
        }

        /// It makes no difference when accesses are resolved.
        #[test]
        fn the_size_does_not_depend_on_when_it_is_asked_for(
            keys in vec(vec(0_u8..4, 0..6), 1..40),
            wanted in vec(vec(0_u8..4, 0..6), 1..40),
        ) {
            let state = state_of(keys.iter().map(Vec::as_slice));
            let (mut once, mut always) = (StorageProof::default(), StorageProof::default());
            for key in wanted {
                once.record_path(key.clone(), true);
                always.record_path(key, true);
                always.receipt_size(&state, 0);
            }
            prop_assert_eq!(once.receipt_size(&state, 0), always.receipt_size(&state, 0));
        }
    }
}
