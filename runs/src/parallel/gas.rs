//! The gas of many calls: reserved, burnt, too little of it.

use std::sync::LazyLock;

use near_parameters::ActionCosts;
use near_primitives::types::Gas;
use serde_json::{Value, json};
use trace::Ledger;

use super::visit::{counts, with_counts};
use super::{PARTNERS, ROGUE, long_text, overview_of, portfolio};
use super::{chain_with_data, new_chain};
use crate::claim::claim;
use crate::figure::{Figure, Listing};
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{
    ExecutedCall, TestChain, TxHash, call, fails, returns, smallest, with_exact_gas, with_gas,
};
use crate::text;

/// The most gas that a call can have.
const PLENTY: Gas = Gas::from_teragas(1_000);

/// The smallest step: one unit of gas.
const UNIT: Gas = Gas::from_gas(1);

/// Shows the ledger of an overview in sequence, with the least gas that is enough.
pub fn sequence_gas() -> Figure {
    let mut chain = chain_with_data();
    let tx = with_least_gas(&mut chain, "overview_in_sequence", &json!({}), UNIT);
    let expected = returns(overview_of("Hello")).no_balance_moves();
    let ledger = Ledger::new(&chain.transaction(tx));
    // Every second receipt is ours: the method, and a callback after each result.
    let ours = ledger.rows.iter().skip(1).step_by(2);
    let passed_on: Vec<Gas> = ours.map(|row| row.passes_on).collect();
    let claims = [
        chain.shows(&[tx], expected),
        claim(
            "each receipt carries the gas of all later ones, and the last one carries none",
            passed_on.is_sorted_by(|before, after| before > after)
                && passed_on.last() == Some(&Gas::ZERO),
        ),
    ];
    Figure::table(ledger.to_text(), claims)
}

// ---- Too little ----

/// Shows a callback with too little gas: it does not repair what it was called for.
pub fn starved() -> Figure {
    let mut chain = TestChain::with_contract("experiments");
    let tx = visit_with(&mut chain, Gas::from_teragas(3).as_gas());
    let reason = "Exceeded the prepaid gas";
    let expected = fails(reason)
        .fails_at("guestbook.near", "add_message", reason)
        .fails_at("app.near", "visit_callback", reason)
        .logs("Takes the visit off counter.near")
        .receipts(4)
        .no_balance_moves();
    with_counts(chain.figure(tx, expected).with_gas(), &chain, [1, 0]).with_inputs(STARVED.inputs)
}

/// Shows the least gas of the callback.
pub fn callback_gas() -> Figure {
    let least = smallest(1, Gas::from_teragas(50).as_gas(), |gas| {
        let mut chain = TestChain::with_contract("experiments");
        let tx = visit_with(&mut chain, gas);
        chain.succeeded(tx)
    });
    let header = [
        "gas of the callback",
        "visit_with_gas",
        "counter",
        "messages",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    let tgas = |gas: u64| text::tgas(Gas::from_gas(gas));
    let [one, three, nine] = [1, 3, 9].map(|tgas| Gas::from_teragas(tgas).as_gas());
    for (title, gas) in [
        (tgas(one), one),
        (tgas(three), three),
        (format!("one unit less than {}", tgas(least)), least - 1),
        (tgas(least), least),
        (tgas(nine), nine),
    ] {
        let mut chain = TestChain::with_contract("experiments");
        let tx = visit_with(&mut chain, gas);
        let result = match chain.result(tx) {
            Ok(result) => format!("returns {}", text::value(&result)),
            Err(_) => "fails".to_owned(),
        };
        let left = counts(&chain);
        let is_enough = gas >= least;
        claims.push(claim(
            "one unit less than enough fails like one Tgas",
            chain.succeeded(tx) == is_enough && left == [u64::from(!is_enough), 0],
        ));
        let books = left.map(|count| count.to_string());
        rows.push([title, result].into_iter().chain(books).collect());
    }
    Figure::table(text::table(&rows), claims)
}

fn visit_with(chain: &mut TestChain, callback_gas: u64) -> TxHash {
    let args = json!({
        "counter": "counter.near",
        "guestbook": "guestbook.near",
        "text": long_text(),
        "callback_gas": callback_gas.to_string(),
    });
    let visit = with_gas(call("visit_with_gas", args), 300);
    chain.send("alice.near", "app.near", vec![visit])
}

// ---- The least that works ----

/// A method of the chapter, on the chain where it has most to do.
struct Case {
    /// The work of the method, if its name does not say it.
    note: &'static str,
    method: &'static str,
    args: Value,
    new_chain: fn() -> TestChain,
}

fn cases() -> Vec<Case> {
    let case = |method, note, args, new_chain| Case {
        note,
        method,
        args,
        new_chain,
    };
    let text = || json!({ "text": "Good morning" });
    let counters = |calls| json!({ "counters": vec![LONG_ROGUE; calls] });
    vec![
        case("overview", "", json!({}), busy_chain),
        case(
            "change_greeting_then_overview",
            "",
            json!({ "new_greeting": "x".repeat(1_022) }),
            busy_chain,
        ),
        case("overview_in_sequence", "", json!({}), busy_chain),
        case("visit", "", text(), new_chain),
        case("visit", ", taken back", text(), chain_that_refuses),
        case(
            "numbers_of",
            ", 1 counter",
            json!({ "counters": ["counter.near"] }),
            new_chain,
        ),
        case(
            "numbers_of",
            ", 10 counters",
            counters(10),
            chain_with_long_errors,
        ),
        case(
            "numbers_of",
            ", 40 counters",
            counters(40),
            chain_with_long_errors,
        ),
        case(
            "portfolio",
            "",
            portfolio::args(["usd.near", "lending.near", "staking.near"]),
            rich_chain,
        ),
    ]
}

/// An account with the longest name that is possible.
const LONG_ROGUE: &str = "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr.near";

/// Returns a chain whose counter returns another type, with a long error.
fn chain_with_long_errors() -> TestChain {
    let mut chain = TestChain::with_guests("parallel", &[(LONG_ROGUE, "rogue")]);
    chain.behave(LONG_ROGUE, "return_other_type");
    chain
}

/// Returns a chain whose guestbook refuses every message.
fn chain_that_refuses() -> TestChain {
    let accounts = ["hello.near", "counter.near", "rogue.near"];
    let mut chain = TestChain::with_partners_at("parallel", accounts, &[ROGUE]);
    chain.behave("rogue.near", "panic");
    chain
}

/// Returns a chain with the longest results that the contract reads.
fn busy_chain() -> TestChain {
    let mut chain = TestChain::with_partners_at("parallel", PARTNERS, &[]);
    let greeting = json!({ "greeting": "x".repeat(1_022) });
    chain.prepare("bob.near", "hello.near", "set_greeting", greeting);
    for _ in 0..128 {
        chain.prepare("bob.near", "counter.near", "decrement", json!({}));
    }
    for _ in 0..3 {
        let message = json!({ "text": "x".repeat(625) });
        chain.prepare("bob.near", "guestbook.near", "add_message", message);
    }
    chain.reset_balances();
    chain
}

/// Returns a chain with the longest numbers that are possible.
fn rich_chain() -> TestChain {
    let guests = [
        ("usd.near", "token"),
        ("lending.near", "lending"),
        ("staking.near", "staking"),
    ];
    let most = u128::MAX.to_string();
    let mut chain = TestChain::with_guests("parallel", &guests);
    let supply = json!({ "owner_id": "alice.near", "total_supply": most });
    chain.prepare("usd.near", "usd.near", "new", supply);
    let position = json!({ "account_id": "alice.near", "supplied": most, "borrowed": most });
    chain.prepare("bob.near", "lending.near", "set_position", position);
    let rewards = json!({ "account_id": "alice.near", "rewards": most });
    chain.prepare("bob.near", "staking.near", "set_rewards", rewards);
    chain.reset_balances();
    chain
}

/// A case with the least gas that alice must attach.
struct Measured {
    case: Case,
    /// The method's call, and the calls that follow from it.
    calls: Vec<ExecutedCall>,
    burnt: Gas,
}

/// Returns all cases with their least gas. The searches are slow and two figures need them, so the result is
/// cached.
fn measured() -> &'static [Measured] {
    static MEASURED: LazyLock<Vec<Measured>> = LazyLock::new(|| {
        let cases = cases().into_iter();
        cases.map(Measured::of).collect()
    });
    &MEASURED
}

impl Measured {
    fn of(case: Case) -> Self {
        let mut chain = (case.new_chain)();
        let tx = with_least_gas(&mut chain, case.method, &case.args, UNIT);
        let result = chain.result(tx).expect("the call succeeds");
        let result = String::from_utf8_lossy(&result);
        assert!(!result.contains("too long"), "not read: {result}");
        Self {
            calls: chain.calls(tx),
            burnt: chain.gas_burnt(tx),
            case,
        }
    }
}

/// Shows the least gas that alice must attach.
pub fn least_gas() -> Figure {
    let header = ["", "least to attach", "burns"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    for measured in measured() {
        claims.push(claim(
            "the attached gas is more than the burnt gas, because some is reserved and not needed",
            measured.calls[0].attached > measured.burnt,
        ));
        rows.push(vec![
            format!("{}{}", measured.case.method, measured.case.note),
            text::tgas(measured.calls[0].attached),
            text::tgas(measured.burnt),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Shows the gas that the calls of each method get and need, when alice attaches the least gas. For a call that
/// several methods make, it is the run in which the call needs most.
pub fn static_gas() -> Figure {
    let mut calls: Vec<(String, &ExecutedCall)> = Vec::new();
    // In a sequence, a call also gets the unspent gas of the calls before it, so its static gas is not visible.
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
    let rows: Vec<_> = [header].into_iter().chain(rows).collect();
    let has_enough = calls.iter().all(|(_, ran)| ran.attached > ran.needed);
    Figure::table(
        text::table(&rows),
        [claim("every call gets more gas than it needs", has_enough)],
    )
}

/// Calls a method with the least gas that gives the same result as plenty of gas. The search goes in steps of
/// this size.
pub(super) fn with_least_gas(
    chain: &mut TestChain,
    method: &str,
    args: &Value,
    step: Gas,
) -> TxHash {
    let run = |chain: &mut TestChain, steps: u64| {
        let call = with_exact_gas(call(method, args.clone()), step.as_gas() * steps);
        chain.send("alice.near", "app.near", vec![call])
    };
    let plenty = PLENTY.as_gas() / step.as_gas();
    let tx = run(chain, plenty);
    let result = chain.result(tx);
    assert!(result.is_ok(), "{}", chain.tree(tx));
    let least = smallest(1, plenty, |steps| {
        let tx = run(chain, steps);
        chain.result(tx) == result
    });
    run(chain, least)
}

// ---- Fees ----

/// Shows the cost of one more action, and of one more receipt.
pub fn fees() -> Listing {
    let chain = new_chain();
    let fees = &chain.parameters().fees;
    let header = ["", "to send", "to execute"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for (title, cost) in [
        ("a receipt", ActionCosts::new_action_receipt),
        ("a call in it", ActionCosts::function_call_base),
        ("a result to wait for", ActionCosts::new_data_receipt_base),
    ] {
        let fee = fees.fee(cost);
        rows.push(vec![
            title.to_owned(),
            text::tgas(fee.send_fee(false).gas),
            text::tgas(fee.exec_fee().gas),
        ]);
    }
    Listing(text::table(&rows))
}

/// A callback with a given amount of gas.
pub const STARVED: Play = Play {
    figure: "parallel-starved",
    inputs: &[Input::number(
        "gas",
        "Gas of the callback",
        [1, 30],
        3,
        "Tgas",
    )],
    run: |values| {
        let mut chain = TestChain::with_contract("experiments");
        let gas = Gas::from_teragas(values.number("gas"));
        let tx = visit_with(&mut chain, gas.as_gas());
        chain.rerun(tx).with_gas()
    },
};
