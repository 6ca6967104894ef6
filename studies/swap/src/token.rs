// ANCHOR: all
//! The tokens of the pair (NEP-141): the method that we call, its gas, and the payout.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Gas, NearToken, Promise, ext_contract};

/// The static gas of `ft_transfer`: 10 Tgas. It loads the code of a token, and changes two
/// balances.
pub const GAS_FOR_FT_TRANSFER: Gas = Gas::from_tgas(10);

/// The method that we call at a token.
#[ext_contract(ft)]
pub trait FungibleToken {
    /// Moves tokens of the caller, who attaches one yoctoNEAR. Fails if the receiver is not
    /// registered.
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128);
}

/// Sends tokens. The yoctoNEAR is this contract's own.
pub fn send(token: AccountId, receiver: AccountId, amount: U128) -> Promise {
    with_empty_result(
        ft::ext(token)
            .with_attached_deposit(NearToken::from_yoctonear(1))
            .with_static_gas(GAS_FOR_FT_TRANSFER)
            .with_unused_gas_weight(0)
            .ft_transfer(receiver, amount),
    )
}

/// Appends a transfer of 0 NEAR, so that the callback learns whether the batch succeeded.
///
/// A method can move tokens and return a promise that fails. Its result is a failure, and the
/// tokens are gone. The result of a transfer is empty when the actions before it have succeeded.
fn with_empty_result(batch: Promise) -> Promise {
    batch.transfer(NearToken::from_near(0))
}
// ANCHOR_END: all
