//! The size of a block's storage proof (`SPEC.md` §3): what a validator without the state needs to see.
//!
//! A node records each trie node and each value that contracts touch, once in a block. This crate keeps no
//! trie, so the nodes follow from the ordered keys. Most blocks stay far below every limit: accesses are
//! collected with an upper bound of their size, and resolved only when the bound comes near a limit.

use std::collections::{HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use super::snapshot::State;

/// The size that a node adds for a removal, because the trie around it may change its shape
/// (`record_key_removal` in `core/store/src/trie/trie_recording.rs`), in bytes.
const REMOVAL: usize = 2_000;
/// The size of a leaf without its part of the key, in bytes.
const LEAF: usize = 49;
/// The size of a branch without children and value, in bytes.
const BRANCH: usize = 11;
/// The size of a child of a branch: a hash, in bytes.
const CHILD: usize = 32;
/// The size of a reference from a branch to its value, in bytes.
const VALUE_REF: usize = 36;
/// The size of an extension without its part of the key, in bytes.
const EXTENSION: usize = 45;
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

/// A node on the way to a key.
enum Node {
    Leaf,
    /// The part of the key that all keys below share, in nibbles.
    Extension(Vec<u8>),
    /// A bit for each child.
    Branch(u16),
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
            LEAF + key.len()
        };
        let depth = 2 * key.len();
        self.add_bound(Size {
            inner_nodes: depth * (BRANCH + VALUE_REF + 16 * CHILD),
            others: leaf + depth * 2,
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

/// Returns the node at the end of a way, and its size.
fn node_at(state: &State, prefix: &[u8]) -> Option<(Node, usize)> {
    let first = first_with(state, prefix)?;
    let last = last_with(state, prefix)?;
    let depth = prefix.len();
    if first == last {
        return Some((Node::Leaf, LEAF + packed_length(first.len() - depth)));
    }
    let equal = first.iter().zip(&last).take_while(|(a, b)| a == b).count();
    if equal > depth {
        let shared = first[depth..equal].to_vec();
        let size = EXTENSION + packed_length(shared.len());
        return Some((Node::Extension(shared), size));
    }
    let mut children = 0_u16;
    let mut child = prefix.to_vec();
    for nibble in 0..16 {
        child.push(nibble);
        if first_with(state, &child).is_some() {
            children |= 1 << nibble;
        }
        child.pop();
    }
    let value = if first.len() == depth { VALUE_REF } else { 0 };
    let size = BRANCH + value + CHILD * children.count_ones() as usize;
    Some((Node::Branch(children), size))
}

/// Returns the bytes that nibbles take in a node (hex-prefix encoding).
fn packed_length(nibbles: usize) -> usize {
    nibbles / 2 + 1
}

/// Returns the first key that starts with these nibbles, in nibbles.
fn first_with(state: &State, prefix: &[u8]) -> Option<Vec<u8>> {
    let from = pack(prefix);
    let range = (Bound::Included(from.as_slice()), Bound::Unbounded);
    let (key, _) = state.values.range::<_, [u8]>(range).next()?;
    let key = nibbles(key);
    key.starts_with(prefix).then_some(key)
}

/// Returns the last key that starts with these nibbles, in nibbles.
fn last_with(state: &State, prefix: &[u8]) -> Option<Vec<u8>> {
    let end = prefix.iter().rposition(|nibble| *nibble < 15).map(|index| {
        let mut raised = prefix[..=index].to_vec();
        raised[index] += 1;
        pack(&raised)
    });
    let end = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let range = (Bound::Unbounded, end);
    let (key, _) = state.values.range::<_, [u8]>(range).next_back()?;
    Some(nibbles(key))
}

fn nibbles(key: &[u8]) -> Vec<u8> {
    key.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect()
}

/// Packs nibbles into bytes. An odd last nibble is followed by a zero, which gives the smallest such key.
fn pack(nibbles: &[u8]) -> Vec<u8> {
    nibbles
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}
