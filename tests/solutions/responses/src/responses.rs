//! Answers of strangers: what a callback sees of them, and what it makes of them.
//!
//! A stranger may fail, answer nonsense, or answer more than there is gas to read. None of that may
//! make the callback fail, for then everything else that it had to do is lost as well. So answers are
//! read by hand here, within a bound, and each becomes an [`crate::call_result::CallResult`] of the account that was
//! asked.

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, near};

pub mod breaker;
pub mod cache;
pub mod check;
pub mod forgetful;
pub mod greetings;
pub mod majority;
pub mod measure;
pub mod old_answer;
pub mod result_of;
pub mod shapes;
pub mod survey;
pub mod watch;

use watch::Watched;

/// What this module keeps.
///
/// The first field has a fixed size. The second grows, and whoever makes it grow pays for the storage:
/// see [`watch`].
#[near(serializers = [borsh])]
pub(crate) struct State {
    /// How many answers were measured: see [`measure`].
    measured: u32,
    /// What is known about each account that somebody pays to have watched.
    watched: LookupMap<AccountId, Watched>,
}

/// What the keys of [`State::watched`] begin with in the storage. No other map begins so.
const WATCHED: &[u8] = b"responses.watched";

impl Default for State {
    /// Nothing is known yet.
    fn default() -> Self {
        Self {
            measured: 0,
            watched: LookupMap::new(WATCHED),
        }
    }
}
