//! The migration: the state of this release from the stored one.

use near_sdk::state::ContractState;
use near_sdk::{borsh, env, near};

use crate::upgrade::version::StateVersion;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    /// Returns the stored state. This is the first release, so there is only one kind of state. A
    /// later release reads the state of the release before here, and makes its own from it.
    ///
    /// `ignore_state` lets it run although a state is stored that may not be readable as a
    /// [`Contract`]. Owner and guard are records of their own, and stay as they are.
    #[private]
    #[init(ignore_state)]
    #[handle_result]
    pub fn migrate() -> Result<Self, String> {
        let state = env::storage_read(Self::state_key()).ok_or("There is no state to migrate")?;
        let (stored, ours) = (StateVersion::now(), StateVersion::OF_THIS_RELEASE);
        if stored != ours {
            return Err(format!(
                "The state has version {}, and this release knows version {}",
                stored.0, ours.0
            ));
        }
        borsh::from_slice(&state).map_err(|_| "The state is not that of this release".to_string())
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::testing_env;

    use super::*;
    use crate::operations::record::Record;
    use crate::tests::contract;

    const OURS: u32 = StateVersion::OF_THIS_RELEASE.0;

    /// Migrates an account that stores this state with this version.
    fn migrate_from(version: u32, state: &[u8]) -> Result<Vec<u8>, String> {
        testing_env!(VMContextBuilder::new().build());
        env::storage_write(Contract::state_key(), state);
        StateVersion(version).store();
        Contract::migrate().map(|contract| borsh::to_vec(&contract).unwrap())
    }

    #[test]
    fn a_state_of_this_release_stays_as_it_is() {
        let state = borsh::to_vec(&contract()).unwrap();

        assert_eq!(migrate_from(OURS, &state), Ok(state));
    }

    #[test]
    fn a_state_of_a_later_release_is_refused() {
        let refusal = migrate_from(OURS + 1, b"").unwrap_err();
        assert!(refusal.starts_with("The state has version"), "{refusal}");
    }

    #[test]
    fn a_state_of_another_contract_is_refused() {
        let refusal = "The state is not that of this release";
        assert_eq!(migrate_from(OURS, b"a greeting"), Err(refusal.to_string()));
    }
}
