//! Mutations of JSON that stay JSON.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde_json::{Value, json};

use super::corpus::Corpus;

/// The depth of nested arrays: deeper than any parser should follow.
const DEPTH: usize = 200;

/// Returns a request with one to three mutations.
pub fn mutated(random: &mut StdRng, corpus: &Corpus) -> Value {
    let mut request = corpus.pick(random).clone();
    for _ in 0..random.gen_range(1..=3) {
        mutate(random, corpus, &mut request);
    }
    request
}

fn mutate(random: &mut StdRng, corpus: &Corpus, request: &mut Value) {
    // The envelope is a small part of a request.
    let root = match request.get_mut("params") {
        Some(params) if random.gen_bool(0.9) => params,
        _ => request,
    };
    let target = choose(random, root);
    match random.gen_range(0..10) {
        0 => remove(random, target),
        1 => insert(random, corpus, target),
        2 => *target = json!([target.take()]),
        3 => *target = json!({ "value": target.take() }),
        4 => *target = corpus.piece(random).clone(),
        5 => *target = converted(target),
        6 => *target = near(random, target),
        _ => *target = strange(random),
    }
}

/// Returns a node of a tree, each with the same probability as its siblings.
fn choose<'a>(random: &mut StdRng, value: &'a mut Value) -> &'a mut Value {
    let length = match value {
        Value::Array(values) => values.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if length == 0 || random.gen_bool(0.2) {
        return value;
    }
    let index = random.gen_range(0..length);
    let child = match value {
        Value::Array(values) => values.get_mut(index),
        Value::Object(fields) => fields.values_mut().nth(index),
        _ => None,
    };
    choose(random, child.expect("the index is below the length"))
}

fn remove(random: &mut StdRng, target: &mut Value) {
    match target {
        Value::Array(values) if !values.is_empty() => {
            values.remove(random.gen_range(0..values.len()));
        }
        Value::Object(fields) if !fields.is_empty() => {
            let index = random.gen_range(0..fields.len());
            let key = fields.keys().nth(index).cloned();
            fields.remove(&key.expect("the index is below the length"));
        }
        _ => *target = Value::Null,
    }
}

fn insert(random: &mut StdRng, corpus: &Corpus, target: &mut Value) {
    let piece = corpus.piece(random).clone();
    match target {
        Value::Array(values) => values.insert(random.gen_range(0..=values.len()), piece),
        Value::Object(fields) => {
            let keys = [
                "finality",
                "block_id",
                "limit",
                "after_key",
                "sync_checkpoint",
                "new",
            ];
            let key = keys.choose(random).expect("there are keys");
            fields.insert((*key).to_owned(), piece);
        }
        _ => *target = piece,
    }
}

/// Converts a text to a number, and a number to a text.
fn converted(value: &Value) -> Value {
    match value {
        Value::String(text) => text
            .parse::<u64>()
            .map_or(Value::Null, |number| json!(number)),
        _ => json!(value.to_string()),
    }
}

/// Returns a value of the same type with a small change.
fn near(random: &mut StdRng, value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let bytes = super::bytes::mutated(random, text.clone().into_bytes());
            json!(String::from_utf8_lossy(&bytes))
        }
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or_default();
            json!(number.wrapping_add(random.gen_range(0..4)).wrapping_sub(2))
        }
        Value::Bool(value) => json!(!value),
        _ => strange(random),
    }
}

/// Returns an unexpected value.
fn strange(random: &mut StdRng) -> Value {
    let nested = || (0..DEPTH).fold(json!([]), |inner, _| json!([inner]));
    let long = |random: &mut StdRng| json!("_".repeat(random.gen_range(1..5_000)));
    let power = |random: &mut StdRng| json!(1_u64 << random.gen_range(0..64));
    match random.gen_range(0..40) {
        0 => nested(),
        1..4 => long(random),
        4..10 => power(random),
        10 => json!("\u{0}\u{feff}\u{202e}💥"),
        11 => json!("0x0000000000000000000000000000000000000000"),
        12 => json!("0s0000000000000000000000000000000000000000"),
        13 => json!("a".repeat(64)),
        14 => json!("system"),
        15 => json!("ed25519:11111111111111111111111111111111"),
        16 => json!("secp256k1:1111"),
        17 => json!("11111111111111111111111111111111"),
        18 => json!("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"),
        19 => json!("340282366920938463463374607431768211456"),
        20 => json!("FINAL"),
        21 => json!("genesis"),
        22 => json!(u64::MAX),
        23 => json!(i64::MIN),
        24 => json!(-1),
        25 => json!(0.1),
        26 => json!(1e300),
        27 => json!(1_000_000_000),
        28 => json!(true),
        29 => json!({}),
        30 => json!([]),
        31 => json!([null, null, null]),
        32 => json!({"block_id": 0}),
        33 => json!("data_changes"),
        34 => json!("all_access_key_changes"),
        35 => json!("view_global_contract_code"),
        36 => json!(""),
        _ => Value::Null,
    }
}
