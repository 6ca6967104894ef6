//! A sale at the exact price. It first asks the token whether the buyer is registered.

use near_sdk::json_types::U128;
use near_sdk::{
    AccountId, Gas, NearToken, Promise, PromiseOrValue, env, ext_contract, log, near, serde_json,
};

use crate::batch::deposit::{GAS_FOR_REFUND, require_deposit, with_empty_result};
use crate::batch::token::{
    GAS_FOR_FT_TRANSFER, GAS_FOR_STORAGE_DEPOSIT, ONE_YOCTO, STORAGE_DEPOSIT, token, token_id,
};
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: registration
/// The static gas of `storage_balance_of`: 5 Tgas. It reads one entry.
const GAS_FOR_STORAGE_BALANCE: Gas = Gas::from_tgas(5);

/// The static gas of `sell_tokens`: 40 Tgas. It holds the buyer's money, so it must never run out
/// of gas. Either it pays back, or it sends a batch and the callback that may pay back: 10 Tgas for
/// the calls, 14 for the callback, and the rest for sending both and for its own work.
const GAS_FOR_SALE: Gas = Gas::from_tgas(40);

/// The longest storage balance that we read, in bytes: two amounts, and some spaces.
const MAX_STORAGE_BALANCE_BYTES: usize = 256;

/// The storage balance of an account at a token (NEP-145).
#[near(serializers = [json])]
pub struct StorageBalance {
    pub total: U128,
    pub available: U128,
}

/// The method that we call at a token before a sale.
#[ext_contract(storage)]
pub trait Storage {
    /// Returns the storage balance, or `null` for an account that is not registered (NEP-145).
    fn storage_balance_of(&self, account_id: AccountId) -> Option<StorageBalance>;
}

/// Returns, in a callback, whether the account is registered, or `None` when the result cannot be
/// read.
///
/// It does not use `#[callback_result]`, which panics on a value of another type: the callback
/// holds money.
fn is_registered() -> Option<bool> {
    let result = env::promise_result_checked(0, MAX_STORAGE_BALANCE_BYTES).ok()?;
    let balance: Option<StorageBalance> = serde_json::from_slice(&result).ok()?;
    Some(balance.is_some())
}
// ANCHOR_END: registration

#[near]
impl Contract {
    // ANCHOR: code
    /// Sells `amount` of the token with this name to the caller, who pays for the registration only
    /// if it is necessary.
    ///
    /// The deposit must be enough for both. Returns whether the tokens have moved, and pays back
    /// what the call did not cost.
    #[payable]
    pub fn buy_tokens_exactly(&mut self, name: String, amount: U128) -> Promise {
        enter("buy_tokens_exactly");

        let buyer = env::predecessor_account_id();
        let deposit = require_deposit(self.get_token_price(amount));

        storage::ext(token_id(&name))
            .with_static_gas(GAS_FOR_STORAGE_BALANCE)
            .with_unused_gas_weight(0)
            .storage_balance_of(buyer.clone())
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_SALE)
                    .sell_tokens(name, amount, buyer, deposit),
            )
    }

    /// Sends the batch with the registration that the buyer needs. It was registered or not when
    /// the token returned the result; that may have changed since.
    #[private]
    pub fn sell_tokens(
        &mut self,
        name: String,
        amount: U128,
        buyer: AccountId,
        deposit: NearToken,
    ) -> PromiseOrValue<bool> {
        enter("sell_tokens");

        let token_id = token_id(&name);
        let price = self.get_token_price(amount);
        let (batch, price) = match is_registered() {
            Some(true) => (
                Promise::new(token_id),
                price.saturating_sub(STORAGE_DEPOSIT),
            ),
            Some(false) => (
                token::ext(token_id)
                    .with_attached_deposit(STORAGE_DEPOSIT)
                    .with_static_gas(GAS_FOR_STORAGE_DEPOSIT)
                    .with_unused_gas_weight(0)
                    .storage_deposit(Some(buyer.clone()), Some(true)),
                price,
            ),
            None => {
                log!("{buyer} gets back {}", deposit.exact_amount_display());
                Promise::new(buyer).transfer(deposit).detach();
                return PromiseOrValue::Value(false);
            }
        };

        let batch = token::ext_on(batch)
            .with_attached_deposit(ONE_YOCTO)
            .with_static_gas(GAS_FOR_FT_TRANSFER)
            .with_unused_gas_weight(0)
            .ft_transfer(buyer.clone(), amount, None);
        with_empty_result(batch)
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_REFUND)
                    .buy_tokens_callback(buyer, deposit, price),
            )
            .into()
    }
    // ANCHOR_END: code
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    const DEPOSIT: NearToken = NearToken::from_near(2);

    /// Returns the receipts for `bob` and for the token after this promise result: each receiver
    /// with the number of actions. The last action for the token is the transfer of 0 NEAR.
    fn sent_after(result: PromiseResult) -> Vec<(AccountId, usize)> {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .account_balance(DEPOSIT)
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
        let sale = Contract::new(None, None, None).sell_tokens(
            "gold".to_string(),
            U128(1),
            accounts(1),
            DEPOSIT,
        );
        sale.detach();
        get_created_receipts()
            .into_iter()
            .filter(|receipt| receipt.receiver_id != accounts(0))
            .map(|receipt| (receipt.receiver_id, receipt.actions.len()))
            .collect()
    }

    fn gold() -> AccountId {
        "gold.alice".parse().unwrap()
    }

    #[test]
    fn a_buyer_that_is_not_registered_is_registered_and_gets_tokens() {
        let result = PromiseResult::Successful(b"null".to_vec());

        assert_eq!(sent_after(result), [(gold(), 3)]);
    }

    #[test]
    fn a_registered_buyer_only_gets_tokens() {
        let balance = br#"{"total":"1","available":"0"}"#.to_vec();

        assert_eq!(
            sent_after(PromiseResult::Successful(balance)),
            [(gold(), 2)]
        );
    }

    // ANCHOR: test
    #[test]
    fn after_an_invalid_result_the_deposit_is_paid_back() {
        for result in [
            PromiseResult::Failed,
            PromiseResult::Successful(Vec::new()),
            PromiseResult::Successful(b"true".to_vec()),
            PromiseResult::Successful(vec![b' '; 1_000]),
        ] {
            assert_eq!(sent_after(result), [(accounts(1), 1)]);

            let receipts = get_created_receipts();
            let [MockAction::Transfer { deposit, .. }] = receipts[0].actions[..] else {
                panic!("not one transfer: {receipts:?}");
            };
            assert_eq!(deposit, DEPOSIT);
        }
    }
    // ANCHOR_END: test
}
