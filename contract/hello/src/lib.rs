// ANCHOR: all
//! A contract that stores one greeting. Anyone may read it, and anyone may change it.
//!
//! It has the interface of `hello.near-examples.testnet`.

use near_sdk::{log, near};

// ANCHOR: state
/// The whole state: one text.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
pub struct Hello {
    greeting: String,
}

impl Default for Hello {
    /// Returns the initial state.
    fn default() -> Self {
        Self {
            greeting: "Hello".to_string(),
        }
    }
}
// ANCHOR_END: state

// ANCHOR: methods
#[near]
impl Hello {
    /// Returns the current greeting.
    pub fn get_greeting(&self) -> String {
        self.greeting.clone()
    }

    /// Replaces the greeting.
    ///
    /// The text is also logged, and the chain allows at most 16,384 bytes of logs per call. So a
    /// longer greeting makes the call fail.
    pub fn set_greeting(&mut self, greeting: String) {
        log!("The greeting is now: {greeting}");
        self.greeting = greeting;
    }
}
// ANCHOR_END: methods

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::get_logs;

    use super::*;

    #[test]
    fn the_first_greeting_is_hello() {
        assert_eq!(Hello::default().get_greeting(), "Hello");
    }

    #[test]
    fn a_new_greeting_replaces_the_old_one() {
        let mut contract = Hello::default();
        contract.set_greeting("Howdy".to_string());

        assert_eq!(contract.get_greeting(), "Howdy");
        assert_eq!(get_logs(), ["The greeting is now: Howdy"]);
    }

    #[test]
    fn an_empty_greeting_is_a_greeting() {
        let mut contract = Hello::default();
        contract.set_greeting(String::new());

        assert_eq!(contract.get_greeting(), "");
    }
}
// ANCHOR_END: all
