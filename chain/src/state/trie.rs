//! The number of trie nodes that a look-up touches, from the ordered keys alone.
//!
//! The state of a real node is a Merkle-Patricia trie over nibbles, and a storage write pays for each
//! node on its way (`SPEC.md` §3). The shape of that trie follows from the set of keys, so this crate
//! keeps no trie: at each depth, the first and the last key of the subtree determine the kind of node.

use super::snapshot::State;

/// Returns the number of nodes on the path to `key` in the trie of all keys of `state`, as far as the
/// path exists.
pub(super) fn path_length(state: &State, key: &[u8]) -> u64 {
    let wanted = nibbles(key);
    let mut depth = 0;
    let mut nodes = 0;
    while let Some((first, last)) = subtree(state, &wanted[..depth]) {
        if first == last {
            return nodes + 1; // a leaf
        }
        let (first, last) = (nibbles(first), nibbles(last));
        let shared = common_prefix(&first, &last);
        if shared > depth {
            nodes += 1; // an extension
            if common_prefix(&first[..shared], &wanted) < shared {
                return nodes;
            }
        }
        nodes += 1; // a branch
        if wanted.len() == shared {
            return nodes;
        }
        depth = shared + 1;
    }
    nodes
}

/// Returns the first and the last key that start with `prefix` (in nibbles).
fn subtree<'a>(state: &'a State, prefix: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let first = state.first_key_from(&pack(prefix))?;
    if !nibbles(first).starts_with(prefix) {
        return None;
    }
    let last = state.last_key_before(successor(prefix).as_deref())?;
    Some((first, last))
}

/// Returns the smallest key that is greater than every key with this prefix, `None` if there is none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last_raisable = prefix.iter().rposition(|nibble| *nibble < 15)?;
    let mut raised = prefix[..=last_raisable].to_vec();
    raised[last_raisable] += 1;
    Some(pack(&raised))
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

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

#[cfg(test)]
mod tests {
    use near_primitives::trie_key::TrieKey;

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
}
