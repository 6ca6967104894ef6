// ANCHOR: all
//! The types of the stored state about other accounts. The modules beside this one change it.

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, NearToken, env, near};

use crate::responses::breaker::Breaker;

// ANCHOR: state
/// The state of this module.
///
/// The first field has a fixed size. The second grows, and the user who makes it grow pays for the
/// storage: see [`watch`](crate::responses::watch).
#[near(serializers = [borsh])]
pub(crate) struct State {
    /// The number of measurements: see [`measure`](crate::responses::measure).
    pub(crate) measured: u32,
    /// The entry of each watched account.
    pub(crate) watched: LookupMap<AccountId, Watched>,
}
// ANCHOR_END: state

/// The prefix of the storage keys of [`State::watched`]. No other map has it.
pub(crate) const WATCHED: &[u8] = b"responses.watched";

impl Default for State {
    /// Returns an empty state.
    fn default() -> Self {
        Self {
            measured: 0,
            watched: LookupMap::new(WATCHED),
        }
    }
}

// ANCHOR: entry
impl State {
    /// Returns the entry of an account. Panics when there is none.
    pub(crate) fn entry(&mut self, account_id: &AccountId) -> &mut Watched {
        self.watched
            .get_mut(account_id)
            .unwrap_or_else(|| env::panic_str(&format!("{account_id} is not watched")))
    }
}
// ANCHOR_END: entry

// ANCHOR: watched
/// The entry of a watched account.
#[near(serializers = [borsh])]
pub(crate) struct Watched {
    /// The account that has paid for this entry.
    pub payer: AccountId,
    /// The amount that it has paid. It is stored because a later version of the contract may have
    /// another price.
    pub paid: NearToken,
    /// The circuit breaker: see [`breaker`](crate::responses::breaker).
    pub breaker: Breaker,
    /// The height of the block in which the breaker last opened. Trials do not change it, so nobody
    /// can keep the payer from removing the entry.
    pub opened_at: u64,
    /// The last greeting: see [`cache`](crate::responses::cache).
    pub cached: Option<Cached>,
}
// ANCHOR_END: watched

// ANCHOR: cached
/// A greeting as it is stored.
#[near(serializers = [borsh])]
pub(crate) struct Cached {
    /// The greeting that the account returned.
    pub greeting: String,
    /// The height of the block in which the call was sent.
    pub asked_at: u64,
}
// ANCHOR_END: cached
// ANCHOR_END: all
