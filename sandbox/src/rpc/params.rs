//! The parameters of a method: an object, or an array for older methods.
//!
//! Which arrays a method takes is written in nearcore's `chain/jsonrpc/src/api`: most methods that take any
//! take one of a single value. What is no such array is parsed as the method's request, so fields in their
//! order are a request too where serde takes them, and `null` is none.

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

    /// Returns the only element of an array, or the parameters themselves if they are something else.
    pub fn singleton(self) -> Result<Value, Self> {
        match self.0 {
            Value::Array(mut values) if values.len() == 1 => Ok(values.remove(0)),
            other => Err(Self(other)),
        }
    }

    /// Returns both elements of an array of two, or the parameters themselves if they are something else.
    pub fn pair(self) -> Result<[Value; 2], Self> {
        match self.0 {
            Value::Array(values) => {
                <[Value; 2]>::try_from(values).map_err(|values| Self(Value::Array(values)))
            }
            other => Err(Self(other)),
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
