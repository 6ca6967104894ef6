//! The sweep: one call with one amount of gas after the other, each from the same state.

use std::collections::BTreeSet;

use near_primitives::types::{Balance, Gas};
use serde_json::json;

use super::cases::{Case, cases};
use super::hole::{Hole, ranges};
use super::ledger::{Allowed, Ledger, Missing, missing};
use super::setting::{Setting, partners_behave, run_call};
use super::situation::{APP, Call, Input, Partner, Situation, TOKEN, User, amount};
use super::steps::walk;
use super::ways_out::take_out;
use crate::test_chain::{Snapshot, TestChain};

/// The least distance between two amounts of gas.
pub const STEP: Gas = Gas::from_gigagas(500);

/// The distance above the first success at which a sweep ends.
pub const MARGIN: Gas = Gas::from_teragas(20);

/// The amount of gas at which a sweep ends without a success.
const MOST: Gas = Gas::from_teragas(300);

/// The number of blocks after which a question without a reply times out.
const TIME_OUT: u64 = 201;

/// The result of a sweep.
#[derive(Debug, Default)]
pub struct Sweep {
    /// The methods that were swept.
    pub methods: BTreeSet<&'static str>,
    /// The number of calls that were swept: each is a method in a situation.
    pub calls: usize,
    /// The number of runs of these calls, each with another amount of gas.
    pub runs: usize,
    /// The ranges of gas in which money was lost.
    pub holes: Vec<Hole>,
    /// The calls that never succeeded, each with its error.
    pub never_succeeded: Vec<String>,
}

impl Sweep {
    /// Adds the result of another sweep.
    pub fn add(&mut self, other: Self) {
        self.methods.extend(other.methods);
        self.calls += other.calls;
        self.runs += other.runs;
        self.holes.extend(other.holes);
        self.never_succeeded.extend(other.never_succeeded);
    }
}

/// A call in its situation, ready to run from the same state again and again.
pub struct PreparedCall<'a> {
    case: &'a Case,
    situation: Situation,
    start: TestChain,
    call: Call,
}

impl<'a> PreparedCall<'a> {
    /// Prepares a case in a situation.
    ///
    /// # Panics
    /// The preparations fail.
    pub fn new(setting: &Setting, case: &'a Case, situation: Situation) -> Self {
        let mut start = setting.fork();
        if situation.partner == Partner::Refuses {
            partners_behave(&mut start, "panic");
        }
        (case.prepare)(&mut start, &situation);
        Self {
            case,
            situation,
            start,
            call: (case.call)(&situation),
        }
    }

    /// Runs the call with this gas, until all receipts have run and no yield waits. Returns the chain
    /// afterwards, and the result of the call.
    pub fn run(&self, gas: Gas) -> (TestChain, Result<Vec<u8>, String>) {
        let mut chain = self.start.clone();
        // The chain refuses a call without gas.
        let tx = run_call(&mut chain, &self.call, gas.as_gas().max(1));
        (self.case.after)(&mut chain, &self.situation);
        chain.skip_blocks(TIME_OUT);
        let result = chain.result(tx);
        (chain, result)
    }
}

/// Runs a case in a situation with one amount of gas after the other.
pub fn sweep(setting: &Setting, case: &Case, situation: Situation) -> Sweep {
    let prepared = PreparedCall::new(setting, case, situation);
    prepared.sweep(setting)
}

/// Sweeps every case whose method the contract of a chapter exports, in every situation.
pub fn sweep_chapter(chapter: &'static str) -> Sweep {
    let mut all = Sweep::default();
    for user in User::ALL {
        let setting = Setting::of(chapter, user);
        for case in cases() {
            if !setting.methods().contains(case.method) {
                continue;
            }
            for situation in situations(&case, user) {
                all.add(sweep(&setting, &case, situation));
            }
        }
    }
    all
}

fn situations(case: &Case, user: User) -> impl Iterator<Item = Situation> {
    let inputs = [Input::Shortest, Input::Longest].into_iter();
    inputs.flat_map(move |input| {
        let partners = case.partners.iter();
        partners.map(move |&partner| Situation {
            user,
            input,
            partner,
        })
    })
}

const ONE_YOCTO: Balance = Balance::from_yoctonear(1);

/// The ending of a call with one amount of gas.
#[derive(Debug, PartialEq, Eq)]
struct Ending {
    /// The error of the call, if it fails.
    error: Option<String>,
    /// For the transactions and all their receipts, `true` for a success.
    succeeded: Vec<bool>,
    /// The money that is missing.
    missing: Vec<Missing>,
}

/// Returns the gas of this number of steps.
fn gas_of(steps: u64) -> Gas {
    Gas::from_gas(STEP.as_gas() * steps)
}

impl PreparedCall<'_> {
    fn sweep(&self, setting: &Setting) -> Sweep {
        let mut owns = OwnMoney::default();
        let before = self.before(setting, &mut owns);
        let attempt = |step| self.ending(gas_of(step), setting, &before, &mut owns);
        let [most, margin] = [MOST, MARGIN].map(|gas| gas.as_gas() / STEP.as_gas());
        let tried = walk(most, margin, attempt, |ending| ending.error.is_none());

        let hole = |(gas, missing)| Hole {
            chapter: setting.chapter,
            method: self.case.to_string(),
            situation: self.situation,
            gas,
            missing,
        };
        let errors: Option<Vec<_>> = tried.iter().map(|it| it.ending.error.as_ref()).collect();
        let never_succeeded = errors
            .and_then(|errors| errors.last().copied())
            .map(|error| {
                let chapter = setting.chapter;
                let (case, situation) = (self.case, self.situation);
                format!("{chapter}: {case}, {situation}: it never succeeds, {error}")
            });
        let runs = tried.len();
        let steps = tried.into_iter();
        let steps: Vec<_> = steps
            .map(|tried| (gas_of(tried.step), tried.ending.missing))
            .collect();
        Sweep {
            methods: BTreeSet::from([self.case.method]),
            calls: 1,
            runs,
            holes: ranges(&steps).into_iter().map(hole).collect(),
            never_succeeded: never_succeeded.into_iter().collect(),
        }
    }

    /// Runs the call with this gas, and lets all users take out their money.
    fn ending(&self, gas: Gas, setting: &Setting, before: &Ledger, owns: &mut OwnMoney) -> Ending {
        let (chain, ended) = self.run(gas);
        let own = self.own(&chain, owns.of(setting, &chain));
        let after = setting.ledger(&chain, own);
        Ending {
            error: ended.err(),
            succeeded: chain.successes_since(self.start.height()),
            missing: self.missing(before, &after, &chain),
        }
    }

    /// Returns all balances before the call.
    ///
    /// The contract's own money is what it would have without the call. A question that waits for its reply is
    /// not part of the storage, so it times out here as it does after a call.
    fn before(&self, setting: &Setting, owns: &mut OwnMoney) -> Ledger {
        let mut chain = self.start.clone();
        chain.skip_blocks(TIME_OUT);
        let own = self.own(&chain, owns.of(setting, &chain));
        setting.ledger(&self.start, own)
    }

    /// Adds the contract's own tokens to its own NEAR, if tokens change hands.
    fn own(&self, chain: &TestChain, near: Balance) -> Balance {
        if !self.case.moves_tokens {
            return near;
        }
        let tokens = chain.view(TOKEN, "ft_balance_of", json!({ "account_id": APP }));
        near.saturating_add(amount(&tokens))
    }

    fn missing(&self, before: &Ledger, after: &Ledger, chain: &TestChain) -> Vec<Missing> {
        let mut may_gain = vec![APP, self.situation.user.account(), self.call.to];
        if self.situation.partner == Partner::Takes {
            may_gain.extend(self.case.pays);
        }
        // The yoctoNEAR that proves a full-access key stays with the contract, unless the call fails.
        let is_paid = self.call.to == APP && self.call.deposit == ONE_YOCTO;
        let keeps_the_yocto = is_paid && after.own > before.own;
        let yocto = match keeps_the_yocto {
            true => ONE_YOCTO,
            false => Balance::ZERO,
        };
        let allowed = Allowed {
            burnt: chain.burnt_since(self.start.height()),
            earned: (self.case.earned)(chain).saturating_add(yocto),
            may_gain,
        };
        missing(before, after, &allowed)
    }
}

/// A cache of the money that a contract has of its own. To find that out, all users take out their money. After
/// most amounts of gas the contract is in the same state, so this runs once for each state.
#[derive(Default)]
struct OwnMoney(Vec<(Balance, Snapshot, Balance)>);

impl OwnMoney {
    /// Returns the contract's own money: its balance after its user has taken out everything.
    fn of(&mut self, setting: &Setting, chain: &TestChain) -> Balance {
        let (balance, snapshot) = (chain.balance(APP), chain.snapshot(APP));
        let known = self
            .0
            .iter()
            .find(|(known, stored, _)| *known == balance && *stored == snapshot);
        if let Some((.., own)) = known {
            return *own;
        }
        let mut fork = chain.clone();
        take_out(setting, &mut fork);
        let own = fork.balance(APP);
        self.0.push((balance, snapshot, own));
        own
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::sweep::cases::ALONE;

    /// Sweeps a call with 1 NEAR to a contract that does what its argument says.
    fn sweep_of(program: Value) -> Sweep {
        let probe = include_bytes!("../../../chain/tests/fixtures/probe.wasm");
        let setting = Setting::with_contract("probe", probe.to_vec(), User::Short);
        let situation = Situation {
            user: User::Short,
            input: Input::Shortest,
            partner: Partner::Takes,
        };
        let mut prepared = PreparedCall::new(&setting, &ALONE, situation);
        let args = json!({ "program": program });
        prepared.call = situation.pay("run", args, Balance::from_near(1));
        prepared.sweep(&setting)
    }

    #[test]
    fn a_contract_that_keeps_a_deposit_has_a_hole_from_its_first_success() {
        let swept = sweep_of(json!([{ "return": { "text": "kept" } }]));

        let [hole] = &swept.holes[..] else {
            panic!("{swept:?}");
        };
        assert_eq!(hole.missing, [Missing::Stuck(Balance::from_near(1))]);
        assert_eq!(hole.gas[1].checked_sub(hole.gas[0]), Some(MARGIN));
    }

    #[test]
    fn a_call_that_never_succeeds_is_reported() {
        let swept = sweep_of(json!("no program"));

        assert_eq!(swept.holes, []);
        assert_eq!(swept.never_succeeded.len(), 1, "{swept:?}");
    }
}
