// ANCHOR: all
//! The age from which on a callback counts as lost, so that the money that waits for it can be paid
//! out.
//!
//! A callback of ours has enough gas, and reads nothing that could make it fail. It can still be
//! lost: the code may have been replaced by code without the method. Then the money must not wait
//! for ever.

use near_sdk::{BlockHeight, env, require};

// ANCHOR: overdue
/// The age in blocks from which on a callback counts as lost. A yielded promise times out after 200
/// blocks, and other receipts take a few, or some more in congestion.
pub const OVERDUE: BlockHeight = 1_000;

/// Panics while the callback of a call that was sent in block `since` may still run.
pub fn require_overdue(since: BlockHeight) {
    let due = since.saturating_add(OVERDUE);
    require!(
        env::block_height() >= due,
        format!("Wait until block {due}: the callback may still run")
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
    fn a_callback_of_an_old_call_is_overdue() {
        in_block(1_007);

        require_overdue(7);
    }

    #[test]
    #[should_panic(expected = "Wait until block 1007: the callback may still run")]
    fn a_callback_of_a_recent_call_is_not_overdue() {
        in_block(1_006);

        require_overdue(7);
    }
}
// ANCHOR_END: all
