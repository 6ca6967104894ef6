//! Where the time of blocks comes from.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time between two blocks of [`Clock::Manual`].
pub const BLOCK_TIME: Duration = Duration::from_millis(600);
/// The time that each skipped height takes in [`crate::Chain::fast_forward`]: the mean of neard's
/// shortest and longest delay after `init --fast`.
pub const SKIPPED_BLOCK_TIME: Duration = Duration::from_millis(310);

/// A clock for blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The machine's time, and what was skipped.
    System,
    /// Each block is [`BLOCK_TIME`] later than the last, and what was skipped, so that two runs are
    /// equal.
    #[default]
    Manual,
}

impl Clock {
    /// The time of a block after one at `previous`, both in nanoseconds since 1970; `jump` is what a
    /// fast-forward between the two has added, `skipped` what all of them have.
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

pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
