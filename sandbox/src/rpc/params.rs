//! The parameters of a method: an object, or for the older methods an array.

use near_jsonrpc_primitives::errors::RpcParseError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Parameters that came with a request.
pub struct Params(pub Value);

impl Params {
    /// All of them as one object.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, RpcParseError> {
        parse(self.0)
    }

    /// The parameters where they came as an array, which is then taken out.
    pub fn positional(&mut self) -> Option<Vec<Value>> {
        match &mut self.0 {
            Value::Array(values) => Some(std::mem::take(values)),
            _ => None,
        }
    }

    /// Whether there are none: `null`, `[]`, `{}`, or not mentioned.
    pub fn are_missing(&self) -> bool {
        match &self.0 {
            Value::Null => true,
            Value::Array(values) => values.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        }
    }
}

/// One value as what it should be.
pub fn parse<T: DeserializeOwned>(value: Value) -> Result<T, RpcParseError> {
    serde_json::from_value(value)
        .map_err(|error| RpcParseError(format!("Failed parsing args: {error}")))
}

/// The error for an array of the wrong length.
pub fn wrong_number(expected: &str, found: usize) -> RpcParseError {
    RpcParseError(format!(
        "Failed parsing args: expected {expected}, found {found} positional"
    ))
}
