// ANCHOR: all
//! Records: storage entries beside the state of the contract. Each can be read alone, even when the
//! state cannot be read.

use near_sdk::borsh::{self, BorshDeserialize, BorshSerialize};
use near_sdk::env;

// ANCHOR: record
/// A value with its own storage key.
pub trait Record: BorshDeserialize + BorshSerialize {
    /// The storage key. No map has it as a prefix, and the state has another key.
    const KEY: &'static [u8];

    /// Returns the stored value, if there is one. Panics when it cannot be deserialized.
    fn load() -> Option<Self> {
        let stored = env::storage_read(Self::KEY)?;
        let value = borsh::from_slice(&stored).unwrap_or_else(|_| {
            env::panic_str(&format!("Cannot deserialize {}", Self::KEY.escape_ascii()))
        });
        Some(value)
    }

    /// Stores the value, and replaces the old one.
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
    fn a_record_that_was_never_stored_is_none() {
        testing_env!(VMContextBuilder::new().build());
        env::storage_remove(u16::KEY);

        assert_eq!(u16::load(), None);
    }

    #[test]
    fn the_last_stored_value_is_returned() {
        testing_env!(VMContextBuilder::new().build());
        1u16.store();
        7u16.store();

        assert_eq!(u16::load(), Some(7));
    }

    #[test]
    #[should_panic(expected = "Cannot deserialize NUMBER")]
    fn a_record_of_another_type_is_an_error() {
        testing_env!(VMContextBuilder::new().build());
        env::storage_write(u16::KEY, b"seven");

        u16::load();
    }
}
// ANCHOR_END: all
