// ANCHOR: all
//! How much money the contract lets pass, and how much it is to keep.

use near_sdk::{NearToken, env, near, require};

// ANCHOR: limits
/// What the owner can set in numbers.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// The largest deposit that one call may bring. It bounds what one mistake can cost a user.
    pub max_deposit: NearToken,
    /// What the account is to hold beside the money that its storage locks up. With less, it is not
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
    /// Panics when this call brings more than it may.
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
    fn a_deposit_may_reach_the_limit() {
        check(NearToken::from_near(1_000));
    }

    #[test]
    #[should_panic(expected = "Attach at most 1000 NEAR")]
    fn a_deposit_may_not_pass_the_limit() {
        check(NearToken::from_near(1_000).saturating_add(NearToken::from_yoctonear(1)));
    }
}
// ANCHOR_END: all
