// ANCHOR: all
//! A batch of four kinds of action: create an account, transfer money to it, deploy its code, and
//! call it.

use near_sdk::json_types::{Base64VecU8, U128};
use near_sdk::serde_json::json;
use near_sdk::{AccountId, NearToken, Promise, env, near};

use crate::batch::deposit::{GAS_FOR_REFUND, require_deposit, settle, with_empty_result};
use crate::batch::token::{GAS_FOR_NEW, token_id};
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: price
/// The bytes for what a token stores besides its code: 10,000, which cost 0.1 NEAR.
const BYTES_FOR_STATE: u128 = 10_000;

/// Returns the balance that a token account needs for the storage of its code and its state.
fn launch_price(code: &[u8]) -> NearToken {
    env::storage_byte_cost().saturating_mul(code.len() as u128 + BYTES_FOR_STATE)
}
// ANCHOR_END: price

#[near]
impl Contract {
    // ANCHOR: launch_token
    /// Creates a token on the account `<name>.<this account>`, and owns its whole supply. Returns
    /// whether the token exists. If not, the account does not exist either, and the caller gets the
    /// deposit back.
    ///
    /// `code` is the wasm of the token. The deposit becomes the balance of the new account, which
    /// pays for its storage with it. Nobody gets a key to the account: only its own code could
    /// replace that code.
    ///
    /// Anyone may launch a token, and nobody checks the code. The balance above the price of the
    /// storage stays on the token's account. The token of this book has no method that pays it
    /// back.
    #[payable]
    pub fn launch_token(&mut self, name: String, total_supply: U128, code: Base64VecU8) -> Promise {
        enter("launch_token");

        let deposit = require_deposit(launch_price(&code.0));

        let new = json!({ "owner_id": env::current_account_id(), "total_supply": total_supply });
        let launch = Promise::new(token_id(&name))
            .create_account()
            .transfer(deposit)
            .deploy_contract(code.0)
            .function_call("new", new.to_string(), NearToken::from_near(0), GAS_FOR_NEW);

        with_empty_result(launch).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_REFUND)
                .launch_token_callback(env::predecessor_account_id(), deposit),
        )
    }
    // ANCHOR_END: launch_token

    // ANCHOR: launch_token_callback
    /// Pays back the deposit when the launch has failed. Returns whether the token exists.
    #[private]
    pub fn launch_token_callback(&mut self, payer: AccountId, deposit: NearToken) -> bool {
        enter("launch_token_callback");

        settle(payer, deposit, deposit)
    }
    // ANCHOR_END: launch_token_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// Calls `launch_token` on `alice` with 100 bytes for code.
    fn launch_with(deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .attached_deposit(deposit)
                .build()
        );
        Contract::new(None, None, None)
            .launch_token("gold".to_string(), U128(1_000), Base64VecU8(vec![0; 100]))
            .detach();
    }

    #[test]
    fn all_actions_are_sent_in_one_receipt() {
        launch_with(NearToken::from_near(1));

        let [launch, _callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(launch.receiver_id, "gold.alice");
        let [
            MockAction::CreateAccount { .. },
            MockAction::Transfer { deposit, .. },
            MockAction::DeployContract { code, .. },
            MockAction::FunctionCallWeight {
                method_name, args, ..
            },
            MockAction::Transfer { deposit: last, .. },
        ] = &launch.actions[..]
        else {
            panic!("not these five actions: {launch:?}");
        };
        assert!(last.is_zero(), "the result is that of a transfer");
        assert_eq!(*deposit, NearToken::from_near(1));
        assert_eq!(code.len(), 100);
        assert_eq!(method_name, b"new");
        assert_eq!(args, br#"{"owner_id":"alice","total_supply":"1000"}"#);
    }

    #[test]
    #[should_panic(expected = "Attach at least 0.101 NEAR")]
    fn a_deposit_below_the_price_of_the_storage_is_refused() {
        launch_with(NearToken::from_millinear(100));
    }
}
// ANCHOR_END: all
