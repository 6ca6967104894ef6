//! The time of blocks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time between two blocks of [`Clock::Manual`].
pub const BLOCK_TIME: Duration = Duration::from_millis(600);
/// The time of each height that [`crate::Chain::fast_forward`] skips: the mean of neard's shortest and
/// longest delay after `init --fast`.
pub const SKIPPED_BLOCK_TIME: Duration = Duration::from_millis(310);

/// A clock for blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The system time, and the time of skipped heights.
    System,
    /// Each block is [`BLOCK_TIME`] later than the one before, and later by the time of skipped heights.
    /// Two runs are equal.
    #[default]
    Manual,
}

impl Clock {
    /// Returns the time of a block after one at `previous`, both in nanoseconds since 1970. `jump` is the
    /// time of the heights skipped between the two, `skipped` that of all skipped heights.
    pub(crate) fn next(self, previous: u64, jump: Duration, skipped: Duration) -> u64 {
        match self {
            Clock::Manual => previous.saturating_add(nanos(BLOCK_TIME + jump)),
            Clock::System => {
                let now = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                nanos(now.saturating_add(skipped)).max(previous.saturating_add(1))
            }
        }
    }
}

/// Returns a duration in nanoseconds.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
