// ANCHOR: all
//! A circuit breaker: after several failures, an account is not called for a while.
//!
//! A call that fails costs the caller two blocks and the gas. An open breaker refuses the call at
//! once. The breaker counts consecutive failures, opens after the third, and after some blocks lets
//! one call through to try the account.

use near_sdk::near;

// ANCHOR: breaker
/// The number of consecutive failures that opens a breaker.
pub const MAX_FAILURES: u8 = 3;

/// The number of blocks for which an open breaker refuses calls. A contract can count blocks, but
/// it does not control how long a block takes.
pub const COOL_DOWN: u64 = 20;

/// The state of a breaker. In JSON: `{"closed":{"failures":0}}`. `since` is a block height.
#[near(serializers = [borsh, json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum Breaker {
    /// Calls are let through. This many of the last calls have failed, one after the other.
    Closed { failures: u8 },
    /// Calls are refused, since this block and for [`COOL_DOWN`] blocks.
    Open { since: u64 },
    /// One call tries the account, since this block. Others are refused until its result is there.
    HalfOpen { since: u64 },
}

impl Default for Breaker {
    /// Returns a closed breaker without failures.
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// The reason for which a breaker lets a call through.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pass {
    /// The breaker is closed.
    Common,
    /// The breaker was open, and this is the call that tries the account.
    Trial,
}
// ANCHOR_END: breaker

impl Breaker {
    // ANCHOR: admit
    /// Lets a call through or refuses it. A refusal is the number of blocks after which a call is
    /// let through at the latest.
    ///
    /// A trial changes the breaker *before* its call is sent. So a second caller finds the breaker
    /// half open and is refused. If the callback of the trial never runs, another trial is possible
    /// after [`COOL_DOWN`].
    pub fn admit(&mut self, now: u64) -> Result<Pass, u64> {
        let (Self::Open { since } | Self::HalfOpen { since }) = *self else {
            return Ok(Pass::Common);
        };
        let trial_at = since + COOL_DOWN;
        if now < trial_at {
            return Err(trial_at - now);
        }
        *self = Self::HalfOpen { since: now };
        Ok(Pass::Trial)
    }
    // ANCHOR_END: admit

    // ANCHOR: record
    /// Records the result of a call that was let through.
    pub fn record(&mut self, pass: Pass, succeeded: bool, now: u64) {
        *self = match (&self, pass, succeeded) {
            (Self::Closed { .. }, _, true) => Self::default(),
            (Self::Closed { failures }, _, false) if failures + 1 < MAX_FAILURES => Self::Closed {
                failures: failures + 1,
            },
            (Self::Closed { .. }, _, false) => Self::Open { since: now },
            (Self::HalfOpen { .. }, Pass::Trial, true) => Self::default(),
            (Self::HalfOpen { .. }, Pass::Trial, false) => Self::Open { since: now },
            // The call was sent before the breaker opened. Its result no longer matters.
            (Self::Open { .. } | Self::HalfOpen { .. }, _, _) => return,
        }
    }
    // ANCHOR_END: record

    /// Returns whether all calls are let through.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: Breaker = Breaker::Closed { failures: 0 };

    // ANCHOR: test_breaker
    /// Returns a breaker after calls that succeeded or failed like these, in blocks 1, 2, 3 and so
    /// on.
    fn after(results: &[bool]) -> Breaker {
        let mut breaker = Breaker::default();
        for (now, succeeded) in (1..).zip(results) {
            let pass = breaker.admit(now).expect("the breaker is closed");
            breaker.record(pass, *succeeded, now);
        }
        breaker
    }

    #[test]
    fn it_opens_at_the_third_consecutive_failure() {
        assert_eq!(after(&[false, false]), Breaker::Closed { failures: 2 });
        assert_eq!(after(&[false, false, false]), Breaker::Open { since: 3 });
    }

    #[test]
    fn a_success_resets_the_count() {
        assert_eq!(
            after(&[false, false, true, false, false]),
            Breaker::Closed { failures: 2 }
        );
    }

    #[test]
    fn while_it_is_open_calls_are_refused() {
        let mut breaker = Breaker::Open { since: 100 };

        assert_eq!(breaker.admit(100), Err(20));
        assert_eq!(breaker.admit(119), Err(1));
        assert_eq!(breaker, Breaker::Open { since: 100 });
    }

    #[test]
    fn after_the_cool_down_one_call_is_let_through() {
        let mut breaker = Breaker::Open { since: 100 };

        assert_eq!(breaker.admit(120), Ok(Pass::Trial));
        assert_eq!(breaker, Breaker::HalfOpen { since: 120 });
        assert_eq!(breaker.admit(120), Err(20), "a second one is refused");
    }

    #[test]
    fn a_trial_that_succeeds_closes_it() {
        let mut breaker = Breaker::HalfOpen { since: 120 };
        breaker.record(Pass::Trial, true, 122);

        assert_eq!(breaker, CLOSED);
    }

    #[test]
    fn a_trial_that_fails_opens_it_for_the_whole_cool_down() {
        let mut breaker = Breaker::HalfOpen { since: 120 };
        breaker.record(Pass::Trial, false, 122);

        assert_eq!(breaker.admit(141), Err(1));
        assert_eq!(breaker.admit(142), Ok(Pass::Trial));
    }

    #[test]
    fn a_trial_without_a_callback_does_not_prevent_another_trial() {
        let mut breaker = Breaker::HalfOpen { since: 120 };

        assert_eq!(breaker.admit(140), Ok(Pass::Trial));
        assert_eq!(breaker, Breaker::HalfOpen { since: 140 });
    }

    #[test]
    fn the_result_of_a_call_that_was_sent_before_it_opened_changes_nothing() {
        for succeeded in [true, false] {
            for breaker in [
                Breaker::Open { since: 100 },
                Breaker::HalfOpen { since: 120 },
            ] {
                let mut after = breaker.clone();
                after.record(Pass::Common, succeeded, 121);
                assert_eq!(after, breaker);
            }
        }
    }
    // ANCHOR_END: test_breaker
}
// ANCHOR_END: all
