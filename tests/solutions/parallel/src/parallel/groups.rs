//! More counters than one callback can wait for: groups of them, and a callback for all groups.

use near_sdk::{AccountId, Gas, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::parallel::fan_out::NumberOf;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// How many counters are in a group. A callback could wait for 128.
pub const GROUP: usize = 100;

/// The longest answer of a group that we read, in bytes: at most 115 for each counter.
pub const MAX_GROUP_BYTES: usize = 11_502;

/// Gas for reading the answer of one group, and repeating it: 5 Tgas.
const GAS_PER_GROUP: Gas = Gas::from_tgas(5);

#[near]
impl Contract {
    /// Asks every one of `counters` for its number, in groups.
    ///
    /// Each group is what `numbers_of` asks, with its own callback. Those callbacks are promises too, so
    /// they can be joined.
    pub fn numbers_in_groups(&mut self, counters: Vec<AccountId>) -> Promise {
        enter("numbers_in_groups");

        let groups: Vec<&[AccountId]> = counters.chunks(GROUP).collect();
        let callback = Self::ext_self()
            .with_static_gas(GAS_PER_GROUP.saturating_mul(groups.len() as u64))
            .numbers_in_groups_callback();

        let questions = groups
            .into_iter()
            .map(|group| self.numbers_of(group.to_vec()));
        match calls.reduce(Promise::and) {
            Some(all) => all.then(callback),
            None => env::panic_str("Name at least one counter"),
        }
    }

    /// Returns the answers of the groups, in their order. A group that failed is missing as a whole: its index
    /// says which counters were in it.
    #[private]
    pub fn numbers_in_groups_callback(&self) -> Vec<CallResult<Vec<NumberOf>>> {
        enter("numbers_in_groups_callback");

        (0..env::promise_results_count())
            .map(|index| CallResult::read(index, MAX_GROUP_BYTES))
            .collect()
    }
}
// ANCHOR_END: code
