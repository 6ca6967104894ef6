//! The two actions of `set_and_get_greeting` in the other order.

use near_sdk::{Promise, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Reads hello's greeting and then changes it. The result of the batch is that of the change:
    /// no bytes.
    pub fn get_and_set_greeting(&mut self, new_greeting: String) -> Promise {
        enter("get_and_set_greeting");

        let get = hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .get_greeting();
        let get_and_set = hello::ext_on(get)
            .with_static_gas(GAS_FOR_HELLO)
            .set_greeting(new_greeting);

        get_and_set.then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .set_and_get_greeting_callback(),
        )
    }
}
// ANCHOR_END: code
