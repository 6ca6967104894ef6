// ANCHOR: all
//! Records: entries of the storage beside the state of the contract. Each can be read without the rest,
//! so it is there even when the state cannot be read.

use near_sdk::borsh::{self, BorshDeserialize, BorshSerialize};
use near_sdk::env;

// ANCHOR: record
/// A value with a place of its own in the storage of the account.
pub trait Record: BorshDeserialize + BorshSerialize {
    /// Its key. No map begins its keys so, and neither does the state.
    const KEY: &'static [u8];

    /// Returns the value, if one was stored.
    fn load() -> Option<Self> {
        let stored = env::storage_read(Self::KEY)?;
        let value = borsh::from_slice(&stored).unwrap_or_else(|_| {
            env::panic_str(&format!("Cannot deserialize {}", Self::KEY.escape_ascii()))
        });
        Some(value)
    }

    /// Stores the value in the place of the old one.
    fn store(&self) {
        let bytes = borsh::to_vec(self).unwrap_or_else(|_| {
            env::panic_str(&format!("Cannot serialize {}", Self::KEY.escape_ascii()))
        });
        env::storage_write(Self::KEY, &bytes);
    }
}
// ANCHOR_END: record

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::testing_env;

    use super::*;

    impl Record for u16 {
        const KEY: &'static [u8] = b"NUMBER";
    }

    #[test]
    fn a_record_that_nobody_has_stored_is_not_there() {
        testing_env!(VMContextBuilder::new().build());
        env::storage_remove(u16::KEY);

        assert_eq!(u16::load(), None);
    }

    #[test]
    fn a_record_is_what_was_stored_last() {
        testing_env!(VMContextBuilder::new().build());
        1u16.store();
        7u16.store();

        assert_eq!(u16::load(), Some(7));
    }

    #[test]
    #[should_panic(expected = "Cannot deserialize NUMBER")]
    fn a_record_of_another_kind_is_an_error() {
        testing_env!(VMContextBuilder::new().build());
        env::storage_write(u16::KEY, b"seven");

        u16::load();
    }
}
// ANCHOR_END: all
