// ANCHOR: all
//! A swap: the payout of the second token, and the answer about the first one.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Promise, near, require};

use crate::pool::Trade;
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::token::send;
use crate::{Contract, ContractExt};

impl Contract {
    // ANCHOR: swap
    /// Begins a trade and pays the other token to `receiver`. The token that has come in waits for
    /// the callback.
    pub(crate) fn swap(
        &mut self,
        side: usize,
        receiver: AccountId,
        amount_in: U128,
        min_out: U128,
    ) -> Promise {
        let trade = self.begin(side, amount_in, min_out);
        send(self.tokens[1 - side].clone(), receiver, trade.amount_out).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .swap_callback(trade),
        )
    }
    // ANCHOR_END: swap

    // ANCHOR: begin
    /// Begins a trade at the price of now. Panics if it gives nothing, or less than `min_out`.
    pub(crate) fn begin(&mut self, side: usize, amount_in: U128, min_out: U128) -> Trade {
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
        trade
    }
    // ANCHOR_END: begin
}

#[near]
impl Contract {
    // ANCHOR: swap_callback
    /// Ends the trade, and returns the amount that was not used: nothing if the payout has arrived,
    /// else all.
    #[private]
    pub fn swap_callback(&mut self, trade: Trade) -> U128 {
        let is_paid = call_succeeded();
        self.pool.end(&trade, is_paid);
        if is_paid { U128(0) } else { trade.amount_in }
    }
    // ANCHOR_END: swap_callback
}

#[cfg(test)]
mod tests;
// ANCHOR_END: all
