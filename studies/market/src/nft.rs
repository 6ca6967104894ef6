// ANCHOR: all
//! The collections: the method that we call at a contract of non-fungible tokens, and the bill that
//! it returns.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Gas, NearToken, ext_contract};

use crate::payout::Payout;

/// The static gas of `nft_transfer_payout`: 20 Tgas. It changes the owner of one token.
pub const GAS_FOR_NFT_TRANSFER_PAYOUT: Gas = Gas::from_tgas(20);

/// The deposit of `nft_transfer_payout`: exactly one yoctoNEAR (NEP-199). The fee pays for it.
pub const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// The method that we call at a collection.
#[ext_contract(nft)]
pub trait Nft {
    /// Transfers the token to `receiver_id`, and returns who has to be paid for it out of `balance`
    /// (NEP-199).
    ///
    /// Fails if `approval_id` is not that of our approval (NEP-178), or if more than
    /// `max_len_payout` accounts have to be paid.
    fn nft_transfer_payout(
        &mut self,
        receiver_id: AccountId,
        token_id: String,
        approval_id: Option<u64>,
        memo: Option<String>,
        balance: U128,
        max_len_payout: Option<u32>,
    ) -> Payout;
}
// ANCHOR_END: all
