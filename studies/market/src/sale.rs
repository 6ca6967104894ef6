// ANCHOR: all
//! A sale: the token goes to the buyer, and the money to those whom the collection names.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Gas, NearToken, Promise, env, log, near};

use crate::enter::enter;
use crate::listings::{Terms, TokenKey};
use crate::money::owed::pay_back;
use crate::nft::{GAS_FOR_NFT_TRANSFER_PAYOUT, ONE_YOCTO, nft};
use crate::payout::{MAX_LEN_PAYOUT, payments};
use crate::room::LISTING_PRICE;
use crate::{Contract, ContractExt};

/// Returns the price without the fee of the market, which is 2 %.
pub fn after_fee(price: U128) -> U128 {
    U128(price.0 - price.0 / 50)
}

/// The static gas of the callback: 180 Tgas. It pays up to eleven accounts, each of which may be an
/// implicit account that the payment creates.
pub const GAS_FOR_BUY_CALLBACK: Gas = Gas::from_tgas(180);

#[near]
impl Contract {
    // ANCHOR: buy
    /// Buys a token at exactly its price in NEAR. Returns whether the token has been sold.
    ///
    /// The listing goes first, so a second buyer finds none. It does not come back if the sale
    /// fails, not even if the approval is still valid: the seller approves us anew.
    ///
    /// The price is attached to the callback. So it is not part of our balance until the callback
    /// runs, where it would look like our own money.
    #[payable]
    pub fn buy(&mut self, collection: AccountId, token_id: String) -> Promise {
        enter("buy");

        let (token, buyer) = ((collection, token_id), env::predecessor_account_id());
        let deposit = env::attached_deposit();
        let price = U128(deposit.as_yoctonear());
        let listing = self.take_listing(
            &token,
            Terms {
                price,
                currency: None,
            },
        );
        self.free_storage(listing.seller.clone(), LISTING_PRICE);
        Self::transfer_payout(token, listing.approval_id, buyer.clone(), price).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_BUY_CALLBACK)
                .with_attached_deposit(deposit)
                .buy_callback(buyer, listing.seller, deposit),
        )
    }
    // ANCHOR_END: buy

    // ANCHOR: buy_callback
    /// Pays those whom the bill names, or pays the buyer back if the transfer has failed. Returns
    /// whether the token has been sold.
    ///
    /// A payment that fails becomes a debt to its receiver, and stops no other one.
    #[private]
    #[payable]
    pub fn buy_callback(&mut self, buyer: AccountId, seller: AccountId, price: NearToken) -> bool {
        enter("buy_callback");

        let Some(payments) = payments(&seller, after_fee(U128(price.as_yoctonear()))) else {
            pay_back(buyer, price).detach();
            return false;
        };
        log!("{buyer} has bought a token of {seller}");
        for (receiver, amount) in payments {
            pay_back(receiver, NearToken::from_yoctonear(amount.0)).detach();
        }
        true
    }
    // ANCHOR_END: buy_callback
}

impl Contract {
    // ANCHOR: transfer_payout
    /// Calls the collection, which transfers a token to `buyer` and returns who is to be paid.
    pub(crate) fn transfer_payout(
        token: TokenKey,
        approval_id: u64,
        buyer: AccountId,
        price: U128,
    ) -> Promise {
        let (collection, token_id) = token;
        nft::ext(collection)
            .with_attached_deposit(ONE_YOCTO)
            .with_static_gas(GAS_FOR_NFT_TRANSFER_PAYOUT)
            .with_unused_gas_weight(0)
            .nft_transfer_payout(
                buyer,
                token_id,
                Some(approval_id),
                None,
                after_fee(price),
                Some(MAX_LEN_PAYOUT),
            )
    }
    // ANCHOR_END: transfer_payout
}

#[cfg(test)]
mod tests {
    use near_sdk::PromiseResult;
    use near_sdk::mock::MockAction;
    use near_sdk::serde_json::{self, Value};
    use near_sdk::test_utils::{accounts, get_created_receipts};

    use super::*;
    use crate::tests::{ONE_NEAR, called_by, contract, contract_with_listing, in_callback_after};

    fn buy(contract: &mut Contract, deposit: NearToken) {
        called_by(4, deposit);
        contract.buy(accounts(1), "lamp".to_string()).detach();
    }

    /// Returns the transfers that were created, as receiver and amount in millinear.
    fn transfers() -> Vec<(AccountId, u128)> {
        let receipts = get_created_receipts().into_iter();
        receipts
            .filter_map(|receipt| match receipt.actions[..] {
                [MockAction::Transfer { deposit, .. }] => {
                    Some((receipt.receiver_id, deposit.as_millinear()))
                }
                _ => None,
            })
            .collect()
    }

    /// Returns the transfers after the callback of a sale by `charlie` to `eugene` for 1 NEAR.
    fn transfers_after(result: PromiseResult) -> (bool, Vec<(AccountId, u128)>) {
        in_callback_after(result);
        let sold = contract().buy_callback(accounts(4), accounts(2), ONE_NEAR);
        (sold, transfers())
    }

    #[test]
    fn the_call_names_the_approval_and_the_price_without_the_fee() {
        let mut contract = contract_with_listing();
        buy(&mut contract, ONE_NEAR);

        let [call, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        let [
            MockAction::FunctionCallWeight {
                args, gas_weight, ..
            },
        ] = &call.actions[..]
        else {
            panic!("not one call: {call:?}");
        };
        let args: Value = serde_json::from_slice(args).unwrap();
        assert_eq!(args["receiver_id"], "eugene");
        assert_eq!(args["approval_id"], 7);
        assert_eq!(args["balance"], "980000000000000000000000");
        assert_eq!(args["max_len_payout"], 10);
        assert_eq!(gas_weight.0, 0, "it gets no unused gas");
        assert!(matches!(
            callback.actions[..],
            [MockAction::FunctionCallWeight { attached_deposit, .. }] if attached_deposit == ONE_NEAR
        ));
    }

    #[test]
    #[should_panic(expected = "This token is not for sale")]
    fn the_second_buyer_finds_no_listing() {
        let mut contract = contract_with_listing();
        buy(&mut contract, ONE_NEAR);
        buy(&mut contract, ONE_NEAR);
    }

    #[test]
    #[should_panic(expected = "The price is 1 NEAR")]
    fn another_price_is_refused() {
        buy(&mut contract_with_listing(), NearToken::from_near(2));
    }

    #[test]
    #[should_panic(expected = "We do not trust bob")]
    fn a_token_of_a_collection_that_is_no_longer_trusted_is_not_sold() {
        let mut contract = contract_with_listing();
        called_by(0, ONE_YOCTO);
        contract.trust(accounts(1), false);
        buy(&mut contract, ONE_NEAR);
    }

    #[test]
    fn after_a_failure_the_buyer_gets_the_whole_price() {
        let after = transfers_after(PromiseResult::Failed);

        assert_eq!(after, (false, vec![(accounts(4), 1_000)]));
    }

    #[test]
    fn after_a_success_the_bill_is_paid_and_the_fee_stays() {
        let bill =
            r#"{"payout":{"charlie":"880000000000000000000000","dan":"100000000000000000000000"}}"#;
        let after = transfers_after(PromiseResult::Successful(bill.into()));

        let paid = vec![(accounts(2), 880), ("dan".parse().unwrap(), 100)];
        assert_eq!(after, (true, paid));
    }

    #[test]
    fn after_a_success_without_a_bill_the_seller_gets_the_price_without_the_fee() {
        let after = transfers_after(PromiseResult::Successful(Vec::new()));

        assert_eq!(after, (true, vec![(accounts(2), 980)]));
    }
}
// ANCHOR_END: all
