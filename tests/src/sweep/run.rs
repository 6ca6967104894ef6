//! The sweep: one call with one amount of gas after the other, each from the same beginning.

use std::collections::BTreeSet;

use near_primitives::types::{Balance, Gas};
use serde_json::json;

use super::cases::{Case, cases};
use super::hole::{Hole, ranges};
use super::ledger::{Allowed, Ledger, Missing, missing};
use super::stage::{Stage, partners_behave, play};
use super::ways_out::take_out;
use super::{BOOK, Call, Input, Partner, Situation, TOKEN, User, amount};
use crate::scene::{Scene, Snapshot};

/// The distance between two amounts of gas.
pub const STEP: Gas = Gas::from_gigagas(500);

/// The distance above the first success at which a sweep ends.
pub const MARGIN: Gas = Gas::from_teragas(20);

/// The end of a sweep without a success.
const MOST: Gas = Gas::from_teragas(300);

/// After so many blocks a question without an answer times out.
const TIME_OUT: u64 = 201;

/// The result of a sweep.
#[derive(Debug, Default)]
pub struct Sweep {
    /// The methods that were swept.
    pub methods: BTreeSet<&'static str>,
    /// The number of calls that were swept: each is a method in a situation.
    pub calls: usize,
    /// The number of times that they were played, each with another amount of gas.
    pub runs: usize,
    /// The ranges of gas in which money was lost.
    pub holes: Vec<Hole>,
    /// Calls that never succeeded, with the error that they ended with.
    pub never: Vec<String>,
}

impl Sweep {
    /// Adds what came of another one.
    pub fn add(&mut self, other: Self) {
        self.methods.extend(other.methods);
        self.calls += other.calls;
        self.runs += other.runs;
        self.holes.extend(other.holes);
        self.never.extend(other.never);
    }
}

/// A call in its situation, ready to be played from the same beginning again and again.
pub struct Rehearsal<'a> {
    case: &'a Case,
    situation: Situation,
    start: Scene,
    call: Call,
}

impl<'a> Rehearsal<'a> {
    /// # Panics
    /// The preparations fail.
    pub fn new(stage: &Stage, case: &'a Case, situation: Situation) -> Self {
        let mut start = stage.fork();
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

    /// Plays the call with so much gas, until all receipts have run and nobody waits any more.
    /// Returns the scene afterwards, and how the call ended.
    pub fn play(&self, gas: Gas) -> (Scene, Result<Vec<u8>, String>) {
        let mut scene = self.start.clone();
        // The chain takes no call without any gas.
        let played = play(&mut scene, &self.call, gas.as_gas().max(1));
        (self.case.after)(&mut scene, &self.situation);
        scene.skip_blocks(TIME_OUT);
        let end = scene.end(&played);
        (scene, end)
    }
}

/// Plays a case in a situation with one amount of gas after the other.
pub fn sweep(stage: &Stage, case: &Case, situation: Situation) -> Sweep {
    let rehearsal = Rehearsal::new(stage, case, situation);
    rehearsal.sweep(stage)
}

/// Sweeps every case of which the contract of a chapter exports the method, in every situation.
pub fn sweep_chapter(chapter: &'static str) -> Sweep {
    let mut all = Sweep::default();
    for user in User::ALL {
        let stage = Stage::of(chapter, user);
        for case in cases() {
            if !stage.methods().contains(case.method) {
                continue;
            }
            for situation in situations(&case, user) {
                all.add(sweep(&stage, &case, situation));
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

/// Nothing, a step, two steps and so on.
fn amounts() -> impl Iterator<Item = Gas> {
    (0..).map_while(|step| STEP.checked_mul(step))
}

impl Rehearsal<'_> {
    fn sweep(&self, stage: &Stage) -> Sweep {
        let mut owns = Owns::default();
        let before = self.before(stage, &mut owns);
        let mut steps = Vec::new();
        let (mut last, mut succeeds, mut error) = (MOST, false, None);
        for gas in amounts() {
            if gas > last {
                break;
            }
            let (scene, ended) = self.play(gas);
            match ended {
                Ok(_) if !succeeds => (succeeds, last) = (true, gas.saturating_add(MARGIN)),
                Ok(_) => {}
                Err(ended) => error = Some(ended),
            }
            let own = self.own(&scene, owns.of(stage, &scene));
            let after = stage.ledger(&scene, own);
            let missing = self.missing(&before, &after, &scene);
            steps.push((gas, missing));
        }

        let hole = |(gas, missing)| Hole {
            chapter: stage.chapter,
            method: self.case.to_string(),
            situation: self.situation,
            gas,
            missing,
        };
        let never = error.filter(|_| !succeeds).map(|error| {
            let chapter = stage.chapter;
            let (case, situation) = (self.case, self.situation);
            format!("{chapter}: {case}, {situation}: it never succeeds, {error}")
        });
        Sweep {
            methods: BTreeSet::from([self.case.method]),
            calls: 1,
            runs: steps.len(),
            holes: ranges(&steps).into_iter().map(hole).collect(),
            never: never.into_iter().collect(),
        }
    }

    /// Returns all balances before the call.
    ///
    /// What the contract has of its own is what it would have without the call. A question that waits for
    /// its answer is no part of the storage, so here it times out as it does after a call.
    fn before(&self, stage: &Stage, owns: &mut Owns) -> Ledger {
        let mut scene = self.start.clone();
        scene.skip_blocks(TIME_OUT);
        let own = self.own(&scene, owns.of(stage, &scene));
        stage.ledger(&self.start, own)
    }

    /// Adds to what the contract has of its own in NEAR the tokens of the contract where tokens change hands.
    fn own(&self, scene: &Scene, near: Balance) -> Balance {
        if !self.case.moves_tokens {
            return near;
        }
        let tokens = scene.view(TOKEN, "ft_balance_of", json!({ "account_id": BOOK }));
        near.saturating_add(amount(&tokens))
    }

    fn missing(&self, before: &Ledger, after: &Ledger, scene: &Scene) -> Vec<Missing> {
        let mut may_gain = vec![BOOK, self.situation.user.account(), self.call.to];
        if self.situation.partner == Partner::Takes {
            may_gain.extend(self.case.pays);
        }
        // The yoctoNEAR that shows which key has signed stays with the contract, unless the call fails.
        let is_paid = self.call.to == BOOK && self.call.deposit == ONE_YOCTO;
        let keeps_the_yocto = is_paid && after.own > before.own;
        let yocto = match keeps_the_yocto {
            true => ONE_YOCTO,
            false => Balance::ZERO,
        };
        let allowed = Allowed {
            burnt: scene.burnt_since(self.start.height()),
            earned: (self.case.earned)(scene).saturating_add(yocto),
            may_gain,
        };
        missing(before, after, &allowed)
    }
}

/// The money that a contract has of its own. To find that out, its users take out what is theirs; and after most
/// amounts of gas it is the same contract.
#[derive(Default)]
struct Owns(Vec<(Balance, Snapshot, Balance)>);

impl Owns {
    /// Returns what the contract has of its own: its balance when its user has taken out all there is to take.
    fn of(&mut self, stage: &Stage, scene: &Scene) -> Balance {
        let (balance, snapshot) = (scene.balance(BOOK), scene.snapshot(BOOK));
        let known = self
            .0
            .iter()
            .find(|(known, stored, _)| *known == balance && *stored == snapshot);
        if let Some((.., own)) = known {
            return *own;
        }
        let mut fork = scene.clone();
        take_out(stage, &mut fork);
        let own = fork.balance(BOOK);
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
        let stage = Stage::with_contract("probe", probe.to_vec(), User::Short);
        let situation = Situation {
            user: User::Short,
            input: Input::Shortest,
            partner: Partner::Takes,
        };
        let mut rehearsal = Rehearsal::new(&stage, &ALONE, situation);
        let args = json!({ "program": program });
        rehearsal.call = situation.pay("run", args, Balance::from_near(1));
        rehearsal.sweep(&stage)
    }

    #[test]
    fn a_contract_that_keeps_a_deposit_has_a_hole_from_its_first_success_on() {
        let swept = sweep_of(json!([{ "return": { "text": "kept" } }]));

        let [hole] = &swept.holes[..] else {
            panic!("{swept:?}");
        };
        assert_eq!(hole.missing, [Missing::Stuck(Balance::from_near(1))]);
        assert_eq!(hole.gas[1].checked_sub(hole.gas[0]), Some(MARGIN));
    }

    #[test]
    fn a_sweep_goes_from_nothing_to_well_above_the_first_success() {
        let swept = sweep_of(json!([{ "return": { "text": "kept" } }]));

        let steps = swept.holes[0].gas[1].as_gas() / STEP.as_gas();
        assert_eq!(swept.runs as u64, steps + 1);
    }

    #[test]
    fn a_call_that_never_succeeds_is_told() {
        let swept = sweep_of(json!("no program"));

        assert_eq!(swept.holes, []);
        assert_eq!(swept.never.len(), 1, "{swept:?}");
    }
}
