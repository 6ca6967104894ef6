// ANCHOR: all
//! Entries about other accounts, and the payment for their storage.
//!
//! An account must hold money for each byte that it stores (storage staking). If an entry were
//! free, anyone could use up the money of this contract. So each entry has a maximum size. The user
//! who wants an entry deposits the price of that size, and gets it back when the entry is removed.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use crate::batch::deposit::require_deposit;
use crate::enter::enter;
use crate::money::owed::pay_back;
use crate::responses::breaker::{Breaker, COOL_DOWN};
use crate::responses::state::Watched;
use crate::{Contract, ContractExt};

// ANCHOR: price
/// The price of an entry: 0.01 NEAR, which pays for 1,000 bytes at 10^19 yoctoNEAR. The largest
/// entry has fewer.
pub const WATCH_PRICE: NearToken = NearToken::from_millinear(10);
// ANCHOR_END: price

#[near]
impl Contract {
    // ANCHOR: watch
    /// Adds an entry for this account. [`Contract::unwatch`] pays back the price. What was attached
    /// beyond the price is paid back at once.
    #[payable]
    pub fn watch(&mut self, account_id: AccountId) {
        enter("watch");

        let deposit = require_deposit(WATCH_PRICE);
        require!(
            !self.responses.watched.contains_key(&account_id),
            format!("{account_id} is watched already")
        );
        let payer = env::predecessor_account_id();
        let entry = Watched {
            payer: payer.clone(),
            paid: WATCH_PRICE,
            breaker: Breaker::default(),
            opened_at: 0,
            cached: None,
        };
        self.responses.watched.insert(account_id, entry);
        self.money.hold(WATCH_PRICE);

        let rest = deposit.saturating_sub(WATCH_PRICE);
        if !rest.is_zero() {
            pay_back(payer, rest).detach();
        }
    }
    // ANCHOR_END: watch

    // ANCHOR: unwatch
    /// Removes the entry of this account, and pays the price back. Only the payer of the entry may
    /// call this. Returns whether the payment has arrived.
    ///
    /// Panics while the breaker cools down: a new entry has a closed breaker, so the payer could
    /// call an account that fails by removing the entry and adding it again.
    pub fn unwatch(&mut self, account_id: AccountId) -> Promise {
        enter("unwatch");

        let payer = env::predecessor_account_id();
        let entry = self.responses.entry(&account_id);
        require!(
            entry.payer == payer,
            format!("{account_id} is watched for {}", entry.payer)
        );
        let blocks = entry.cools_down(env::block_height());
        require!(
            blocks == 0,
            format!("The breaker of {account_id} cools down, come back in {blocks} blocks")
        );
        let paid = entry.paid;
        self.responses.watched.remove(&account_id);
        self.money.release(paid);

        pay_back(payer, paid)
    }
    // ANCHOR_END: unwatch
}

// ANCHOR: cools_down
impl Watched {
    /// Returns the number of blocks for which the entry cannot be removed, because its breaker has
    /// opened.
    fn cools_down(&self, now: u64) -> u64 {
        if self.breaker.is_closed() {
            return 0;
        }
        (self.opened_at + COOL_DOWN).saturating_sub(now)
    }
}
// ANCHOR_END: cools_down

#[cfg(test)]
mod tests {
    use near_sdk::borsh;
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;
    use crate::responses::check::MAX_GREETING_CHARS;
    use crate::responses::state::{Cached, WATCHED};

    /// Sets the context of a call by `accounts(caller)` with this deposit.
    fn call_by(caller: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .predecessor_account_id(accounts(caller))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// Returns the transfers that were created, as receiver and amount.
    fn transfers() -> Vec<(AccountId, NearToken)> {
        get_created_receipts()
            .into_iter()
            .filter_map(|receipt| match receipt.actions[..] {
                [MockAction::Transfer { deposit, .. }] => Some((receipt.receiver_id, deposit)),
                _ => None,
            })
            .collect()
    }

    /// Returns a contract with an entry for `bob`, for which `alice` has paid exactly the price.
    fn contract() -> Contract {
        let mut contract = Contract::new(None, None, None);
        call_by(0, WATCH_PRICE);
        contract.watch(accounts(1));
        contract
    }

    // ANCHOR: test_largest_entry
    #[test]
    fn the_price_covers_the_storage_of_the_largest_entry() {
        let longest_name: AccountId = "a".repeat(64).parse().unwrap();
        let entry = Watched {
            payer: longest_name.clone(),
            paid: NearToken::from_yoctonear(u128::MAX),
            breaker: Breaker::HalfOpen { since: u64::MAX },
            opened_at: u64::MAX,
            cached: Some(Cached {
                greeting: "𝔊".repeat(MAX_GREETING_CHARS),
                asked_at: u64::MAX,
            }),
        };

        let key = WATCHED.len() + borsh::to_vec(&longest_name).unwrap().len();
        let value = borsh::to_vec(&entry).unwrap().len();
        // The chain charges 40 bytes more for each entry.
        let bytes = (key + value + 40) as u128;
        assert!(env::storage_byte_cost().saturating_mul(bytes) <= WATCH_PRICE);
    }
    // ANCHOR_END: test_largest_entry

    #[test]
    fn at_the_exact_price_nothing_is_paid_back() {
        contract();

        assert!(transfers().is_empty());
    }

    #[test]
    fn a_deposit_beyond_the_price_is_paid_back() {
        let mut contract = Contract::new(None, None, None);
        call_by(0, NearToken::from_millinear(15));
        contract.watch(accounts(1));

        assert_eq!(transfers(), [(accounts(0), NearToken::from_millinear(5))]);
    }

    #[test]
    #[should_panic(expected = "Attach at least 0.01 NEAR")]
    fn a_deposit_below_the_price_is_refused() {
        call_by(0, NearToken::from_millinear(9));
        Contract::new(None, None, None).watch(accounts(1));
    }

    #[test]
    #[should_panic(expected = "bob is watched already")]
    fn a_second_entry_for_an_account_is_refused() {
        let mut contract = contract();
        call_by(2, WATCH_PRICE);
        contract.watch(accounts(1));
    }

    #[test]
    fn the_price_is_paid_back_when_the_entry_is_removed() {
        let mut contract = contract();
        call_by(0, NearToken::from_near(0));
        contract.unwatch(accounts(1)).detach();

        assert_eq!(transfers(), [(accounts(0), WATCH_PRICE)]);
        assert!(!contract.responses.watched.contains_key(&accounts(1)));
    }

    /// Returns the contract, with a breaker of `bob` that is open since block 100.
    fn contract_with_open_breaker() -> Contract {
        let mut contract = contract();
        let entry = contract.responses.entry(&accounts(1));
        entry.breaker = Breaker::Open { since: 100 };
        entry.opened_at = 100;
        contract
    }

    fn unwatch_in_block(contract: &mut Contract, height: u64) {
        testing_env!(
            VMContextBuilder::new()
                .predecessor_account_id(accounts(0))
                .block_height(height)
                .build()
        );
        contract.unwatch(accounts(1)).detach();
    }

    #[test]
    #[should_panic(expected = "The breaker of bob cools down, come back in 1 blocks")]
    fn an_entry_with_an_open_breaker_cannot_be_removed() {
        unwatch_in_block(&mut contract_with_open_breaker(), 119);
    }

    #[test]
    fn a_trial_that_fails_does_not_keep_the_payer_from_removing_the_entry() {
        let mut contract = contract_with_open_breaker();
        contract.responses.entry(&accounts(1)).breaker = Breaker::Open { since: 119 };
        unwatch_in_block(&mut contract, 120);

        assert_eq!(transfers(), [(accounts(0), WATCH_PRICE)]);
    }

    #[test]
    fn an_entry_with_an_open_breaker_can_be_removed_after_the_cool_down() {
        let mut contract = contract_with_open_breaker();
        unwatch_in_block(&mut contract, 120);

        assert_eq!(transfers(), [(accounts(0), WATCH_PRICE)]);
    }

    #[test]
    #[should_panic(expected = "bob is watched for alice")]
    fn nobody_else_can_remove_the_entry() {
        let mut contract = contract();
        call_by(2, NearToken::from_near(0));
        contract.unwatch(accounts(1)).detach();
    }

    #[test]
    #[should_panic(expected = "bob is not watched")]
    fn the_price_is_paid_back_once() {
        let mut contract = contract();
        call_by(0, NearToken::from_near(0));
        contract.unwatch(accounts(1)).detach();
        contract.unwatch(accounts(1)).detach();
    }
}
// ANCHOR_END: all
