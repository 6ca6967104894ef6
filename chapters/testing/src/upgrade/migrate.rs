// ANCHOR: all
//! The old state becomes the new one.

use near_sdk::state::ContractState;
use near_sdk::{borsh, env, near};

use super::old::OldContract;
use crate::operations::events::Event;
use crate::operations::gate::Gate;
use crate::operations::owner::Ownership;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: migrate
    /// Makes the state of this release out of that of the release before.
    ///
    /// `ignore_state` lets it run although there is a state already, and although that state cannot be
    /// read as a [`Contract`]. So it has to look for itself what is there. A state that is new already
    /// is an error: to migrate it again would give the contract back to its first owner.
    #[private]
    #[init(ignore_state)]
    #[handle_result]
    pub fn migrate() -> Result<Self, String> {
        let state = env::storage_read(Self::state_key()).ok_or("There is no state to migrate")?;
        if borsh::from_slice::<Self>(&state).is_ok() {
            return Err("The state is that of this release already".to_string());
        }
        let old: OldContract = borsh::from_slice(&state)
            .map_err(|_| "The state is not that of the release before".to_string())?;

        Gate::default().store();

        let owner = env::current_account_id();
        Event::Migrated {
            owner: owner.clone(),
        }
        .emit();
        Ok(Self {
            partners: old.partners,
            responses: old.responses,
            money: old.money,
            ownership: Ownership::of(owner),
        })
    }
    // ANCHOR_END: migrate
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_logs};
    use near_sdk::testing_env;

    use super::*;
    use crate::partners::Partners;
    use crate::{money, responses};

    /// Migrates our contract on `alice`, which stores these bytes.
    fn migrate_from(state: &[u8]) -> Result<Contract, String> {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .build()
        );
        env::storage_write(Contract::state_key(), state);
        Contract::migrate()
    }

    fn old_state() -> Vec<u8> {
        let old = OldContract {
            partners: Partners {
                counter: accounts(3),
                ..Partners::on_testnet()
            },
            responses: responses::State::default(),
            money: money::State::default(),
        };
        borsh::to_vec(&old).unwrap()
    }

    fn refusal(result: Result<Contract, String>) -> String {
        result.err().expect("the migration is refused")
    }

    // ANCHOR: test_migrate
    #[test]
    fn the_partners_stay_and_the_account_becomes_the_owner() {
        let contract = migrate_from(&old_state()).unwrap();

        assert_eq!(contract.get_partners().counter, accounts(3));
        assert_eq!(contract.get_owner(), &accounts(0));
        assert!(get_logs()[0].contains(r#""event":"migrated","data":{"owner":"alice"}"#));
    }

    #[test]
    fn a_state_that_is_new_already_is_left_alone() {
        let new = migrate_from(&old_state()).unwrap();

        let refusal = refusal(migrate_from(&borsh::to_vec(&new).unwrap()));

        assert_eq!(refusal, "The state is that of this release already");
    }
    // ANCHOR_END: test_migrate

    #[test]
    fn a_state_of_another_kind_is_left_alone() {
        let refusal = refusal(migrate_from(b"a greeting"));

        assert_eq!(refusal, "The state is not that of the release before");
    }

    #[test]
    fn without_a_state_there_is_nothing_to_migrate() {
        testing_env!(VMContextBuilder::new().build());
        env::storage_remove(Contract::state_key());

        assert_eq!(refusal(Contract::migrate()), "There is no state to migrate");
    }
}
// ANCHOR_END: all
