// ANCHOR: all
//! A contract for experiments: with the forms of a call and of its result, with gas weights, with
//! the gas of callbacks, and with the limits of the chain.
//!
//! Its methods let the caller choose values that a contract should fix itself. So it is not part of
//! any chapter, and a real contract should not have such methods.

use near_sdk::{
    AccountId, Gas, GasWeight, NearToken, Promise, PromiseError, UserYieldId, env, ext_contract,
    log, near, serde_json,
};

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

/// The form in which a callback reads a result.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Unwrap,
    Vec,
    Result,
    Checked,
}

/// The longest number that a callback reads, in bytes: `-128`.
const MAX_NUMBER_BYTES: usize = 4;

/// Returns the id of the promise that waits under this name.
fn id_of(name: &str) -> UserYieldId {
    UserYieldId::new(env::sha256_array(name))
}

#[near]
impl Experiments {
    // ANCHOR: call_in_each_form
    /// Calls the counter in each form, without a callback.
    pub fn call_in_each_form(&mut self, counter: AccountId) {
        let ten = Gas::from_tgas(10);
        let nothing = NearToken::from_near(0);

        counter::ext(counter.clone()).get_num().detach();
        counter::ext(counter.clone())
            .with_static_gas(ten)
            .get_num()
            .detach();
        Promise::new(counter.clone())
            .function_call("get_num", "{}", nothing, ten)
            .detach();
        Promise::new(counter)
            .function_call_weight("get_num", "{}", nothing, ten, GasWeight(2))
            .detach();
    }
    // ANCHOR_END: call_in_each_form

    /// Calls the counter. The callback reads the result in this form.
    pub fn read_number(&mut self, counter: AccountId, form: Form) -> Promise {
        let own = Self::ext_self().with_static_gas(GAS_FOR_CALL);
        let callback = match form {
            Form::Unwrap => own.unwrap_callback(),
            Form::Vec => own.vec_callback(),
            Form::Result => own.result_callback(),
            Form::Checked => own.checked_callback(),
        };
        counter::ext(counter)
            .with_static_gas(GAS_FOR_CALL)
            .get_num()
            .then(callback)
    }

    // ANCHOR: read_forms
    #[private]
    pub fn unwrap_callback(
        &self,
        #[callback_unwrap(max_bytes = MAX_NUMBER_BYTES)] number: i8,
    ) -> String {
        format!("the number {number}")
    }

    #[private]
    pub fn vec_callback(
        &self,
        #[callback_vec(max_bytes = MAX_NUMBER_BYTES)] numbers: Vec<i8>,
    ) -> String {
        format!("the numbers {numbers:?}")
    }

    #[private]
    pub fn result_callback(
        &self,
        #[callback_result(max_bytes = MAX_NUMBER_BYTES)] number: Result<i8, PromiseError>,
    ) -> String {
        match number {
            Ok(number) => format!("the number {number}"),
            Err(error) => format!("no number: {error:?}"),
        }
    }

    #[private]
    pub fn checked_callback(&self) -> String {
        match env::promise_result_checked(0, MAX_NUMBER_BYTES) {
            Ok(bytes) => match serde_json::from_slice::<i8>(&bytes) {
                Ok(number) => format!("the number {number}"),
                Err(_) => "not a number".to_string(),
            },
            Err(error) => format!("no number: {error:?}"),
        }
    }
    // ANCHOR_END: read_forms

    // ANCHOR: wait
    /// Waits until somebody calls `wake` with the same name, and returns the word given there.
    pub fn wait(&mut self, name: String) -> Promise {
        let (nothing, gas) = (NearToken::from_near(0), GAS_FOR_CALL);
        Promise::new_yield_with_id(
            "wait_callback",
            "{}",
            nothing,
            gas,
            GasWeight(0),
            id_of(&name),
        )
        .unwrap_or_else(|| env::panic_str("Another call waits under this name"))
    }

    /// Wakes the call that waits under this name. Returns whether there is one.
    pub fn wake(&mut self, name: String, word: String) -> bool {
        id_of(&name).resume(word).is_ok()
    }

    /// Returns the word.
    #[private]
    pub fn wait_callback(&self) -> Option<String> {
        let word = env::promise_result_checked(0, 100).ok()?;
        String::from_utf8(word).ok()
    }
    // ANCHOR_END: wait

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
    /// Counts and signs in parallel, as `visit` of chapter 3. The callback gets exactly the gas
    /// that the caller chooses.
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
