//! An auction in fungible tokens, in which every bid but the highest comes back. Each token has an auction of its own.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, Gas, Promise, env, ext_contract, log, near};

use crate::enter::enter;
use crate::nft::ONE_YOCTO;
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::{Contract, ContractExt};

/// The static gas of `ft_transfer`: 5 Tgas. It changes two balances.
const GAS_FOR_FT_TRANSFER: Gas = Gas::from_tgas(5);

/// The method that we call at a token.
#[ext_contract(ft)]
pub trait Ft {
    /// Sends tokens of the caller to `receiver_id`, which must be registered (NEP-141).
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128, memo: Option<String>);
}

/// The highest bid.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Bid {
    /// The account whose tokens they are.
    pub bidder: AccountId,
    /// The amount, in the smallest unit of the token.
    pub amount: U128,
}

/// Returns the stored highest bids, by token.
fn bids() -> LookupMap<AccountId, Bid> {
    LookupMap::new("bids".as_bytes())
}

/// Returns the stored debts in tokens, by token and owner.
fn debts() -> LookupMap<(AccountId, AccountId), u128> {
    LookupMap::new("debts".as_bytes())
}

#[near]
impl Contract {
    // ANCHOR: code
    /// Takes tokens as a bid. Returns the amount that was not used: all of it, if the bid is not the highest.
    pub fn ft_on_transfer(&mut self, sender_id: AccountId, amount: U128) -> U128 {
        enter("ft_on_transfer");

        let token = env::predecessor_account_id();
        let mut bids = bids();
        let best = bids.get(&token).cloned();
        if best.as_ref().is_some_and(|best| amount <= best.amount) {
            return amount;
        }
        let bidder = sender_id;
        bids.insert(token.clone(), Bid { bidder, amount });
        if let Some(outbid) = best {
            send_back(token, outbid.bidder, outbid.amount).detach();
        }
        U128(0)
    }

    /// Records a debt to `owner` when the tokens have not arrived. Returns whether they have.
    #[private]
    pub fn send_back_callback(&mut self, token: AccountId, owner: AccountId, amount: U128) -> bool {
        enter("send_back_callback");

        let arrived = call_succeeded();
        if !arrived {
            log!("{owner} is owed {} of {token}", amount.0);
            let mut debts = debts();
            let debt = debts.entry((token, owner)).or_default();
            *debt = debt.saturating_add(amount.0);
        }
        arrived
    }

    /// Sends the caller the tokens that it is owed. The debt is removed first, so a second claim finds nothing.
    pub fn claim_tokens(&mut self, token: AccountId) -> Promise {
        enter("claim_tokens");

        let owner = env::predecessor_account_id();
        let Some(amount) = debts().remove(&(token.clone(), owner.clone())) else {
            env::panic_str(&format!("{owner} is owed nothing of {token}"));
        };
        send_back(token, owner, U128(amount))
    }
    // ANCHOR_END: code

    /// Returns the highest bid in a token.
    pub fn get_bid(&self, token: &AccountId) -> Option<Bid> {
        bids().get(token).cloned()
    }

    /// Returns the tokens that an account is owed.
    pub fn get_owed_tokens(&self, token: AccountId, account_id: AccountId) -> U128 {
        U128(debts().get(&(token, account_id)).copied().unwrap_or(0))
    }
}

/// Sends tokens to their owner, and waits for the result.
fn send_back(token: AccountId, owner: AccountId, amount: U128) -> Promise {
    ft::ext(token.clone())
        .with_attached_deposit(ONE_YOCTO)
        .with_static_gas(GAS_FOR_FT_TRANSFER)
        .with_unused_gas_weight(0)
        .ft_transfer(owner.clone(), amount, None)
        .then(
            Contract::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .send_back_callback(token, owner, amount),
        )
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{accounts, get_created_receipts};
    use near_sdk::{NearToken, PromiseResult};

    use super::*;
    use crate::tests::{called_by, contract, in_callback_after};

    /// Bids as the token `bob`, for `accounts(bidder)`. Returns the unused amount.
    fn bid(contract: &mut Contract, bidder: usize, amount: u128) -> u128 {
        called_by(1, NearToken::default());
        contract.ft_on_transfer(accounts(bidder), U128(amount)).0
    }

    #[test]
    fn a_bid_that_is_not_the_highest_is_not_used() {
        called_by(1, NearToken::default());
        let mut contract = contract();
        assert_eq!(bid(&mut contract, 2, 10), 0);

        assert_eq!(bid(&mut contract, 3, 10), 10);
        assert_eq!(contract.get_bid(&accounts(1)).unwrap().bidder, accounts(2));
    }

    #[test]
    fn a_higher_bid_sends_the_one_before_it_back_and_waits() {
        called_by(1, NearToken::default());
        let mut contract = contract();
        bid(&mut contract, 2, 10);
        assert_eq!(bid(&mut contract, 3, 11), 0);

        let [transfer, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(transfer.receiver_id, accounts(1));
        assert_eq!(callback.receipt_indices.len(), 1, "it waits");
    }

    // ANCHOR: test
    #[test]
    fn tokens_that_did_not_arrive_are_owed_and_claimed_once() {
        in_callback_after(PromiseResult::Failed);
        let mut contract = contract();
        assert!(!contract.send_back_callback(accounts(1), accounts(2), U128(10)));
        assert_eq!(contract.get_owed_tokens(accounts(1), accounts(2)), U128(10));

        called_by(2, NearToken::default());
        contract.claim_tokens(accounts(1)).detach();
        assert_eq!(contract.get_owed_tokens(accounts(1), accounts(2)), U128(0));
    }
    // ANCHOR_END: test

    #[test]
    #[should_panic(expected = "danny is owed nothing of bob")]
    fn nobody_claims_what_is_owed_to_another() {
        in_callback_after(PromiseResult::Failed);
        let mut contract = contract();
        contract.send_back_callback(accounts(1), accounts(2), U128(10));

        called_by(3, NearToken::default());
        contract.claim_tokens(accounts(1)).detach();
    }
}
