// ANCHOR: all
//! A council: its members vote on calls to other contracts, and anybody may execute what they have
//! approved.
//!
//! A call is data until then. So it runs later than it was decided, at the wish of another account,
//! and perhaps more than once. [`proposal`] has the data and its states, [`vote`] decides,
//! [`execute`] calls.

use std::collections::BTreeSet;

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, NearToken, PanicOnDefault, env, near, require};

pub mod enter;
pub mod execute;
pub mod money;
pub mod promise_results;
pub mod proposal;
pub mod vote;

use enter::enter;
use proposal::Proposal;

/// The greatest number of members. Each vote is stored.
pub const MAX_MEMBERS: usize = 20;

// ANCHOR: policy
/// The methods of its own that the council may call.
///
/// Whatever it calls has the council as predecessor. So a call to itself passes `#[private]`, and
/// no callback may be in this list.
pub const POLICY: [&str; 1] = ["set_members"];
// ANCHOR_END: policy

/// The state.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(PanicOnDefault)]
pub struct Contract {
    /// The accounts that vote.
    members: BTreeSet<AccountId>,
    /// The proposals that have not ended. One that ends is removed, and its number is not used
    /// again.
    proposals: LookupMap<u32, Proposal>,
    next_id: u32,
    /// The bonds, and the debts. The rest of the balance is the treasury.
    pub(crate) money: money::state::State,
}

#[near]
impl Contract {
    /// Creates the state. Only this account may call it, so that no other account chooses the
    /// members.
    #[init]
    #[private]
    pub fn new(members: BTreeSet<AccountId>) -> Self {
        Self {
            members: checked(members),
            proposals: LookupMap::new("proposals".as_bytes()),
            next_id: 0,
            money: money::state::State::default(),
        }
    }

    /// Replaces the members. It is in the [`POLICY`]: only the council itself may call it.
    /// Votes of former members no longer count. What is approved stays approved.
    #[private]
    pub fn set_members(&mut self, members: BTreeSet<AccountId>) {
        enter("set_members");

        self.members = checked(members);
    }

    /// Returns the members.
    pub fn get_members(&self) -> &BTreeSet<AccountId> {
        &self.members
    }

    // ANCHOR: treasury
    /// Returns the amount that proposals can spend: the balance without the bonds, the debts, and
    /// the price of the storage. A bond pays for the storage of its proposal, so the liabilities do
    /// not count that part.
    pub fn get_treasury(&self) -> NearToken {
        let storage = env::storage_byte_cost().saturating_mul(env::storage_usage().into());
        env::account_balance()
            .saturating_sub(self.money.liabilities())
            .saturating_sub(storage)
    }
    // ANCHOR_END: treasury
}

/// Checks that there are members, and not too many.
fn checked(members: BTreeSet<AccountId>) -> BTreeSet<AccountId> {
    require!(
        (1..=MAX_MEMBERS).contains(&members.len()),
        format!("A council has 1 to {MAX_MEMBERS} members")
    );
    members
}

#[cfg(test)]
mod tests;
// ANCHOR_END: all
