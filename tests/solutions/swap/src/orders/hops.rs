//! Two hops: the second token goes on to another pool.

use near_sdk::json_types::U128;
use near_sdk::{
    AccountId, Gas, NearToken, Promise, PromiseError, env, ext_contract, near, serde_json,
};

use crate::pool::Trade;
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// The static gas of `ft_transfer_call`: 50 Tgas. The other pool sends a payout and has a callback,
/// too.
const GAS_FOR_HOP: Gas = Gas::from_tgas(50);

/// The longest amount in JSON, in bytes: 39 digits and two quotes.
const MAX_AMOUNT_BYTES: usize = 41;

/// The method that we call at a token, for a transfer to another pool.
#[ext_contract(ft_call)]
pub trait TransferCall {
    /// Moves tokens of the caller, and returns how many the receiver has used (NEP-141).
    fn ft_transfer_call(&mut self, receiver_id: AccountId, amount: U128, msg: String) -> U128;
}

impl Contract {
    /// Begins a trade, and pays the other token to another pool. That one has the user's `min_out`.
    pub(crate) fn hop(
        &mut self,
        side: usize,
        amount: U128,
        pool: AccountId,
        msg: String,
    ) -> Promise {
        let trade = self.begin(side, amount, U128(0));
        ft_call::ext(self.tokens[1 - side].clone())
            .with_attached_deposit(NearToken::from_yoctonear(1))
            .with_static_gas(GAS_FOR_HOP)
            .with_unused_gas_weight(0)
            .ft_transfer_call(pool, trade.amount_out, msg)
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .hop_callback(trade),
            )
    }
}

#[near]
impl Contract {
    /// Ends the trade. It has failed if the other pool has used nothing: then all has come back.
    #[private]
    pub fn hop_callback(&mut self, trade: Trade) -> U128 {
        let used = match env::promise_result_checked(0, MAX_AMOUNT_BYTES) {
            Ok(used) => serde_json::from_slice(&used).unwrap_or(trade.amount_out),
            Err(PromiseError::Failed) => U128(0),
            Err(_) => trade.amount_out,
        };
        let is_paid = used.0 > 0;
        self.pool.end(&trade, is_paid);
        if is_paid { U128(0) } else { trade.amount_in }
    }
}
// ANCHOR_END: code
