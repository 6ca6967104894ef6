//! More counters than one callback can wait for: groups of counters, and a callback for all groups.

use near_sdk::{AccountId, Gas, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::result_of::ResultOf;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// The number of counters in a group. A callback could wait for 128.
pub const GROUP: usize = 100;

/// The longest value of a group that we read, in bytes: at most 118 for each counter.
pub const MAX_GROUP_BYTES: usize = 11_802;

/// The gas for reading the value of one group and returning it: 5 Tgas.
const GAS_PER_GROUP: Gas = Gas::from_tgas(5);

#[near]
impl Contract {
    /// Reads the number of each of `counters`, in groups.
    ///
    /// Each group is a call of `numbers_of`, with its own callback. These callbacks are promises
    /// too, so they can be joined.
    pub fn numbers_in_groups(&mut self, counters: Vec<AccountId>) -> Promise {
        enter("numbers_in_groups");

        let groups: Vec<&[AccountId]> = counters.chunks(GROUP).collect();
        let callback = Self::ext_self()
            .with_static_gas(GAS_PER_GROUP.saturating_mul(groups.len() as u64))
            .numbers_in_groups_callback();

        let calls = groups
            .into_iter()
            .map(|group| self.numbers_of(group.to_vec()));
        match calls.reduce(Promise::and) {
            Some(all) => all.then(callback),
            None => env::panic_str("Name at least one counter"),
        }
    }

    /// Returns the results of the groups, in their order. When a group has failed, all its counters
    /// are missing: its index tells which ones.
    #[private]
    pub fn numbers_in_groups_callback(&self) -> Vec<CallResult<Vec<ResultOf<i8>>>> {
        enter("numbers_in_groups_callback");

        (0..env::promise_results_count())
            .map(|index| CallResult::read(index, MAX_GROUP_BYTES))
            .collect()
    }
}
// ANCHOR_END: code
