//! A textbook trie over nibbles, to check the storage fees.

/// Returns the number of nodes on the path to `wanted` in the trie of these keys.
pub fn nodes_on_the_way(keys: &[Vec<u8>], wanted: &[u8]) -> u64 {
    let keys: Vec<_> = keys.iter().map(|key| nibbles(key)).collect();
    walk(keys.iter().map(Vec::as_slice).collect(), &nibbles(wanted))
}

/// Walks the subtree of the remaining nibbles of each key.
fn walk(keys: Vec<&[u8]>, wanted: &[u8]) -> u64 {
    let Some(first) = keys.first() else { return 0 };
    if keys.len() == 1 {
        return 1; // a leaf holds all the rest
    }
    let is_shared = |length: &usize| keys.iter().all(|key| key.starts_with(&first[..*length]));
    let shared = (0..=first.len()).rev().find(is_shared).unwrap_or(0);
    let extension = u64::from(shared > 0);
    if !wanted.starts_with(&first[..shared]) {
        return extension;
    }
    let branch = 1;
    let Some((nibble, rest)) = wanted[shared..].split_first() else {
        return extension + branch;
    };
    let child = keys
        .iter()
        .filter_map(|key| match key[shared..].split_first() {
            Some((other, rest)) if other == nibble => Some(rest),
            _ => None,
        });
    extension + branch + walk(child.collect(), rest)
}

fn nibbles(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .collect()
}
