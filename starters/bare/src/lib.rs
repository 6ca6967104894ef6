//! A contract that calls another one, to begin your own contract from.
//!
//! It has two examples: [`count`] calls a partner and reads the result in a callback, and
//! [`batch::guestbook`] does so with the user's money. The rest is what a contract with users and
//! an owner needs: a guard, events, debts that are recorded, and upgrades.

use near_sdk::{NearToken, PanicOnDefault, env, near};

pub mod batch;
pub mod count;
pub mod enter;
pub mod money;
pub mod operations;
pub mod partners;
pub mod promise_results;
pub mod upgrade;

use operations::events::Event;
use operations::guard::Guard;
use operations::ownership::{Ownership, require_owner};
use operations::record::Record;
use partners::Partners;
use upgrade::version::StateVersion;

/// The state. Three records are stored beside it: the [owner](operations::ownership), the
/// [guard](operations::guard) and the [version](upgrade::version) of this state.
///
/// There is no default, so no method works before [`Contract::new`] was called.
#[near(
    contract_state,
    contract_metadata(
        standard(standard = "nep330", version = "1.3.0"),
        standard(standard = "nep297", version = "1.0.0"),
    )
)]
#[derive(PanicOnDefault)]
pub struct Contract {
    /// The contracts that this one calls.
    partners: Partners,
    /// The money of others that is on this account.
    pub(crate) money: money::state::State,
}

#[near]
impl Contract {
    /// Creates the state. The owner is this account itself, until another one accepts.
    ///
    /// `#[init]` lets it run once. `#[private]` lets only this account call it, so that no other
    /// account can call it first and choose the partners.
    #[init]
    #[private]
    pub fn new(partners: Partners) -> Self {
        Ownership::of(env::current_account_id()).store();
        Guard::default().store();
        StateVersion::OF_THIS_RELEASE.store();

        Self {
            partners: partners.checked(),
            money: money::state::State::default(),
        }
    }

    /// Replaces all partners. Only the owner may call this.
    #[payable]
    pub fn set_partners(&mut self, partners: Partners) {
        require_owner();

        self.partners = partners.clone().checked();
        Event::PartnersChanged { partners }.emit();
    }

    /// Returns the accounts that this contract calls.
    pub fn get_partners(&self) -> &Partners {
        &self.partners
    }

    /// Returns the part of this account's balance that belongs to others. Money in flight is not in
    /// the balance, and does not count.
    pub fn get_liabilities(&self) -> NearToken {
        self.money.liabilities()
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Returns our contract, with `bob` as its partner.
    pub(crate) fn contract() -> Contract {
        let guestbook = accounts(1);
        Contract::new(Partners { guestbook })
    }

    /// Sets the context of a call to our contract on `alice`, with a yoctoNEAR.
    pub(crate) fn called_by(predecessor: usize) {
        callback_of(predecessor, Vec::new());
    }

    /// Sets the context of a call to it that has waited for promises with these results.
    pub(crate) fn callback_of(predecessor: usize, results: Vec<PromiseResult>) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .attached_deposit(NearToken::from_yoctonear(1))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
    }

    #[test]
    #[should_panic(expected = "The contract cannot be its own partner")]
    fn the_contract_is_not_its_own_partner() {
        called_by(0);
        let guestbook = accounts(0);
        contract().set_partners(Partners { guestbook });
    }
}
