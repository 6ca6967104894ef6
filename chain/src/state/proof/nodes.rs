//! The nodes of the trie that a real node keeps, and their sizes: `RawTrieNodeWithSize` in
//! `core/store/src/trie/raw_node.rs`, in borsh.

use std::ops::Bound;

use crate::state::State;

/// The size of a leaf without its part of the key, in bytes.
pub(super) const LEAF: usize = 49;
/// The size of a branch without children and value, in bytes.
pub(super) const BRANCH: usize = 11;
/// The size of a child of a branch: a hash, in bytes.
pub(super) const CHILD: usize = 32;
/// The size of a reference from a branch to its value, in bytes.
pub(super) const VALUE_REF: usize = 36;
/// The size of an extension without its part of the key, in bytes.
pub(super) const EXTENSION: usize = 45;

/// A node on the way to a key.
pub(super) enum Node {
    Leaf,
    /// The part of the key that all keys below share, in nibbles.
    Extension(Vec<u8>),
    /// A bit for each child.
    Branch(u16),
}

/// Returns the node at the end of a way, and its size.
pub(super) fn node_at(state: &State, prefix: &[u8]) -> Option<(Node, usize)> {
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

/// Returns the nibbles of a key.
pub(super) fn nibbles(key: &[u8]) -> Vec<u8> {
    key.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect()
}

/// Packs nibbles into bytes. An odd last nibble is followed by a zero, which gives the smallest such key.
fn pack(nibbles: &[u8]) -> Vec<u8> {
    nibbles
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}
