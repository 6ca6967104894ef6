//! The name of an error, as tools print it.

use serde::Serialize;
use serde_json::Value;

/// Returns the name of an error's innermost variant, such as `AccountDoesNotExist`. It is the name in RPC's JSON, which
/// explorers and clients show. Returns `None` for a value that is no enum.
pub fn error_name(error: &impl Serialize) -> Option<String> {
    innermost(&serde_json::to_value(error).ok()?)
}

/// Returns the name of the innermost variant of an enum in JSON. A variant begins with a capital letter, a field does
/// not.
fn innermost(value: &Value) -> Option<String> {
    match value {
        Value::String(name) if is_variant(name) => Some(name.clone()),
        Value::Object(fields) => {
            if let Some(kind) = fields.get("kind") {
                return innermost(kind);
            }
            let (name, content) = fields.iter().next()?;
            match fields.len() {
                1 if is_variant(name) => innermost(content).or_else(|| Some(name.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Returns `true` for the name of a variant.
fn is_variant(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use near_primitives::errors::{
        ActionError, ActionErrorKind, FunctionCallError, InvalidAccessKeyError, InvalidTxError,
        TxExecutionError,
    };

    use super::*;

    fn action_error(kind: ActionErrorKind) -> TxExecutionError {
        ActionError {
            index: Some(0),
            kind,
        }
        .into()
    }

    #[test]
    fn the_name_of_an_action_error_is_that_of_its_kind() {
        let account_id = "bob.near".parse().expect("a valid account id");
        let error = action_error(ActionErrorKind::AccountDoesNotExist { account_id });

        assert_eq!(error_name(&error).as_deref(), Some("AccountDoesNotExist"));
    }

    #[test]
    fn the_message_of_a_contract_is_no_name() {
        let message = "Smart contract panicked: no".to_owned();
        let error = FunctionCallError::ExecutionError(message);
        let error = action_error(ActionErrorKind::FunctionCallError(error));

        assert_eq!(error_name(&error).as_deref(), Some("ExecutionError"));
    }

    #[test]
    fn the_name_of_a_refused_transaction_is_the_innermost_one() {
        let error =
            InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::RequiresFullAccess);

        assert_eq!(error_name(&error).as_deref(), Some("RequiresFullAccess"));
    }
}
