//! Tokens that arrive with an order: a swap, liquidity, and the orders of the exercises.

use near_sdk::json_types::{U64, U128};
use near_sdk::serde_json;
use near_sdk::{AccountId, PromiseOrValue, env, near, require};

use crate::{Contract, ContractExt};

pub mod hops;

// ANCHOR: order
/// The order that a transfer pays for. The sender writes it as JSON into `msg`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Exchange the tokens: `{"swap": {"min_out": "900", "deadline": "1800000000000000000"}}`.
    Swap { min_out: U128, deadline: U64 },
    /// Add the tokens to the pool: `{"add": {"min_shares": "900", "min_in": ["900", "900"]}}`.
    Add { min_shares: U128, min_in: [U128; 2] },
    /// Exchange the tokens, and send what comes out to another pool, with the order for it.
    Hop { pool: AccountId, msg: String },
    /// Exchange the tokens for another account: the last of several hops.
    SwapFor {
        receiver_id: AccountId,
        min_out: U128,
    },
    /// Exchange the tokens in the block `last_block` or before it.
    SwapUntil { min_out: U128, last_block: U64 },
}
// ANCHOR_END: order

#[near]
impl Contract {
    /// Carries out the order in `msg`, and returns the amount that was not used.
    pub fn ft_on_transfer(
        &mut self,
        sender_id: AccountId,
        amount: U128,
        msg: String,
    ) -> PromiseOrValue<U128> {
        let side = self.side_of(&env::predecessor_account_id());
        match serde_json::from_str(&msg) {
            Ok(Order::Swap { min_out, deadline }) => {
                let is_in_time = env::block_timestamp() <= deadline.0;
                require!(is_in_time, "The deadline has passed");
                self.swap(side, sender_id, amount, min_out).into()
            }
            Ok(Order::Add { min_shares, min_in }) => {
                self.add(side, &sender_id, amount, min_shares, min_in);
                PromiseOrValue::Value(U128(0))
            }
            Ok(Order::Hop { pool, msg }) => self.hop(side, amount, pool, msg).into(),
            Ok(Order::SwapFor {
                receiver_id,
                min_out,
            }) => self.swap(side, receiver_id, amount, min_out).into(),
            // ANCHOR: until
            Ok(Order::SwapUntil {
                min_out,
                last_block,
            }) => {
                let is_in_time = env::block_height() <= last_block.0;
                require!(is_in_time, "The deadline has passed");
                self.swap(side, sender_id, amount, min_out).into()
            }
            // ANCHOR_END: until
            Err(error) => env::panic_str(&format!("`msg` is no order: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_utils::{called_by, id, pool};

    /// Orders a swap of 1,000 gold until a block.
    fn swap_until(last_block: u64) {
        let mut contract = pool();
        called_by("gold.near");
        let order = format!(r#"{{"swap_until":{{"min_out":"906","last_block":"{last_block}"}}}}"#);
        match contract.ft_on_transfer(id("alice.near"), U128(1_000), order) {
            PromiseOrValue::Promise(promise) => promise.detach(),
            PromiseOrValue::Value(unused) => panic!("it returns {unused:?}"),
        }
    }

    #[test]
    fn a_swap_in_its_last_block_begins() {
        swap_until(1_000);
    }

    #[test]
    #[should_panic(expected = "The deadline has passed")]
    fn a_swap_after_its_last_block_is_refused() {
        swap_until(999);
    }
}
