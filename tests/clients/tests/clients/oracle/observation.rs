//! The observation of a scenario.

use std::collections::BTreeMap;

use serde_json::Value;

/// The observed transaction of a scenario, and the change of each account.
pub struct Observation {
    /// The transaction in the form of the recordings.
    pub transaction: Value,
    /// The changes by account.
    pub changes: BTreeMap<String, Change>,
}

/// The change of an account's balance and storage.
pub struct Change {
    /// The balance, in yoctoNEAR.
    pub amount: i128,
    /// The storage, in bytes.
    pub storage: i64,
}
