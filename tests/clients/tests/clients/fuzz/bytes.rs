//! Mutations of bytes.

use rand::Rng;
use rand::rngs::StdRng;

/// Returns the bytes with one to three mutations.
pub fn mutated(random: &mut StdRng, mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..random.gen_range(1..=3) {
        mutate(random, &mut bytes);
    }
    bytes
}

fn mutate(random: &mut StdRng, bytes: &mut Vec<u8>) {
    let from = random.gen_range(0..=bytes.len());
    let to = random.gen_range(from..=bytes.len().min(from + 40));
    match random.gen_range(0..8) {
        0 => bytes.truncate(from),
        1 => drop(bytes.drain(from..to)),
        2 => {
            let again = bytes[from..to].to_vec();
            bytes.splice(from..from, again);
        }
        3 => {
            let noise: Vec<u8> = (0..random.gen_range(1..20))
                .map(|_| random.r#gen())
                .collect();
            bytes.splice(from..to, noise);
        }
        4 => bytes[from..to].reverse(),
        5 => bytes[from..to].fill(*b"\0\xff\"{[9".get(from % 6).unwrap_or(&b'0')),
        _ => {
            if let Some(byte) = bytes.get_mut(from) {
                *byte ^= 1 << random.gen_range(0..8);
            }
        }
    }
}
