// ANCHOR: all
//! The migration of the state.

use near_sdk::state::ContractState;
use near_sdk::{borsh, env, near};

use crate::operations::events::Event;
use crate::operations::record::Record;
use crate::upgrade::old::OldContract;
use crate::upgrade::version::StateVersion;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: migrate
    /// Migrates the state of the previous release to that of this release. Does nothing when the
    /// state is already that of this release. Refuses a state of a later release.
    ///
    /// `ignore_state` lets it run although there is a state, and although that state cannot be read
    /// as a
    /// [`Contract`]. Owner and guard are separate records, and do not change.
    #[private]
    #[init(ignore_state)]
    #[handle_result]
    pub fn migrate() -> Result<Self, String> {
        let state = env::storage_read(Self::state_key()).ok_or("There is no state to migrate")?;
        let (stored, ours) = (StateVersion::now(), StateVersion::OF_THIS_RELEASE);
        if stored > ours {
            return Err(format!(
                "The state has version {}, and this release knows versions up to {}",
                stored.0, ours.0
            ));
        }
        if stored == ours {
            return borsh::from_slice(&state)
                .map_err(|_| "The state is not that of this release".to_string());
        }
        let old: OldContract = borsh::from_slice(&state)
            .map_err(|_| "The state is not that of the release before".to_string())?;

        ours.store();
        Event::Migrated {
            from: stored.0,
            to: ours.0,
        }
        .emit();
        Ok(Self {
            partners: old.partners,
            responses: old.responses,
            money: old.money,
            counting_since: env::block_height(),
        })
    }
    // ANCHOR_END: migrate
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_logs};
    use near_sdk::testing_env;

    use super::*;
    use crate::operations::guard::Guard;
    use crate::operations::ownership::Ownership;
    use crate::partners::Partners;
    use crate::{money, responses};

    /// Migrates our contract on `alice`, which stores these bytes as its state, with this version.
    fn migrate_from(version: StateVersion, state: &[u8]) -> Result<Contract, String> {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .build()
        );
        env::storage_write(Contract::state_key(), state);
        version.store();
        Contract::migrate()
    }

    fn old_state() -> Vec<u8> {
        let old = OldContract {
            partners: Partners {
                counter: accounts(3),
                ..Partners::on_testnet()
            },
            responses: responses::state::State::default(),
            money: money::state::State::default(),
        };
        borsh::to_vec(&old).unwrap()
    }

    fn refusal(result: Result<Contract, String>) -> String {
        result.err().expect("the migration is refused")
    }

    // ANCHOR: test_migrate
    #[test]
    fn a_migration_keeps_the_old_values() {
        let contract = migrate_from(StateVersion(0), &old_state()).unwrap();

        assert_eq!(contract.get_partners().counter, accounts(3));
        assert_eq!(StateVersion::now(), StateVersion::OF_THIS_RELEASE);
        assert!(get_logs()[0].contains(r#""event":"migrated","data":{"from":0,"to":1}"#));
    }

    #[test]
    fn a_migration_does_not_change_owner_and_guard() {
        let paused = Guard {
            paused: true,
            ..Guard::default()
        };
        paused.store();
        Ownership::of(accounts(5)).store();

        let contract = migrate_from(StateVersion(0), &old_state()).unwrap();

        assert_eq!(contract.get_owner(), accounts(5));
        assert!(contract.is_paused());
    }

    #[test]
    fn a_state_of_this_release_does_not_change() {
        let new = migrate_from(StateVersion(0), &old_state()).unwrap();
        let new = borsh::to_vec(&new).unwrap();

        let again = migrate_from(StateVersion::OF_THIS_RELEASE, &new).unwrap();

        assert_eq!(borsh::to_vec(&again).unwrap(), new);
        assert!(get_logs().is_empty());
    }

    #[test]
    fn a_state_of_a_later_release_is_refused() {
        let refusal = refusal(migrate_from(StateVersion(2), &old_state()));

        assert_eq!(
            refusal,
            "The state has version 2, and this release knows versions up to 1"
        );
    }
    // ANCHOR_END: test_migrate

    #[test]
    fn a_state_of_another_contract_is_refused() {
        let refusal = refusal(migrate_from(StateVersion(0), b"a greeting"));

        assert_eq!(refusal, "The state is not that of the release before");
    }

    #[test]
    fn a_state_that_does_not_match_its_version_is_refused() {
        let refusal = refusal(migrate_from(StateVersion::OF_THIS_RELEASE, b"a greeting"));

        assert_eq!(refusal, "The state is not that of this release");
    }

    #[test]
    fn a_migration_without_a_state_is_refused() {
        testing_env!(VMContextBuilder::new().build());
        env::storage_remove(Contract::state_key());

        assert_eq!(refusal(Contract::migrate()), "There is no state to migrate");
    }
}
// ANCHOR_END: all
