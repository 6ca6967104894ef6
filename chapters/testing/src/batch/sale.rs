// ANCHOR: all
//! The batch that each transfer of tokens needs: register the receiver, and send the tokens.
//!
//! A token refuses a transfer to an account that is not registered (NEP-145), so `storage_deposit`
//! comes first. In one receipt both succeed or none: when the transfer fails, the registration is
//! reverted, and its deposit is refunded.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, NearToken, Promise, env, near};

use crate::batch::deposit::{GAS_FOR_REFUND, require_deposit, settle, with_empty_result};
use crate::batch::token::{
    GAS_FOR_FT_TRANSFER, GAS_FOR_STORAGE_DEPOSIT, ONE_YOCTO, STORAGE_DEPOSIT, token, token_id,
};
use crate::enter::enter;
use crate::{Contract, ContractExt};

/// The deposits of the batch: that of the registration, and that of the transfer.
const BATCH_DEPOSIT: NearToken = STORAGE_DEPOSIT.saturating_add(ONE_YOCTO);

#[near]
impl Contract {
    // ANCHOR: price
    /// Returns the price of `amount`: one yoctoNEAR for each smallest unit, so 1 NEAR for a token
    /// of 24 decimals, and the deposits of the batch.
    ///
    /// The price includes the registration of the buyer. If the buyer is registered already, the
    /// token refunds that deposit to us, in a separate receipt that no callback sees, and we keep
    /// it.
    pub fn get_token_price(&self, amount: U128) -> NearToken {
        NearToken::from_yoctonear(amount.0).saturating_add(BATCH_DEPOSIT)
    }
    // ANCHOR_END: price

    // ANCHOR: buy_tokens
    /// Sells `amount` of the token with this name to the caller. Returns whether the batch
    /// succeeded, and pays back to the caller what it did not cost. That is the whole deposit when
    /// the token refuses.
    ///
    /// Anyone may have launched the token, so it gets its static gas and no share of the unused
    /// gas. And only the token's code knows whether tokens have moved: `true` can be trusted as
    /// much as that code.
    #[payable]
    pub fn buy_tokens(&mut self, name: String, amount: U128) -> Promise {
        enter("buy_tokens");

        let buyer = env::predecessor_account_id();
        let price = self.get_token_price(amount);
        let deposit = require_deposit(price);

        let registration = token::ext(token_id(&name))
            .with_attached_deposit(STORAGE_DEPOSIT)
            .with_static_gas(GAS_FOR_STORAGE_DEPOSIT)
            .with_unused_gas_weight(0)
            .storage_deposit(Some(buyer.clone()), Some(true));
        let batch = token::ext_on(registration)
            .with_attached_deposit(ONE_YOCTO)
            .with_static_gas(GAS_FOR_FT_TRANSFER)
            .with_unused_gas_weight(0)
            .ft_transfer(buyer.clone(), amount, None);

        with_empty_result(batch).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_REFUND)
                .with_attached_deposit(deposit.saturating_sub(BATCH_DEPOSIT))
                .buy_tokens_callback(buyer, deposit, price),
        )
    }
    // ANCHOR_END: buy_tokens

    // ANCHOR: buy_tokens_callback
    /// Pays back the rest of the deposit, or all of it when the batch has failed. Returns whether
    /// it succeeded.
    #[private]
    #[payable]
    pub fn buy_tokens_callback(
        &mut self,
        buyer: AccountId,
        deposit: NearToken,
        price: NearToken,
    ) -> bool {
        enter("buy_tokens_callback");

        settle(buyer, deposit, price)
    }
    // ANCHOR_END: buy_tokens_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    const ONE_TOKEN: U128 = U128(10u128.pow(24));

    /// Calls `buy_tokens` on `alice`, as `bob`.
    fn buy_one_token_with(deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .attached_deposit(deposit)
                .build()
        );
        Contract::new(None, None, None)
            .buy_tokens("gold".to_string(), ONE_TOKEN)
            .detach();
    }

    #[test]
    fn registration_and_transfer_are_sent_in_one_receipt() {
        buy_one_token_with(NearToken::from_near(2));

        let [batch, _callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(batch.receiver_id, "gold.alice");
        let sent: Vec<(String, NearToken)> = batch
            .actions
            .iter()
            .map(|action| match action {
                MockAction::FunctionCallWeight {
                    method_name,
                    attached_deposit,
                    ..
                } => (
                    String::from_utf8(method_name.clone()).unwrap(),
                    *attached_deposit,
                ),
                MockAction::Transfer { deposit, .. } => ("transfer".to_string(), *deposit),
                other => panic!("neither a call nor a transfer: {other:?}"),
            })
            .collect();
        assert_eq!(
            sent,
            [
                ("storage_deposit".to_string(), STORAGE_DEPOSIT),
                ("ft_transfer".to_string(), ONE_YOCTO),
                ("transfer".to_string(), NearToken::from_near(0)),
            ]
        );
    }

    #[test]
    #[should_panic(expected = "Attach at least 1.001250000000000000000001 NEAR")]
    fn a_deposit_below_the_price_is_refused() {
        buy_one_token_with(NearToken::from_near(1));
    }

    #[test]
    fn a_price_beyond_the_largest_amount_is_the_largest_amount() {
        let contract = Contract::new(None, None, None);

        assert_eq!(
            contract.get_token_price(U128(u128::MAX)),
            NearToken::from_yoctonear(u128::MAX)
        );
    }
}
// ANCHOR_END: all
