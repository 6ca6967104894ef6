// ANCHOR: all
//! A mock of a staking pool. It returns the rewards of an account. Anyone can set them: nothing is staked in it.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, near};

/// The whole state: the rewards of each account that has some, in yoctoNEAR.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
pub struct Staking {
    rewards: LookupMap<AccountId, U128>,
}

impl Default for Staking {
    /// Returns a state without rewards.
    fn default() -> Self {
        Self {
            rewards: LookupMap::new(b"r"),
        }
    }
}

#[near]
impl Staking {
    /// Returns the rewards of an account in yoctoNEAR. They are zero when it has none.
    pub fn get_rewards(&self, account_id: AccountId) -> U128 {
        self.rewards.get(&account_id).copied().unwrap_or(U128(0))
    }

    /// Replaces the rewards of an account. Anyone may call this: the contract is a mock.
    pub fn set_rewards(&mut self, account_id: AccountId, rewards: U128) {
        self.rewards.set(account_id, Some(rewards));
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;

    #[test]
    fn an_account_without_rewards_has_zero() {
        assert_eq!(Staking::default().get_rewards(accounts(0)), U128(0));
    }

    #[test]
    fn new_rewards_replace_the_old_ones() {
        let mut contract = Staking::default();
        contract.set_rewards(accounts(0), U128(5));
        contract.set_rewards(accounts(0), U128(7));

        assert_eq!(contract.get_rewards(accounts(0)), U128(7));
    }

    #[test]
    fn rewards_belong_to_one_account() {
        let mut contract = Staking::default();
        contract.set_rewards(accounts(0), U128(5));

        assert_eq!(contract.get_rewards(accounts(1)), U128(0));
    }
}
// ANCHOR_END: all
