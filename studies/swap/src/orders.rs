// ANCHOR: all
//! Tokens that arrive with an order: a swap, or liquidity.

use near_sdk::json_types::{U64, U128};
use near_sdk::serde_json;
use near_sdk::{AccountId, PromiseOrValue, env, near, require};

use crate::{Contract, ContractExt};

// ANCHOR: order
/// The order that a transfer pays for. The sender writes it as JSON into `msg`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Exchange the tokens: `{"swap": {"min_out": "900", "deadline": "1800000000000000000"}}`.
    Swap {
        /// The least amount of the other token that the sender accepts.
        min_out: U128,
        /// The last time of the block in which the swap may begin, in nanoseconds since 1970.
        deadline: U64,
    },
    /// Add the tokens to what the pool owes the sender, and as much of all that to the pool as
    /// gives shares: `{"add": {"min_shares": "900", "min_in": ["900", "900"]}}`. The first token
    /// gives none: its order says 0.
    Add {
        /// The least number of shares that the sender accepts.
        min_shares: U128,
        /// The least amount of each token that goes in. Together they bound the price.
        min_in: [U128; 2],
    },
}
// ANCHOR_END: order

#[near]
impl Contract {
    // ANCHOR: ft_on_transfer
    /// Carries out the order in `msg`. The token calls this after it has moved `amount` tokens of
    /// `sender_id` to this contract (NEP-141).
    ///
    /// Returns the amount that was not used. If it panics, the token sends back the whole amount.
    pub fn ft_on_transfer(
        &mut self,
        sender_id: AccountId,
        amount: U128,
        msg: String,
    ) -> PromiseOrValue<U128> {
        // Anyone can call this method and claim to be a token.
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
            Err(error) => env::panic_str(&format!("`msg` is no order: {error}")),
        }
    }
    // ANCHOR_END: ft_on_transfer
}
// ANCHOR_END: all
