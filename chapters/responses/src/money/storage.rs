// ANCHOR: all
//! The price of storage. An account must hold money for each byte that it stores (storage staking),
//! and can use that money again when it stores less.

use near_sdk::{NearToken, StorageUsage, env};

// ANCHOR: storage_price
/// Returns the price of the bytes that were stored since the account used `before` bytes.
pub fn price_of_storage_since(before: StorageUsage) -> NearToken {
    price_of(env::storage_usage().saturating_sub(before))
}

/// Returns the price of the bytes that were freed since the account used `before` bytes.
pub fn price_of_storage_freed_since(before: StorageUsage) -> NearToken {
    price_of(before.saturating_sub(env::storage_usage()))
}

fn price_of(bytes: StorageUsage) -> NearToken {
    env::storage_byte_cost().saturating_mul(bytes.into())
}
// ANCHOR_END: storage_price

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::testing_env;

    use super::*;

    #[test]
    fn the_price_of_storing_an_entry_is_the_price_of_freeing_it() {
        testing_env!(VMContextBuilder::new().build());
        let empty = env::storage_usage();
        env::storage_write(b"key", &[0; 100]);
        let full = env::storage_usage();
        // The key, the value, and 40 bytes for the entry.
        let price = env::storage_byte_cost().saturating_mul(143);

        assert_eq!(price_of_storage_since(empty), price);
        env::storage_remove(b"key");
        assert_eq!(price_of_storage_freed_since(full), price);
    }
}
// ANCHOR_END: all
