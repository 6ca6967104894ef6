//! The number of calls in one transaction, their cost, and the limits of the chain, found by a search.

use near_parameters::RuntimeConfigStore;
use near_primitives::types::Gas;
use serde_json::{Value, json};

use super::gas::with_least_gas;
use super::{ROGUE, new_chain};
use crate::claim::{Claim, claim};
use crate::figure::{Figure, Listing};
use crate::plot::{Plot, Scale, Series, Unit};
use crate::test_chain::{TestChain, TxHash, call, fails, greatest, with_gas};
use crate::text;

/// Shows the cost of each further call.
pub fn fan_out_cost() -> Figure {
    let costs: Vec<_> = [1, 2, 4, 8, 16, 32, 48, 64, 96, 128].map(Cost::of).into();
    let header = [
        "calls",
        "burns",
        "each call",
        "of which the callback",
        "least to attach",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(costs.iter().map(Cost::row));
    let series = |name, gas: fn(&Cost) -> Gas| Series {
        name,
        points: costs
            .iter()
            .map(|cost| (cost.calls, gas(cost).as_gas()))
            .collect(),
    };
    Figure::plotted(
        text::table(&rows),
        Plot {
            title: "Gas by number of calls",
            across: Scale {
                title: "calls in parallel",
                unit: Unit::Count("call", "calls"),
            },
            up: Scale {
                title: "gas, in Tgas",
                unit: Unit::Gas,
            },
            series: vec![
                series("burnt in all", |cost| cost.burnt),
                series("least to attach", |cost| cost.least),
                series("by the callback", |cost| cost.callback),
            ],
        },
        claims_of(&costs),
    )
}

/// Claims the statements of the page about the cost of a further call.
fn claims_of(costs: &[Cost]) -> Vec<Claim> {
    let always = |holds: fn(&Cost, &Cost) -> bool| {
        let mut pairs = costs.iter().zip(&costs[1..]);
        pairs.all(|(few, many)| holds(few, many))
    };
    vec![
        claim(
            "each further call burns as much as the one before",
            is_straight(costs, |cost| cost.burnt),
        ),
        claim(
            "and needs as much attached gas",
            is_straight(costs, |cost| cost.least),
        ),
        claim(
            "the cost per call converges",
            always(|few, many| many.burnt.as_gas() / many.calls < few.burnt.as_gas() / few.calls),
        ),
        claim(
            "the least attached gas exceeds the burnt gas, by more and more",
            always(|few, many| {
                let more = |cost: &Cost| cost.least.checked_sub(cost.burnt);
                more(few).is_some() && more(few) < more(many)
            }),
        ),
        claim(
            "the callback costs more with each result",
            always(|few, many| few.callback < many.callback),
        ),
    ]
}

/// Returns true if each further call costs the same, with a tolerance of 2 %.
fn is_straight(costs: &[Cost], gas: fn(&Cost) -> Gas) -> bool {
    let steps: Vec<u64> = costs
        .iter()
        .zip(&costs[1..])
        .map(|(few, many)| (gas(many).as_gas() - gas(few).as_gas()) / (many.calls - few.calls))
        .collect();
    let (least, most) = (steps.iter().min(), steps.iter().max());
    least
        .zip(most)
        .is_some_and(|(least, most)| most - least < least / 50)
}

/// The cost of a number of calls.
struct Cost {
    calls: u64,
    burnt: Gas,
    /// The gas that the callback burns.
    callback: Gas,
    /// The least gas with which they succeed.
    least: Gas,
}

impl Cost {
    fn of(calls: u64) -> Self {
        let mut chain = new_chain();
        let tx = query(&mut chain, calls, 1_000);
        let ran = chain.calls(tx);
        let step = Gas::from_gigagas(1);
        let least = with_least_gas(&mut chain, "numbers_of", &counters(calls), step);
        Self {
            calls,
            burnt: chain.gas_burnt(tx),
            callback: ran.last().expect("the callback runs last").burnt,
            least: chain.calls(least)[0].attached,
        }
    }

    fn row(&self) -> Vec<String> {
        let each = Gas::from_gas(self.burnt.as_gas() / self.calls);
        let gas = [self.burnt, each, self.callback, self.least].map(text::tgas);
        [self.calls.to_string()].into_iter().chain(gas).collect()
    }
}

fn counters(calls: u64) -> Value {
    json!({ "counters": vec!["counter.near"; calls as usize] })
}

fn query(chain: &mut TestChain, calls: u64, tgas: u64) -> TxHash {
    let ask = with_gas(call("numbers_of", counters(calls)), tgas);
    chain.send("alice.near", "app.near", vec![ask])
}

/// Shows the limit of each kind of call, and the error of the chain beyond it.
pub fn fan_out_limits() -> Figure {
    let mut lines = String::new();
    let of_results = limit("max_number_input_data_dependencies");
    let mut claims = Vec::new();
    let mut tell = |found: Found, sentence: &str, holds: fn(&Found, u64) -> bool, limit: u64| {
        claims.push(claim(sentence, holds(&found, limit)));
        lines.push_str(&found.lines);
    };
    for tgas in [100, 300] {
        tell(
            counters_with(tgas),
            "with little gas, gas is what ends the list",
            |found, limit| found.last < limit && found.error.contains("Exceeded the prepaid gas"),
            of_results,
        );
    }
    tell(
        counters_with(1_000),
        "with plenty, it is the number of results that one callback can wait for",
        |found, limit| found.last == limit && found.error.contains("input data dependencies"),
        of_results,
    );
    let mut chain = TestChain::with_contract("experiments");
    let promises = last_and_first(
        "make_promises with 1000 Tgas: promises",
        (1, 10_000),
        |number| {
            let make = call(
                "make_promises",
                json!({ "counter": "counter.near", "number": number }),
            );
            let tx = chain.send("alice.near", "app.near", vec![with_gas(make, 1_000)]);
            chain.result(tx)
        },
    );
    tell(
        promises,
        "the protocol has a limit on promises",
        |found, limit| found.last == limit && found.error.contains("number of promises"),
        limit("max_promises_per_function_call_action"),
    );
    let mut chain = TestChain::with_guests("parallel", &[ROGUE]);
    let bytes = last_and_first(
        "get_greeting at rogue.near with 1000 Tgas: bytes of its result",
        (2, 10_000_000),
        |bytes| {
            chain.behave("rogue.near", json!({ "return_bytes": bytes }));
            let ask = with_gas(call("get_greeting", json!({})), 1_000);
            let tx = chain.send("alice.near", "rogue.near", vec![ask]);
            chain.result(tx)
        },
    );
    tell(
        bytes,
        "the protocol has a limit on what is returned",
        |found, limit| found.last == limit && found.error.contains("length of a returned value"),
        limit("max_length_returned_data"),
    );
    let mut chain = new_chain();
    let refusal = chain.refusal(
        "alice.near",
        "app.near",
        vec![super::call_with("overview", 1_001)],
    );
    lines.push_str(&text::case("overview with 1001 Tgas", &[&refusal.text]));
    claims.push(claim(
        "the protocol has a limit on the gas of a transaction",
        limit("max_total_prepaid_gas") == Gas::from_teragas(1_000).as_gas()
            && refusal.text.contains("total prepaid gas"),
    ));
    Figure::table(lines, claims)
}

/// Returns the number of counters that one call can query with this gas, in Tgas.
fn counters_with(tgas: u64) -> Found {
    let mut chain = new_chain();
    last_and_first(
        &format!("numbers_of with {tgas} Tgas: counters"),
        (1, 1_000),
        |calls| {
            let tx = query(&mut chain, calls, tgas);
            chain.result(tx)
        },
    )
}

/// A limit that a search found.
struct Found {
    /// The greatest number that works.
    last: u64,
    /// The error of the next number.
    error: String,
    /// The number and the error, as the figure shows them.
    lines: String,
}

/// Returns the greatest number that works, and the error of the next.
fn last_and_first(
    title: &str,
    (enough, too_many): (u64, u64),
    mut run: impl FnMut(u64) -> Result<Vec<u8>, String>,
) -> Found {
    let last = greatest(enough, too_many, |number| run(number).is_ok());
    let error = run(last + 1).expect_err("one more fails");
    let counted = |number: u64| text::count(usize::try_from(number).expect("the limit is a u64"));
    let lines = text::case(
        title,
        &[
            &format!("{} work", counted(last)),
            &format!("{} fail: {error}", counted(last + 1)),
        ],
    );
    Found { last, error, lines }
}

/// Shows the limits of the protocol.
pub fn limits() -> Listing {
    let chain = new_chain();
    let limits = limits_of(&chain);
    let mut rows = vec![vec!["limit".to_owned(), "value".to_owned()]];
    for name in [
        "max_total_prepaid_gas",
        "max_gas_burnt",
        "max_number_input_data_dependencies",
        "max_promises_per_function_call_action",
        "max_actions_per_receipt",
        "max_arguments_length",
        "max_length_returned_data",
        "max_receipt_size",
        "max_total_log_length",
    ] {
        rows.push(vec![name.to_owned(), value(name, &limits[name])]);
    }
    let now = chain.protocol_version();
    let (before, was) = before_this_limit(now);
    Listing(format!(
        "{}\nas they are in version {now} of the protocol; \
         max_total_prepaid_gas was {} in version {before}\n",
        text::table(&rows),
        text::tgas(was),
    ))
}

fn limits_of(chain: &TestChain) -> Value {
    let limits = &chain.parameters().wasm_config.limit_config;
    serde_json::to_value(limits).expect("the limits are numbers")
}

/// Returns a limit of the protocol.
fn limit(name: &str) -> u64 {
    let limits = limits_of(&new_chain());
    limits[name].as_u64().expect("a number")
}

/// Returns the last protocol version with another limit on a transaction's gas, and that limit.
fn before_this_limit(now: u32) -> (u32, Gas) {
    let configs = RuntimeConfigStore::new(None);
    let limit = |version| {
        let config = configs.get_config(version);
        config.wasm_config.limit_config.max_total_prepaid_gas
    };
    (1..now)
        .rev()
        .map(|version| (version, limit(version)))
        .find(|(_, gas)| *gas != limit(now))
        .expect("there was another limit")
}

fn value(name: &str, value: &Value) -> String {
    let number = value.as_u64().expect("a number");
    if name.contains("gas") {
        text::tgas(Gas::from_gas(number))
    } else {
        text::count(usize::try_from(number).expect("the limit is a u64"))
    }
}

/// Shows a call with no static gas and no weight.
pub fn zero_gas() -> Figure {
    let mut chain = TestChain::with_contract("experiments");
    let shares = json!({ "counter": "counter.near", "shares": [{ "tgas": 5, "weight": 0 }, { "tgas": 0, "weight": 0 }] });
    let tx = chain.call("share_gas", shares);
    let reason = "has to be a positive number";
    chain
        .figure(
            tx,
            fails(reason)
                .fails_at("app.near", "share_gas", reason)
                .receipts(1)
                .no_balance_moves(),
        )
        .with_gas()
}
