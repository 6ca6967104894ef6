// ANCHOR: all
//! The reserves of the two tokens, between the start and the end of each trade.

use near_sdk::json_types::U128;
use near_sdk::near;

use crate::math::{mul_div, mul_div_up};

/// The fee of a trade, in parts of 10,000: 0.3 %. It stays in the pool.
pub const FEE: u128 = 30;

// ANCHOR: reserve
/// The bounds of one token in the pool. They differ while a payout is under way: it may arrive or
/// fail.
#[near(serializers = [borsh])]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reserve {
    /// The amount if the trades that take it succeed, and those that bring it fail.
    pub at_least: u128,
    /// The amount if the trades that bring it succeed, and those that take it fail.
    pub at_most: u128,
}
// ANCHOR_END: reserve

/// A trade whose payout is under way.
#[near(serializers = [json])]
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// The index of the token that has come in: 0 or 1. The other one goes out.
    pub side: usize,
    /// The amount that has come in.
    pub amount_in: U128,
    /// The amount that goes out.
    pub amount_out: U128,
}

/// The reserves and the shares of those who have added them.
#[near(serializers = [borsh])]
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub reserves: [Reserve; 2],
    /// The sum of all shares.
    pub shares: u128,
}

impl Pool {
    // ANCHOR: trade
    /// Returns the amount that goes out for `amount_in` of the token `side`. Returns `None` if the
    /// pool has no shares, or if the amount is too large for it.
    ///
    /// The product of the reserves never falls, however the trades under way end: the price is that
    /// of the most which the pool may have of one token, and of the least which it may have of the
    /// other. It is rounded for the pool.
    pub fn quote(&self, side: usize, amount_in: u128) -> Option<u128> {
        if self.shares == 0 {
            return None;
        }
        let (brought, taken) = (self.reserves[side], self.reserves[1 - side]);
        brought.at_most.checked_add(amount_in)?;
        let fee = mul_div_up(amount_in, FEE, 10_000)?;
        let counted = amount_in - fee;
        mul_div(counted, taken.at_least, brought.at_most + counted)
    }

    /// Begins a trade of a quoted amount: each bound takes the end that is worse for it.
    pub fn begin(&mut self, trade: &Trade) {
        self.reserves[trade.side].at_most += trade.amount_in.0;
        self.reserves[1 - trade.side].at_least -= trade.amount_out.0;
    }

    /// Ends a trade: the bounds meet again. It adds and subtracts, so what others have traded since
    /// then stays.
    pub fn end(&mut self, trade: &Trade, is_paid: bool) {
        let Trade {
            side,
            amount_in,
            amount_out,
        } = *trade;
        if is_paid {
            self.reserves[side].at_least += amount_in.0;
            self.reserves[1 - side].at_most -= amount_out.0;
        } else {
            self.reserves[side].at_most -= amount_in.0;
            self.reserves[1 - side].at_least += amount_out.0;
        }
    }
    // ANCHOR_END: trade

    /// Adds as much of both amounts as keeps the price, and returns the new shares and what they
    /// cost. If there are no shares, it adds all of both amounts, if it is given both: these set
    /// the price.
    ///
    /// Shares cost the most that the pool may have. Returns `None` if a sum is larger than a
    /// `u128`.
    pub fn add(&mut self, offered: [u128; 2]) -> Option<(u128, [u128; 2])> {
        let [first, second] = self.reserves.map(|reserve| reserve.at_most);
        let (shares, cost) = if self.shares == 0 {
            let is_complete = offered.iter().all(|amount| *amount > 0);
            if is_complete {
                (offered[0], offered)
            } else {
                (0, [0; 2])
            }
        } else {
            let by_first = mul_div(offered[0], self.shares, first)?;
            let shares = by_first.min(mul_div(offered[1], self.shares, second)?);
            let cost = |reserve| mul_div_up(shares, reserve, self.shares);
            (shares, [cost(first)?, cost(second)?])
        };
        self.shares = self.shares.checked_add(shares)?;
        for (reserve, cost) in self.reserves.iter_mut().zip(cost) {
            reserve.at_most = reserve.at_most.checked_add(cost)?;
            reserve.at_least += cost;
        }
        Some((shares, cost))
    }

    /// Removes shares, and returns what they are worth at least. The shares that stay have the
    /// rest, and what a trade under way gives back.
    ///
    /// Returns `None` if there are fewer, or if no share would stay while a trade is under way:
    /// what it gives back would be nobody's, and the next trade would take it.
    pub fn remove(&mut self, shares: u128) -> Option<[u128; 2]> {
        let left = self.shares.checked_sub(shares)?;
        if left == 0 && !self.is_at_rest() {
            return None;
        }
        let mut worth = [0; 2];
        for (reserve, worth) in self.reserves.iter_mut().zip(&mut worth) {
            *worth = mul_div(shares, reserve.at_least, self.shares)?;
            reserve.at_least -= *worth;
            reserve.at_most -= *worth;
        }
        self.shares = left;
        Some(worth)
    }

    /// Returns whether no trade is under way. Each one keeps the bounds apart until it ends.
    fn is_at_rest(&self) -> bool {
        let mut reserves = self.reserves.iter();
        reserves.all(|reserve| reserve.at_least == reserve.at_most)
    }
}

#[cfg(test)]
mod tests;
// ANCHOR_END: all
