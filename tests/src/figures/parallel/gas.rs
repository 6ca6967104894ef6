//! Where the gas of many calls goes: reserved, shared, burnt, too little of it.

use std::sync::LazyLock;

use near_parameters::ActionCosts;
use near_primitives::types::Gas;
use serde_json::{Value, json};
use trace::Ledger;

use super::{CAST, ROGUE, behave, books, long_text, messages, number, portfolio};
use super::{stage, stage_with_something_to_say};
use crate::figures::Figure;
use crate::scene::{Played, Ran, Scene, call, smallest, text, with_exact_gas, with_gas};

/// As much as a call can get.
const PLENTY: Gas = Gas::from_teragas(1_000);

/// The smallest step: one unit of gas.
const UNIT: Gas = Gas::from_gas(1);

/// The ledger of an overview in sequence, with the least gas that is enough.
pub fn sequence_gas() -> String {
    let mut scene = stage_with_something_to_say();
    let played = with_least_gas(&mut scene, "overview_in_sequence", &json!({}), UNIT);
    Ledger::of(&scene.transaction(played.hash)).to_text()
}

// ---- Shares ----

/// What calls get, by their static gas and their weights.
pub fn weights() -> String {
    let mut told = String::new();
    for shares in [
        vec![(5, 1), (5, 1), (5, 1)],
        vec![(5, 0), (5, 1), (5, 3)],
        vec![(5, 0), (20, 0), (5, 0)],
        vec![(0, 1), (0, 1), (30, 0)],
    ] {
        told.push_str(&shared(&shares));
        told.push('\n');
    }
    told
}

/// The third of them in full.
pub fn shares_static() -> Figure {
    shares_in_full(&[(5, 0), (20, 0), (5, 0)])
}

/// The second of them in full.
pub fn shares_weighted() -> Figure {
    shares_in_full(&[(5, 0), (5, 1), (5, 3)])
}

fn shares_in_full(shares: &[(u64, u64)]) -> Figure {
    let mut scene = stage();
    let played = share(&mut scene, shares);
    scene.figure(&played)
}

/// Shares in Tgas and by weight.
fn share(scene: &mut Scene, shares: &[(u64, u64)]) -> Played {
    let shares = shares.iter();
    let shares = shares.map(|(tgas, weight)| json!({ "tgas": tgas, "weight": weight }));
    scene.call("share_gas", json!({ "shares": shares.collect::<Vec<_>>() }))
}

fn shared(shares: &[(u64, u64)]) -> String {
    let mut scene = stage();
    let played = share(&mut scene, shares);
    let ran = scene.calls(&played);
    let [method, calls @ ..] = &ran[..] else {
        panic!("there is no receipt");
    };

    let header = ["set aside", "weight", "share in the rest", "attached"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut shared = 0;
    for ((tgas, weight), call) in shares.iter().zip(calls) {
        let aside = Gas::from_teragas(*tgas);
        let share = call
            .attached
            .checked_sub(aside)
            .expect("a call gets what was set aside");
        shared += share.as_gas();
        rows.push(vec![
            text::tgas(aside),
            weight.to_string(),
            text::tgas(share),
            text::tgas(call.attached),
        ]);
    }
    assert_shares_are_exact(shares, calls, shared);
    let refunded = method
        .attached
        .checked_sub(method.needed)
        .expect("a call needs no more than it has");
    rows.push(vec![
        "left over".to_owned(),
        String::new(),
        text::tgas(refunded),
        String::new(),
    ]);
    text::table(&rows)
}

/// Each but the last gets its share rounded down to a unit of gas, the last gets what remains.
fn assert_shares_are_exact(shares: &[(u64, u64)], calls: &[Ran], shared: u64) {
    let weights: u64 = shares.iter().map(|(_, weight)| weight).sum();
    let weighted: Vec<_> = shares
        .iter()
        .zip(calls)
        .filter(|((_, weight), _)| *weight > 0)
        .collect();
    let Some((_, others)) = weighted.split_last() else {
        assert_eq!(shared, 0);
        return;
    };
    for ((tgas, weight), call) in others {
        let share = u128::from(shared) * u128::from(*weight) / u128::from(weights);
        let expected = u128::from(Gas::from_teragas(*tgas).as_gas()) + share;
        assert_eq!(u128::from(call.attached.as_gas()), expected);
    }
}

// ---- Too little ----

/// A callback with too little gas: what it was to put right stays wrong.
pub fn starved() -> Figure {
    let mut scene = stage();
    let played = visit_with(&mut scene, Gas::from_teragas(3).as_gas());
    scene.figure(&played).with(&books(&scene))
}

/// How much the callback needs.
pub fn callback_gas() -> String {
    let least = smallest(1, Gas::from_teragas(50).as_gas(), |gas| {
        let mut scene = stage();
        let played = visit_with(&mut scene, gas);
        scene.succeeded(&played)
    });
    let header = [
        "gas of the callback",
        "visit_with_gas",
        "counter",
        "messages",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let tgas = |gas: u64| text::tgas(Gas::from_gas(gas));
    let [one, three, nine] = [1, 3, 9].map(|tgas| Gas::from_teragas(tgas).as_gas());
    for (what, gas) in [
        (tgas(one), one),
        (tgas(three), three),
        (format!("one unit less than {}", tgas(least)), least - 1),
        (tgas(least), least),
        (tgas(nine), nine),
    ] {
        let mut scene = stage();
        let played = visit_with(&mut scene, gas);
        let end = match scene.end(&played) {
            Ok(answer) => format!("answers {}", text::value(&answer)),
            Err(_) => "fails".to_owned(),
        };
        let books = [number(&scene), messages(&scene)].map(|count| count.to_string());
        rows.push([what, end].into_iter().chain(books).collect());
    }
    text::table(&rows)
}

fn visit_with(scene: &mut Scene, callback_gas: u64) -> Played {
    let args = json!({ "text": long_text(), "callback_gas": callback_gas.to_string() });
    let visit = with_gas(call("visit_with_gas", args), 300);
    scene.send("alice.near", "book.near", vec![visit])
}

// ---- The least that works ----

/// A method of the chapter, where it has most to do.
struct Case {
    /// What it has to do, where that is not said by its name.
    note: &'static str,
    method: &'static str,
    args: Value,
    stage: fn() -> Scene,
}

fn cases() -> Vec<Case> {
    let case = |method, note, args, stage| Case {
        note,
        method,
        args,
        stage,
    };
    let text = || json!({ "text": "Good morning" });
    let counters = |calls| json!({ "counters": vec![LONG_ROGUE; calls] });
    vec![
        case("overview", "", json!({}), busy_stage),
        case(
            "change_greeting_then_overview",
            "",
            json!({ "new_greeting": "x".repeat(1_022) }),
            busy_stage,
        ),
        case("overview_in_sequence", "", json!({}), busy_stage),
        case("visit", "", text(), stage),
        case("visit", ", taken back", text(), stage_that_refuses),
        case(
            "numbers_of",
            ", 1 counter",
            json!({ "counters": ["counter.near"] }),
            stage,
        ),
        case(
            "numbers_of",
            ", 10 counters",
            counters(10),
            stage_of_long_answers,
        ),
        case(
            "numbers_of",
            ", 40 counters",
            counters(40),
            stage_of_long_answers,
        ),
        case(
            "portfolio",
            "",
            portfolio::args(["usd.near", "lending.near", "staking.near"]),
            rich_stage,
        ),
    ]
}

/// An account of the longest name there is.
const LONG_ROGUE: &str = "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr.near";

/// The counter there answers something else, and the reason is a long one.
fn stage_of_long_answers() -> Scene {
    let mut scene = Scene::with_guests("parallel", &[(LONG_ROGUE, "rogue")]);
    let args = json!({ "behaviour": "answer_other_type" });
    scene.prepare("bob.near", LONG_ROGUE, "behave", args);
    scene
}

/// The guestbook takes no message.
fn stage_that_refuses() -> Scene {
    let cast = ["hello.near", "counter.near", "rogue.near"];
    let mut scene = Scene::with_cast("parallel", cast, &[ROGUE]);
    behave(&mut scene, json!("panic"));
    scene
}

/// The longest answers that we read.
fn busy_stage() -> Scene {
    let mut scene = Scene::with_cast("parallel", CAST, &[]);
    let greeting = json!({ "greeting": "x".repeat(1_022) });
    scene.prepare("bob.near", "hello.near", "set_greeting", greeting);
    for _ in 0..128 {
        scene.prepare("bob.near", "counter.near", "decrement", json!({}));
    }
    for _ in 0..3 {
        let message = json!({ "text": "x".repeat(625) });
        scene.prepare("bob.near", "guestbook.near", "add_message", message);
    }
    scene.everyone_holds_a_round_sum();
    scene
}

/// The longest numbers that there are.
fn rich_stage() -> Scene {
    let guests = [
        ("usd.near", "token"),
        ("lending.near", "lending"),
        ("staking.near", "staking"),
    ];
    let most = u128::MAX.to_string();
    let mut scene = Scene::with_guests("parallel", &guests);
    let supply = json!({ "owner_id": "alice.near", "total_supply": most });
    scene.prepare("usd.near", "usd.near", "new", supply);
    let position = json!({ "account_id": "alice.near", "supplied": most, "borrowed": most });
    scene.prepare("bob.near", "lending.near", "set_position", position);
    let rewards = json!({ "account_id": "alice.near", "rewards": most });
    scene.prepare("bob.near", "staking.near", "set_rewards", rewards);
    scene.everyone_holds_a_round_sum();
    scene
}

/// A case with the least gas that alice must attach.
struct Measured {
    case: Case,
    /// The method's call, and those that came of it.
    calls: Vec<Ran>,
    burnt: Gas,
}

/// All cases. The searches take a while, and two figures want them.
fn measured() -> &'static [Measured] {
    static MEASURED: LazyLock<Vec<Measured>> = LazyLock::new(|| {
        let cases = cases().into_iter();
        cases.map(Measured::of).collect()
    });
    &MEASURED
}

impl Measured {
    fn of(case: Case) -> Self {
        let mut scene = (case.stage)();
        let played = with_least_gas(&mut scene, case.method, &case.args, UNIT);
        let answer = scene.end(&played).expect("it works");
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.contains("too long"), "not read: {answer}");
        Self {
            calls: scene.calls(&played),
            burnt: scene.gas_burnt(&played),
            case,
        }
    }
}

/// The least gas that alice must attach.
pub fn least_gas() -> String {
    let header = ["", "least to attach", "burns"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for measured in measured() {
        rows.push(vec![
            format!("{}{}", measured.case.method, measured.case.note),
            text::tgas(measured.calls[0].attached),
            text::tgas(measured.burnt),
        ]);
    }
    text::table(&rows)
}

/// What the calls of each method get and need, when alice attaches no more than she must. Of a call that
/// several methods make, the run in which it needs most.
pub fn static_gas() -> String {
    let mut calls: Vec<(String, &Ran)> = Vec::new();
    // In sequence a call gets what the ones before it leave over: its static gas cannot be seen.
    let exact = measured().iter();
    for measured in exact.filter(|measured| measured.case.method != "overview_in_sequence") {
        for ran in measured.calls.iter().skip(1) {
            let name = match ran.method.as_str() {
                "numbers_of_callback" => format!("{}{}", ran.method, measured.case.note),
                method => method.to_owned(),
            };
            match calls.iter_mut().find(|(known, _)| *known == name) {
                Some((_, most)) if most.needed < ran.needed && ran.succeeded => *most = ran,
                Some(_) => {}
                None => calls.push((name, ran)),
            }
        }
    }
    let header = ["", "gets", "needs"].map(str::to_owned).to_vec();
    let rows = calls.iter().map(|(name, ran)| {
        vec![
            name.clone(),
            text::tgas(ran.attached),
            text::tgas(ran.needed),
        ]
    });
    text::table(&[header].into_iter().chain(rows).collect::<Vec<_>>())
}

/// Calls a method with the least gas at which it ends as it does with plenty. It is searched for in
/// steps of this size.
pub(super) fn with_least_gas(scene: &mut Scene, method: &str, args: &Value, step: Gas) -> Played {
    let run = |scene: &mut Scene, steps: u64| {
        let call = with_exact_gas(call(method, args.clone()), step.as_gas() * steps);
        scene.send("alice.near", "book.near", vec![call])
    };
    let plenty = PLENTY.as_gas() / step.as_gas();
    let played = run(scene, plenty);
    let answer = scene.end(&played);
    assert!(answer.is_ok(), "{}", scene.tree(&played));
    let least = smallest(1, plenty, |steps| {
        let played = run(scene, steps);
        scene.end(&played) == answer
    });
    run(scene, least)
}

// ---- Fees ----

/// What one action more costs, and one receipt more.
pub fn fees() -> String {
    let scene = stage();
    let fees = &scene.parameters().fees;
    let header = ["", "to send", "to execute"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for (what, cost) in [
        ("a receipt", ActionCosts::new_action_receipt),
        ("a call in it", ActionCosts::function_call_base),
        ("an answer to wait for", ActionCosts::new_data_receipt_base),
    ] {
        let fee = fees.fee(cost);
        rows.push(vec![
            what.to_owned(),
            text::tgas(fee.send_fee(false).gas),
            text::tgas(fee.exec_fee().gas),
        ]);
    }
    text::table(&rows)
}
