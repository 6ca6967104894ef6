// ANCHOR: all
//! Fungible tokens as the second way to pay (NEP-141).
//!
//! The buyer sends them with `ft_transfer_call`, and we answer which amount we have not used. If
//! the sale fails, that is all of it: the token sends it back, and we pay nobody.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Gas, NearToken, Promise, env, ext_contract, log, near, serde_json};

use crate::enter::enter;
use crate::listings::Terms;
use crate::nft::ONE_YOCTO;
use crate::payout::payments;
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::room::TOKENS_LISTING_PRICE;
use crate::sale::after_fee;
use crate::{Contract, ContractExt};

/// The static gas of `ft_transfer`: 10 Tgas. It changes two balances.
pub const GAS_FOR_FT_TRANSFER: Gas = Gas::from_tgas(10);

/// The static gas of the callback: 200 Tgas. It pays up to eleven accounts.
pub const GAS_FOR_FT_ON_TRANSFER_CALLBACK: Gas = Gas::from_tgas(200);

/// The method that we call at a fungible token.
#[ext_contract(ft)]
pub trait FungibleToken {
    /// Moves tokens of the caller, who attaches one yoctoNEAR. Fails if the receiver is not
    /// registered (NEP-145).
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128);
}

/// The purchase that a transfer pays for. The buyer writes it as JSON into `msg`.
#[near(serializers = [json])]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// The collection.
    pub collection: AccountId,
    /// The id of the token there.
    pub token_id: String,
}

#[near]
impl Contract {
    // ANCHOR: ft_on_transfer
    /// Buys the token that `msg` names at exactly its price. The fungible token calls this after it
    /// has moved `amount` of `sender_id` to us.
    ///
    /// Returns the amount that was not used. If it panics, the fungible token sends all back.
    pub fn ft_on_transfer(&mut self, sender_id: AccountId, amount: U128, msg: String) -> Promise {
        enter("ft_on_transfer");

        // Anyone can call this method and claim to be a fungible token.
        let currency = env::predecessor_account_id();
        self.require_trusted(&currency);
        let Ok(purchase) = serde_json::from_str::<Purchase>(&msg) else {
            env::panic_str("Say the collection and the token_id in `msg`");
        };
        let token = (purchase.collection, purchase.token_id);
        let offered = Terms {
            price: amount,
            currency: Some(currency.clone()),
        };
        let listing = self.take_listing(&token, offered);
        Self::transfer_payout(token, listing.approval_id, sender_id.clone(), amount).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_FT_ON_TRANSFER_CALLBACK)
                .ft_on_transfer_callback(sender_id, listing.seller, amount, currency),
        )
    }
    // ANCHOR_END: ft_on_transfer

    // ANCHOR: ft_on_transfer_callback
    /// Pays those whom the bill names. Returns the amount that was not used: all, if the transfer
    /// has failed.
    #[private]
    pub fn ft_on_transfer_callback(
        &mut self,
        buyer: AccountId,
        seller: AccountId,
        price: U128,
        currency: AccountId,
    ) -> U128 {
        enter("ft_on_transfer_callback");

        let Some(payments) = payments(&seller, after_fee(price)) else {
            self.free_storage(seller, TOKENS_LISTING_PRICE);
            return price;
        };
        log!("{buyer} has bought a token of {seller}");
        self.money.release(TOKENS_LISTING_PRICE);
        for (receiver, amount) in payments {
            Self::pay_tokens(currency.clone(), receiver, amount).detach();
        }
        U128(0)
    }
    // ANCHOR_END: ft_on_transfer_callback

    /// Records a debt to `owner` when the tokens have not arrived. Returns whether they have.
    #[private]
    pub fn pay_tokens_callback(
        &mut self,
        currency: AccountId,
        owner: AccountId,
        amount: U128,
    ) -> bool {
        enter("pay_tokens_callback");

        let arrived = call_succeeded();
        if !arrived {
            log!("{owner} is owed {} of {currency}", amount.0);
            let debts = &mut self.money.owed_tokens;
            let debt = debts.entry((currency, owner)).or_default();
            *debt = debt.saturating_add(amount.0);
        }
        arrived
    }

    /// Returns the amount of a fungible token that this contract owes to `account_id`.
    pub fn get_owed_tokens(&self, currency: AccountId, account_id: AccountId) -> U128 {
        let owed = self.money.owed_tokens.get(&(currency, account_id));
        U128(owed.copied().unwrap_or(0))
    }

    /// Sends the caller what it is owed of a fungible token. The debt goes first, so a second claim
    /// finds none.
    pub fn withdraw_owed_tokens(&mut self, currency: AccountId) -> Promise {
        enter("withdraw_owed_tokens");

        let debt = (currency, env::predecessor_account_id());
        let Some(amount) = self.money.owed_tokens.remove(&debt) else {
            env::panic_str(&format!("{} is owed nothing of {}", debt.1, debt.0));
        };
        Self::pay_tokens(debt.0, debt.1, U128(amount))
    }
}

impl Contract {
    // ANCHOR: pay_tokens
    /// Sends tokens to their owner. If they do not arrive, this contract owes them.
    ///
    /// The transfer of 0 NEAR is the last action, so the callback learns whether the tokens have
    /// left. A result of `ft_transfer` does not say so: the method can move tokens and return a
    /// promise that fails.
    pub(crate) fn pay_tokens(currency: AccountId, owner: AccountId, amount: U128) -> Promise {
        ft::ext(currency.clone())
            .with_attached_deposit(ONE_YOCTO)
            .with_static_gas(GAS_FOR_FT_TRANSFER)
            .with_unused_gas_weight(0)
            .ft_transfer(owner.clone(), amount)
            .transfer(NearToken::default())
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .pay_tokens_callback(currency, owner, amount),
            )
    }
    // ANCHOR_END: pay_tokens
}

#[cfg(test)]
mod tests {
    use near_sdk::PromiseResult;
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{accounts, get_created_receipts};

    use super::*;
    use crate::tests::{
        FOR_TOKENS, called_by, contract, contract_with_listing, in_callback_after, list,
    };

    const LAMP: &str = r#"{"collection":"bob","token_id":"lamp"}"#;

    /// Returns our contract with a listing of `charlie` for 1,000 of `fargo`.
    fn contract_with_listing_for_tokens() -> Contract {
        called_by(2, TOKENS_LISTING_PRICE);
        let mut contract = contract();
        contract.add_storage_deposit();
        list(&mut contract, 2, 7, FOR_TOKENS);
        contract
    }

    /// Calls `ft_on_transfer` as `accounts(currency)`, for `amount` tokens of `eugene`.
    fn pay(contract: &mut Contract, currency: usize, amount: u128, msg: &str) {
        called_by(currency, NearToken::default());
        let purchase = contract.ft_on_transfer(accounts(4), U128(amount), msg.to_string());
        purchase.detach();
    }

    /// Returns the answer of the callback of a purchase for 1,000, and the calls that it has made
    /// of `fargo`.
    fn answer_after(contract: &mut Contract, result: PromiseResult) -> (u128, Vec<String>) {
        in_callback_after(result);
        let [buyer, seller, currency] = [4, 2, 5].map(accounts);
        let unused = contract.ft_on_transfer_callback(buyer, seller, U128(1_000), currency);
        let receipts = get_created_receipts().into_iter();
        let calls = receipts.filter_map(|receipt| match &receipt.actions[..] {
            [
                MockAction::FunctionCallWeight { args, .. },
                MockAction::Transfer { deposit, .. },
            ] if deposit.is_zero() && receipt.receiver_id == accounts(5) => {
                Some(String::from_utf8(args.clone()).unwrap())
            }
            _ => None,
        });
        (unused.0, calls.collect())
    }

    fn sold() -> PromiseResult {
        PromiseResult::Successful(br#"{"payout":{"charlie":"880","dan":"100"}}"#.to_vec())
    }

    #[test]
    fn a_purchase_calls_the_collection_and_waits() {
        let mut contract = contract_with_listing_for_tokens();
        pay(&mut contract, 5, 1_000, LAMP);

        let [transfer, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(transfer.receiver_id, accounts(1));
        assert_eq!(callback.receipt_indices.len(), 1, "it waits");
    }

    #[test]
    fn after_a_success_the_bill_is_paid_and_all_is_used() {
        let mut contract = contract_with_listing_for_tokens();
        let (unused, calls) = answer_after(&mut contract, sold());

        assert_eq!(unused, 0);
        assert_eq!(
            calls,
            [
                r#"{"receiver_id":"charlie","amount":"880"}"#,
                r#"{"receiver_id":"dan","amount":"100"}"#
            ]
        );
        assert!(
            contract.get_liabilities().is_zero(),
            "the price of the storage is ours"
        );
    }

    #[test]
    fn after_a_failure_nothing_is_used_and_the_storage_is_free() {
        let mut contract = contract_with_listing_for_tokens();
        let answer = answer_after(&mut contract, PromiseResult::Failed);

        assert_eq!(answer, (1_000, vec![]));
        assert_eq!(contract.get_owed(accounts(2)), TOKENS_LISTING_PRICE);
        assert_eq!(contract.get_liabilities(), TOKENS_LISTING_PRICE);
    }

    #[test]
    #[should_panic(expected = "The price is 1000 of fargo")]
    fn another_amount_is_refused() {
        pay(&mut contract_with_listing_for_tokens(), 5, 999, LAMP);
    }

    #[test]
    #[should_panic(expected = "The price is 1 NEAR")]
    fn tokens_for_a_price_in_near_are_refused() {
        pay(&mut contract_with_listing(), 5, 10u128.pow(24), LAMP);
    }

    #[test]
    #[should_panic(expected = "The price is 1000 of fargo")]
    fn near_for_a_price_in_tokens_is_refused() {
        let mut contract = contract_with_listing_for_tokens();
        called_by(4, NearToken::from_yoctonear(1_000));
        contract.buy(accounts(1), "lamp".to_string()).detach();
    }

    #[test]
    #[should_panic(expected = "The price is 1000 of fargo")]
    fn another_token_that_we_trust_is_refused() {
        pay(&mut contract_with_listing_for_tokens(), 1, 1_000, LAMP);
    }

    #[test]
    #[should_panic(expected = "We do not trust danny")]
    fn a_token_that_we_do_not_trust_is_refused() {
        pay(&mut contract_with_listing_for_tokens(), 3, 1_000, LAMP);
    }

    #[test]
    #[should_panic(expected = "We do not trust fargo")]
    fn a_token_that_we_no_longer_trust_is_refused() {
        let mut contract = contract_with_listing_for_tokens();
        called_by(0, ONE_YOCTO);
        contract.trust(accounts(5), false);
        pay(&mut contract, 5, 1_000, LAMP);
    }

    #[test]
    #[should_panic(expected = "Say the collection and the token_id in `msg`")]
    fn an_unreadable_message_is_refused() {
        pay(&mut contract_with_listing_for_tokens(), 5, 1_000, "lamp");
    }

    #[test]
    #[should_panic(expected = "Say the collection and the token_id in `msg`")]
    fn a_message_that_says_more_is_refused() {
        let msg = r#"{"collection":"bob","token_id":"lamp","receiver_id":"dan"}"#;
        pay(&mut contract_with_listing_for_tokens(), 5, 1_000, msg);
    }

    #[test]
    fn tokens_that_have_not_arrived_are_owed_and_claimed_once() {
        let mut contract = contract();
        for _ in 0..2 {
            in_callback_after(PromiseResult::Failed);
            assert!(!contract.pay_tokens_callback(accounts(5), accounts(3), U128(10)));
        }
        assert_eq!(contract.get_owed_tokens(accounts(5), accounts(3)), U128(20));

        called_by(3, NearToken::default());
        contract.withdraw_owed_tokens(accounts(5)).detach();
        assert_eq!(get_created_receipts()[0].receiver_id, accounts(5));
        assert_eq!(contract.get_owed_tokens(accounts(5), accounts(3)), U128(0));
    }

    #[test]
    #[should_panic(expected = "eugene is owed nothing of fargo")]
    fn nobody_claims_what_is_owed_to_another() {
        in_callback_after(PromiseResult::Failed);
        let mut contract = contract();
        contract.pay_tokens_callback(accounts(5), accounts(3), U128(10));

        called_by(4, NearToken::default());
        contract.withdraw_owed_tokens(accounts(5)).detach();
    }
}
// ANCHOR_END: all
