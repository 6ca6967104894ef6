//! The runs of chapter 4, its first page: what strangers answer, and what a callback makes of it.

pub mod breaker;
pub mod cache;
pub mod measure;

use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{TestChain, answers, answers_nothing, call, gains, loses, paid};
use crate::text;

/// A contract that misbehaves on request.
const ROGUE: (&str, &str) = ("rogue.near", "rogue");

fn new_chain() -> TestChain {
    TestChain::with_guests("responses", &[ROGUE])
}

/// From now on `rogue.near` behaves like this.
fn behave(chain: &mut TestChain, behaviour: Value) {
    let args = json!({ "behaviour": behaviour });
    chain.prepare("rogue.near", "rogue.near", "behave", args);
}

/// Alice pays to have an account watched.
fn watch(chain: &mut TestChain, account_id: &str) {
    let args = json!({ "account_id": account_id });
    let tx = chain.pay("watch", args, Balance::from_millinear(10));
    chain.assert_succeeded(tx);
}

/// Rows as columns, all of them to the left. The last is broken where it is too long.
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
        for (place, piece) in text::wrapped(last, room).into_iter().enumerate() {
            let start = if place == 0 {
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

/// Every shape of call, and what its callback sees.
pub fn shapes() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let answered = |value: Value| json!({ "value": value });
    for (what, shape, expected) in [
        (
            "one call: the greeting",
            json!("single"),
            answers(json!([answered(json!("Hello"))])),
        ),
        (
            "two actions in one receipt: count up, and the number",
            json!("batch"),
            answers(json!([answered(json!(1))])),
        ),
        (
            "one call after the other: the greeting, then the number",
            json!("chain"),
            answers(json!([answered(json!(0))])),
        ),
        (
            "three calls at once: the greeting, the number, how many messages",
            json!("parallel"),
            answers(json!([
                answered(json!("Hello")),
                answered(json!(0)),
                answered(json!(0)),
            ])),
        ),
        (
            "the same call to hello.near, nobody.near and rogue.near: the greeting",
            json!({ "many": ["hello.near", "nobody.near", "rogue.near"] }),
            answers(json!([
                answered(json!("Hello")),
                "failed",
                answered(json!("Hello")),
            ]))
            .fails_at("nobody.near", "get_greeting", "doesn't exist"),
        ),
    ] {
        let mut chain = new_chain();
        let tx = chain.call("inspect_results", json!({ "shape": shape }));
        claims.push(chain.shows(&[tx], expected.nobodys_balance_moves()));
        let seen = chain.end(tx).expect("the callback answers");
        let results: Vec<Value> = serde_json::from_slice(&seen).expect("a list");
        let number = match results.len() {
            1 => "1 result".to_owned(),
            number => format!("{number} results"),
        };
        lines.push_str(&text::case(what, &[&number, &text::value(&seen)]));
    }
    Figure::table(lines, claims)
}

// ---- Many of one kind ----

/// Four accounts are asked, and each has another end.
pub fn greetings() -> Figure {
    let mut chain = TestChain::with_guests("responses", &[ROGUE, ("empty.near", "hello")]);
    behave(&mut chain, json!({ "return_bytes": 5_000 }));
    let silence = json!({ "greeting": "" });
    chain.prepare("bob.near", "empty.near", "set_greeting", silence);
    let accounts = ["hello.near", "nobody.near", "empty.near", "rogue.near"];
    let tx = chain.call("collect_greetings", json!({ "accounts": accounts }));
    chain.figure(
        tx,
        answers(json!([
            became("hello.near", json!({ "value": "Hello" })),
            became("nobody.near", json!("failed")),
            became("empty.near", json!({ "value": "" })),
            became("rogue.near", json!({ "too_long": 5_000 })),
        ]))
        .fails_at("nobody.near", "get_greeting", "doesn't exist")
        .nobodys_balance_moves(),
    )
}

/// The outcome of a question to an account.
fn became(account_id: &str, outcome: Value) -> Value {
    json!({ "account_id": account_id, "result": outcome })
}

/// One stranger and all that it can do.
pub fn strangers() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let forged = json!({ "call_back": {
        "method": "collect_greetings_callback",
        "args": r#"{"accounts":[]}"#,
        "deposit_yocto": "0",
    }});
    let asked = "get_greeting";
    for (what, behaviour, outcome, failure) in [
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
            Some(("rogue.near", asked, "I panic")),
        ),
        (
            "it burns all its gas",
            json!("burn_all_gas"),
            json!("failed"),
            Some(("rogue.near", asked, "Exceeded the prepaid gas")),
        ),
        (
            "it answers bytes that are no JSON",
            json!("return_garbage"),
            json!("unreadable"),
            None,
        ),
        (
            "it answers JSON of another type: true",
            json!("return_other_type"),
            json!("unreadable"),
            None,
        ),
        (
            "it answers nothing",
            json!("return_nothing"),
            json!("unreadable"),
            None,
        ),
        (
            "it answers a text of 101 characters",
            json!({ "return_bytes": 103 }),
            json!({ "refused": "too_many_characters" }),
            None,
        ),
        (
            "it answers a text of 5,000 bytes",
            json!({ "return_bytes": 5_000 }),
            json!({ "too_long": 5_000 }),
            None,
        ),
        (
            "it calls our callback itself",
            forged,
            json!("failed"),
            Some(("book.near", "collect_greetings_callback", "is private")),
        ),
    ] {
        let mut chain = new_chain();
        behave(&mut chain, behaviour);
        let accounts = json!({ "accounts": ["rogue.near"] });
        let tx = chain.call("collect_greetings", accounts);
        let expected = answers(json!([became("rogue.near", outcome)]));
        let expected = match failure {
            Some((account, method, reason)) => expected.fails_at(account, method, reason),
            None => expected,
        };
        claims.push(chain.shows(&[tx], expected.nobodys_balance_moves()));
        let ends = chain.ends(tx);
        let at_rogue = match (
            &ends[1],
            ends.iter().skip(2).find_map(|end| end.as_ref().err()),
        ) {
            (Err(error), _) => format!("rogue.near fails: {error}"),
            (Ok(_), Some(error)) => format!("its call to book.near fails: {error}"),
            (Ok(bytes), None) => format!("rogue.near answers {}", text::value(bytes)),
        };
        let alice = format!("collect_greetings {}", text::end(&chain.end(tx)));
        lines.push_str(&text::case(what, &[&at_rogue, &alice]));
    }
    Figure::table(lines, claims)
}

// ---- One result out of many ----

/// Surveys of counters, with a liar and with gaps.
pub fn survey() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let three = ["four.near", "five.near", "six.near"];
    let played_with = ["four.near", "five.near", "six.near", "wild.near"];
    let gaps = ["four.near", "nobody.near", "six.near", "rogue.near"];
    let numbers = |answered, median, highest| {
        let lowest = 4;
        json!({ "numbers": {
            "count": answered, "lowest": lowest, "median": median, "highest": highest,
        }})
    };
    for (what, wild, counters, quorum, result, missing) in [
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
            &played_with,
            3,
            numbers(4, 5, 100),
            json!([]),
        ),
        (
            "and then to 101, which is not plausible",
            101,
            &played_with,
            3,
            numbers(3, 5, 6),
            json!(["wild.near"]),
        ),
        (
            "counters at 4 and 6, and two that do not answer; the quorum is 2",
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
        let survey = chain.end(tx).expect("the survey answers");
        let survey: Value = serde_json::from_slice(&survey).expect("JSON");
        claims.push(claim(
            "the median stays, and who gives no number is missing",
            survey["result"] == result && survey["missing"] == missing,
        ));
        let (result, missing) = (&survey["result"], &survey["missing"]);
        let result = format!("result: {result}");
        let missing = format!("missing: {missing}");
        lines.push_str(&text::case(what, &[&result, &missing]));
    }
    Figure::table(lines, claims)
}

/// The whole answer of the survey with gaps.
pub fn survey_gaps() -> Figure {
    let mut chain = chain_of_counters(0);
    let counters = ["four.near", "nobody.near", "six.near", "rogue.near"];
    let args = json!({ "counters": counters, "quorum": 2 });
    let tx = chain.call("survey_numbers", args);
    let survey = chain.end(tx).expect("the survey answers");
    let survey: Value = serde_json::from_slice(&survey).expect("JSON");
    let mut lines = String::from("results\n");
    for answer in survey["results"].as_array().expect("a list") {
        lines.push_str(&format!("    {answer}\n"));
    }
    for name in ["missing", "result"] {
        lines.push_str(&format!("{name}\n    {}\n", survey[name]));
    }
    let became = json!([
        became("four.near", json!({ "value": 4 })),
        became("nobody.near", json!("failed")),
        became("six.near", json!({ "value": 6 })),
        became("rogue.near", json!("unreadable")),
    ]);
    Figure::table(
        lines,
        [
            claim(
                "`results` has the result of each call",
                survey["results"] == became,
            ),
            claim(
                "`missing` is a list of the accounts without a number",
                survey["missing"] == json!(["nobody.near", "rogue.near"]),
            ),
        ],
    )
}

/// Counters that stand at what they are called, one that stands anywhere, and one that answers `true`.
fn chain_of_counters(wild: usize) -> TestChain {
    let guests = ["four.near", "five.near", "six.near", "wild.near"].map(|name| (name, "counter"));
    let [four, five, six, other] = guests;
    let mut chain = TestChain::with_guests("responses", &[four, five, six, other, ROGUE]);
    behave(&mut chain, json!("return_other_type"));
    for ((name, _), number) in guests.into_iter().zip([4, 5, 6, wild]) {
        for _ in 0..number {
            chain.prepare("bob.near", name, "increment", json!({}));
        }
    }
    chain
}

// ---- Who pays for the storage ----

/// Alice pays for an entry, and then has it ended.
pub fn watching() -> Figure {
    let mut chain = new_chain();
    let money = chain.money(&["alice.near", "book.near"]);
    let args = || json!({ "account_id": "rogue.near" });
    let watch = paid(call("watch", args()), Balance::from_near(1));
    let watching = chain.send("alice.near", "book.near", vec![watch]);
    let table = money.table(&chain, watching);
    let money = chain.money(&["alice.near", "book.near"]);
    let ending = chain.call("unwatch", args());
    let price = Balance::from_millinear(10);
    let bought = answers_nothing().moves([loses("alice.near", price), gains("book.near", price)]);
    let ended = answers(json!(true)).moves([gains("alice.near", price), loses("book.near", price)]);
    let claims = [
        chain.shows(&[watching], bought),
        chain.shows(&[ending], ended),
    ];
    let told = format!(
        "watch with 1 NEAR {}\n{table}\nunwatch {}\n{}",
        text::end(&chain.end(watching)),
        text::end(&chain.end(ending)),
        money.table(&chain, ending)
    );
    Figure::table(told, claims)
}
