// ANCHOR: all
//! A receiver of tokens: messages that are paid with `ft_transfer_call` (NEP-141).
//!
//! The token moves tokens to this contract and calls `ft_on_transfer`, which returns the amount
//! that was not used. The token sends this amount back to the sender. The method may return a
//! promise, so it can wait for other calls.

use near_sdk::json_types::U128;
use near_sdk::serde_json;
use near_sdk::{AccountId, Promise, PromiseOrValue, env, log, near, require};

use crate::batch::deposit::with_empty_result;
use crate::enter::enter;
use crate::money::operator::{require_operator, trust_changed};
use crate::partners::{GAS_FOR_GUESTBOOK, guestbook};
use crate::promise_results::{GAS_FOR_CALLBACK, calls_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: purchase
/// The price of a message: 10^24 of the smallest unit, which is one token of 24 decimals.
pub const TEXT_PRICE: u128 = 10u128.pow(24);

/// The largest number of texts in one transfer.
pub const MAX_TEXTS: usize = 10;

/// The purchase that a transfer pays for. The sender writes it as JSON into `msg`.
#[near(serializers = [json])]
pub struct Purchase {
    /// The account of the guestbook.
    pub guestbook: AccountId,
    /// The messages to the guestbook, which get no deposit.
    pub texts: Vec<String>,
}
// ANCHOR_END: purchase

#[near]
impl Contract {
    /// Sets the token that messages can be paid with.
    #[payable]
    pub fn accept_token(&mut self, token: AccountId) {
        require_operator();

        self.money.token = Some(token);
        trust_changed(&self.money);
    }

    // ANCHOR: ft_on_transfer
    /// Sends the messages that `msg` asks for. The token calls this after it has moved `amount`
    /// tokens of `sender_id` to this contract (NEP-141).
    ///
    /// Returns the amount that was not used. If it panics, the token sends back the whole amount.
    pub fn ft_on_transfer(
        &mut self,
        sender_id: AccountId,
        amount: U128,
        msg: String,
    ) -> PromiseOrValue<U128> {
        enter("ft_on_transfer");

        // Anyone can call this method and claim to be a token.
        let token = env::predecessor_account_id();
        require!(
            self.money.token.as_ref() == Some(&token),
            format!("{token} is not the token that we take")
        );
        let Ok(Purchase { guestbook, texts }) = serde_json::from_str(&msg) else {
            env::panic_str("Say in `msg` the guestbook and the texts");
        };
        require!(
            texts.len() <= MAX_TEXTS,
            format!("Give {MAX_TEXTS} texts at most")
        );

        let price = TEXT_PRICE * texts.len() as u128;
        if amount.0 < price {
            log!("{sender_id} has sent too few tokens");
            return PromiseOrValue::Value(amount);
        }
        let message = |text| {
            with_empty_result(
                guestbook::ext(guestbook.clone())
                    .with_static_gas(GAS_FOR_GUESTBOOK)
                    .with_unused_gas_weight(0)
                    .add_message(text),
            )
        };
        match texts.into_iter().map(message).reduce(Promise::and) {
            None => PromiseOrValue::Value(amount),
            Some(messages) => messages
                .then(
                    Self::ext_self()
                        .with_static_gas(GAS_FOR_CALLBACK)
                        .ft_on_transfer_callback(amount, U128(TEXT_PRICE)),
                )
                .into(),
        }
    }
    // ANCHOR_END: ft_on_transfer

    // ANCHOR: callback
    /// Returns the amount that was not used: all but the `price` of each message that has
    /// succeeded.
    #[private]
    pub fn ft_on_transfer_callback(&mut self, amount: U128, price: U128) -> U128 {
        enter("ft_on_transfer_callback");

        let signed = calls_succeeded().into_iter().filter(|signed| *signed);
        let used = price.0.saturating_mul(signed.count() as u128);
        U128(amount.0.saturating_sub(used))
    }
    // ANCHOR_END: callback
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    const THREE_TOKENS: U128 = U128(3 * TEXT_PRICE);

    /// Returns a contract on `alice` that accepts the token `bob`. The caller is
    /// `accounts(predecessor)`.
    fn contract_called_by(predecessor: usize) -> Contract {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .build()
        );
        let mut contract = Contract::new(None, None, None);
        contract.money.token = Some(accounts(1));
        contract
    }

    /// Calls `ft_on_transfer` as `bob`, for three tokens of `charlie`.
    fn three_tokens_for(msg: &str) -> PromiseOrValue<U128> {
        contract_called_by(1).ft_on_transfer(accounts(2), THREE_TOKENS, msg.to_string())
    }

    fn unused_after(results: Vec<PromiseResult>) -> U128 {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
        Contract::new(None, None, None).ft_on_transfer_callback(THREE_TOKENS, U128(TEXT_PRICE))
    }

    fn success() -> PromiseResult {
        PromiseResult::Successful(Vec::new())
    }

    #[test]
    fn each_text_is_a_receipt_and_the_callback_waits_for_all() {
        three_tokens_for(r#"{"guestbook":"dan","texts":["one","two"]}"#).detach();

        let [first, second, callback] = &get_created_receipts()[..] else {
            panic!("not three receipts");
        };
        assert_eq!([&first.receiver_id, &second.receiver_id], ["dan", "dan"]);
        assert_eq!(callback.receipt_indices.len(), 2);
    }

    #[test]
    fn a_transfer_without_a_text_uses_no_tokens() {
        let unused = three_tokens_for(r#"{"guestbook":"dan","texts":[]}"#);

        assert!(matches!(unused, PromiseOrValue::Value(THREE_TOKENS)));
    }

    #[test]
    fn too_few_tokens_are_not_used() {
        let unused = three_tokens_for(r#"{"guestbook":"dan","texts":["1","2","3","4"]}"#);

        assert!(matches!(unused, PromiseOrValue::Value(THREE_TOKENS)));
        assert!(get_created_receipts().is_empty());
    }

    #[test]
    #[should_panic(expected = "Say in `msg` the guestbook and the texts")]
    fn an_unreadable_message_is_refused() {
        three_tokens_for("Hello").detach();
    }

    #[test]
    #[should_panic(expected = "eugene is not the token that we take")]
    fn a_call_by_another_account_is_refused() {
        contract_called_by(4)
            .ft_on_transfer(accounts(2), THREE_TOKENS, String::new())
            .detach();
    }

    #[test]
    fn each_message_uses_one_token_and_the_rest_is_unused() {
        let unused = unused_after(vec![success(), PromiseResult::Failed]);

        assert_eq!(unused, U128(2 * TEXT_PRICE));
    }

    #[test]
    fn all_tokens_can_be_used() {
        let unused = unused_after(vec![success(), success(), success()]);

        assert_eq!(unused, U128(0));
    }

    #[test]
    fn no_token_is_used_when_all_messages_fail() {
        let unused = unused_after(vec![PromiseResult::Failed, PromiseResult::Failed]);

        assert_eq!(unused, THREE_TOKENS);
    }
}
// ANCHOR_END: all
