//! Announcements of code before its deployment, so that users have time to withdraw their money.

use near_sdk::json_types::Base58CryptoHash;
use near_sdk::{BlockHeight, env, log, near, require};

use crate::operations::ownership::require_owner;
use crate::operations::record::Record;
use crate::{Contract, ContractExt};

// ANCHOR: announcement
/// The number of blocks between an announcement and its deployment. A real contract needs some
/// days.
pub const NOTICE: BlockHeight = 20;

/// The record of the announced code, and of the first block in which it may be deployed.
#[near(serializers = [borsh])]
pub struct Announcement {
    hash: [u8; 32],
    not_before: BlockHeight,
}

impl Record for Announcement {
    const KEY: &'static [u8] = b"ANNOUNCEMENT";
}

#[near]
impl Contract {
    /// Announces code by its SHA-256 hash, as explorers and `near contract inspect` show it. It
    /// replaces an earlier announcement, and the time starts again.
    #[payable]
    pub fn announce_upgrade(&mut self, hash: Base58CryptoHash) {
        require_owner();

        let announcement = Announcement {
            hash: hash.into(),
            not_before: env::block_height() + NOTICE,
        };
        announcement.store();
        log!(
            "New code may be deployed in block {}",
            announcement.not_before
        );
    }
}

/// Panics unless this code was announced long enough ago.
pub fn require_announced(code: &[u8]) {
    let Some(announcement) = Announcement::load() else {
        env::panic_str("Nothing is announced");
    };
    require!(
        announcement.hash == env::sha256_array(code),
        "This is not the code that was announced"
    );
    require!(
        env::block_height() >= announcement.not_before,
        format!("Wait until block {}", announcement.not_before)
    );
}
// ANCHOR_END: announcement
