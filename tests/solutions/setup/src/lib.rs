//! A contract that calls other contracts.
//!
//! It has three partners: a contract that stores a greeting, one that counts, and one that stores
//! messages. Here it reads and changes the greeting.

use near_sdk::{AccountId, PanicOnDefault, near};

pub mod enter;
pub mod greeting;
pub mod partners;
pub mod promise_results;
pub mod solutions;

use partners::Partners;
use solutions::memory::Memory;

// ANCHOR: state
/// The whole state: the accounts of the partners, and the memory of `remember_greeting`.
///
/// There is no sensible default, so each method panics until [`Contract::new`] was called.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(PanicOnDefault)]
pub struct Contract {
    partners: Partners,
    memory: Memory,
}
// ANCHOR_END: state

#[near]
impl Contract {
    /// Initializes the contract with its partners. A partner that is left out is the public one on
    /// testnet.
    ///
    /// `#[init]` lets the method run once. `#[private]` lets only this account itself call it:
    /// nobody else can choose the partners between the deployment and this call.
    #[init]
    #[private]
    pub fn new(
        hello: Option<AccountId>,
        counter: Option<AccountId>,
        guestbook: Option<AccountId>,
    ) -> Self {
        let testnet = Partners::on_testnet();

        Self {
            partners: Partners {
                hello: hello.unwrap_or(testnet.hello),
                counter: counter.unwrap_or(testnet.counter),
                guestbook: guestbook.unwrap_or(testnet.guestbook),
            },
            memory: Memory::default(),
        }
    }

    /// Returns the accounts that this contract calls.
    pub fn get_partners(&self) -> &Partners {
        &self.partners
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;

    #[test]
    fn partners_that_are_left_out_are_the_ones_on_testnet() {
        let contract = Contract::new(None, None, None);

        assert_eq!(contract.get_partners(), &Partners::on_testnet());
    }

    #[test]
    fn partners_that_are_named_are_kept() {
        let contract = Contract::new(Some(accounts(0)), None, Some(accounts(2)));

        assert_eq!(
            contract.get_partners(),
            &Partners {
                hello: accounts(0),
                counter: Partners::on_testnet().counter,
                guestbook: accounts(2),
            }
        );
    }

    #[test]
    #[should_panic(expected = "The contract is not initialized")]
    fn a_contract_without_partners_panics() {
        let _ = Contract::default();
    }
}
