//! A breaker that never opens, because its callback fails with the call.

use near_sdk::{AccountId, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::responses::breaker::Pass;
use crate::responses::greetings::{ask_for_greeting, gas_for_results};
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Asks a watched account as `ask_watched` does. When the call fails, the transaction fails
    /// too.
    pub fn ask_forgetful(&mut self, account_id: AccountId) -> Promise {
        enter("ask_forgetful");

        let breaker = &mut self.responses.entry(&account_id).breaker;
        let pass = breaker
            .admit(env::block_height())
            .unwrap_or_else(|blocks| env::panic_str(&format!("Ask again in {blocks} blocks")));

        ask_for_greeting(account_id.clone()).then(
            Self::ext_self()
                .with_static_gas(gas_for_results(1))
                .ask_forgetful_callback(account_id, pass),
        )
    }

    /// Records the result in the breaker. When it is a failure, the error reverts the record.
    #[private]
    #[handle_result]
    pub fn ask_forgetful_callback(
        &mut self,
        account_id: AccountId,
        pass: Pass,
    ) -> Result<String, String> {
        match self.ask_watched_callback(account_id.clone(), pass) {
            CallResult::Value(greeting) => Ok(greeting),
            _ => Err(format!("No greeting from {account_id}")),
        }
    }
}
// ANCHOR_END: code
