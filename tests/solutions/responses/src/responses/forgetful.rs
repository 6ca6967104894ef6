//! A breaker whose callback fails with the account, and so never opens.

use near_sdk::{AccountId, Promise, env, near};

use crate::responses::breaker::Pass;
use crate::responses::greetings::{ask_for_greeting, gas_for_results};
use crate::call_result::CallResult;
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Asks a watched account as `ask_watched` does. A failure of the account fails the transaction.
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

    /// Tells the breaker how the call ended, and takes it back with the error.
    #[private]
    #[handle_result]
    pub fn ask_forgetful_callback(
        &mut self,
        account_id: AccountId,
        pass: Pass,
    ) -> Result<String, String> {
        let outcome = self.ask_watched_callback(account_id.clone(), pass);
        match outcome {
            CallResult::Value(greeting) => Ok(greeting),
            _ => Err(format!("No greeting from {account_id}")),
        }
    }
}
// ANCHOR_END: code
