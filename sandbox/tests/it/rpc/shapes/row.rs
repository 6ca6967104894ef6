//! A row of the table of shapes, and what the rows refer to.

use near_primitives::hash::CryptoHash;
use near_primitives::views::BlockView;
use serde_json::{Value, json};

/// A method, the shapes that it takes, and shapes that it refuses.
pub struct Row {
    pub method: &'static str,
    pub taken: Vec<Value>,
    pub refused: Vec<Value>,
}

pub fn row<const T: usize, const R: usize>(
    method: &'static str,
    taken: [Value; T],
    refused: [Value; R],
) -> Row {
    Row {
        method,
        taken: taken.into(),
        refused: refused.into(),
    }
}

/// What the rows refer to.
pub struct Subject {
    pub account: String,
    pub key: String,
    pub block: BlockView,
    pub transaction: CryptoHash,
    pub encoded: String,
    pub receipt: CryptoHash,
}

/// The shapes that stand for nothing.
pub fn nothing() -> [Value; 3] {
    [json!(null), json!("omitted"), json!([])]
}

/// Returns the fields of both objects.
pub fn merged(mut object: Value, other: Value) -> Value {
    for (name, value) in other.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}
