// ANCHOR: all
//! The record of the owner, and the check that each method of the owner begins with.

use near_sdk::{AccountId, assert_one_yocto, env, near, require};

use crate::operations::record::Record;

// ANCHOR: ownership
/// The owner, and who is to be the next.
///
/// The owner is not the holder of a key. It is an account that calls our methods: a person, or a
/// contract that lets many decide. It is a record beside the state, so the owner can replace code that
/// cannot read the state.
#[near(serializers = [borsh])]
pub struct Ownership {
    pub owner: AccountId,
    pub proposed: Option<AccountId>,
}

impl Record for Ownership {
    const KEY: &'static [u8] = b"OWNER";
}

impl Ownership {
    /// Owned by this account, with nobody proposed.
    pub fn of(owner: AccountId) -> Self {
        Self {
            owner,
            proposed: None,
        }
    }

    /// Returns who owns the contract. Until somebody is named, it is the account itself.
    pub fn now() -> Self {
        Self::load().unwrap_or_else(|| Self::of(env::current_account_id()))
    }
}
// ANCHOR_END: ownership

// ANCHOR: require_owner
/// Panics unless the owner calls, with exactly one yoctoNEAR.
///
/// A key that may only call functions lies in the browsers of those who use a web page, and it cannot
/// attach a deposit. The yoctoNEAR shows that another key has signed. It is asked of everyone, and not
/// only where the predecessor is the signer: a meta-transaction (NEP-366) is signed with such a key and
/// sent by a relayer, so the predecessor is the owner and the signer is the relayer. A contract that is
/// the owner can attach a yoctoNEAR as well.
pub fn require_owner() {
    require!(
        env::predecessor_account_id() == Ownership::now().owner,
        "Only the owner may do this"
    );
    assert_one_yocto();
}
// ANCHOR_END: require_owner
// ANCHOR_END: all
