// ANCHOR: all
//! Events (NEP-297): logs in a standard form, for programs that index them.
//!
//! Only rare and important changes are events here. The guard counts what happens in each call.

use near_sdk::{AccountId, NearToken, near};

use crate::operations::limits::Limits;
use crate::partners::Partners;

// ANCHOR: event
/// The events of the contract.
///
/// The log of a receipt is kept even when the receipt fails. So a reader of events must check first
/// that the receipt succeeded.
#[near(event_json(standard = "cross-contract-book"))]
pub enum Event {
    /// The owner has proposed the next owner, or has withdrawn the proposal.
    #[event_version("1.0.0")]
    OwnerProposed {
        owner: AccountId,
        proposed: Option<AccountId>,
    },
    /// The proposed owner has accepted.
    #[event_version("1.0.0")]
    OwnerChanged {
        old_owner: AccountId,
        new_owner: AccountId,
    },
    /// The accounts of the partners have changed.
    #[event_version("1.0.0")]
    PartnersChanged { partners: Partners },
    /// The trusted oracle or token has changed.
    #[event_version("1.0.0")]
    TrustChanged {
        oracle: Option<AccountId>,
        token: Option<AccountId>,
    },
    /// The owner has withdrawn earnings.
    #[event_version("1.0.0")]
    EarningsWithdrawn { owner: AccountId, amount: NearToken },
    /// The limits have changed.
    #[event_version("1.0.0")]
    LimitsChanged { limits: Limits },
    /// New calls are refused.
    #[event_version("1.0.0")]
    Paused { by: AccountId },
    /// New calls are admitted again.
    #[event_version("1.0.0")]
    Resumed { by: AccountId },
    /// New code was sent to this account. [`Event::Migrated`] reports that it was deployed.
    #[event_version("1.0.0")]
    UpgradeSent { by: AccountId, code_bytes: u64 },
    /// The state was migrated to another version. Owner, pause and limits have not changed.
    #[event_version("1.0.0")]
    Migrated { from: u32, to: u32 },
}
// ANCHOR_END: event

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{accounts, get_logs};

    use super::*;

    #[test]
    fn an_event_is_one_line_of_json() {
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
