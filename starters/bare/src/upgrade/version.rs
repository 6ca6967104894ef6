// ANCHOR: all
//! The version of the state. Borsh bytes do not contain their type: the same bytes can often be
//! read as two types, and a contract that guesses may lose money.

use near_sdk::near;

use crate::operations::record::Record;

// ANCHOR: version
/// The version of the stored state. It is raised by one when [`crate::Contract`] changes, and only
/// then.
#[near(serializers = [borsh])]
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct StateVersion(pub u32);

impl StateVersion {
    /// The version that this release writes.
    pub const OF_THIS_RELEASE: Self = Self(1);

    /// Returns the version of the stored state. A release that stored none counts as zero.
    pub fn now() -> Self {
        Self::load().unwrap_or(Self(0))
    }
}

impl Record for StateVersion {
    const KEY: &'static [u8] = b"VERSION";
}
// ANCHOR_END: version
// ANCHOR_END: all
