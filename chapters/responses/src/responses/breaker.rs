// ANCHOR: all
//! A circuit breaker: an account that fails again and again is not asked for a while.
//!
//! A call that will fail still costs its caller two blocks and the gas. A breaker says so at once. It
//! counts failures in a row, opens after the third, and after some blocks lets one call through to see
//! whether the account is well again.

use near_sdk::{AccountId, Promise, env, log, near};

use super::greetings::{ask_for_greeting, gas_for_answers, read_greeting};
use crate::call_result::CallResult;
use crate::enter::enter;
use crate::{Contract, ContractExt};

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

#[near]
impl Contract {
    // ANCHOR: ask_watched
    /// Asks a watched account for its greeting, unless its breaker is open. Then it panics at once, and
    /// nobody is called.
    pub fn ask_watched(&mut self, account_id: AccountId) -> Promise {
        enter("ask_watched");

        let breaker = &mut self.responses.entry(&account_id).breaker;
        let pass = breaker.admit(env::block_height()).unwrap_or_else(|blocks| {
            env::panic_str(&format!(
                "{account_id} has failed too often, ask again in {blocks} blocks"
            ))
        });

        ask_for_greeting(account_id.clone()).then(
            Self::ext_self()
                .with_static_gas(gas_for_answers(1))
                .ask_watched_callback(account_id, pass),
        )
    }
    // ANCHOR_END: ask_watched

    // ANCHOR: ask_watched_callback
    /// Tells the breaker how the call ended.
    ///
    /// It must not fail, above all when the account has: the failure that it has to remember would be
    /// undone with it. So it passes the outcome on as a value, whatever it is.
    #[private]
    pub fn ask_watched_callback(
        &mut self,
        account_id: AccountId,
        pass: Pass,
    ) -> CallResult<String> {
        enter("ask_watched_callback");

        let outcome = read_greeting(0);
        // Whoever paid for the entry may have ended it while the call was under way.
        if let Some(entry) = self.responses.watched.get_mut(&account_id) {
            let was_closed = entry.breaker.is_closed();
            let answered = outcome.value().is_some();
            entry.breaker.record(pass, answered, env::block_height());
            match (was_closed, entry.breaker.is_closed()) {
                (true, false) => {
                    entry.opened_at = env::block_height();
                    log!("The breaker of {account_id} opens");
                }
                (false, true) => log!("The breaker of {account_id} closes"),
                _ => {}
            }
        }
        outcome
    }
    // ANCHOR_END: ask_watched_callback

    /// The breaker of an account; nothing where the account is not watched.
    pub fn get_breaker(&self, account_id: AccountId) -> Option<&Breaker> {
        let entry = self.responses.watched.get(&account_id)?;
        Some(&entry.breaker)
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, VMContext, test_vm_config, testing_env};

    use super::*;
    use crate::responses::watch::WATCH_PRICE;

    const CLOSED: Breaker = Breaker::Closed { failures: 0 };

    // ---- The breaker alone ----

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

    // ---- The calls ----

    fn in_block(height: u64) -> VMContext {
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(0))
            .attached_deposit(WATCH_PRICE)
            .block_height(height)
            .build()
    }

    /// A contract that watches `bob`, in block 1.
    fn contract() -> Contract {
        let mut contract = Contract::new(None, None, None);
        testing_env!(in_block(1));
        contract.watch(accounts(1));
        contract
    }

    /// Asks `bob`, who gives this answer. Everything happens in one block here.
    fn ask(contract: &mut Contract, height: u64, result: PromiseResult) -> CallResult<String> {
        testing_env!(
            in_block(height),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
        contract.ask_watched(accounts(1)).detach();
        contract.ask_watched_callback(accounts(1), Pass::Common)
    }

    fn hello() -> PromiseResult {
        PromiseResult::Successful(br#""Hello""#.to_vec())
    }

    #[test]
    fn an_answer_that_we_do_not_take_is_a_failure() {
        let mut contract = contract();
        let bad = [&b"true"[..], br#""a\nb""#, &[b'x'; 2_000]];
        for (height, bytes) in (2..).zip(bad) {
            ask(
                &mut contract,
                height,
                PromiseResult::Successful(bytes.to_vec()),
            );
        }

        assert_eq!(
            contract.get_breaker(accounts(1)),
            Some(&Breaker::Open { since: 4 })
        );
    }

    #[test]
    fn the_third_failure_is_in_the_log() {
        let mut contract = contract();
        for height in [2, 3] {
            ask(&mut contract, height, PromiseResult::Failed);
            assert!(!get_logs().iter().any(|log| log.contains("breaker")));
        }
        ask(&mut contract, 4, PromiseResult::Failed);

        assert_eq!(get_logs().last().unwrap(), "The breaker of bob opens");
    }

    #[test]
    #[should_panic(expected = "bob has failed too often, ask again in 19 blocks")]
    fn an_open_breaker_refuses_at_once() {
        let mut contract = contract();
        for height in [2, 3, 4, 5] {
            ask(&mut contract, height, PromiseResult::Failed);
        }
    }

    #[test]
    fn the_trial_carries_its_pass() {
        let mut contract = contract();
        for height in [2, 3, 4] {
            ask(&mut contract, height, PromiseResult::Failed);
        }
        testing_env!(in_block(24));
        contract.ask_watched(accounts(1)).detach();

        let [_call, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        let [MockAction::FunctionCallWeight { args, .. }] = &callback.actions[..] else {
            panic!("not one function call: {callback:?}");
        };
        assert_eq!(args, br#"{"account_id":"bob","pass":"trial"}"#);
    }

    #[test]
    fn an_entry_that_was_ended_meanwhile_is_not_missed() {
        let mut contract = contract();
        contract.unwatch(accounts(1)).detach();
        testing_env!(
            in_block(3),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![hello()]
        );

        assert_eq!(
            contract.ask_watched_callback(accounts(1), Pass::Common),
            CallResult::Value("Hello".to_string())
        );
        assert_eq!(contract.get_breaker(accounts(1)), None);
    }
}
// ANCHOR_END: all
