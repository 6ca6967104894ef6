// ANCHOR: all
//! VULNERABLE ON PURPOSE. Do not deploy this contract, and do not copy from it.
//!
//! It is a small pool of two tokens, without fees and shares. Each kind of swap has a common
//! mistake in the payout of the second token, and the book shows what it costs. The study `swap`
//! has the same pool without the mistakes.

use near_sdk::json_types::U128;
use near_sdk::{
    AccountId, Gas, NearToken, PanicOnDefault, Promise, PromiseError, PromiseOrValue, env,
    ext_contract, log, near, require,
};

/// The method that it calls at a token.
#[ext_contract(ft)]
pub trait FungibleToken {
    /// Moves tokens of the caller.
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128);
}

const GAS_FOR_FT_TRANSFER: Gas = Gas::from_tgas(10);

const GAS_FOR_CALLBACK: Gas = Gas::from_tgas(5);

/// The whole state: the tokens, and how much the pool has of each.
#[near(contract_state)]
#[derive(PanicOnDefault)]
pub struct Pool {
    tokens: [AccountId; 2],
    reserves: [u128; 2],
}

#[near]
impl Pool {
    /// Creates an empty pool.
    #[init]
    pub fn new(tokens: [AccountId; 2]) -> Self {
        Self {
            tokens,
            reserves: [0; 2],
        }
    }

    /// Adds tokens, or swaps them with the mistake that `msg` names.
    pub fn ft_on_transfer(
        &mut self,
        sender_id: AccountId,
        amount: U128,
        msg: String,
    ) -> PromiseOrValue<U128> {
        let token = env::predecessor_account_id();
        let Some(side) = self.tokens.iter().position(|known| *known == token) else {
            env::panic_str(&format!("{token} is no token of this pool"));
        };
        if msg == "add" {
            self.reserves[side] += amount.0;
            return PromiseOrValue::Value(U128(0));
        }
        let before = self.reserves.map(U128);
        let amount_out = self.trade(side, amount.0);
        let payout = ft::ext(self.tokens[1 - side].clone())
            .with_attached_deposit(NearToken::from_yoctonear(1))
            .with_static_gas(GAS_FOR_FT_TRANSFER)
            .with_unused_gas_weight(0)
            .ft_transfer(sender_id.clone(), U128(amount_out));
        let callback = Self::ext_self().with_static_gas(GAS_FOR_CALLBACK);
        let amount_out = U128(amount_out);
        match msg.as_str() {
            "early" => vulnerable_answer(payout, sender_id, amount_out),
            "copy" => payout
                .then(callback.vulnerable_copy_callback(before, amount))
                .into(),
            "difference" => payout
                .then(callback.vulnerable_difference_callback(side, amount, amount_out))
                .into(),
            _ => env::panic_str("There is no such swap"),
        }
    }

    /// Logs that a payout has failed, when the sender has lost the first token already.
    ///
    /// VULNERABLE: nobody waits for this.
    #[private]
    pub fn vulnerable_log_callback(&mut self, sender: AccountId, amount_out: U128) {
        if !call_succeeded() {
            log!("{sender} did not get {}", amount_out.0);
        }
    }

    // ANCHOR: copy
    /// Writes the reserves from before the swap back if the payout has failed.
    ///
    /// VULNERABLE: it undoes what others have traded since then, too.
    #[private]
    pub fn vulnerable_copy_callback(&mut self, before: [U128; 2], amount_in: U128) -> U128 {
        if call_succeeded() {
            return U128(0);
        }
        self.reserves = before.map(|amount| amount.0);
        amount_in
    }
    // ANCHOR_END: copy

    // ANCHOR: difference
    /// Takes the swap back by its amounts if the payout has failed.
    ///
    /// VULNERABLE: others have traded at the price that this swap made. They keep what they got.
    #[private]
    pub fn vulnerable_difference_callback(
        &mut self,
        side: usize,
        amount_in: U128,
        amount_out: U128,
    ) -> U128 {
        if call_succeeded() {
            return U128(0);
        }
        self.reserves[side] -= amount_in.0;
        self.reserves[1 - side] += amount_out.0;
        amount_in
    }
    // ANCHOR_END: difference

    /// Returns how much the pool has of each token.
    pub fn get_reserves(&self) -> [U128; 2] {
        self.reserves.map(U128)
    }
}

impl Pool {
    /// Changes the reserves, and returns the amount that goes out.
    fn trade(&mut self, side: usize, amount_in: u128) -> u128 {
        let reserve = self.reserves[1 - side];
        let amount_out = reserve * amount_in / (self.reserves[side] + amount_in);
        require!(amount_out > 0, "The swap gives nothing");
        self.reserves[side] += amount_in;
        self.reserves[1 - side] -= amount_out;
        amount_out
    }
}

// ANCHOR: answer
/// Pays, and answers at once that all of the first token is used.
///
/// VULNERABLE: the payout may fail after that.
fn vulnerable_answer(payout: Promise, sender: AccountId, amount_out: U128) -> PromiseOrValue<U128> {
    payout
        .then(
            Pool::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vulnerable_log_callback(sender, amount_out),
        )
        .detach();
    PromiseOrValue::Value(U128(0))
}
// ANCHOR_END: answer

fn call_succeeded() -> bool {
    !matches!(env::promise_result_checked(0, 0), Err(PromiseError::Failed))
}
// ANCHOR_END: all
