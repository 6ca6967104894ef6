//! Makes accounts with the status-message contract on them, and calls one.
//!
//! The wasm of that contract must have been built before; `STATUS_MESSAGE_WASM` says where it lies.

use near_sdk::{
    AccountId, Gas, NearToken, Promise, PromiseError, env, ext_contract, near, require,
};

const STATUS_MESSAGE: &[u8] = include_bytes!(env!("STATUS_MESSAGE_WASM"));

/// The methods of the other contract.
#[ext_contract(ext_status_message)]
pub trait StatusMessage {
    /// Leaves a message.
    fn set_status(&mut self, message: String);
    /// What an account has left.
    fn get_status(&self, account_id: AccountId) -> Option<String>;
}

/// No state.
#[near(contract_state)]
#[derive(Default)]
pub struct Factory {}

#[near]
impl Factory {
    /// Makes `account_id`, gives it `amount` and the contract.
    #[payable]
    pub fn deploy_status_message(&mut self, account_id: AccountId, amount: NearToken) -> Promise {
        Promise::new(account_id)
            .create_account()
            .transfer(amount)
            .add_full_access_key(env::signer_account_pk())
            .deploy_contract(STATUS_MESSAGE.to_vec())
    }

    /// Leaves `message` with the contract on `account_id`, and reads it again in a callback.
    pub fn complex_call(&mut self, account_id: AccountId, message: String) -> Promise {
        let callback = Self::ext(env::current_account_id())
            .with_static_gas(Gas::from_tgas(60))
            .read_again(account_id.clone());
        ext_status_message::ext(account_id)
            .set_status(message)
            .then(callback)
    }

    /// The callback.
    #[private]
    pub fn read_again(
        &self,
        account_id: AccountId,
        #[callback_result] set: Result<(), PromiseError>,
    ) -> Promise {
        require!(set.is_ok(), "set_status has failed");
        ext_status_message::ext(account_id).get_status(env::signer_account_id())
    }
}
