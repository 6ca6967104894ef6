//! The parameters of a method: an object, or an array for older methods.

use near_jsonrpc_primitives::errors::RpcParseError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The parameters of a request.
pub struct Params(pub Value);

impl Params {
    /// Parses all of them as one object.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, RpcParseError> {
        parse(self.0)
    }

    /// Takes the parameters out, if they are an array.
    pub fn positional(&mut self) -> Option<Vec<Value>> {
        match &mut self.0 {
            Value::Array(values) => Some(std::mem::take(values)),
            _ => None,
        }
    }

    /// Returns `true` if there are none: `null`, `[]`, `{}`, or no field.
    pub fn are_missing(&self) -> bool {
        match &self.0 {
            Value::Null => true,
            Value::Array(values) => values.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        }
    }
}

/// Parses one value.
pub fn parse<T: DeserializeOwned>(value: Value) -> Result<T, RpcParseError> {
    serde_json::from_value(value)
        .map_err(|error| RpcParseError(format!("Failed parsing args: {error}")))
}

/// Returns the error for an array of the wrong length.
pub fn wrong_number(expected: &str, found: usize) -> RpcParseError {
    RpcParseError(format!(
        "Failed parsing args: expected {expected}, found {found} positional"
    ))
}
