//! The coverage of the sweep: every exported method is swept, or a run shows that it moves no money.

use near_primitives::types::Balance;
use serde_json::json;

use super::cases::{ask, cases, owed, safe, tried};
use super::others::{EXCUSED, arguments};
use super::setting::{self, Setting, prepare};
use super::situation::{ANYONE, APP, Call, Input, PARTNER, Partner, Situation, User};
use crate::test_chain::{TestChain, TxHash};

/// The gas of a call that has to show something, in units of gas.
const GAS: u64 = 300 * 10u64.pow(12);

/// The reason for which a method loses no money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It has a case, so the sweep covers it.
    Swept,
    /// It is private: another account was refused, so it only runs in the course of other methods.
    Private,
    /// It runs as a view, which cannot send anything. A deposit to it stays with the contract, as for every
    /// method that only reads.
    Reads,
    /// It accepts one yoctoNEAR from its owner and refuses two, and it ran without a transfer.
    TakesOneYocto,
    /// It refuses a deposit, and it ran without a transfer.
    MovesNothing,
    /// No run can show it, for the reason given here.
    Excused(&'static str),
}

/// A contract that holds everything that it can hold for a user, so every method that pays something out has
/// something to pay.
pub struct Coverage {
    setting: Setting,
    chain: TestChain,
}

impl Coverage {
    /// Returns a setting whose user has money in every part of the contract.
    pub fn of(setting: Setting) -> Self {
        let mut chain = setting.fork();
        let situation = Situation {
            user: setting.user,
            input: Input::Shortest,
            partner: Partner::Takes,
        };
        let has = |method: &str| setting.methods().contains(method);
        if has("withdraw_owed") {
            owed(&mut chain, &situation);
            tried(&mut chain, &situation, 1);
            safe(&mut chain, &situation);
            prepare(&mut chain, &ask(&situation));
            let watched = json!({ "account_id": PARTNER });
            let price = Balance::from_near(1);
            prepare(&mut chain, &situation.pay("watch", watched, price));
        }
        if has("propose_owner") {
            let propose = by_the_owner("propose_owner", ONE_YOCTO);
            prepare(&mut chain, &propose);
        }
        Self { setting, chain }
    }

    /// Returns the coverage of a chapter's contract.
    pub fn of_chapter(chapter: &'static str) -> Self {
        Self::of(Setting::of(chapter, User::Short))
    }

    /// Tries each method, and returns the reason for which it loses no money.
    ///
    /// # Errors
    /// No reason was found. The error says what was tried, and the remedy.
    pub fn all(&self) -> Vec<Result<Reason, String>> {
        let methods = self.setting.methods().iter();
        methods.map(|method| self.reason_of(method)).collect()
    }

    fn reason_of(&self, method: &str) -> Result<Reason, String> {
        if cases().iter().any(|case| case.method == method) {
            return Ok(Reason::Swept);
        }
        if let Some((_, reason)) = EXCUSED.iter().find(|(name, _)| *name == method) {
            return Ok(Reason::Excused(reason));
        }
        let refusal = |call: &Call| self.run(call).1.err().unwrap_or_default();
        if refusal(&by_anyone(method)).contains(&format!("Method {method} is private")) {
            return Ok(Reason::Private);
        }
        if self.chain.try_view(APP, method, &arguments(method)).is_ok() {
            return Ok(Reason::Reads);
        }
        if refusal(&by_the_owner(method, TWO_YOCTO)).contains("1 yoctoNEAR") {
            return self.sends_nothing(&by_the_owner(method, ONE_YOCTO), Reason::TakesOneYocto);
        }
        let paid = self.by_the_user(method, ONE_YOCTO);
        if !refusal(&paid).contains(&format!("Method {method} doesn't accept deposit")) {
            return Err(format!("{method} takes a deposit: {ADD_A_CASE}"));
        }
        let unpaid = self.by_the_user(method, Balance::ZERO);
        self.sends_nothing(&unpaid, Reason::MovesNothing)
    }

    /// Checks that a call sends no money.
    fn sends_nothing(&self, call: &Call, reason: Reason) -> Result<Reason, String> {
        let method = &call.method;
        let (chain, result, tx) = self.run(call);
        if let Err(error) = result {
            return Err(format!(
                "{method} fails, so nothing is shown: {error}. {ADD_A_CASE}, or give it arguments in \
                 runs/src/sweep/others.rs with which it succeeds"
            ));
        }
        let sent = chain.deposits_sent_by(APP, tx);
        if sent.is_zero() {
            Ok(reason)
        } else {
            let yocto = sent.as_yoctonear();
            Err(format!("{method} sends {yocto} yoctoNEAR: {ADD_A_CASE}"))
        }
    }

    fn run(&self, call: &Call) -> (TestChain, Result<Vec<u8>, String>, TxHash) {
        let mut chain = self.chain.clone();
        let tx = setting::run_call(&mut chain, call, GAS);
        let result = chain.result(tx);
        (chain, result, tx)
    }

    fn by_the_user(&self, method: &str, deposit: Balance) -> Call {
        call(self.setting.user.account(), method, deposit)
    }
}

const ONE_YOCTO: Balance = Balance::from_yoctonear(1);
const TWO_YOCTO: Balance = Balance::from_yoctonear(2);

/// The remedy for a method that may move money.
const ADD_A_CASE: &str = "give it a case in runs/src/sweep/cases.rs";

fn by_anyone(method: &str) -> Call {
    call(ANYONE, method, Balance::ZERO)
}

/// Returns a call by the owner. A new contract is its own owner.
fn by_the_owner(method: &str, deposit: Balance) -> Call {
    call(APP, method, deposit)
}

fn call(from: &'static str, method: &str, deposit: Balance) -> Call {
    Call {
        from,
        to: APP,
        method: method.to_owned(),
        args: arguments(method),
        deposit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_accepts_a_deposit_and_has_no_case_is_an_error() {
        let probe = include_bytes!("../../../chain/tests/fixtures/probe.wasm");
        let setting = Setting::with_contract("probe", probe.to_vec(), User::Short);

        let reason = Coverage::of(setting).reason_of("run");

        let error = reason.expect_err("the method accepts a deposit");
        assert!(error.starts_with("run takes a deposit"), "{error}");
    }
}
