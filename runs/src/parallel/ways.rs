//! Three ways to ask several partners, and how many blocks each takes.
//!
//! All accounts carry the same contract. It does what its argument says, so one wasm plays every way.

use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::plot::{Plot, Scale, Series, Unit};
use crate::test_chain::{PARTNERS, TestChain, call, with_gas};
use crate::text;

/// How many blocks it takes until the answer is there.
pub fn ways() -> Figure {
    let ways = [
        ("in parallel", in_parallel as fn(&[&str]) -> Value),
        ("nested", nested),
        ("in sequence", in_sequence),
    ];
    let series = ways.map(|(name, way)| Series {
        name,
        points: (1..=PARTNERS.len())
            .map(|calls| (calls as u64, blocks(way(&PARTNERS[..calls]))))
            .collect(),
    });
    Figure::plotted(
        table(&series),
        Plot {
            title: "Blocks until the answer is there, by number of calls",
            across: Scale {
                title: "calls",
                unit: Unit::Count("call", "calls"),
            },
            up: Scale {
                title: "blocks until the answer is there",
                unit: Unit::Count("block", "blocks"),
            },
            series: series.to_vec(),
        },
        [
            claim("in parallel the line is flat, at three blocks", {
                let mut points = series[0].points.iter();
                points.all(|(_, blocks)| *blocks == 3)
            }),
            claim(
                "a call more takes one block when the calls are nested",
                each_call_takes(&series[1], 1),
            ),
            claim(
                "a call more takes two blocks in sequence",
                each_call_takes(&series[2], 2),
            ),
        ],
    )
}

/// Three blocks for the first call, and so many more for each further one.
fn each_call_takes(series: &Series, blocks: u64) -> bool {
    let mut points = series.points.iter();
    points.all(|(calls, until)| *until == 3 + (calls - 1) * blocks)
}

fn table(series: &[Series]) -> String {
    let header = ["calls"]
        .into_iter()
        .chain(series.iter().map(|series| series.name));
    let mut rows = vec![header.map(str::to_owned).collect()];
    for (place, (calls, _)) in series[0].points.iter().enumerate() {
        let blocks = series.iter().map(|series| series.points[place].1);
        let row = [*calls].into_iter().chain(blocks);
        rows.push(row.map(|cell| cell.to_string()).collect());
    }
    format!(
        "{}\nin blocks after the one with the transaction\n",
        text::table(&rows)
    )
}

fn blocks(program: Value) -> u64 {
    let mut chain = TestChain::probes();
    let run = with_gas(call("run", json!({ "program": program })), 1_000);
    let tx = chain.send("alice.near", "book.near", vec![run]);
    chain.assert_succeeded(tx);
    chain.blocks(tx)
}

/// All are asked at once, and one callback waits for all.
fn in_parallel(partners: &[&str]) -> Value {
    let calls = partners.len();
    let asks = partners
        .iter()
        .map(|name| create(name, json!([answer()]), 0));
    let mut program: Vec<_> = asks.collect();
    program.push(json!({ "and": { "of": (0..calls).collect::<Vec<_>>() } }));
    program.push(then(calls, json!([answer()]), 1));
    program.push(json!({ "return_promise": { "of": calls + 1 } }));
    program.into()
}

/// Each is asked by the callback of the one before.
fn in_sequence(partners: &[&str]) -> Value {
    let [partner, others @ ..] = partners else {
        return json!([answer()]);
    };
    asked(partner, json!([answer()]), 0, in_sequence(others), 1)
}

/// Each asks the next, and answers what that answers. One callback waits for the first.
fn nested(partners: &[&str]) -> Value {
    let [partner, others @ ..] = partners else {
        panic!("there is nobody to ask");
    };
    asked(partner, handed_on(others), 1, json!([answer()]), 0)
}

fn handed_on(partners: &[&str]) -> Value {
    let [partner, others @ ..] = partners else {
        return json!([answer()]);
    };
    json!([create(partner, handed_on(others), 1), { "return_promise": { "of": 0 } }])
}

/// A call, a callback, and weights for the gas of each.
fn asked(partner: &str, program: Value, weight: u64, callback: Value, rest: u64) -> Value {
    json!([
        create(partner, program, weight),
        then(0, callback, rest),
        { "return_promise": { "of": 1 } },
    ])
}

fn create(partner: &str, program: Value, weight: u64) -> Value {
    json!({ "create": { "to": partner, "actions": [run(program, weight)] } })
}

fn then(after: usize, program: Value, weight: u64) -> Value {
    json!({ "then": { "after": after, "to": "book.near", "actions": [run(program, weight)] } })
}

/// A call with 5 Tgas, and a share in what is left.
fn run(program: Value, weight: u64) -> Value {
    json!({ "run": { "program": program, "tgas": 5, "weight": weight } })
}

fn answer() -> Value {
    json!({ "return": { "text": "1" } })
}
