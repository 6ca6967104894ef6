//! An auction in fungible tokens, in which every bid but the highest comes back. Each fungible
//! token has an auction of its own.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, near};

use crate::Contract;

/// The highest bid.
#[near(serializers = [borsh])]
#[derive(Clone, Debug, PartialEq)]
pub struct Bid {
    /// The account whose tokens they are.
    pub bidder: AccountId,
    /// The amount, in the smallest unit of the token.
    pub amount: U128,
}

/// Returns the stored highest bids, by fungible token.
fn bids() -> LookupMap<AccountId, Bid> {
    LookupMap::new("bids".as_bytes())
}

impl Contract {
    // ANCHOR: code
    /// Takes tokens as a bid. Returns the amount that was not used: all of it, if the bid is not
    /// the highest.
    ///
    /// The tokens of the bid before go back. If they do not arrive, they are owed.
    pub fn bid(&mut self, currency: AccountId, bidder: AccountId, amount: U128) -> U128 {
        let mut bids = bids();
        let best = bids.get(&currency);
        if best.is_some_and(|best| amount <= best.amount) {
            return amount;
        }
        if let Some(outbid) = bids.insert(currency.clone(), Bid { bidder, amount }) {
            Self::pay_tokens(currency, outbid.bidder, outbid.amount).detach();
        }
        U128(0)
    }
    // ANCHOR_END: code
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{accounts, get_created_receipts};
    use near_sdk::{NearToken, PromiseResult};

    use super::*;
    use crate::tests::{called_by, contract, in_callback_after};

    /// Bids in the token `fargo`, for `accounts(bidder)`. Returns the unused amount.
    fn bid(contract: &mut Contract, bidder: usize, amount: u128) -> u128 {
        called_by(5, NearToken::default());
        let unused = contract.bid(accounts(5), accounts(bidder), U128(amount));
        unused.0
    }

    #[test]
    fn a_bid_that_is_not_the_highest_is_not_used() {
        called_by(5, NearToken::default());
        let mut contract = contract();
        assert_eq!(bid(&mut contract, 2, 10), 0);

        assert_eq!(bid(&mut contract, 3, 10), 10);
        assert!(get_created_receipts().is_empty());
    }

    // ANCHOR: test
    #[test]
    fn a_bid_before_that_does_not_arrive_is_owed() {
        called_by(5, NearToken::default());
        let mut contract = contract();
        bid(&mut contract, 2, 10);
        assert_eq!(bid(&mut contract, 3, 11), 0);
        let [transfer, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(transfer.receiver_id, accounts(5));
        assert_eq!(callback.receipt_indices.len(), 1, "it waits");

        in_callback_after(PromiseResult::Failed);
        contract.pay_tokens_callback(accounts(5), accounts(2), U128(10));
        assert_eq!(contract.get_owed_tokens(accounts(5), accounts(2)), U128(10));
    }
    // ANCHOR_END: test
}
