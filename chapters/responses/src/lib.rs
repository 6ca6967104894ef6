// ANCHOR: all
//! A contract that lets other contracts work for it.
//!
//! It has three partners: a contract that keeps a greeting, one that counts, and one that keeps
//! messages. Here it asks the first for its greeting, and changes it. Then it sends several actions at
//! once: to its partners, to a new account, to a token. And it calls several contracts at the same time.
//! It asks strangers too, whatever they answer, and it takes in money, all of which finds its way.

use near_sdk::{AccountId, PanicOnDefault, near};

pub mod batch;
pub mod call_result;
pub mod enter;
pub mod greeting;
pub mod money;
pub mod parallel;
pub mod partners;
pub mod promise_results;
pub mod responses;

use partners::Partners;

// ANCHOR: state
/// The whole state: whom to call, what strangers did, and whose money is here.
///
/// There is no sensible default, so a contract without [`Contract::new`] answers no call.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(PanicOnDefault)]
pub struct Contract {
    partners: Partners,
    pub(crate) responses: responses::state::State,
    pub(crate) money: money::state::State,
}
// ANCHOR_END: state

// ANCHOR: init
#[near]
impl Contract {
    /// Says whom to call. A partner that is left out is the one on testnet.
    ///
    /// `#[init]` lets it run once. `#[private]` lets only this account itself run it: a stranger who
    /// comes between the deployment and this call cannot choose the partners.
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
            responses: responses::state::State::default(),
            money: money::state::State::default(),
        }
    }

    /// The accounts that this contract calls.
    pub fn get_partners(&self) -> &Partners {
        &self.partners
    }
}
// ANCHOR_END: init

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
    fn there_is_no_contract_without_partners() {
        let _ = Contract::default();
    }
}
// ANCHOR_END: all
