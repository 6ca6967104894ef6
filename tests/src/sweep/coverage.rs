//! No method escapes: each that a contract exports is swept, or a run shows that it moves no money.

use near_primitives::types::Balance;
use serde_json::json;

use super::cases::{ask, cases, owed, safe, tried};
use super::others::{EXCUSED, arguments};
use super::stage::{self, Stage, prepare};
use super::{BOOK, Call, Input, PARTNER, Partner, STRANGER, Situation, User};
use crate::scene::{Played, Scene};

/// The gas of a call that is to show something.
const GAS: u64 = 300 * 10u64.pow(12);

/// The reason for which no money is lost in a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// It has a case, and is swept.
    Swept,
    /// It is private, so it only runs in the course of other methods: a stranger was refused.
    Private,
    /// It can be called as a view, where nothing can be sent. A deposit that somebody attaches to it all the
    /// same stays with the contract, as it does with every method that only reads.
    Reads,
    /// It takes one yoctoNEAR from its owner and refuses two, and it has run and sent nothing.
    TakesOneYocto,
    /// It refuses a deposit, and it has run and sent nothing.
    MovesNothing,
    /// No run can show it. The reason is given.
    Excused(&'static str),
}

/// A contract with all that it can hold for a user, so that a method that gives something out has
/// something to give.
pub struct Coverage {
    stage: Stage,
    scene: Scene,
}

impl Coverage {
    /// A stage, and a user who has money in all places there are.
    pub fn of(stage: Stage) -> Self {
        let mut scene = stage.fork();
        let situation = Situation {
            user: stage.user,
            input: Input::Shortest,
            partner: Partner::Takes,
        };
        let has = |method: &str| stage.methods().contains(method);
        if has("withdraw_owed") {
            owed(&mut scene, &situation);
            tried(&mut scene, &situation, 1);
            safe(&mut scene, &situation);
            prepare(&mut scene, &ask(&situation));
            let watched = json!({ "account_id": PARTNER });
            let price = Balance::from_near(1);
            prepare(&mut scene, &situation.pay("watch", watched, price));
        }
        if has("propose_owner") {
            let propose = by_the_owner("propose_owner", ONE_YOCTO);
            prepare(&mut scene, &propose);
        }
        Self { stage, scene }
    }

    /// The coverage of a chapter's contract.
    pub fn of_chapter(chapter: &'static str) -> Self {
        Self::of(Stage::of(chapter, User::Short))
    }

    /// Tries each method, and returns the reason for which no money is lost in it.
    ///
    /// # Errors
    /// No reason is known: says what was tried, and what is to be done.
    pub fn all(&self) -> Vec<Result<Shown, String>> {
        let methods = self.stage.methods().iter();
        methods.map(|method| self.shown(method)).collect()
    }

    fn shown(&self, method: &str) -> Result<Shown, String> {
        if cases().iter().any(|case| case.method == method) {
            return Ok(Shown::Swept);
        }
        if let Some((_, reason)) = EXCUSED.iter().find(|(name, _)| *name == method) {
            return Ok(Shown::Excused(reason));
        }
        let refusal = |call: &Call| self.play(call).1.err().unwrap_or_default();
        if refusal(&by_a_stranger(method)).contains(&format!("Method {method} is private")) {
            return Ok(Shown::Private);
        }
        if self
            .scene
            .try_view(BOOK, method, &arguments(method))
            .is_ok()
        {
            return Ok(Shown::Reads);
        }
        if refusal(&by_the_owner(method, TWO_YOCTO)).contains("1 yoctoNEAR") {
            return self.sends_nothing(&by_the_owner(method, ONE_YOCTO), Shown::TakesOneYocto);
        }
        let paid = self.by_the_user(method, ONE_YOCTO);
        if !refusal(&paid).contains(&format!("Method {method} doesn't accept deposit")) {
            return Err(format!("{method} takes a deposit: {ADD_A_CASE}"));
        }
        let unpaid = self.by_the_user(method, Balance::ZERO);
        self.sends_nothing(&unpaid, Shown::MovesNothing)
    }

    /// Shows that a call sends no money.
    fn sends_nothing(&self, call: &Call, shown: Shown) -> Result<Shown, String> {
        let method = &call.method;
        let (scene, end, played) = self.play(call);
        if let Err(error) = end {
            return Err(format!(
                "{method} shows nothing, for it fails: {error}. {ADD_A_CASE}, or give it arguments in \
                 tests/src/sweep/others.rs with which it runs to its end"
            ));
        }
        let sent = scene.deposits_sent_by(BOOK, &played);
        if sent.is_zero() {
            Ok(shown)
        } else {
            let yocto = sent.as_yoctonear();
            Err(format!("{method} sends {yocto} yoctoNEAR: {ADD_A_CASE}"))
        }
    }

    fn play(&self, call: &Call) -> (Scene, Result<Vec<u8>, String>, Played) {
        let mut scene = self.scene.clone();
        let played = stage::play(&mut scene, call, GAS);
        let end = scene.end(&played);
        (scene, end, played)
    }

    fn by_the_user(&self, method: &str, deposit: Balance) -> Call {
        call(self.stage.user.account(), method, deposit)
    }
}

const ONE_YOCTO: Balance = Balance::from_yoctonear(1);
const TWO_YOCTO: Balance = Balance::from_yoctonear(2);

/// The remedy for a method that may move money.
const ADD_A_CASE: &str = "give it a case in tests/src/sweep/cases.rs";

fn by_a_stranger(method: &str) -> Call {
    call(STRANGER, method, Balance::ZERO)
}

/// A new contract is its own owner.
fn by_the_owner(method: &str, deposit: Balance) -> Call {
    call(BOOK, method, deposit)
}

fn call(from: &'static str, method: &str, deposit: Balance) -> Call {
    Call {
        from,
        to: BOOK,
        method: method.to_owned(),
        args: arguments(method),
        deposit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_takes_a_deposit_and_has_no_case_escapes() {
        let probe = include_bytes!("../../../chain/tests/fixtures/probe.wasm");
        let stage = Stage::with_contract("probe", probe.to_vec(), User::Short);

        let shown = Coverage::of(stage).shown("run");

        let error = shown.expect_err("it takes a deposit");
        assert!(error.starts_with("run takes a deposit"), "{error}");
    }
}
