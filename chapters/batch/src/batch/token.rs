// ANCHOR: all
//! The tokens that this contract launches and sells: their accounts, and the methods that we call.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Gas, NearToken, env, ext_contract};

// ANCHOR: token
/// The static gas of `new` at a token: 10 Tgas. It loads its code and stores the first balance.
pub const GAS_FOR_NEW: Gas = Gas::from_tgas(10);

/// The static gas of `storage_deposit`: 5 Tgas. It stores one entry, and may refund a deposit.
pub const GAS_FOR_STORAGE_DEPOSIT: Gas = Gas::from_tgas(5);

/// The static gas of `ft_transfer`: 5 Tgas. It changes two balances.
pub const GAS_FOR_FT_TRANSFER: Gas = Gas::from_tgas(5);

/// The price of `storage_deposit` at a token of near-contract-standards: 0.00125 NEAR, which is
/// 125 bytes at 10^19 yoctoNEAR (NEP-145: `storage_balance_bounds`).
pub const STORAGE_DEPOSIT: NearToken = NearToken::from_micronear(1_250);

/// The deposit of `ft_transfer`: exactly one yoctoNEAR (NEP-141). A function-call key cannot attach
/// it, so somebody who has stolen such a key cannot move tokens.
pub const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// The methods that we call at a token.
#[ext_contract(token)]
pub trait Token {
    /// Registers `account_id`, and pays for the storage of its balance (NEP-145).
    fn storage_deposit(&mut self, account_id: Option<AccountId>, registration_only: Option<bool>);
    /// Sends `amount` of the caller's tokens to `receiver_id`, which must be registered (NEP-141).
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128, memo: Option<String>);
}
// ANCHOR_END: token

// ANCHOR: token_id
/// Returns the account of the token with this name: a sub-account of this contract's account.
pub fn token_id(name: &str) -> AccountId {
    let token_id = format!("{name}.{}", env::current_account_id());
    token_id
        .parse()
        .unwrap_or_else(|_| env::panic_str(&format!("{token_id} is no valid account")))
}
// ANCHOR_END: token_id

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::testing_env;

    use super::*;

    fn on_alice() {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .build()
        );
    }

    #[test]
    fn a_token_has_a_sub_account_of_ours() {
        on_alice();

        assert_eq!(token_id("gold"), "gold.alice");
    }

    #[test]
    #[should_panic(expected = "Gold!.alice is no valid account")]
    fn a_name_that_is_not_valid_in_an_account_id_is_refused() {
        on_alice();

        token_id("Gold!");
    }

    #[test]
    fn a_registration_costs_125_bytes() {
        assert_eq!(
            STORAGE_DEPOSIT,
            env::storage_byte_cost().saturating_mul(125)
        );
    }
}
// ANCHOR_END: all
