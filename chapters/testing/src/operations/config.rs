// ANCHOR: all
//! The settings that the owner can change without new code.

use near_sdk::{AccountId, env, near, require};

use crate::operations::events::Event;
use crate::operations::guard::Guard;
use crate::operations::limits::Limits;
use crate::operations::ownership::require_owner;
use crate::operations::record::Record;
use crate::partners::Partners;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: set_partners
    /// Changes the partners. A partner that is left out stays.
    ///
    /// This account itself cannot be a partner: a call to this contract would have this contract as
    /// its predecessor, and pass the check of `#[private]`.
    #[payable]
    pub fn set_partners(
        &mut self,
        hello: Option<AccountId>,
        counter: Option<AccountId>,
        guestbook: Option<AccountId>,
    ) {
        require_owner();
        for partner in [&hello, &counter, &guestbook].into_iter().flatten() {
            require!(
                *partner != env::current_account_id(),
                "The contract cannot be its own partner"
            );
        }

        let before = self.partners.clone();
        self.partners = Partners {
            hello: hello.unwrap_or(before.hello),
            counter: counter.unwrap_or(before.counter),
            guestbook: guestbook.unwrap_or(before.guestbook),
        };
        Event::PartnersChanged {
            partners: self.partners.clone(),
        }
        .emit();
    }
    // ANCHOR_END: set_partners

    // ANCHOR: set_limits
    /// Replaces all limits.
    #[payable]
    pub fn set_limits(&mut self, limits: Limits) {
        require_owner();

        let mut guard = Guard::now();
        guard.limits = limits.clone();
        guard.store();
        Event::LimitsChanged { limits }.emit();
    }

    /// Returns the current limits.
    pub fn get_limits(&self) -> Limits {
        Guard::now().limits
    }
    // ANCHOR_END: set_limits

    // ANCHOR: pause
    /// Refuses new calls from now on. Callbacks of earlier calls still run.
    #[payable]
    pub fn pause(&mut self) {
        set_paused(true);
        Event::Paused {
            by: env::predecessor_account_id(),
        }
        .emit();
    }

    /// Admits new calls again.
    #[payable]
    pub fn resume(&mut self) {
        set_paused(false);
        Event::Resumed {
            by: env::predecessor_account_id(),
        }
        .emit();
    }

    /// Returns whether new calls are refused.
    pub fn is_paused(&self) -> bool {
        Guard::now().paused
    }
    // ANCHOR_END: pause
}

fn set_paused(paused: bool) {
    require_owner();

    let mut guard = Guard::now();
    guard.paused = paused;
    guard.store();
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_logs};
    use near_sdk::{NearToken, testing_env};

    use super::*;

    /// Returns our contract on `alice`, which owns itself.
    fn contract() -> Contract {
        called_by(0);
        Guard::default().store();
        Contract::new(None, None, None)
    }

    fn called_by(caller: usize) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(caller))
                .signer_account_id(accounts(caller))
                .attached_deposit(NearToken::from_yoctonear(1))
                .build()
        );
    }

    fn limits() -> Limits {
        Limits {
            max_deposit: NearToken::from_near(5),
            min_free_balance: NearToken::from_near(2),
        }
    }

    #[test]
    fn partners_that_are_left_out_do_not_change() {
        let mut contract = contract();

        contract.set_partners(None, Some(accounts(3)), None);

        let expected = Partners {
            counter: accounts(3),
            ..Partners::on_testnet()
        };
        assert_eq!(contract.get_partners(), &expected);
        assert!(get_logs()[0].contains(r#""event":"partners_changed""#));
    }

    #[test]
    #[should_panic(expected = "The contract cannot be its own partner")]
    fn the_contract_cannot_be_its_own_partner() {
        contract().set_partners(None, None, Some(accounts(0)));
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_choose_the_partners() {
        let mut contract = contract();
        called_by(2);

        contract.set_partners(Some(accounts(2)), None, None);
    }

    #[test]
    fn a_change_of_trust_is_an_event() {
        let mut contract = contract();

        contract.trust_oracle(accounts(2));
        contract.accept_token(accounts(3));

        assert_eq!(contract.money.oracle, Some(accounts(2)));
        assert_eq!(contract.money.token, Some(accounts(3)));
        assert!(get_logs()[1].contains(r#""data":{"oracle":"charlie","token":"danny"}"#));
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_change_trust() {
        let mut contract = contract();
        called_by(2);

        contract.trust_oracle(accounts(2));
    }

    #[test]
    fn limits_are_kept() {
        let mut contract = contract();

        contract.set_limits(limits());

        assert_eq!(contract.get_limits(), limits());
        assert!(get_logs()[0].contains(r#""event":"limits_changed""#));
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_set_limits() {
        let mut contract = contract();
        called_by(2);

        contract.set_limits(limits());
    }

    #[test]
    fn a_pause_lasts_until_the_owner_resumes() {
        let mut contract = contract();
        assert!(!contract.is_paused());

        contract.pause();
        assert!(contract.is_paused());

        contract.resume();
        assert!(!contract.is_paused());
        assert!(get_logs()[0].contains(r#""event":"paused","data":{"by":"alice"}"#));
        assert!(get_logs()[1].contains(r#""event":"resumed","data":{"by":"alice"}"#));
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_pause() {
        let mut contract = contract();
        called_by(2);

        contract.pause();
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_resume() {
        let mut contract = contract();
        called_by(2);

        contract.resume();
    }
}
// ANCHOR_END: all
