// ANCHOR: all
//! Tokens that arrive with an order: a swap, or liquidity.

use near_sdk::json_types::{U64, U128};
use near_sdk::serde_json;
use near_sdk::{AccountId, Promise, PromiseOrValue, env, near, require};

use crate::pool::Trade;
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::token::send;
use crate::{Contract, ContractExt};

/// The order that a transfer pays for. The sender writes it as JSON into `msg`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Exchange the tokens: `{"swap": {"min_out": "900", "deadline": "1800000000000000000"}}`.
    Swap {
        /// The least amount of the other token that the sender accepts.
        min_out: U128,
        /// The last time of the block in which the swap may begin, in nanoseconds since 1970.
        deadline: U64,
    },
    /// Add the tokens to what the pool owes the sender, and as much of that to the pool as gives shares: `{"add": {}}`.
    Add {
        /// The least number of shares that the sender accepts. The first of the two tokens gives none.
        min_shares: Option<U128>,
    },
}

#[near]
impl Contract {
    // ANCHOR: ft_on_transfer
    /// Carries out the order in `msg`. The token calls this after it has moved `amount` tokens of `sender_id` to this
    /// contract (NEP-141).
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
            Ok(Order::Add { min_shares }) => {
                self.add(
                    side,
                    &sender_id,
                    amount.0,
                    min_shares.map_or(0, |min| min.0),
                );
                PromiseOrValue::Value(U128(0))
            }
            Err(error) => env::panic_str(&format!("`msg` is no order: {error}")),
        }
    }
    // ANCHOR_END: ft_on_transfer

    // ANCHOR: swap_callback
    /// Ends the trade, and returns the amount that was not used: nothing if the payout has arrived, else all.
    #[private]
    pub fn swap_callback(&mut self, trade: Trade) -> U128 {
        let is_paid = call_succeeded();
        self.pool.end(&trade, is_paid);
        if is_paid { U128(0) } else { trade.amount_in }
    }
    // ANCHOR_END: swap_callback
}

impl Contract {
    // ANCHOR: swap
    /// Begins a trade and pays the other token to the sender. The token that has come waits for the callback.
    fn swap(&mut self, side: usize, sender: AccountId, amount_in: U128, min_out: U128) -> Promise {
        let amount_out = self.pool.quote(side, amount_in.0).unwrap_or(0);
        require!(
            amount_out > 0 && amount_out >= min_out.0,
            format!("The swap gives {amount_out}, and not {}", min_out.0)
        );
        let trade = Trade {
            side,
            amount_in,
            amount_out: U128(amount_out),
        };
        self.pool.begin(&trade);
        send(self.tokens[1 - side].clone(), sender, amount_out).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .swap_callback(trade),
        )
    }
    // ANCHOR_END: swap
}

#[cfg(test)]
mod tests;
// ANCHOR_END: all
