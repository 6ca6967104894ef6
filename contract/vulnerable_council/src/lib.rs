// ANCHOR: all
//! VULNERABLE ON PURPOSE. Do not deploy this contract, and do not copy from it.
//!
//! It executes calls that were approved. The field study of a council has the same methods without
//! the mistake.

use near_sdk::{AccountId, Gas, NearToken, Promise, PromiseError, env, near, require};

/// A call that was approved.
#[near(serializers = [borsh, json])]
#[derive(Clone)]
pub struct Call {
    pub receiver_id: AccountId,
    pub method: String,
    pub args: String,
    pub deposit: NearToken,
    /// True if the call has succeeded.
    pub executed: bool,
}

/// The whole state: the calls.
#[near(contract_state)]
#[derive(Default)]
pub struct Council {
    calls: Vec<Call>,
}

#[near]
impl Council {
    /// Approves a call. The account itself stands for the votes of the members.
    #[private]
    pub fn approve(&mut self, call: Call) {
        self.calls.push(call);
    }

    /// Returns a call.
    pub fn get_call(&self, id: usize) -> Option<&Call> {
        self.calls.get(id)
    }

    // ANCHOR: execute
    /// Sends an approved call, if it has not succeeded yet.
    ///
    /// VULNERABLE: until the callback nothing says that the call is under way. And a call that has
    /// failed may be sent again by anybody, although a call that fails may have been paid.
    pub fn vulnerable_execute(&mut self, id: usize) -> Promise {
        let call = self.calls[id].clone();
        require!(!call.executed, format!("Call {id} is executed"));

        Promise::new(call.receiver_id)
            .function_call(
                call.method,
                call.args.into_bytes(),
                call.deposit,
                Gas::from_tgas(10),
            )
            .then(
                Self::ext_self()
                    .with_static_gas(Gas::from_tgas(5))
                    .vulnerable_execute_callback(id),
            )
    }

    /// Records whether the call has succeeded.
    #[private]
    pub fn vulnerable_execute_callback(&mut self, id: usize) -> bool {
        let succeeded = !matches!(env::promise_result_checked(0, 0), Err(PromiseError::Failed));
        self.calls[id].executed |= succeeded;
        succeeded
    }
    // ANCHOR_END: execute
}
// ANCHOR_END: all
