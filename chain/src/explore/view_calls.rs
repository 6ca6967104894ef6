//! The view calls of invariants. Each runs once in every state of its account.

use std::cell::RefCell;
use std::collections::HashMap;

use near_primitives::types::AccountId;
use serde_json::Value;

use super::shards::ShardId;
use crate::block::Block;
use crate::chain::Chain;

/// A view call with arguments in JSON.
pub(super) struct ViewCall<'a> {
    pub account_id: &'a str,
    pub method: &'a str,
    pub args: &'a str,
}

/// A call that was made: the state of its account, the time, and its text.
type Key = (ShardId, u64, String);

/// The values of the view calls that were made, or their errors.
#[derive(Default)]
pub(super) struct Views(RefCell<HashMap<Key, Result<Value, String>>>);

impl Views {
    /// Returns the value of a call, or its error. The first call in a state runs.
    pub fn value(
        &self,
        shard: ShardId,
        time: u64,
        call: &ViewCall,
        run: impl FnOnce() -> Result<Value, String>,
    ) -> Result<Value, String> {
        let text = [call.account_id, call.method, call.args].join("\0");
        let key = (shard, time, text);
        if let Some(known) = self.0.borrow().get(&key) {
            return known.clone();
        }
        let value = run();
        self.0.borrow_mut().insert(key, value.clone());
        value
    }
}

impl ViewCall<'_> {
    /// Runs the call, and returns its value in JSON. No value is `null`.
    ///
    /// # Errors
    /// The id is not valid, the account does not exist, the call failed, or its value is no JSON.
    pub fn run(&self, chain: &Chain, block: &Block) -> Result<Value, String> {
        let Self {
            account_id,
            method,
            args,
        } = self;
        let id: AccountId = account_id
            .parse()
            .map_err(|_| format!("`{account_id}` is no account id"))?;
        let result = chain
            .call_view(block, &id, method, args.as_bytes())
            .map_err(|error| format!("{account_id}.{method}: {error}"))?;
        if result.value.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&result.value)
            .map_err(|error| format!("{account_id}.{method} returns no JSON: {error}"))
    }
}
