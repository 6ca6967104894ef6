//! Balances before a call and after it, and the money that is missing.

use std::collections::BTreeMap;
use std::fmt;

use near_primitives::types::Balance;

use crate::text::near;

/// All balances after a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// The money that the contract would have left if every user took out theirs.
    pub own: Balance,
    /// All accounts, with the contract's.
    pub balances: BTreeMap<&'static str, Balance>,
}

/// The changes that are right in the course of a call.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// The tokens that all receipts burnt for gas.
    pub burnt: Balance,
    /// The money that the contract has earned.
    pub earned: Balance,
    /// The accounts that may hold more than before: the user, and the partners that were paid.
    pub may_gain: Vec<&'static str>,
}

/// Money that is not where it belongs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// Money on the contract that nobody can claim.
    Stuck(Balance),
    /// Money that the contract paid although it was not the user's.
    Overpaid(Balance),
    /// Money that is on no account.
    Vanished(Balance),
    /// Money on an account that should get nothing.
    Astray(&'static str, Balance),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Stuck(amount) => format!("{} is stuck", near(*amount)),
            Self::Overpaid(amount) => format!("the contract has lost {}", near(*amount)),
            Self::Vanished(amount) => format!("{} has vanished", near(*amount)),
            Self::Astray(name, amount) => format!("{name} has {}", near(*amount)),
        };
        f.write_str(&text.replace('\u{a0}', " "))
    }
}

/// Returns the money that is missing after a call.
pub fn missing(before: &Ledger, after: &Ledger, allowed: &Allowed) -> Vec<Missing> {
    let mut missing = Vec::new();
    let own = before.own.saturating_add(allowed.earned);
    if let Some(amount) = excess(after.own, own) {
        missing.push(Missing::Stuck(amount));
    }
    if let Some(amount) = excess(own, after.own) {
        missing.push(Missing::Overpaid(amount));
    }

    let left = after.total().saturating_add(allowed.burnt);
    if let Some(amount) = excess(before.total(), left) {
        missing.push(Missing::Vanished(amount));
    }
    for (name, balance) in &after.balances {
        let held = before.balances.get(name).copied().unwrap_or(Balance::ZERO);
        match excess(*balance, held) {
            Some(amount) if !allowed.may_gain.contains(name) => {
                missing.push(Missing::Astray(name, amount));
            }
            _ => {}
        }
    }
    missing
}

impl Ledger {
    fn total(&self) -> Balance {
        let balances = self.balances.values();
        balances.fold(Balance::ZERO, |sum, balance| sum.saturating_add(*balance))
    }
}

/// Returns by how much one amount is more than another.
fn excess(more: Balance, less: Balance) -> Option<Balance> {
    more.checked_sub(less).filter(|amount| !amount.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(amount: u128) -> Balance {
        Balance::from_near(amount)
    }

    /// Returns a ledger of a contract with 10 NEAR of its own, and these balances in NEAR.
    fn ledger(contract: u128, user: u128, another: u128) -> Ledger {
        Ledger {
            own: near(10),
            balances: BTreeMap::from([
                ("contract", near(contract)),
                ("user", near(user)),
                ("another", near(another)),
            ]),
        }
    }

    /// Returns the missing money if only the contract and the user may gain.
    fn missing_after(after: &Ledger, burnt: u128, earned: u128) -> Vec<Missing> {
        let allowed = Allowed {
            burnt: near(burnt),
            earned: near(earned),
            may_gain: vec!["contract", "user"],
        };
        missing(&ledger(10, 100, 5), after, &allowed)
    }

    #[test]
    fn money_that_is_owed_is_not_missing() {
        assert_eq!(missing_after(&ledger(13, 96, 5), 1, 0), []);
    }

    #[test]
    fn money_that_nobody_can_claim_is_stuck() {
        let after = Ledger {
            own: near(13),
            ..ledger(13, 96, 5)
        };

        assert_eq!(missing_after(&after, 1, 0), [Missing::Stuck(near(3))]);
    }

    #[test]
    fn money_that_the_contract_has_earned_is_its_own() {
        let after = Ledger {
            own: near(13),
            ..ledger(13, 96, 5)
        };

        assert_eq!(missing_after(&after, 1, 3), []);
    }

    #[test]
    fn money_that_is_paid_twice_is_overpaid() {
        let after = Ledger {
            own: near(8),
            ..ledger(8, 101, 5)
        };

        assert_eq!(missing_after(&after, 1, 0), [Missing::Overpaid(near(2))]);
    }

    #[test]
    fn money_on_no_account_has_vanished() {
        assert_eq!(
            missing_after(&ledger(10, 96, 5), 1, 0),
            [Missing::Vanished(near(3))]
        );
    }

    #[test]
    fn money_on_another_account_went_astray() {
        assert_eq!(
            missing_after(&ledger(10, 96, 8), 1, 0),
            [Missing::Astray("another", near(3))]
        );
    }
}
