// ANCHOR: all
//! A contract for experiments: with gas weights, with the gas of callbacks, and with the limits of the chain.
//!
//! Its methods let the caller choose values that a contract should fix itself. So it is not part of any chapter, and
//! a real contract should not have such methods.

use near_sdk::{AccountId, Gas, Promise, PromiseError, env, ext_contract, log, near};

/// The methods that it calls at a counter.
#[ext_contract(counter)]
pub trait Counter {
    fn get_num(&self) -> i8;
    fn increment(&mut self);
    fn decrement(&mut self);
}

/// The method that it calls at a guestbook.
#[ext_contract(guestbook)]
pub trait Guestbook {
    fn add_message(&mut self, text: String);
}

/// The static gas of each call to another contract: 5 Tgas.
const GAS_FOR_CALL: Gas = Gas::from_tgas(5);

/// The state, which is empty.
#[near(contract_state)]
#[derive(Default)]
pub struct Experiments {}

// ANCHOR: share_type
/// The gas of one call: its static gas in Tgas, and its weight for the unused gas.
#[near(serializers = [json])]
pub struct Share {
    pub tgas: u64,
    pub weight: u64,
}
// ANCHOR_END: share_type

#[near]
impl Experiments {
    // ANCHOR: share_gas
    /// Calls the counter once for each of `shares`, without a callback.
    pub fn share_gas(&mut self, counter: AccountId, shares: Vec<Share>) {
        for share in shares {
            counter::ext(counter.clone())
                .with_static_gas(Gas::from_tgas(1).saturating_mul(share.tgas))
                .with_unused_gas_weight(share.weight)
                .get_num()
                .detach();
        }
    }
    // ANCHOR_END: share_gas

    // ANCHOR: visit_with_gas
    /// Counts and signs in parallel, as `visit` of chapter 3. The callback gets exactly the gas that the caller
    /// chooses.
    pub fn visit_with_gas(
        &mut self,
        counter: AccountId,
        guestbook: AccountId,
        text: String,
        callback_gas: Gas,
    ) -> Promise {
        let count = counter::ext(counter.clone())
            .with_static_gas(GAS_FOR_CALL)
            .with_unused_gas_weight(0)
            .increment();
        let sign = guestbook::ext(guestbook)
            .with_static_gas(GAS_FOR_CALL)
            .with_unused_gas_weight(0)
            .add_message(text);

        count.and(sign).then(
            Self::ext_self()
                .with_static_gas(callback_gas)
                .with_unused_gas_weight(0)
                .visit_callback(counter),
        )
    }
    // ANCHOR_END: visit_with_gas

    /// Takes the count back when the guestbook has failed. Returns whether both calls succeeded.
    #[private]
    pub fn visit_callback(&mut self, counter: AccountId) -> bool {
        let failed = |index| {
            matches!(
                env::promise_result_checked(index, 0),
                Err(PromiseError::Failed)
            )
        };
        if !failed(0) && failed(1) {
            log!("Takes the visit off {counter}");
            counter::ext(counter)
                .with_static_gas(GAS_FOR_CALL)
                .with_unused_gas_weight(0)
                .decrement()
                .detach();
        }
        !failed(0) && !failed(1)
    }

    // ANCHOR: make_promises
    /// Creates promises without any action. They are sent, and do nothing.
    pub fn make_promises(&mut self, counter: AccountId, number: u32) {
        for _ in 0..number {
            Promise::new(counter.clone()).detach();
        }
    }
    // ANCHOR_END: make_promises
}
// ANCHOR_END: all
