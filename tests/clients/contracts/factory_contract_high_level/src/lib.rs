//! A factory: creates accounts with the status-message contract, and calls one.
//!
//! The build for wasm needs the wasm of that contract, at the path in `STATUS_MESSAGE_WASM`.

use near_sdk::{
    AccountId, Gas, NearToken, Promise, PromiseError, env, ext_contract, near, require,
};

/// The wasm of the status-message contract. A native build, which runs nowhere, goes without it.
#[cfg(target_arch = "wasm32")]
const STATUS_MESSAGE: &[u8] = include_bytes!(env!("STATUS_MESSAGE_WASM"));
#[cfg(not(target_arch = "wasm32"))]
const STATUS_MESSAGE: &[u8] = &[];

/// The methods of the status-message contract.
#[ext_contract(ext_status_message)]
pub trait StatusMessage {
    /// Stores a message.
    fn set_status(&mut self, message: String);
    /// Returns the message of an account.
    fn get_status(&self, account_id: AccountId) -> Option<String>;
}

/// The contract, without state.
#[near(contract_state)]
#[derive(Default)]
pub struct Factory {}

#[near]
impl Factory {
    /// Creates `account_id` with a balance of `amount`, and deploys the status-message contract to it.
    #[payable]
    pub fn deploy_status_message(&mut self, account_id: AccountId, amount: NearToken) -> Promise {
        Promise::new(account_id)
            .create_account()
            .transfer(amount)
            .add_full_access_key(env::signer_account_pk())
            .deploy_contract(STATUS_MESSAGE.to_vec())
    }

    /// Stores `message` in the contract on `account_id`, and reads it in a callback.
    pub fn complex_call(&mut self, account_id: AccountId, message: String) -> Promise {
        let callback = Self::ext(env::current_account_id())
            .with_static_gas(Gas::from_tgas(60))
            .read_again(account_id.clone());
        ext_status_message::ext(account_id)
            .set_status(message)
            .then(callback)
    }

    /// Reads the message: the callback of [`Factory::complex_call`].
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
