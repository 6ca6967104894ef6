// ANCHOR: all
//! A circuit breaker: an account that fails again and again is not asked for a while.
//!
//! A call that will fail still costs its caller two blocks and the gas. A breaker says so at once. It
//! counts failures in a row, opens after the third, and after some blocks lets one call through to see
//! whether the account is well again.

use near_sdk::near;

// ANCHOR: breaker
/// So many failures in a row open a breaker.
pub const MAX_FAILURES: u8 = 3;

/// For so many blocks an open breaker stays open. A contract can count blocks. How long a block takes
/// is not for it to say.
pub const COOL_DOWN: u64 = 20;

/// Whether an account is asked. In JSON: `{"closed":{"failures":0}}`. Blocks are heights of the chain.
#[near(serializers = [borsh, json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum Breaker {
    /// It is asked. So many calls in a row have failed.
    Closed { failures: u8 },
    /// It is not asked: since this block, for [`COOL_DOWN`] blocks.
    Open { since: u64 },
    /// One call tries it out, since this block. Nobody else asks until that call is back.
    HalfOpen { since: u64 },
}

impl Default for Breaker {
    /// Nobody has failed yet.
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// With what right a call goes out.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pass {
    /// The breaker is closed.
    Common,
    /// The breaker was open, and this is the call that tries the account out.
    Trial,
}
// ANCHOR_END: breaker

impl Breaker {
    // ANCHOR: admit
    /// Before a call: its pass, or in how many blocks there is one at the latest.
    ///
    /// A trial is noted *before* its call leaves. A second caller in between finds the breaker half
    /// open and has to wait. If the trial never comes back, the next one may go after [`COOL_DOWN`].
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
    /// After a call: what its end means for the next.
    pub fn record(&mut self, pass: Pass, answered: bool, now: u64) {
        *self = match (&self, pass, answered) {
            (Self::Closed { .. }, _, true) => Self::default(),
            (Self::Closed { failures }, _, false) if failures + 1 < MAX_FAILURES => Self::Closed {
                failures: failures + 1,
            },
            (Self::Closed { .. }, _, false) => Self::Open { since: now },
            (Self::HalfOpen { .. }, Pass::Trial, true) => Self::default(),
            (Self::HalfOpen { .. }, Pass::Trial, false) => Self::Open { since: now },
            // A call that left before the breaker opened, and comes back after. It is old news.
            (Self::Open { .. } | Self::HalfOpen { .. }, _, _) => return,
        }
    }
    // ANCHOR_END: record

    /// Whether everyone may ask.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: Breaker = Breaker::Closed { failures: 0 };

    // ANCHOR: test_breaker
    /// A breaker after these ends, one call after the other in blocks 1, 2, 3 and so on.
    fn after(ends: &[bool]) -> Breaker {
        let mut breaker = Breaker::default();
        for (now, answered) in (1..).zip(ends) {
            let pass = breaker.admit(now).expect("the breaker is closed");
            breaker.record(pass, *answered, now);
        }
        breaker
    }

    #[test]
    fn it_opens_with_the_third_failure_in_a_row() {
        assert_eq!(after(&[false, false]), Breaker::Closed { failures: 2 });
        assert_eq!(after(&[false, false, false]), Breaker::Open { since: 3 });
    }

    #[test]
    fn an_answer_begins_the_count_anew() {
        assert_eq!(
            after(&[false, false, true, false, false]),
            Breaker::Closed { failures: 2 }
        );
    }

    #[test]
    fn while_it_is_open_nobody_asks() {
        let mut breaker = Breaker::Open { since: 100 };

        assert_eq!(breaker.admit(100), Err(20));
        assert_eq!(breaker.admit(119), Err(1));
        assert_eq!(breaker, Breaker::Open { since: 100 });
    }

    #[test]
    fn after_the_cool_down_one_call_tries_it_out() {
        let mut breaker = Breaker::Open { since: 100 };

        assert_eq!(breaker.admit(120), Ok(Pass::Trial));
        assert_eq!(breaker, Breaker::HalfOpen { since: 120 });
        assert_eq!(breaker.admit(120), Err(20), "a second one has to wait");
    }

    #[test]
    fn a_trial_that_is_answered_closes_it() {
        let mut breaker = Breaker::HalfOpen { since: 120 };
        breaker.record(Pass::Trial, true, 122);

        assert_eq!(breaker, CLOSED);
    }

    #[test]
    fn a_trial_that_fails_opens_it_again_for_the_whole_time() {
        let mut breaker = Breaker::HalfOpen { since: 120 };
        breaker.record(Pass::Trial, false, 122);

        assert_eq!(breaker.admit(141), Err(1));
        assert_eq!(breaker.admit(142), Ok(Pass::Trial));
    }

    #[test]
    fn a_trial_that_never_comes_back_does_not_block_the_next_for_ever() {
        let mut breaker = Breaker::HalfOpen { since: 120 };

        assert_eq!(breaker.admit(140), Ok(Pass::Trial));
        assert_eq!(breaker, Breaker::HalfOpen { since: 140 });
    }

    #[test]
    fn what_left_before_it_opened_changes_nothing() {
        for answered in [true, false] {
            for breaker in [
                Breaker::Open { since: 100 },
                Breaker::HalfOpen { since: 120 },
            ] {
                let mut after = breaker.clone();
                after.record(Pass::Common, answered, 121);
                assert_eq!(after, breaker);
            }
        }
    }
    // ANCHOR_END: test_breaker
}
// ANCHOR_END: all
