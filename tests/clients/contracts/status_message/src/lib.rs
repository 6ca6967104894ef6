//! A contract that stores one message for each account that signs.

use near_sdk::{AccountId, env, near};

/// The message of an account.
#[near(serializers = [borsh])]
pub struct Record {
    /// The account.
    k: String,
    /// The message.
    v: String,
}

/// The state. A test reads it as borsh, so it is a list and not a map.
#[near(contract_state)]
#[derive(Default)]
pub struct StatusMessage {
    records: Vec<Record>,
}

#[near]
impl StatusMessage {
    /// Stores `message` in place of an earlier one.
    ///
    /// The method is payable only to refuse a deposit with the error of an older near-sdk, which a test
    /// expects.
    #[payable]
    pub fn set_status(&mut self, message: String) {
        if !env::attached_deposit().is_zero() {
            env::panic_str("Method doesn't accept deposit");
        }
        let account = env::signer_account_id().to_string();
        match self.records.iter_mut().find(|record| record.k == account) {
            Some(record) => record.v = message,
            None => self.records.push(Record {
                k: account,
                v: message,
            }),
        }
    }

    /// Returns the message of `account_id`.
    pub fn get_status(&self, account_id: AccountId) -> Option<String> {
        let record = self
            .records
            .iter()
            .find(|record| record.k == account_id.as_str())?;
        Some(record.v.clone())
    }
}
