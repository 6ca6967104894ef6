//! Random transactions: programs for the probe contract, which nest as promises do.
#![allow(
    dead_code,
    reason = "each test that includes this file uses its part of it"
)]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// The accounts with the probe contract. One of them may delete itself.
pub const PROBES: [&str; 4] = ["p0.near", "p1.near", "p2.near", "p3.near"];
/// The accounts that sign.
pub const SIGNERS: [&str; 2] = ["alice.near", "bob.near"];
/// The accounts that programs may create.
pub const CHILDREN: [&str; 4] = ["new.p0.near", "new.p1.near", "new.p2.near", "new.p3.near"];
/// An account that never exists.
const NOBODY: &str = "nobody.near";

/// A transaction that runs a program.
#[derive(Clone, Debug)]
pub struct Play {
    pub signer: &'static str,
    pub receiver: &'static str,
    pub program: Vec<Step>,
    pub tgas: u64,
    pub deposit: u128,
}

/// A statement of a program. It refers to promises by numbers, which are brought into range when the
/// program is complete and their count is known.
#[derive(Clone, Debug)]
pub enum Step {
    Plain(Value),
    Create {
        to: String,
        actions: Vec<Deed>,
    },
    Then {
        after: Index,
        to: String,
        actions: Vec<Deed>,
    },
    And {
        of: Vec<Index>,
    },
    Return {
        of: Index,
    },
}

/// An action of a promise.
#[derive(Clone, Debug)]
pub enum Deed {
    Plain(Value),
    Run {
        program: Vec<Step>,
        tgas: u64,
        weight: u64,
        deposit: u128,
    },
}

/// Returns transactions with all kinds of statements.
pub fn plays() -> impl Strategy<Value = Vec<Play>> {
    plays_of(prop_oneof![sight(), storage()].boxed())
}

/// Returns transactions whose programs do not use the storage.
pub fn plays_without_storage() -> impl Strategy<Value = Vec<Play>> {
    plays_of(sight().boxed())
}

fn plays_of(plain: BoxedStrategy<Value>) -> impl Strategy<Value = Vec<Play>> {
    vec(play(plain), 1..4)
}

fn play(plain: BoxedStrategy<Value>) -> impl Strategy<Value = Play> {
    let parts = (
        select(&SIGNERS),
        select(&PROBES),
        program(plain),
        5_u64..300,
        deposit(),
    );
    parts.prop_map(|(signer, receiver, program, tgas, deposit)| Play {
        signer,
        receiver,
        program,
        tgas,
        deposit,
    })
}

fn program(plain: BoxedStrategy<Value>) -> impl Strategy<Value = Vec<Step>> {
    let leaf = vec(plain.clone().prop_map(Step::Plain), 0..4);
    leaf.prop_recursive(3, 48, 4, move |nested| {
        vec(step(plain.clone(), nested), 1..6)
    })
}

/// Returns statements that read, log and burn gas.
fn sight() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("log_env")),
        Just(json!("log_gas")),
        Just(json!("results")),
        Just(json!("return_results")),
        (0..500).prop_map(|rounds| json!({"burn": {"rounds": rounds}})),
        "[a-z]{0,9}".prop_map(|text| json!({"return": {"text": text}})),
        (0..3_000).prop_map(|len| json!({"return_len": {"len": len}})),
    ]
}

fn storage() -> impl Strategy<Value = Value> {
    let key = || "[ab]{0,2}";
    prop_oneof![
        key().prop_map(|key| json!({"read": {"key": key}})),
        (key(), "[xyz]{0,9}")
            .prop_map(|(key, value)| json!({"write": {"key": key, "value": value}})),
        (key(), 0..5_000).prop_map(|(key, len)| json!({"write_len": {"key": key, "len": len}})),
        key().prop_map(|key| json!({"remove": {"key": key}})),
    ]
}

fn step(
    plain: BoxedStrategy<Value>,
    nested: BoxedStrategy<Vec<Step>>,
) -> impl Strategy<Value = Step> {
    let target = || select([PROBES.as_slice(), &CHILDREN, &["alice.near", NOBODY]].concat());
    let create = (target(), deeds(nested.clone())).prop_map(|(to, actions)| Step::Create {
        to: to.to_owned(),
        actions,
    });
    let then =
        (any::<Index>(), target(), deeds(nested)).prop_map(|(after, to, actions)| Step::Then {
            after,
            to: to.to_owned(),
            actions,
        });
    prop_oneof![
        6 => plain.prop_map(Step::Plain),
        8 => create,
        6 => then,
        2 => vec(any::<Index>(), 1..4).prop_map(|of| Step::And { of }),
        2 => any::<Index>().prop_map(|of| Step::Return { of }),
        1 => Just(Step::Plain(json!({"panic": {"text": "on purpose"}}))),
    ]
}

fn deeds(nested: BoxedStrategy<Vec<Step>>) -> impl Strategy<Value = Vec<Deed>> {
    // Without gas and without weight, a call makes its receipt invalid.
    let gas = prop_oneof![20 => (1_u64..30, 0_u64..3), 1 => Just((0, 0))];
    let run = (nested, gas, deposit()).prop_map(|(program, (tgas, weight), deposit)| Deed::Run {
        program,
        tgas,
        weight,
        deposit,
    });
    let beneficiary = select([PROBES.as_slice(), &["alice.near", NOBODY]].concat());
    let other = prop_oneof![
        deposit().prop_map(|yocto| json!({"transfer": {"yocto": yocto.to_string()}})),
        Just(json!({"call": {"method": "missing", "args": "", "tgas": 2}})),
        Just(json!("create_account")),
        Just(json!("deploy_self")),
        beneficiary.prop_map(|id| json!({"delete_account": {"beneficiary": id}})),
    ];
    vec(
        prop_oneof![3 => run, 2 => other.prop_map(Deed::Plain)],
        1..4,
    )
}

/// Returns amounts in yoctoNEAR: mostly zero, sometimes small, rarely more than any balance.
fn deposit() -> impl Strategy<Value = u128> {
    prop_oneof![
        10 => Just(0),
        3 => Just(1),
        7 => 1..2 * 10_u128.pow(24),
        1 => Just(10_u128.pow(30)),
    ]
}

/// Returns the program in the form that the probe reads.
pub fn written(program: &[Step]) -> Value {
    let mut promises = 0;
    let statements = program.iter().filter_map(|step| {
        let known = promises;
        let index = |of: &Index| (known > 0).then(|| of.index(known));
        let statement = match step {
            Step::Plain(statement) => return Some(statement.clone()),
            Step::Return { of } => return Some(json!({"return_promise": {"of": index(of)?}})),
            Step::Create { to, actions } => json!({"create": {"to": to, "actions": deeds_written(actions)}}),
            Step::Then { after, to, actions } => {
                json!({"then": {"after": index(after)?, "to": to, "actions": deeds_written(actions)}})
            }
            Step::And { of } => {
                let of: Option<Vec<_>> = of.iter().map(index).collect();
                json!({"and": {"of": of?}})
            }
        };
        promises += 1;
        Some(statement)
    });
    statements.collect()
}

fn deeds_written(deeds: &[Deed]) -> Value {
    let written = deeds.iter().map(|deed| match deed {
        Deed::Plain(deed) => deed.clone(),
        Deed::Run {
            program,
            tgas,
            weight,
            deposit,
        } => json!({"run": {
            "program": written(program),
            "tgas": tgas,
            "weight": weight,
            "yocto": deposit.to_string(),
        }}),
    });
    written.collect()
}
