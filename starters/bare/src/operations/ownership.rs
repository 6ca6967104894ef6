// ANCHOR: all
//! The record of the owner, and the check at the beginning of each method of the owner.

use near_sdk::{AccountId, assert_one_yocto, env, near, require};

use crate::operations::record::Record;

// ANCHOR: ownership
/// The record of the owner and the proposed owner.
///
/// The owner is not the holder of a key. It is an account that calls our methods: that of a person,
/// or a contract in which many people decide. The record is stored beside the state, so the owner
/// can replace code that cannot read the state.
#[near(serializers = [borsh])]
pub struct Ownership {
    pub owner: AccountId,
    pub proposed: Option<AccountId>,
}

impl Record for Ownership {
    const KEY: &'static [u8] = b"OWNER";
}

impl Ownership {
    /// Creates a record of this owner, with nobody proposed.
    pub fn of(owner: AccountId) -> Self {
        Self {
            owner,
            proposed: None,
        }
    }

    /// Returns the stored record. Without one the owner is the account of the contract itself.
    pub fn now() -> Self {
        Self::load().unwrap_or_else(|| Self::of(env::current_account_id()))
    }
}
// ANCHOR_END: ownership

// ANCHOR: require_owner
/// Panics unless the caller is the owner, with exactly one yoctoNEAR.
///
/// Web pages keep function-call keys in browsers, and such a key cannot attach a deposit. So the
/// yoctoNEAR shows that a full-access key has signed. The check does not depend on the signer: a
/// meta-transaction (NEP-366) may be signed with a function-call key and sent by a relayer. Then
/// the predecessor is the owner, and the signer is the relayer. An owner that is a contract can
/// attach a yoctoNEAR too.
pub fn require_owner() {
    require!(
        env::predecessor_account_id() == Ownership::now().owner,
        "Only the owner may do this"
    );
    assert_one_yocto();
}
// ANCHOR_END: require_owner
// ANCHOR_END: all
