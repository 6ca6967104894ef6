//! A sale that keeps nothing of what a known buyer pays. It asks the token first whether the buyer has
//! room there.

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

// ANCHOR: room
/// Gas for `storage_balance_of`: 5 Tgas. It reads one entry.
const GAS_FOR_ROOM: Gas = Gas::from_tgas(5);

/// Gas for `sell_tokens`: 40 Tgas. It holds the buyer's money, so it must never run out of gas. Either it
/// pays back, or it sends a batch and the callback that may pay back: 10 Tgas for the calls, 14 for the
/// callback, and the rest for sending both and for its own work.
const GAS_FOR_SALE: Gas = Gas::from_tgas(40);

/// The longest answer that we read, in bytes: two amounts, with room for blanks.
const MAX_ROOM_BYTES: usize = 256;

/// What an account has for its storage at a token (NEP-145).
#[near(serializers = [json])]
pub struct StorageBalance {
    pub total: U128,
    pub available: U128,
}

/// What we ask a token before a sale.
#[ext_contract(room)]
pub trait Room {
    /// NEP-145: `null` for an account that has no room.
    fn storage_balance_of(&self, account_id: AccountId) -> Option<StorageBalance>;
}

/// In a callback: whether the account has room. `None` when the token did not say.
///
/// By hand, because `#[callback_result]` panics on an answer of another type, and we hold money.
fn has_room() -> Option<bool> {
    let answer = env::promise_result_checked(0, MAX_ROOM_BYTES).ok()?;
    let room: Option<StorageBalance> = serde_json::from_slice(&answer).ok()?;
    Some(room.is_some())
}
// ANCHOR_END: room

#[near]
impl Contract {
    // ANCHOR: code
    /// Sells `amount` of the token with this name to the caller, who pays for room only without any.
    ///
    /// The deposit must do for both. Answers whether the tokens have moved. What the call did not cost
    /// goes back.
    #[payable]
    pub fn buy_tokens_exactly(&mut self, name: String, amount: U128) -> Promise {
        enter("buy_tokens_exactly");

        let buyer = env::predecessor_account_id();
        let deposit = require_deposit(self.get_token_price(amount));

        room::ext(token_id(&name))
            .with_static_gas(GAS_FOR_ROOM)
            .with_unused_gas_weight(0)
            .storage_balance_of(buyer.clone())
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_SALE)
                    .sell_tokens(name, amount, buyer, deposit),
            )
    }

    /// Returns the token has said whether there is room. That was true when it said so.
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
        let (batch, price) = match has_room() {
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

    /// Returns what leaves `alice` for `bob` and the token when the token answers like this: each receiver,
    /// and how many actions there are for it. The last one for the token is the transfer of nothing.
    fn sent_after(answer: PromiseResult) -> Vec<(AccountId, usize)> {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .account_balance(DEPOSIT)
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![answer]
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
    fn a_buyer_without_room_gets_room_and_tokens() {
        let answer = PromiseResult::Successful(b"null".to_vec());

        assert_eq!(sent_after(answer), [(gold(), 3)]);
    }

    #[test]
    fn a_buyer_with_room_gets_tokens_alone() {
        let answer = br#"{"total":"1","available":"0"}"#.to_vec();

        assert_eq!(sent_after(PromiseResult::Successful(answer)), [(gold(), 2)]);
    }

    // ANCHOR: test
    #[test]
    fn an_answer_that_makes_no_sense_sends_the_money_back() {
        for answer in [
            PromiseResult::Failed,
            PromiseResult::Successful(Vec::new()),
            PromiseResult::Successful(b"true".to_vec()),
            PromiseResult::Successful(vec![b' '; 1_000]),
        ] {
            assert_eq!(sent_after(answer), [(accounts(1), 1)]);

            let receipts = get_created_receipts();
            let [MockAction::Transfer { deposit, .. }] = receipts[0].actions[..] else {
                panic!("not one transfer: {receipts:?}");
            };
            assert_eq!(deposit, DEPOSIT);
        }
    }
    // ANCHOR_END: test
}
