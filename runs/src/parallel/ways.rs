//! Three ways to call several partners, and the blocks that each takes.
//!
//! All accounts carry the same contract. It does what its argument says, so one wasm runs every way.

use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::plot::{Plot, Scale, Series, Unit};
use crate::test_chain::{PARTNERS, TestChain, call, with_gas};
use crate::text;

/// Shows the number of blocks until the result is there.
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
            claim("in parallel the number of blocks is constant, three", {
                let mut points = series[0].points.iter();
                points.all(|(_, blocks)| *blocks == 3)
            }),
            claim(
                "each further nested call takes one block",
                each_call_takes(&series[1], 1),
            ),
            claim(
                "each further call in sequence takes two blocks",
                each_call_takes(&series[2], 2),
            ),
        ],
    )
}

/// Returns true if the first call takes three blocks, and each further one this many more.
fn each_call_takes(series: &Series, blocks: u64) -> bool {
    let mut points = series.points.iter();
    points.all(|(calls, until)| *until == 3 + (calls - 1) * blocks)
}

fn table(series: &[Series]) -> String {
    let header = ["calls"]
        .into_iter()
        .chain(series.iter().map(|series| series.name));
    let mut rows = vec![header.map(str::to_owned).collect()];
    for (index, (calls, _)) in series[0].points.iter().enumerate() {
        let blocks = series.iter().map(|series| series.points[index].1);
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

/// Returns a program that calls all partners at once, with one callback for all.
fn in_parallel(partners: &[&str]) -> Value {
    let calls = partners.len();
    let asks = partners
        .iter()
        .map(|name| create(name, json!([return_value()]), 0));
    let mut program: Vec<_> = asks.collect();
    program.push(json!({ "and": { "of": (0..calls).collect::<Vec<_>>() } }));
    program.push(then(calls, json!([return_value()]), 1));
    program.push(json!({ "return_promise": { "of": calls + 1 } }));
    program.into()
}

/// Returns a program in which each partner is called by the callback of the one before.
fn in_sequence(partners: &[&str]) -> Value {
    let [partner, others @ ..] = partners else {
        return json!([return_value()]);
    };
    call_with_callback(partner, json!([return_value()]), 0, in_sequence(others), 1)
}

/// Returns a program in which each partner calls the next and returns its result. One callback waits for the
/// first.
fn nested(partners: &[&str]) -> Value {
    let [partner, others @ ..] = partners else {
        panic!("there is a partner");
    };
    call_with_callback(partner, passed_on(others), 1, json!([return_value()]), 0)
}

fn passed_on(partners: &[&str]) -> Value {
    let [partner, others @ ..] = partners else {
        return json!([return_value()]);
    };
    json!([create(partner, passed_on(others), 1), { "return_promise": { "of": 0 } }])
}

/// Returns a call with a callback, and the weights of both.
fn call_with_callback(
    partner: &str,
    program: Value,
    weight: u64,
    callback: Value,
    rest: u64,
) -> Value {
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

/// Returns a call with 5 Tgas and a weight.
fn run(program: Value, weight: u64) -> Value {
    json!({ "run": { "program": program, "tgas": 5, "weight": weight } })
}

fn return_value() -> Value {
    json!({ "return": { "text": "1" } })
}
