//! Events in the format of NEP-297: log lines for programs that keep a record.

use near_sdk::{AccountId, near};

use crate::partners::Partners;

/// The events of this contract.
///
/// A log line stays when its receipt fails. So a program that reads events checks first that the
/// receipt succeeded.
#[near(event_json(standard = "my-contract"))]
pub enum Event {
    /// The owner has proposed a successor, or taken the proposal back.
    #[event_version("1.0.0")]
    OwnerProposed {
        owner: AccountId,
        proposed: Option<AccountId>,
    },
    /// The successor has accepted.
    #[event_version("1.0.0")]
    OwnerChanged {
        old_owner: AccountId,
        new_owner: AccountId,
    },
    /// The contract calls other partners from now on.
    #[event_version("1.0.0")]
    PartnersChanged { partners: Partners },
    /// New calls are refused.
    #[event_version("1.0.0")]
    Paused { by: AccountId },
    /// New calls are admitted again.
    #[event_version("1.0.0")]
    Resumed { by: AccountId },
    /// New code has been sent to this account.
    #[event_version("1.0.0")]
    UpgradeSent { by: AccountId, code_bytes: u64 },
}
