//! The number of trie nodes that a look-up touches, from the ordered keys alone.
//!
//! The state of a real node is a Merkle-Patricia trie over nibbles, and a storage write pays for each
//! node on its way (`SPEC.md` §3). The shape of that trie follows from the set of keys, so this crate
//! keeps no trie. On the way to a key there is a branch wherever another key leaves it: the neighbours of the
//! key tell the last such place, and the neighbours of its part before that place the one above.

use std::collections::BTreeSet;

use super::snapshot::State;

/// Returns the number of nodes on the path to `key` in the trie of all keys of `state`, as far as the
/// path exists.
///
/// It takes two searches in the state for each branch on the path.
pub(super) fn path_length(state: &State, key: &[u8]) -> u64 {
    let mut leaving = BTreeSet::new();
    collect_below(state, key, &mut leaving);
    collect_above(state, key, &mut leaving);
    let is_there = state.first_key_from(key).is_some_and(|first| first == key);
    let end = if is_there {
        2 * key.len()
    } else {
        match leaving.last() {
            Some(deepest) => *deepest,
            None => return 0,
        }
    };
    leaving.retain(|branch| *branch < end);
    let mut depth = 0;
    let mut nodes = 0;
    for branch in leaving {
        nodes += 1 + u64::from(branch > depth); // a branch, and an extension before it
        depth = branch + 1;
    }
    nodes + nodes_at_end(state, key, depth, end)
}

/// Returns the number of nodes on the path to `key` from `depth` on, where all keys that are left share
/// `end` nibbles with it, and none shares more.
fn nodes_at_end(state: &State, key: &[u8], depth: usize, end: usize) -> u64 {
    let first = state.first_key_from(&start_of(key, depth));
    let last = state.last_key_before(after_all(key, depth).as_deref());
    let (Some(first), Some(last)) = (first, last) else {
        return 0;
    };
    if first == last {
        return 1; // a leaf
    }
    let shared = shared_nibbles(first, last);
    let extension = u64::from(shared > depth);
    // An extension that the key does not share is the end of its path.
    extension + u64::from(shared <= end)
}

/// Collects the depths at which smaller keys leave the path to `key`.
fn collect_below(state: &State, key: &[u8], depths: &mut BTreeSet<usize>) {
    let mut bound = key.to_vec();
    while let Some(smaller) = state.last_key_before(Some(&bound)) {
        let depth = shared_nibbles(smaller, key);
        depths.insert(depth);
        // All keys that share more are greater than this one or were seen.
        bound = start_of(key, depth);
    }
}

/// Collects the depths at which greater keys leave the path to `key`.
fn collect_above(state: &State, key: &[u8], depths: &mut BTreeSet<usize>) {
    let mut next = state.first_key_after(key);
    while let Some(greater) = next {
        let depth = shared_nibbles(greater, key);
        depths.insert(depth);
        next = after_all(key, depth).and_then(|bound| state.first_key_from(&bound));
    }
}

/// Returns the smallest key that has the first `depth` nibbles of `key`.
fn start_of(key: &[u8], depth: usize) -> Vec<u8> {
    let mut start = key[..depth.div_ceil(2)].to_vec();
    if depth % 2 == 1
        && let Some(last) = start.last_mut()
    {
        *last &= 0xf0;
    }
    start
}

/// Returns the smallest key that is greater than every key with the first `depth` nibbles of `key`, `None`
/// if there is none.
fn after_all(key: &[u8], depth: usize) -> Option<Vec<u8>> {
    let mut after = start_of(key, depth);
    // The last nibble of an odd depth is the upper one of its byte.
    let mut step = if depth % 2 == 1 { 0x10 } else { 1 };
    while let Some(last) = after.pop() {
        if let Some(raised) = last.checked_add(step) {
            after.push(raised);
            return Some(after);
        }
        step = 1;
    }
    None
}

/// Returns the number of nibbles that two keys begin with in common.
fn shared_nibbles(a: &[u8], b: &[u8]) -> usize {
    /// Long keys are compared in pieces, each in one go.
    const PIECE: usize = 64;
    let pieces = a.chunks_exact(PIECE).zip(b.chunks_exact(PIECE));
    let equal = PIECE * pieces.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[equal..], &b[equal..]);
    let bytes = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let half = match (a.get(bytes), b.get(bytes)) {
        (Some(a), Some(b)) => usize::from(a >> 4 == b >> 4),
        _ => 0,
    };
    2 * (equal + bytes) + half
}

#[cfg(test)]
mod tests {
    use near_primitives::trie_key::TrieKey;
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;
    use crate::state::StateUpdate;

    /// Returns the length of the path to one key in a state whose contract data has these keys.
    fn length_to(wanted: &[u8], keys: &[&[u8]]) -> u64 {
        let mut state = StateUpdate::new(State::default());
        let key = |key: &[u8]| TrieKey::ContractData {
            account_id: "a.near".parse().expect("valid"),
            key: key.to_vec(),
        };
        keys.iter().for_each(|data| state.set(&key(data), [0]));
        path_length(state.current(), &key(wanted).to_vec())
    }

    #[test]
    fn an_empty_trie_has_no_nodes() {
        assert_eq!(length_to(b"k", &[]), 0);
    }

    #[test]
    fn a_single_key_is_one_leaf() {
        assert_eq!(length_to(b"k", &[b"k"]), 1);
    }

    #[test]
    fn two_keys_are_an_extension_a_branch_and_a_leaf() {
        assert_eq!(length_to(b"a", &[b"a", b"b"]), 3);
    }

    #[test]
    fn a_missing_key_ends_at_the_branch_that_has_no_child_for_it() {
        assert_eq!(length_to(b"c", &[b"a", b"b"]), 2);
    }

    #[test]
    fn a_missing_key_ends_at_the_extension_that_it_does_not_share() {
        assert_eq!(length_to(b"z", &[b"aa", b"ab"]), 1);
    }

    #[test]
    fn a_key_that_is_the_start_of_others_ends_at_their_branch() {
        assert_eq!(length_to(b"a", &[b"a", b"ab", b"ac"]), 2);
    }

    /// Returns the nodes on the path to `wanted` below `depth`, by building the trie of the keys on the way.
    fn nodes_in_trie(keys: &[Vec<u8>], wanted: &[u8], depth: usize) -> u64 {
        let Some((first, others)) = keys.split_first() else {
            return 0;
        };
        if others.is_empty() {
            return 1; // a leaf
        }
        let shared = (depth..first.len())
            .take_while(|at| others.iter().all(|key| key.get(*at) == Some(&first[*at])))
            .count();
        let branch = depth + shared;
        let extension = u64::from(shared > 0);
        if wanted.get(depth..branch) != Some(&first[depth..branch]) {
            return extension;
        }
        let Some(nibble) = wanted.get(branch) else {
            return extension + 1;
        };
        let child: Vec<_> = keys
            .iter()
            .filter(|key| key.get(branch) == Some(nibble))
            .cloned()
            .collect();
        extension + 1 + nodes_in_trie(&child, wanted, branch + 1)
    }

    fn nibbles(key: &[u8]) -> Vec<u8> {
        key.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect()
    }

    /// Returns keys that share nibbles, and that begin one another.
    fn near_keys() -> impl Strategy<Value = Vec<u8>> {
        vec(
            prop::sample::select(vec![0x00, 0x01, 0x0f, 0x10, 0xf0, 0xff]),
            0..6,
        )
    }

    proptest! {
        #[test]
        fn the_neighbours_of_a_key_tell_the_path_through_the_trie(
            keys in btree_set(near_keys(), 0..40),
            wanted in near_keys(),
            start in prop::sample::select(vec![0, 63, 64, 65]),
        ) {
            let long = |key: &Vec<u8>| [vec![0xff; start], key.clone()].concat();
            let keys: Vec<_> = keys.iter().map(long).collect();
            let wanted = long(&wanted);
            let mut state = State::default();
            for key in &keys {
                state.values.insert(key.clone(), [0].into());
            }
            let trie: Vec<_> = keys.iter().map(|key| nibbles(key)).collect();
            prop_assert_eq!(
                path_length(&state, &wanted),
                nodes_in_trie(&trie, &nibbles(&wanted), 0)
            );
        }
    }
}
