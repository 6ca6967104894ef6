// ANCHOR: all
//! A contract that stores one small number. Anyone may increment it, decrement it, or reset it to zero.
//!
//! It has the interface of `counter.near-examples.testnet`. The number is an `i8`: a call that would lead below
//! -128 or above 127 fails.

use near_sdk::{env, log, near};

// ANCHOR: state
/// The whole state: one number from -128 to 127.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(Default)]
pub struct Counter {
    number: i8,
}
// ANCHOR_END: state

// ANCHOR: methods
#[near]
impl Counter {
    /// Returns the current number.
    pub fn get_num(&self) -> i8 {
        self.number
    }

    /// Adds one. Fails at 127.
    pub fn increment(&mut self) {
        let Some(number) = self.number.checked_add(1) else {
            env::panic_str("The counter is at 127 and cannot go up");
        };
        self.change_to(number);
    }

    /// Subtracts one. Fails at -128.
    pub fn decrement(&mut self) {
        let Some(number) = self.number.checked_sub(1) else {
            env::panic_str("The counter is at -128 and cannot go down");
        };
        self.change_to(number);
    }

    /// Sets the number to zero.
    pub fn reset(&mut self) {
        self.change_to(0);
    }
}
// ANCHOR_END: methods

impl Counter {
    fn change_to(&mut self, number: i8) {
        self.number = number;
        log!("The counter is now at {number}");
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::get_logs;

    use super::*;

    #[test]
    fn it_starts_at_zero() {
        assert_eq!(Counter::default().get_num(), 0);
    }

    #[test]
    fn it_increments_and_decrements() {
        let mut contract = Counter::default();
        contract.increment();
        contract.increment();
        contract.decrement();

        assert_eq!(contract.get_num(), 1);
        assert_eq!(
            get_logs(),
            [
                "The counter is now at 1",
                "The counter is now at 2",
                "The counter is now at 1"
            ]
        );
    }

    #[test]
    fn it_goes_below_zero() {
        let mut contract = Counter::default();
        contract.decrement();

        assert_eq!(contract.get_num(), -1);
    }

    #[test]
    fn reset_sets_it_to_zero() {
        let mut contract = Counter { number: 42 };
        contract.reset();

        assert_eq!(contract.get_num(), 0);
    }

    #[test]
    #[should_panic(expected = "The counter is at 127 and cannot go up")]
    fn it_does_not_go_above_127() {
        Counter { number: i8::MAX }.increment();
    }

    #[test]
    #[should_panic(expected = "The counter is at -128 and cannot go down")]
    fn it_does_not_go_below_minus_128() {
        Counter { number: i8::MIN }.decrement();
    }
}
// ANCHOR_END: all
