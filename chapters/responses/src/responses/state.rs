// ANCHOR: all
//! The types that this contract stores about the accounts that it calls. The modules beside this one change them.

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, NearToken, env, near};

use crate::responses::breaker::Breaker;

// ANCHOR: state
/// What this module keeps.
///
/// The first field has a fixed size. The second grows, and whoever makes it grow pays for the storage:
/// see [`watch`](crate::responses::watch).
#[near(serializers = [borsh])]
pub(crate) struct State {
    /// How many answers were measured: see [`measure`](crate::responses::measure).
    pub(crate) measured: u32,
    /// What is known about each account that somebody pays to have watched.
    pub(crate) watched: LookupMap<AccountId, Watched>,
}
// ANCHOR_END: state

/// What the keys of [`State::watched`] begin with in the storage. No other map begins so.
pub(crate) const WATCHED: &[u8] = b"responses.watched";

impl Default for State {
    /// Nothing is known yet.
    fn default() -> Self {
        Self {
            measured: 0,
            watched: LookupMap::new(WATCHED),
        }
    }
}

// ANCHOR: entry
impl State {
    /// The entry of an account. Panics when there is none.
    pub(crate) fn entry(&mut self, account_id: &AccountId) -> &mut Watched {
        self.watched
            .get_mut(account_id)
            .unwrap_or_else(|| env::panic_str(&format!("{account_id} is not watched")))
    }
}
// ANCHOR_END: entry

// ANCHOR: watched
/// What the contract remembers about an account.
#[near(serializers = [borsh])]
pub(crate) struct Watched {
    /// Who has paid for this entry.
    pub payer: AccountId,
    /// How much. It is kept because a later version of the contract may ask for another price.
    pub paid: NearToken,
    /// Whether the account is asked at all: see [`breaker`](crate::responses::breaker).
    pub breaker: Breaker,
    /// The block in which the breaker opened last. Trials do not renew it, so nobody can keep the payer from
    /// leaving.
    pub opened_at: u64,
    /// Its last greeting: see [`cache`](crate::responses::cache).
    pub cached: Option<Cached>,
}
// ANCHOR_END: watched

// ANCHOR: cached
/// An answer as it is kept.
#[near(serializers = [borsh])]
pub(crate) struct Cached {
    /// What the account answered.
    pub greeting: String,
    /// The height of the block in which it was asked.
    pub asked_at: u64,
}
// ANCHOR_END: cached
// ANCHOR_END: all
