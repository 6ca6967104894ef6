//! Code that is announced before it is deployed, so that whoever does not want it can leave.

use near_sdk::json_types::Base58CryptoHash;
use near_sdk::{borsh, env, log, near, require};

use crate::{Contract, ContractExt};

/// Where the announcement lies in the storage.
const KEY: &[u8] = b"ANNOUNCEMENT";

// ANCHOR: announcement
/// For so many blocks an announcement stands before its code may come. In real life: some days.
pub const NOTICE: u64 = 20;

/// Code that is to come, and not before this block.
#[near(serializers = [borsh])]
pub struct Announcement {
    hash: [u8; 32],
    not_before: u64,
}

#[near]
impl Contract {
    /// Announces code by its SHA-256, as explorers and `near contract inspect` show it. Another
    /// announcement takes the place of this one, and its users get their time as well.
    #[payable]
    pub fn announce_upgrade(&mut self, hash: Base58CryptoHash) {
        self.require_owner();

        let announcement = Announcement {
            hash: hash.into(),
            not_before: env::block_height() + NOTICE,
        };
        let bytes = borsh::to_vec(&announcement)
            .unwrap_or_else(|_| env::panic_str("Cannot serialize the announcement"));
        env::storage_write(KEY, &bytes);
        log!("New code may come in block {}", announcement.not_before);
    }
}

/// Panics unless this code was announced, and long enough ago. Then the announcement is used up.
pub fn require_announced(code: &[u8]) {
    let stored = env::storage_read(KEY).unwrap_or_default();
    let Ok(announcement) = borsh::from_slice::<Announcement>(&stored) else {
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
    env::storage_remove(KEY);
}
// ANCHOR_END: announcement
