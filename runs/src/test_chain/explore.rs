//! Every order of the messages of a scenario on the test chain.

use chain::explore::{Explore, Replay};
use near_primitives::state_record::StateRecord;

use super::chain::{TestChain, account};

impl TestChain {
    /// Begins a scenario on a fork of this chain.
    pub fn explore(&self, scenario: &str) -> Explore {
        Explore::new(scenario, &self.chain)
    }

    /// Returns the storage of a contract as records that can be written into a state.
    pub fn storage_records(&self, name: &str) -> Vec<StateRecord> {
        let account_id = account(name);
        let entries = self.chain.head().state.data(&account_id, &[]);
        entries
            .map(|(key, value)| StateRecord::Data {
                account_id: account_id.clone(),
                data_key: key.into(),
                value: value.to_vec().into(),
            })
            .collect()
    }

    /// Returns the chain of a replay, with one block for each step. Its transactions can be drawn.
    pub fn of_replay(replay: Replay) -> Self {
        Self {
            chain: replay.chain,
            actors: Vec::new(),
        }
    }
}
