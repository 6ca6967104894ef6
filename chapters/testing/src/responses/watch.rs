// ANCHOR: all
//! What the contract remembers about other accounts, and who pays for the storage.
//!
//! An account must hold money for every byte that it stores. If anyone could make this contract
//! remember things for nothing, anyone could use up its money. So each entry has a largest size, and
//! whoever wants the entry leaves the money for that, and gets it back with the end of the entry.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use crate::batch::deposit::require_deposit;
use crate::enter::enter;
use crate::money::owed::pay_back;
use crate::responses::breaker::{Breaker, COOL_DOWN};
use crate::responses::state::Watched;
use crate::{Contract, ContractExt};

// ANCHOR: price
/// What an entry costs: 0.01 NEAR, which is 1,000 bytes at 10^19 yoctoNEAR. The largest has fewer.
pub const WATCH_PRICE: NearToken = NearToken::from_millinear(10);
// ANCHOR_END: price

#[near]
impl Contract {
    // ANCHOR: watch
    /// From now on the contract remembers how this account behaves. The price comes back with
    /// [`Contract::unwatch`], and what was attached beyond it at once.
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
    /// Forgets all about this account. Only the one who has paid for the entry may ask for that, and
    /// gets the money back. Answers whether it has arrived.
    ///
    /// Not while the breaker cools down: a new entry has a closed one, so leaving and joining would open
    /// the way to an account that fails.
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
    /// Returns for how many blocks more the entry stays, because its breaker has opened.
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

    /// The next call is one of `accounts(caller)` with this deposit.
    fn call_by(caller: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .predecessor_account_id(accounts(caller))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// The transfers that leave, as receiver and amount.
    fn transfers() -> Vec<(AccountId, NearToken)> {
        get_created_receipts()
            .into_iter()
            .filter_map(|receipt| match receipt.actions[..] {
                [MockAction::Transfer { deposit, .. }] => Some((receipt.receiver_id, deposit)),
                _ => None,
            })
            .collect()
    }

    /// A contract that watches `bob`, for `alice`, who has paid exactly the price.
    fn contract() -> Contract {
        let mut contract = Contract::new(None, None, None);
        call_by(0, WATCH_PRICE);
        contract.watch(accounts(1));
        contract
    }

    // ANCHOR: test_largest_entry
    #[test]
    fn the_price_pays_for_the_largest_entry() {
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
        // The chain counts 40 bytes more for each entry.
        let bytes = (key + value + 40) as u128;
        assert!(env::storage_byte_cost().saturating_mul(bytes) <= WATCH_PRICE);
    }
    // ANCHOR_END: test_largest_entry

    #[test]
    fn at_the_exact_price_nothing_goes_back() {
        contract();

        assert!(transfers().is_empty());
    }

    #[test]
    fn what_is_beyond_the_price_goes_back() {
        let mut contract = Contract::new(None, None, None);
        call_by(0, NearToken::from_millinear(15));
        contract.watch(accounts(1));

        assert_eq!(transfers(), [(accounts(0), NearToken::from_millinear(5))]);
    }

    #[test]
    #[should_panic(expected = "Attach at least 0.01 NEAR")]
    fn nobody_is_watched_for_less() {
        call_by(0, NearToken::from_millinear(9));
        Contract::new(None, None, None).watch(accounts(1));
    }

    #[test]
    #[should_panic(expected = "bob is watched already")]
    fn nobody_is_watched_twice() {
        let mut contract = contract();
        call_by(2, WATCH_PRICE);
        contract.watch(accounts(1));
    }

    #[test]
    fn the_end_of_the_entry_gives_the_price_back() {
        let mut contract = contract();
        call_by(0, NearToken::from_near(0));
        contract.unwatch(accounts(1)).detach();

        assert_eq!(transfers(), [(accounts(0), WATCH_PRICE)]);
        assert!(!contract.responses.watched.contains_key(&accounts(1)));
    }

    /// The contract, and the breaker of `bob` has been open since block 100.
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
    fn an_open_breaker_is_not_closed_by_leaving_and_joining() {
        unwatch_in_block(&mut contract_with_open_breaker(), 119);
    }

    #[test]
    fn a_trial_that_fails_keeps_nobody_from_leaving() {
        let mut contract = contract_with_open_breaker();
        contract.responses.entry(&accounts(1)).breaker = Breaker::Open { since: 119 };
        unwatch_in_block(&mut contract, 120);

        assert_eq!(transfers(), [(accounts(0), WATCH_PRICE)]);
    }

    #[test]
    fn the_price_of_an_open_breaker_comes_back_after_the_cool_down() {
        let mut contract = contract_with_open_breaker();
        unwatch_in_block(&mut contract, 120);

        assert_eq!(transfers(), [(accounts(0), WATCH_PRICE)]);
    }

    #[test]
    #[should_panic(expected = "bob is watched for alice")]
    fn nobody_else_ends_the_entry() {
        let mut contract = contract();
        call_by(2, NearToken::from_near(0));
        contract.unwatch(accounts(1)).detach();
    }

    #[test]
    #[should_panic(expected = "bob is not watched")]
    fn the_price_comes_back_once() {
        let mut contract = contract();
        call_by(0, NearToken::from_near(0));
        contract.unwatch(accounts(1)).detach();
        contract.unwatch(accounts(1)).detach();
    }
}
// ANCHOR_END: all
