// ANCHOR: all
//! A mock of a lending protocol. It returns the amounts that an account has supplied and borrowed. Anyone can set
//! them: there is no money in it.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, near};

/// The position of an account, in the smallest unit of some token.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// The amount that it has supplied.
    pub supplied: U128,
    /// The amount that it has borrowed.
    pub borrowed: U128,
}

/// The whole state: a position for each account that has one.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
pub struct Lending {
    positions: LookupMap<AccountId, Position>,
}

impl Default for Lending {
    /// Returns a state without positions.
    fn default() -> Self {
        Self {
            positions: LookupMap::new(b"p"),
        }
    }
}

#[near]
impl Lending {
    /// Returns the position of an account. It is zero on both sides when the account has none.
    pub fn get_position(&self, account_id: AccountId) -> Position {
        let nothing = Position {
            supplied: U128(0),
            borrowed: U128(0),
        };
        self.positions.get(&account_id).cloned().unwrap_or(nothing)
    }

    /// Replaces the position of an account. Anyone may call this: the contract is a mock.
    pub fn set_position(&mut self, account_id: AccountId, supplied: U128, borrowed: U128) {
        self.positions
            .set(account_id, Some(Position { supplied, borrowed }));
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::serde_json::{self, json};
    use near_sdk::test_utils::accounts;

    use super::*;

    fn position(supplied: u128, borrowed: u128) -> Position {
        Position {
            supplied: U128(supplied),
            borrowed: U128(borrowed),
        }
    }

    #[test]
    fn an_account_without_a_position_has_zeros() {
        assert_eq!(Lending::default().get_position(accounts(0)), position(0, 0));
    }

    #[test]
    fn a_new_position_replaces_the_old_one() {
        let mut contract = Lending::default();
        contract.set_position(accounts(0), U128(5), U128(1));
        contract.set_position(accounts(0), U128(7), U128(2));

        assert_eq!(contract.get_position(accounts(0)), position(7, 2));
    }

    #[test]
    fn a_position_belongs_to_one_account() {
        let mut contract = Lending::default();
        contract.set_position(accounts(0), U128(5), U128(1));

        assert_eq!(contract.get_position(accounts(1)), position(0, 0));
    }

    #[test]
    fn amounts_are_texts_in_json() {
        let most = u128::MAX;

        assert_eq!(
            serde_json::to_value(position(most, 0)).unwrap(),
            json!({ "supplied": most.to_string(), "borrowed": "0" })
        );
    }
}
// ANCHOR_END: all
