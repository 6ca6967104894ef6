// ANCHOR: all
//! Several calls in parallel, each with a deposit. The deposits of those that fail are paid back.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use crate::batch::deposit::with_empty_result;
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::money::owed::{GAS_FOR_PAYMENT, pay_back};
use crate::partners::{GAS_FOR_GUESTBOOK, guestbook};
use crate::promise_results::calls_succeeded;
use crate::{Contract, ContractExt};

/// The largest number of guestbooks in one call.
pub const MAX_GUESTBOOKS: usize = 10;

/// The longest text of a message or a question, in bytes. An order or a question stores its text,
/// and the callback loads it. So a bound on the text bounds the gas of the callback.
pub const MAX_TEXT_BYTES: usize = 1_000;

// ANCHOR: signed
/// The result of the message to one guestbook.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Signed {
    /// The account of the guestbook.
    pub guestbook: AccountId,
    /// True if the guestbook has accepted the message, and its price with it.
    pub signed: bool,
}
// ANCHOR_END: signed

// ANCHOR: premium_message
/// Sends a message with its price to a guestbook of the user's choice. Nobody vouches for that
/// contract, so it gets its static gas and, with a gas weight of zero, no share of the unused gas.
pub fn premium_message(guestbook: AccountId, text: String, price: NearToken) -> Promise {
    require_short(&text);
    with_empty_result(
        guestbook::ext(guestbook)
            .with_attached_deposit(price)
            .with_static_gas(GAS_FOR_GUESTBOOK)
            .with_unused_gas_weight(0)
            .add_message(text),
    )
}

/// Panics when a text is longer than [`MAX_TEXT_BYTES`].
pub fn require_short(text: &str) {
    require!(
        text.len() <= MAX_TEXT_BYTES,
        format!("Give a text of {MAX_TEXT_BYTES} bytes at most")
    );
}
// ANCHOR_END: premium_message

#[near]
impl Contract {
    // ANCHOR: sign_guestbooks
    /// Sends the same premium message to several guestbooks in parallel. Each costs 0.1 NEAR.
    ///
    /// Returns for each guestbook whether it has accepted the message, and pays back the price of
    /// the others.
    #[payable]
    pub fn sign_guestbooks(&mut self, guestbooks: Vec<AccountId>, text: String) -> Promise {
        enter("sign_guestbooks");

        require!(
            guestbooks.len() <= MAX_GUESTBOOKS,
            format!("Give {MAX_GUESTBOOKS} guestbooks at most")
        );
        let price = PREMIUM_PRICE.saturating_mul(guestbooks.len() as u128);
        require!(
            env::attached_deposit() == price,
            format!("Attach exactly {}", price.exact_amount_display())
        );

        let messages = guestbooks
            .iter()
            .map(|guestbook| premium_message(guestbook.clone(), text.clone(), PREMIUM_PRICE))
            .reduce(Promise::and);
        let Some(messages) = messages else {
            env::panic_str("Give at least one guestbook");
        };
        messages.then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_PAYMENT)
                .sign_guestbooks_callback(env::predecessor_account_id(), guestbooks, PREMIUM_PRICE),
        )
    }
    // ANCHOR_END: sign_guestbooks

    // ANCHOR: sign_guestbooks_callback
    /// Pays back the `price` of each message that has failed. Returns the results.
    #[private]
    pub fn sign_guestbooks_callback(
        &mut self,
        payer: AccountId,
        guestbooks: Vec<AccountId>,
        price: NearToken,
    ) -> Vec<Signed> {
        enter("sign_guestbooks_callback");

        let guestbooks: Vec<Signed> = guestbooks
            .into_iter()
            .zip(calls_succeeded())
            .map(|(guestbook, signed)| Signed { guestbook, signed })
            .collect();

        let failed = guestbooks
            .iter()
            .filter(|guestbook| !guestbook.signed)
            .count();
        let rest = price.saturating_mul(failed as u128);
        if !rest.is_zero() {
            pay_back(payer, rest).detach();
        }
        guestbooks
    }
    // ANCHOR_END: sign_guestbooks_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::money::test_utils::transfers;

    fn contract() -> Contract {
        Contract::new(None, None, None)
    }

    /// Signs these guestbooks as `charlie`, with a deposit.
    fn sign(guestbooks: &[usize], deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(2))
                .attached_deposit(deposit)
                .build()
        );
        let guestbooks = guestbooks
            .iter()
            .map(|guestbook| accounts(*guestbook))
            .collect();
        contract()
            .sign_guestbooks(guestbooks, "Hello".to_string())
            .detach();
    }

    /// Runs the callback for the guestbooks of `dan` and `eugene`, with these promise results.
    fn callback_after(first: PromiseResult, second: PromiseResult) -> Vec<Signed> {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![first, second]
        );
        contract().sign_guestbooks_callback(
            accounts(2),
            vec![accounts(3), accounts(4)],
            PREMIUM_PRICE,
        )
    }

    fn success() -> PromiseResult {
        PromiseResult::Successful(Vec::new())
    }

    #[test]
    fn each_guestbook_has_a_receipt_and_a_deposit_of_its_own() {
        sign(&[3, 4], NearToken::from_millinear(200));

        let [first, second, callback] = &get_created_receipts()[..] else {
            panic!("not three receipts");
        };
        for (receipt, guestbook) in [(first, 3), (second, 4)] {
            assert_eq!(receipt.receiver_id, accounts(guestbook));
            assert!(matches!(
                receipt.actions[..],
                [
                    MockAction::FunctionCallWeight { attached_deposit, .. },
                    MockAction::Transfer { .. },
                ] if attached_deposit == PREMIUM_PRICE
            ));
        }
        assert_eq!(callback.receipt_indices.len(), 2, "it waits for both");
    }

    #[test]
    fn nothing_is_paid_back_when_both_guestbooks_are_signed() {
        let signed = callback_after(success(), success());

        assert!(signed.iter().all(|guestbook| guestbook.signed));
        assert!(transfers().is_empty());
    }

    #[test]
    fn the_price_of_a_message_that_failed_is_paid_back() {
        let signed = callback_after(PromiseResult::Failed, success());

        let of = |guestbook, signed| Signed { guestbook, signed };
        assert_eq!(signed, [of(accounts(3), false), of(accounts(4), true)]);
        assert_eq!(transfers(), [(accounts(2), PREMIUM_PRICE)]);
    }

    #[test]
    fn both_prices_are_paid_back_in_one_transfer_when_both_failed() {
        callback_after(PromiseResult::Failed, PromiseResult::Failed);

        assert_eq!(transfers(), [(accounts(2), NearToken::from_millinear(200))]);
    }

    #[test]
    #[should_panic(expected = "Give a text of 1000 bytes at most")]
    fn a_text_that_is_too_long_is_refused() {
        premium_message(accounts(3), "x".repeat(MAX_TEXT_BYTES + 1), PREMIUM_PRICE).detach();
    }

    #[test]
    #[should_panic(expected = "Attach exactly 0.2 NEAR")]
    fn a_deposit_below_the_price_is_refused() {
        sign(&[3, 4], NearToken::from_millinear(199));
    }

    #[test]
    #[should_panic(expected = "Attach exactly 0.2 NEAR")]
    fn a_deposit_above_the_price_is_refused() {
        sign(&[3, 4], NearToken::from_millinear(201));
    }

    #[test]
    #[should_panic(expected = "Give at least one guestbook")]
    fn an_empty_list_is_refused() {
        sign(&[], NearToken::from_near(0));
    }

    #[test]
    #[should_panic(expected = "Give 10 guestbooks at most")]
    fn eleven_guestbooks_are_refused() {
        sign(&[3; 11], NearToken::from_millinear(1_100));
    }
}
// ANCHOR_END: all
