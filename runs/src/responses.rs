//! The runs of chapter 4, first page: results of untrusted contracts, and how a callback handles them.

pub mod breaker;
pub mod cache;
pub mod measure;

use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{TestChain, call, gains, loses, paid, returns, returns_nothing};
use crate::text;

/// A contract that misbehaves on request.
const ROGUE: (&str, &str) = ("rogue.near", "rogue");

fn new_chain() -> TestChain {
    TestChain::with_guests("responses", &[ROGUE])
}

/// Calls `watch`: alice pays for an entry about an account.
fn watch(chain: &mut TestChain, account_id: &str) {
    let args = json!({ "account_id": account_id });
    let tx = chain.pay("watch", args, Balance::from_millinear(10));
    chain.assert_succeeded(tx);
}

/// Formats rows as columns, all of them aligned to the left. The last column is wrapped where it is too long.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let before: usize = widths[..N - 1].iter().map(|width| width + 2).sum();
    let mut lines = String::new();
    for row in rows {
        let (last, cells) = row.split_last().expect("a row has cells");
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            line.push_str(&format!("{cell:width$}  "));
        }
        let room = text::WIDTH.saturating_sub(before);
        for (index, piece) in text::wrapped(last, room).into_iter().enumerate() {
            let start = if index == 0 {
                line.clone()
            } else {
                " ".repeat(before)
            };
            lines.push_str(format!("{start}{piece}").replace('\u{a0}', " ").trim_end());
            lines.push('\n');
        }
    }
    lines
}

// ---- What a callback sees ----

/// Shows every shape of call, and the promise results of its callback.
pub fn shapes() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let answered = |value: Value| json!({ "value": value });
    for (title, shape, expected) in [
        (
            "one call: the greeting",
            json!("single"),
            returns(json!([answered(json!("Hello"))])),
        ),
        (
            "two actions in one receipt: count up, and the number",
            json!("batch"),
            returns(json!([answered(json!(1))])),
        ),
        (
            "one call after the other: the greeting, then the number",
            json!("chain"),
            returns(json!([answered(json!(0))])),
        ),
        (
            "three calls at once: the greeting, the number, how many messages",
            json!("parallel"),
            returns(json!([
                answered(json!("Hello")),
                answered(json!(0)),
                answered(json!(0)),
            ])),
        ),
        (
            "the same call to hello.near, nobody.near and rogue.near: the greeting",
            json!({ "many": ["hello.near", "nobody.near", "rogue.near"] }),
            returns(json!([
                answered(json!("Hello")),
                "failed",
                answered(json!("Hello")),
            ]))
            .fails_at("nobody.near", "get_greeting", "doesn't exist"),
        ),
    ] {
        let mut chain = new_chain();
        let tx = chain.call("inspect_results", json!({ "shape": shape }));
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        let result = chain.result(tx).expect("the callback succeeds");
        let results: Vec<Value> = serde_json::from_slice(&result).expect("a list");
        let number = match results.len() {
            1 => "1 result".to_owned(),
            number => format!("{number} results"),
        };
        lines.push_str(&text::case(title, &[&number, &text::value(&result)]));
    }
    Figure::table(lines, claims)
}

// ---- Many of one kind ----

/// Shows calls to four accounts, each with another result.
pub fn greetings() -> Figure {
    let mut chain = greeters(5_000);
    let tx = chain.call("collect_greetings", json!({ "accounts": GREETERS }));
    chain
        .figure(
            tx,
            returns(json!([
                entry("hello.near", json!({ "value": "Hello" })),
                entry("nobody.near", json!("failed")),
                entry("empty.near", json!({ "value": "" })),
                entry("rogue.near", json!({ "too_long": 5_000 })),
            ]))
            .fails_at("nobody.near", "get_greeting", "doesn't exist")
            .no_balance_moves(),
        )
        .with_inputs(GREETINGS.inputs)
}

/// The accounts that are asked for a greeting. The second does not exist.
const GREETERS: [&str; 4] = ["hello.near", "nobody.near", "empty.near", "rogue.near"];

/// Returns a chain on which `rogue.near` returns a text of this many bytes, and `empty.near` one without a letter.
fn greeters(length: u64) -> TestChain {
    let mut chain = TestChain::with_guests("responses", &[ROGUE, ("empty.near", "hello")]);
    chain.behave("rogue.near", json!({ "return_bytes": length }));
    let silence = json!({ "greeting": "" });
    chain.prepare("bob.near", "empty.near", "set_greeting", silence);
    chain
}

/// Returns the entry of a call to an account with its result.
fn entry(account_id: &str, outcome: Value) -> Value {
    json!({ "account_id": account_id, "result": outcome })
}

/// Shows one untrusted contract, and every result that it can produce.
pub fn untrusted() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let forged = json!({ "call_back": {
        "method": "collect_greetings_callback",
        "args": r#"{"accounts":[]}"#,
        "deposit_yocto": "0",
    }});
    let method = "get_greeting";
    for (title, behaviour, outcome, failure) in [
        (
            "it behaves well",
            json!("well"),
            json!({ "value": "Hello" }),
            None,
        ),
        (
            "it panics",
            json!("panic"),
            json!("failed"),
            Some(("rogue.near", method, "I panic")),
        ),
        (
            "it burns all its gas",
            json!("burn_all_gas"),
            json!("failed"),
            Some(("rogue.near", method, "Exceeded the prepaid gas")),
        ),
        (
            "it returns bytes that are no JSON",
            json!("return_garbage"),
            json!("unreadable"),
            None,
        ),
        (
            "it returns JSON of another type: true",
            json!("return_other_type"),
            json!("unreadable"),
            None,
        ),
        (
            "it returns nothing",
            json!("return_nothing"),
            json!("unreadable"),
            None,
        ),
        (
            "it returns a text of 101 characters",
            json!({ "return_bytes": 103 }),
            json!({ "refused": "too_many_characters" }),
            None,
        ),
        (
            "it returns a text of 5,000 bytes",
            json!({ "return_bytes": 5_000 }),
            json!({ "too_long": 5_000 }),
            None,
        ),
        (
            "it calls our callback itself",
            forged,
            json!("failed"),
            Some(("app.near", "collect_greetings_callback", "is private")),
        ),
    ] {
        let mut chain = new_chain();
        chain.behave("rogue.near", behaviour);
        let accounts = json!({ "accounts": ["rogue.near"] });
        let tx = chain.call("collect_greetings", accounts);
        let expected = returns(json!([entry("rogue.near", outcome)]));
        let expected = match failure {
            Some((account, method, reason)) => expected.fails_at(account, method, reason),
            None => expected,
        };
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        let results = chain.receipt_results(tx);
        let at_rogue = match (
            &results[1],
            results
                .iter()
                .skip(2)
                .find_map(|result| result.as_ref().err()),
        ) {
            (Err(error), _) => format!("rogue.near fails: {error}"),
            (Ok(_), Some(error)) => format!("its call to app.near fails: {error}"),
            (Ok(bytes), None) => format!("rogue.near returns {}", text::value(bytes)),
        };
        let alice = format!("collect_greetings {}", text::result(&chain.result(tx)));
        lines.push_str(&text::case(title, &[&at_rogue, &alice]));
    }
    Figure::table(lines, claims)
}

// ---- One result out of many ----

/// Shows surveys of counters, with a liar and with gaps.
pub fn survey() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let three = ["four.near", "five.near", "six.near"];
    let counters_used = ["four.near", "five.near", "six.near", "wild.near"];
    let gaps = ["four.near", "nobody.near", "six.near", "rogue.near"];
    let numbers = |answered, median, highest| {
        let lowest = 4;
        json!({ "numbers": {
            "count": answered, "lowest": lowest, "median": median, "highest": highest,
        }})
    };
    for (title, wild, counters, quorum, result, missing) in [
        (
            "counters at 4, 5 and 6; the quorum is 3",
            0,
            &three[..],
            3,
            numbers(3, 5, 6),
            json!([]),
        ),
        (
            "and a fourth, which somebody has counted up to 100",
            100,
            &counters_used,
            3,
            numbers(4, 5, 100),
            json!([]),
        ),
        (
            "and then to 101, which is not plausible",
            101,
            &counters_used,
            3,
            numbers(3, 5, 6),
            json!(["wild.near"]),
        ),
        (
            "counters at 4 and 6, and two that do not return; the quorum is 2",
            0,
            &gaps,
            2,
            numbers(2, 4, 6),
            json!(["nobody.near", "rogue.near"]),
        ),
        (
            "the same; the quorum is 3",
            0,
            &gaps,
            3,
            json!({ "too_few": { "count": 2, "quorum": 3 } }),
            json!(["nobody.near", "rogue.near"]),
        ),
    ] {
        let mut chain = chain_of_counters(wild);
        let args = json!({ "counters": counters, "quorum": quorum });
        let tx = chain.call("survey_numbers", args);
        let survey = chain.result(tx).expect("the survey succeeds");
        let survey: Value = serde_json::from_slice(&survey).expect("JSON");
        claims.push(claim(
            "the median stays, and the accounts without a number are missing",
            survey["result"] == result && survey["missing"] == missing,
        ));
        let (result, missing) = (&survey["result"], &survey["missing"]);
        let result = format!("result: {result}");
        let missing = format!("missing: {missing}");
        lines.push_str(&text::case(title, &[&result, &missing]));
    }
    Figure::table(lines, claims)
}

/// Shows the full result of the survey with gaps.
pub fn survey_gaps() -> Figure {
    let mut chain = chain_of_counters(0);
    let counters = ["four.near", "nobody.near", "six.near", "rogue.near"];
    let args = json!({ "counters": counters, "quorum": 2 });
    let tx = chain.call("survey_numbers", args);
    let survey = chain.result(tx).expect("the survey succeeds");
    let survey: Value = serde_json::from_slice(&survey).expect("JSON");
    let mut lines = String::from("results\n");
    for result in survey["results"].as_array().expect("a list") {
        lines.push_str(&format!("    {result}\n"));
    }
    for name in ["missing", "result"] {
        lines.push_str(&format!("{name}\n    {}\n", survey[name]));
    }
    let entries = json!([
        entry("four.near", json!({ "value": 4 })),
        entry("nobody.near", json!("failed")),
        entry("six.near", json!({ "value": 6 })),
        entry("rogue.near", json!("unreadable")),
    ]);
    Figure::table(
        lines,
        [
            claim(
                "`results` has the result of each call",
                survey["results"] == entries,
            ),
            claim(
                "`missing` is a list of the accounts without a number",
                survey["missing"] == json!(["nobody.near", "rogue.near"]),
            ),
        ],
    )
}

/// Returns a chain with counters at the number of their name, one at `wild`, and one that returns `true`.
fn chain_of_counters(wild: usize) -> TestChain {
    let guests = ["four.near", "five.near", "six.near", "wild.near"].map(|name| (name, "counter"));
    let [four, five, six, other] = guests;
    let mut chain = TestChain::with_guests("responses", &[four, five, six, other, ROGUE]);
    chain.behave("rogue.near", "return_other_type");
    for ((name, _), number) in guests.into_iter().zip([4, 5, 6, wild]) {
        for _ in 0..number {
            chain.prepare("bob.near", name, "increment", json!({}));
        }
    }
    chain
}

// ---- Who pays for the storage ----

/// Shows that alice pays for an entry, and then removes it.
pub fn watching() -> Figure {
    let mut chain = new_chain();
    let money = chain.money(&["alice.near", "app.near"]);
    let args = || json!({ "account_id": "rogue.near" });
    let watch = paid(call("watch", args()), Balance::from_near(1));
    let watching = chain.send("alice.near", "app.near", vec![watch]);
    let table = money.table(&chain, watching);
    let money = chain.money(&["alice.near", "app.near"]);
    let unwatching = chain.call("unwatch", args());
    let price = Balance::from_millinear(10);
    let bought = returns_nothing().moves([loses("alice.near", price), gains("app.near", price)]);
    let ended = returns(json!(true)).moves([gains("alice.near", price), loses("app.near", price)]);
    let claims = [
        chain.shows(&[watching], bought),
        chain.shows(&[unwatching], ended),
    ];
    let lines = format!(
        "watch with 1 NEAR {}\n{table}\nunwatch {}\n{}",
        text::result(&chain.result(watching)),
        text::result(&chain.result(unwatching)),
        money.table(&chain, unwatching)
    );
    Figure::table(lines, claims)
}

/// Greetings of four accounts, one of which may behave otherwise.
pub const GREETINGS: Play = Play {
    figure: "responses-greetings",
    inputs: &[
        Input::one_of("hello", "hello.near", BEHAVIOURS),
        Input::number("length", "rogue.near returns", [2, 10_000], 5_000, "bytes"),
    ],
    run: |values| {
        let mut chain = greeters(values.number("length"));
        play::behave(&mut chain, "hello.near", values.choice("hello"));
        let tx = chain.call("collect_greetings", json!({ "accounts": GREETERS }));
        chain.rerun(tx)
    },
};
