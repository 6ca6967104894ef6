// ANCHOR: all
//! Events after NEP-297: lines of the log in one form, for programs that keep a record.
//!
//! Only rare and weighty things are events here. What happens in each call is counted by the guard.

use near_sdk::{AccountId, NearToken, near};

use crate::operations::limits::Limits;
use crate::partners::Partners;

// ANCHOR: event
/// What the contract tells the world about itself.
///
/// A log line stays when its receipt fails. So whoever reads events asks first whether the receipt
/// succeeded.
#[near(event_json(standard = "cross-contract-book"))]
pub enum Event {
    /// The owner has named a successor, or nobody any more.
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
    /// Others do the work from now on.
    #[event_version("1.0.0")]
    PartnersChanged { partners: Partners },
    /// Others are believed from now on.
    #[event_version("1.0.0")]
    TrustChanged {
        oracle: Option<AccountId>,
        token: Option<AccountId>,
    },
    /// The owner has taken out what was earned.
    #[event_version("1.0.0")]
    EarningsWithdrawn { owner: AccountId, amount: NearToken },
    /// The limits are others.
    #[event_version("1.0.0")]
    LimitsChanged { limits: Limits },
    /// New calls are refused.
    #[event_version("1.0.0")]
    Paused { by: AccountId },
    /// New calls are taken again.
    #[event_version("1.0.0")]
    Resumed { by: AccountId },
    /// New code is on its way to this account. [`Event::Migrated`] says that it has arrived.
    #[event_version("1.0.0")]
    UpgradeSent { by: AccountId, code_bytes: u64 },
    /// The state is that of another release. Owner, pause and limits are what they were.
    #[event_version("1.0.0")]
    Migrated { from: u32, to: u32 },
}
// ANCHOR_END: event

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{accounts, get_logs};

    use super::*;

    #[test]
    fn an_event_is_a_line_of_json() {
        Event::OwnerProposed {
            owner: accounts(0),
            proposed: None,
        }
        .emit();

        assert_eq!(
            get_logs(),
            [concat!(
                r#"EVENT_JSON:{"standard":"cross-contract-book","version":"1.0.0","#,
                r#""event":"owner_proposed","data":{"owner":"alice","proposed":null}}"#
            )]
        );
    }
}
// ANCHOR_END: all
