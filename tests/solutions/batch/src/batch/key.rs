//! A launch that adds a full-access key to the new account.

use near_sdk::json_types::{Base64VecU8, U128};
use near_sdk::serde_json::json;
use near_sdk::{NearToken, Promise, PublicKey, env, near};

use crate::batch::deposit::{GAS_FOR_REFUND, require_deposit, with_empty_result};
use crate::batch::token::{GAS_FOR_NEW, token_id};
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// The bytes for what a token stores besides its code, with its key: 10,000, which cost 0.1 NEAR.
const BYTES_FOR_STATE_AND_KEY: u128 = 10_000;

#[near]
impl Contract {
    /// Does the same as `launch_token`, and adds `public_key` to the new account as a full-access
    /// key.
    #[payable]
    pub fn launch_token_with_key(
        &mut self,
        name: String,
        total_supply: U128,
        code: Base64VecU8,
        public_key: PublicKey,
    ) -> Promise {
        enter("launch_token_with_key");

        let bytes = code.0.len() as u128 + BYTES_FOR_STATE_AND_KEY;
        let deposit = require_deposit(env::storage_byte_cost().saturating_mul(bytes));

        let new = json!({ "owner_id": env::current_account_id(), "total_supply": total_supply });
        let launch = Promise::new(token_id(&name))
            .create_account()
            .transfer(deposit)
            .add_full_access_key(public_key)
            .deploy_contract(code.0)
            .function_call("new", new.to_string(), NearToken::from_near(0), GAS_FOR_NEW);

        with_empty_result(launch).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_REFUND)
                .launch_token_callback(env::predecessor_account_id(), deposit),
        )
    }
}
// ANCHOR_END: code
