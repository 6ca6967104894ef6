//! The cost of long results.

use near_primitives::types::Gas;
use serde_json::{Value, json};

use super::{columns, new_chain};
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::plot::{Plot, Scale, Series, Unit};
use crate::test_chain::{TestChain, TxHash, call, fails, greatest, with_gas};
use crate::text;

/// The lengths of the results that are measured, in bytes. At the last one, a callback that reads the whole
/// result runs out of gas.
const LENGTHS: [usize; 11] = [
    100, 1_000, 10_000, 250_000, 500_000, 750_000, 1_000_000, 1_250_000, 1_500_000, 1_750_000,
    2_000_000,
];

/// Shows results from short to very long, read with a bound and without.
pub fn measure() -> Figure {
    let header = [
        "result",
        "bound 1,024: burnt",
        "outcome",
        "no bound: burnt",
        "outcome",
    ];
    let mut rows = vec![header.map(str::to_owned)];
    let (mut bounded, mut unbounded) = (new_chain(), new_chain());
    let [mut with, mut without, mut fails] = ["with a bound", "without a bound", "failed without"]
        .map(|name| Series {
            name,
            points: Vec::new(),
        });
    for length in LENGTHS {
        let read = measured(&mut bounded, length, Some(1_024));
        let read_all = measured(&mut unbounded, length, None);
        with.points.push((length as u64, read.burnt.as_gas()));
        let series = if read_all.result == FAILS {
            &mut fails
        } else {
            &mut without
        };
        series.points.push((length as u64, read_all.burnt.as_gas()));
        let bytes = format!("{} bytes", text::count(length));
        let [burnt, all_burnt] = [read.burnt, read_all.burnt].map(text::tgas);
        rows.push([bytes, burnt, read.result, all_burnt, read_all.result]);
    }
    let counted = |chain: &TestChain| chain.view("app.near", "get_measurement_count", json!({}));
    let all = LENGTHS.len() as u64;
    let one_less = counted(&bounded) == all && counted(&unbounded) == all - 1;
    let table = format!(
        "{}\nMeasurements that the callback has counted, of {}: {} with the bound, {} without.\n",
        columns(&rows),
        LENGTHS.len(),
        counted(&bounded),
        counted(&unbounded),
    );
    let mut claims = claims_of(&with, &without, &fails);
    claims.push(claim(
        "the state of the failed measurement is undone",
        one_less,
    ));
    Figure::plotted(table, plot(vec![with, without, fails]), claims)
}

/// Returns the difference between the greatest number and the least.
fn spread(numbers: &[u64]) -> Option<u64> {
    Some(numbers.iter().max()? - numbers.iter().min()?)
}

/// Claims the statements of the page about the bound.
fn claims_of(with: &Series, without: &Series, fails: &Series) -> Vec<Claim> {
    let beyond: Vec<u64> = with
        .points
        .iter()
        .filter(|(length, _)| *length > 1_024)
        .map(|(_, burnt)| *burnt)
        .collect();
    let climbs = without.points.windows(2).all(|pair| pair[0].1 < pair[1].1);
    let lengths: Vec<u64> = fails.points.iter().map(|(length, _)| *length).collect();
    vec![
        claim(
            "beyond the bound the cost is constant",
            // The result names the length, so the longest has more digits.
            spread(&beyond).is_some_and(|spread| spread < Gas::from_gigagas(1).as_gas()),
        ),
        claim("without a bound, the cost grows with every byte", climbs),
        claim(
            "the callback survives a million bytes, and not two million",
            lengths == [2_000_000],
        ),
    ]
}

fn plot(series: Vec<Series>) -> Plot {
    Plot {
        title: "Gas that the callback burns, by length of the result",
        across: Scale {
            title: "length of the result, in bytes",
            unit: Unit::Count("byte", "bytes"),
        },
        up: Scale {
            title: "gas burnt by the callback, in Tgas",
            unit: Unit::Gas,
        },
        series,
    }
}

/// The name of a result that the callback did not produce.
const FAILS: &str = "fails";

/// The gas that the callback burnt, and the name of its result.
struct Measured {
    burnt: Gas,
    result: String,
}

fn measured(chain: &mut TestChain, length: usize, max_bytes: Option<u32>) -> Measured {
    let tx = measure_in(chain, length, max_bytes);
    let calls = chain.calls(tx);
    let callback = calls.last().expect("the callback runs last");
    let result = match chain.result(tx) {
        Ok(bytes) => name(&bytes),
        Err(_) => FAILS.to_owned(),
    };
    Measured {
        burnt: callback.burnt,
        result,
    }
}

/// Returns the name of a result.
fn name(outcome: &[u8]) -> String {
    match serde_json::from_slice(outcome).expect("the result is JSON") {
        Value::String(name) => name,
        Value::Object(fields) => fields.into_iter().next().expect("the result has a name").0,
        other => panic!("not a result: {other}"),
    }
}

fn measure_in(chain: &mut TestChain, length: usize, max_bytes: Option<u32>) -> TxHash {
    chain.behave("rogue.near", json!({ "return_bytes": length }));
    let args = json!({ "account_id": "rogue.near", "max_bytes": max_bytes });
    let measure = with_gas(call("measure_result", args), 1_000);
    chain.send("alice.near", "app.near", vec![measure])
}

/// Shows two million bytes without a bound.
pub fn measure_fails() -> Figure {
    let mut chain = new_chain();
    let tx = measure_in(&mut chain, 2_000_000, None);
    let counted = chain.view("app.near", "get_measurement_count", json!({}));
    let reason = "Exceeded the prepaid gas";
    let expected = fails(reason)
        .fails_at("app.near", "measure_result_callback", reason)
        .no_balance_moves();
    chain
        .figure(tx, expected)
        .with(
            &format!("get_measurement_count on app.near now returns {counted}.\n"),
            claim("the state of the measurement is undone", counted == 0),
        )
        .with_inputs(MEASURE_FAILS.inputs)
}

/// Shows the cost of twenty results of each kind for the callback.
pub fn twenty() -> Figure {
    let mut chain = new_chain();
    let longest = greatest(2, 200_000, |length| {
        chain.behave("rogue.near", json!({ "return_bytes": length }));
        let tx = collect(&mut chain, 1);
        chain.receipt_results(tx)[1].is_ok()
    });
    let mut rows =
        vec![["each of the twenty", "outcome", "burnt by the callback"].map(str::to_owned)];
    let mut costs = Vec::new();
    let mut row = |chain: &mut TestChain, title: &str, account: &str| {
        let tx = collect_from(chain, account, 20);
        let results = chain.result(tx).expect("the callback succeeds");
        let results: Value = serde_json::from_slice(&results).expect("JSON");
        let outcome = results[0]["result"].to_string();
        let calls = chain.calls(tx);
        let callback = calls.last().expect("the callback runs last");
        costs.push((callback.burnt, callback.needed));
        rows.push([
            title.to_owned(),
            name(outcome.as_bytes()),
            text::tgas(callback.burnt),
        ]);
    };

    row(&mut chain, "does not exist", "nobody.near");
    row(&mut chain, "returns Hello", "hello.near");
    let letters = json!({ "greeting": "𝔊".repeat(100) });
    chain.prepare("bob.near", "hello.near", "set_greeting", letters);
    row(
        &mut chain,
        "returns 100 letters of 4 bytes each",
        "hello.near",
    );
    chain.behave("rogue.near", json!({ "return_bytes": 1_024 }));
    row(&mut chain, "returns 1,024 bytes", "rogue.near");
    chain.behave("rogue.near", json!({ "return_bytes": longest }));
    let title = format!(
        "returns ~{} bytes, the most that 5 Tgas allow",
        text::count(longest as usize)
    );
    row(&mut chain, &title, "rogue.near");
    let dearest = costs.iter().max();
    let needed = dearest.map(|(_, needed)| *needed);
    let claims = [
        claim(
            "the results that are read, checked and passed on cost most",
            dearest == costs.get(2),
        ),
        claim(
            "10 Tgas are more than enough for twenty",
            needed < Some(Gas::from_teragas(10)),
        ),
    ];
    Figure::table(columns(&rows), claims)
}

fn collect(chain: &mut TestChain, results: usize) -> TxHash {
    collect_from(chain, "rogue.near", results)
}

/// Calls an account this many times.
fn collect_from(chain: &mut TestChain, account: &str, results: usize) -> TxHash {
    let args = json!({ "accounts": vec![account; results] });
    let collect = with_gas(call("collect_greetings", args), 300);
    chain.send("alice.near", "app.near", vec![collect])
}

/// A result of a given length, read with a bound or without.
pub const MEASURE_FAILS: Play = Play {
    figure: "responses-measure-fails",
    inputs: &[
        Input::number("kilobytes", "The result has", [1, 2_000], 2_000, "kB"),
        Input::one_of(
            "bound",
            "The callback reads",
            &[("none", "all of it"), ("kilobyte", "at most 1,024 bytes")],
        ),
    ],
    run: |values| {
        let length = 1_000 * values.number("kilobytes");
        let bound = match values.choice("bound") {
            "kilobyte" => Some(1_024),
            _ => None,
        };
        let mut chain = new_chain();
        let tx = measure_in(&mut chain, length as usize, bound);
        chain.rerun(tx)
    },
};
