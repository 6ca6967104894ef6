// ANCHOR: all
//! A batch with deposits: several premium messages for the guestbook, all of them or none.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use crate::batch::deposit::{GAS_FOR_REFUND, require_deposit, settle, with_empty_result};
use crate::enter::enter;
use crate::partners::{GAS_FOR_GUESTBOOK, guestbook};
use crate::{Contract, ContractExt};

// ANCHOR: price
/// The price of a premium message: 0.1 NEAR.
pub const PREMIUM_PRICE: NearToken = NearToken::from_millinear(100);
// ANCHOR_END: price

#[near]
impl Contract {
    // ANCHOR: sign_guestbook
    /// Sends `texts` to the guestbook as premium messages, in one receipt. Each costs 0.1 NEAR.
    /// Returns whether the guestbook has stored them, and pays back to the caller what the call did
    /// not cost.
    ///
    /// A message gets exactly its static gas: with a gas weight of zero it gets no share of the
    /// unused gas. A text that is too long for this gas fails, and then no text is stored.
    ///
    /// The rest of the deposit is attached to the callback. So it is not part of our balance until
    /// the callback runs, where it would look like our own money.
    #[payable]
    pub fn sign_guestbook(&mut self, texts: Vec<String>) -> Promise {
        enter("sign_guestbook");

        require!(!texts.is_empty(), "Give at least one text");
        let price = PREMIUM_PRICE.saturating_mul(texts.len() as u128);
        let deposit = require_deposit(price);

        let mut batch = Promise::new(self.partners.guestbook.clone());
        for text in texts {
            batch = guestbook::ext_on(batch)
                .with_attached_deposit(PREMIUM_PRICE)
                .with_static_gas(GAS_FOR_GUESTBOOK)
                .with_unused_gas_weight(0)
                .add_message(text);
        }

        with_empty_result(batch).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_REFUND)
                .with_attached_deposit(deposit.saturating_sub(price))
                .sign_guestbook_callback(env::predecessor_account_id(), deposit, price),
        )
    }
    // ANCHOR_END: sign_guestbook

    // ANCHOR: sign_guestbook_callback
    /// Pays back the rest of the deposit, or all of it when the batch has failed. Returns whether
    /// the guestbook has stored the messages.
    #[private]
    #[payable]
    pub fn sign_guestbook_callback(
        &mut self,
        payer: AccountId,
        deposit: NearToken,
        price: NearToken,
    ) -> bool {
        enter("sign_guestbook_callback");

        settle(payer, deposit, price)
    }
    // ANCHOR_END: sign_guestbook_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{Gas, testing_env};

    use super::*;
    use crate::tests::contract;

    fn call_with(deposit: NearToken) {
        testing_env!(VMContextBuilder::new().attached_deposit(deposit).build());
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| text.to_string()).collect()
    }

    #[test]
    fn each_message_has_its_own_deposit_and_gas() {
        call_with(NearToken::from_near(1));
        contract().sign_guestbook(texts(&["one", "two"])).detach();

        let [batch, _callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(batch.receiver_id, accounts(1));
        let [calls @ .., MockAction::Transfer { deposit, .. }] = &batch.actions[..] else {
            panic!("the last action is no transfer: {batch:?}");
        };
        assert!(deposit.is_zero(), "the result is that of a transfer");
        let sent: Vec<(NearToken, Gas, u64)> = calls
            .iter()
            .map(|action| match action {
                MockAction::FunctionCallWeight {
                    attached_deposit,
                    prepaid_gas,
                    gas_weight,
                    ..
                } => (*attached_deposit, *prepaid_gas, gas_weight.0),
                other => panic!("not a function call: {other:?}"),
            })
            .collect();
        assert_eq!(sent, [(PREMIUM_PRICE, GAS_FOR_GUESTBOOK, 0); 2]);
    }

    #[test]
    #[should_panic(expected = "Attach at least 0.2 NEAR")]
    fn two_messages_cost_twice_as_much() {
        call_with(PREMIUM_PRICE);
        contract().sign_guestbook(texts(&["one", "two"])).detach();
    }

    #[test]
    #[should_panic(expected = "Give at least one text")]
    fn a_call_without_a_text_is_refused() {
        call_with(PREMIUM_PRICE);
        contract().sign_guestbook(Vec::new()).detach();
    }
}
// ANCHOR_END: all
