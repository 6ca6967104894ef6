// ANCHOR: all
//! A way out for money that waits for a callback which never ran to its end.
//!
//! A callback of ours has gas enough, and reads nothing that could make it fail. Still it can be lost: the
//! code may have been replaced meanwhile by code that lacks the method. Money must not wait for ever then.

use near_sdk::{BlockHeight, env, require};

// ANCHOR: overdue
/// The age in blocks from which on a callback counts as lost. A promise that was yielded times out after
/// 200 blocks, and other receipts take a few, or some more in congestion.
pub const OVERDUE: BlockHeight = 1_000;

/// Panics while the callback of a call that left in block `since` may still come.
pub fn require_overdue(since: BlockHeight) {
    let due = since.saturating_add(OVERDUE);
    require!(
        env::block_height() >= due,
        format!("Wait until block {due}: the callback may still come")
    );
}
// ANCHOR_END: overdue

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::testing_env;

    use super::*;

    fn in_block(height: BlockHeight) {
        testing_env!(VMContextBuilder::new().block_height(height).build());
    }

    #[test]
    fn a_callback_that_has_not_come_for_long_is_overdue() {
        in_block(1_007);

        require_overdue(7);
    }

    #[test]
    #[should_panic(expected = "Wait until block 1007: the callback may still come")]
    fn a_callback_that_may_still_come_is_not_overdue() {
        in_block(1_006);

        require_overdue(7);
    }
}
// ANCHOR_END: all
