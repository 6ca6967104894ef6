// ANCHOR: all
//! The limits of deposits and of the contract's balance.

use near_sdk::{NearToken, env, near, require};

// ANCHOR: limits
/// The limits that the owner can set.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// The largest deposit of one call. It bounds the loss of a user by one mistake.
    pub max_deposit: NearToken,
    /// The least balance beside the money that storage locks. With less the contract is not
    /// healthy: it could not store one more message.
    pub min_free_balance: NearToken,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_deposit: NearToken::from_near(1_000),
            min_free_balance: NearToken::from_near(1),
        }
    }
}
// ANCHOR_END: limits

impl Limits {
    /// Panics when the deposit of this call is above the limit.
    pub fn check_deposit(&self) {
        require!(
            env::attached_deposit() <= self.max_deposit,
            format!("Attach at most {}", self.max_deposit.exact_amount_display())
        );
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::testing_env;

    use super::*;

    fn check(deposit: NearToken) {
        testing_env!(VMContextBuilder::new().attached_deposit(deposit).build());
        Limits::default().check_deposit();
    }

    #[test]
    fn a_deposit_at_the_limit_is_accepted() {
        check(NearToken::from_near(1_000));
    }

    #[test]
    #[should_panic(expected = "Attach at most 1000 NEAR")]
    fn a_deposit_above_the_limit_is_refused() {
        check(NearToken::from_near(1_000).saturating_add(NearToken::from_yoctonear(1)));
    }
}
// ANCHOR_END: all
