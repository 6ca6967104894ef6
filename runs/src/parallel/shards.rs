//! The shards of the partners on testnet.

use std::collections::BTreeSet;

use near_primitives::epoch_manager::EpochConfigStore;
use near_primitives::types::AccountId;

use crate::claim::claim;
use crate::figure::Figure;
use crate::text;

/// The last protocol version with a fixed shard layout. Later versions split shards as they grow.
const LAST_FIXED: u32 = 84;

/// Shows the shard of each partner on testnet.
pub fn shards() -> Figure {
    let configs = EpochConfigStore::for_chain_id("testnet", None).expect("testnet is in the list");
    let layout = configs
        .get_config(LAST_FIXED)
        .static_shard_layout()
        .expect("the shards are fixed");
    let mut rows = vec![vec!["account".to_owned(), "shard".to_owned()]];
    let mut shards = BTreeSet::new();
    for name in ["hello", "counter", "guestbook"] {
        let account: AccountId = format!("{name}.near-examples.testnet")
            .parse()
            .expect("a valid name");
        let shard = layout.account_id_to_shard_id(&account);
        shards.insert(shard);
        rows.push(vec![account.to_string(), shard.to_string()]);
    }
    let lines = format!(
        "{}\ntestnet has {} shards in the protocol's version {LAST_FIXED}.\n",
        text::table(&rows),
        layout.num_shards()
    );
    let claim = claim("the partners are on more than one shard", shards.len() > 1);
    Figure::table(lines, [claim])
}
