//! A callback that gets too little gas.

use near_sdk::{Gas, Promise, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::{Contract, ContractExt};

// ANCHOR: code
/// The gas of a callback that has to fail: 0.1 Tgas, which is too little for each of our methods.
pub const GAS_FOR_TIGHT_CALLBACK: Gas = Gas::from_ggas(100);

#[near]
impl Contract {
    /// Does the same as `change_greeting`, but the callback gets exactly 0.1 Tgas.
    pub fn change_greeting_tightly(&mut self, new_greeting: String) -> Promise {
        enter("change_greeting_tightly");

        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .set_greeting(new_greeting)
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_TIGHT_CALLBACK)
                    .with_unused_gas_weight(0)
                    .change_greeting_callback(),
            )
    }
}
// ANCHOR_END: code
