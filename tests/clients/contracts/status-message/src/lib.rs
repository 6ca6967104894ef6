//! Keeps one message for each account that signs.

use near_sdk::{AccountId, env, near};

/// What an account has left.
#[near(serializers = [borsh])]
pub struct Record {
    /// The account.
    k: String,
    /// Its message.
    v: String,
}

/// The whole state. A test reads it as borsh, so it is a list and no map.
#[near(contract_state)]
#[derive(Default)]
pub struct StatusMessage {
    records: Vec<Record>,
}

#[near]
impl StatusMessage {
    /// Leaves `message`, in the place of an earlier one.
    ///
    /// It is payable only to refuse a deposit in the words of an older near-sdk, which a test expects.
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

    /// What `account_id` has left.
    pub fn get_status(&self, account_id: AccountId) -> Option<String> {
        let record = self
            .records
            .iter()
            .find(|record| record.k == account_id.as_str())?;
        Some(record.v.clone())
    }
}
