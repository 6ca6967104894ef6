//! Code that is announced before it is deployed, so that whoever does not want it can leave.

use near_sdk::json_types::Base58CryptoHash;
use near_sdk::{BlockHeight, env, log, near, require};

use crate::operations::ownership::require_owner;
use crate::operations::record::Record;
use crate::{Contract, ContractExt};

// ANCHOR: announcement
/// For so many blocks an announcement stands before its code may come. In real life: some days.
pub const NOTICE: BlockHeight = 20;

/// Code that is to come, and not before this block.
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
    /// Announces code by its SHA-256, as explorers and `near contract inspect` show it. It takes the place
    /// of the announcement before, and users get their time anew.
    #[payable]
    pub fn announce_upgrade(&mut self, hash: Base58CryptoHash) {
        require_owner();

        let announcement = Announcement {
            hash: hash.into(),
            not_before: env::block_height() + NOTICE,
        };
        announcement.store();
        log!("New code may come in block {}", announcement.not_before);
    }
}

/// Panics unless this code was announced, and long enough ago.
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
