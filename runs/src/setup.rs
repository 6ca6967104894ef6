//! The runs of chapter 1: a call that queries, a call that changes, and the failures of each.

use near_primitives::types::{Balance, Gas};
use serde_json::json;

use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::{Input, Values};
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{
    TestChain, TxHash, call, fails, gains, loses, returns, returns_nothing, with_gas,
};
use crate::text;

/// Shows the partners of a contract that was initialised without arguments.
pub fn partners() -> Figure {
    let mut chain = TestChain::setup_without_init();
    chain.prepare("app.near", "app.near", "new", json!({}));
    let partners = chain.view("app.near", "get_partners", json!({}));
    let on_testnet = ["hello", "counter", "guestbook"]
        .iter()
        .all(|name| partners[name] == format!("{name}.near-examples.testnet"));
    Figure::table(
        format!("{partners:#}\n"),
        [claim(
            "a partner without an argument is the one on testnet",
            on_testnet,
        )],
    )
}

/// Shows that any account calls `new`, then the account itself, twice.
pub fn init() -> Figure {
    let mut chain = TestChain::setup_without_init();
    let (mut lines, mut claims) = (Vec::new(), Vec::new());
    for (caller, expected) in [
        (
            "alice.near",
            fails("new is private").fails_at("app.near", "new", "new is private"),
        ),
        ("app.near", returns_nothing()),
        (
            "app.near",
            fails("already been initialized").fails_at("app.near", "new", "already"),
        ),
    ] {
        let tx = chain.send(caller, "app.near", vec![call("new", json!({}))]);
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        let result = text::result(&chain.result(tx));
        lines.push(text::case(&format!("{caller} calls new"), &[&result]));
    }
    Figure::table(lines.concat(), claims)
}

/// Shows that alice queries the greeting.
pub fn query() -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call("query_greeting", json!({}));
    let calls = chain.calls(tx);
    let [hello, callback] = [1, 2].map(|index| calls[index].attached.as_gas());
    let expected = returns(json!("Hello"))
        .receipts(3)
        .logs("query_greeting runs on app.near, called by alice.near, signed by alice.near")
        .logs("callback runs on app.near, called by app.near, signed by alice.near")
        .runs_in(1, "app.near", "query_greeting")
        .runs_in(2, "hello.near", "get_greeting")
        .runs_in(3, "app.near", "query_greeting_callback")
        .no_balance_moves();
    chain
        .figure(tx, expected)
        .claims(claim(
            "hello and the callback get their static gas and half of the rest each",
            hello.abs_diff(callback) <= 1 && hello > Gas::from_teragas(5).as_gas(),
        ))
        .with_inputs(QUERY.inputs)
}

/// Shows a query to an account that does not exist.
pub fn query_no_account() -> Figure {
    let mut chain = TestChain::setup_with_hello("nobody.near");
    let tx = chain.call("query_greeting", json!({}));
    chain.figure(
        tx,
        fails("promise result failed")
            .fails_at("nobody.near", "get_greeting", "doesn't exist")
            .fails_at(
                "app.near",
                "query_greeting_callback",
                "promise result failed",
            )
            .no_balance_moves(),
    )
}

/// Shows the other failures of hello, and the error of the callback in each case.
pub fn query_errors() -> Figure {
    let no_contract = TestChain::setup_with_hello("bob.near");
    let no_method = TestChain::setup_with_hello("counter.near");
    let mut too_long = TestChain::setup();
    let greeting = json!({ "greeting": "x".repeat(2_000) });
    too_long.prepare("bob.near", "hello.near", "set_greeting", greeting);

    let failed = "promise result failed";
    let cases = [
        (
            "the account has no contract",
            no_contract,
            fails(failed)
                .fails_at("bob.near", "get_greeting", "CodeDoesNotExist")
                .fails_at("app.near", "query_greeting_callback", failed),
        ),
        (
            "the contract has no such method",
            no_method,
            fails(failed)
                .fails_at("counter.near", "get_greeting", "MethodNotFound")
                .fails_at("app.near", "query_greeting_callback", failed),
        ),
        (
            "the greeting is too long for us",
            too_long,
            fails("too long").fails_at("app.near", "query_greeting_callback", "too long"),
        ),
    ];
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (title, mut chain, expected) in cases {
        let tx = chain.call("query_greeting", json!({}));
        let expected = expected.receipts(3).no_balance_moves();
        claims.push(chain.shows(&[tx], expected));
        let partner = format!(
            "at the partner: {}",
            text::result(&chain.receipt_results(tx)[1])
        );
        let alice = format!("for alice:      {}", text::result(&chain.result(tx)));
        lines.push_str(&text::case(title, &[&partner, &alice]));
    }
    Figure::table(lines, claims)
}

/// Shows a query with less gas than its two promises need.
pub fn query_little_gas() -> Figure {
    let mut chain = TestChain::setup();
    let query = with_gas(call("query_greeting", json!({})), 9);
    let tx = chain.send("alice.near", "app.near", vec![query]);
    let reason = "Exceeded the prepaid gas";
    chain
        .figure(
            tx,
            fails(reason)
                .fails_at("app.near", "query_greeting", reason)
                .logs("query_greeting runs")
                .receipts(1)
                .no_balance_moves(),
        )
        .with_gas()
        .with_inputs(QUERY_LITTLE_GAS.inputs)
}

/// Shows a deposit that the method does not accept.
pub fn query_deposit() -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.pay("query_greeting", json!({}), Balance::from_near(1));
    let reason = "doesn't accept deposit";
    chain.figure(
        tx,
        fails(reason)
            .fails_at("app.near", "query_greeting", reason)
            .no_balance_moves(),
    )
}

/// Shows a deposit to a method that only reads and whose author did not think of deposits.
pub fn deposit_kept() -> Figure {
    let mut chain = TestChain::setup();
    let money = chain.money(&["alice.near", "app.near"]);
    let deposit = Balance::from_near(1);
    let tx = chain.pay("get_partners", json!({}), deposit);
    let partners = chain.view("app.near", "get_partners", json!({}));
    chain
        .figure(
            tx,
            returns(partners).moves([loses("alice.near", deposit), gains("app.near", deposit)]),
        )
        .with_money(&money.table(&chain, tx))
}

/// Shows that bob changes the greeting while the result is on its way.
pub fn query_old_answer() -> Figure {
    let (chain, hashes) = query_while_bob_changes(2);
    chain
        .figure_of_blocks(
            &hashes,
            returns(json!("Hello"))
                .then_returns_nothing()
                .runs_in(2, "hello.near", "get_greeting")
                .runs_in(3, "hello.near", "set_greeting")
                .runs_in(3, "app.near", "query_greeting_callback")
                .no_balance_moves(),
        )
        .with_inputs(QUERY_OLD_ANSWER.inputs)
}

/// Submits a query of alice, and some blocks later a change by bob.
fn query_while_bob_changes(blocks: u64) -> (TestChain, Vec<TxHash>) {
    let mut chain = TestChain::setup();
    let query = call("query_greeting", json!({}));
    let alice = chain.submit("alice.near", "app.near", vec![query]);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let change = call("set_greeting", json!({ "greeting": "Good night" }));
    let bob = chain.submit("bob.near", "hello.near", vec![change]);
    chain.run_until_idle();
    (chain, vec![alice, bob])
}

/// Shows that alice changes the greeting.
pub fn change() -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call("change_greeting", json!({ "new_greeting": "Howdy" }));
    let expected = returns(json!(true)).no_balance_moves();
    with_greeting(chain.figure(tx, expected), &chain, "Howdy")
}

/// Shows that hello refuses the new greeting.
pub fn change_refused() -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call(
        "change_greeting",
        json!({ "new_greeting": "x".repeat(20_000) }),
    );
    let expected = returns(json!(false))
        .fails_at("hello.near", "set_greeting", "length of a log message")
        .no_balance_moves();
    with_greeting(chain.figure(tx, expected), &chain, "Hello")
}

/// Shows that alice calls the callback herself.
pub fn callback_by_alice() -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call("query_greeting_callback", json!({}));
    let reason = "query_greeting_callback is private";
    chain.figure(
        tx,
        fails(reason)
            .fails_at("app.near", "query_greeting_callback", reason)
            .no_balance_moves(),
    )
}

/// Appends the greeting of hello to a figure.
pub(super) fn with_greeting(figure: Figure, chain: &TestChain, expected: &str) -> Figure {
    let greeting = chain.view("hello.near", "get_greeting", json!({}));
    let greeting_text = text::value(greeting.to_string().as_bytes());
    figure.with(
        &format!("get_greeting on hello.near now returns {greeting_text}.\n"),
        claim(
            &format!("hello greets with {expected}"),
            greeting == expected,
        ),
    )
}

// ---- With other inputs ----

/// The query of a greeting, from a hello that may misbehave.
pub const QUERY: Play = Play {
    figure: "setup-query",
    inputs: &[
        Input::one_of("hello", "hello.near", BEHAVIOURS),
        Input::gas([1, 300], 100),
    ],
    run: |values| {
        let mut chain = TestChain::setup();
        play::behave(&mut chain, "hello.near", values.choice("hello"));
        query_with(chain, values)
    },
};

/// The same query with little gas.
pub const QUERY_LITTLE_GAS: Play = Play {
    figure: "setup-query-little-gas",
    inputs: &[Input::gas([1, 30], 9)],
    run: |values| query_with(TestChain::setup(), values).with_gas(),
};

fn query_with(mut chain: TestChain, values: &Values) -> Figure {
    let query = with_gas(call("query_greeting", json!({})), values.number("gas"));
    let tx = chain.send("alice.near", "app.near", vec![query]);
    chain.rerun(tx)
}

/// A change by bob, some blocks after the query.
pub const QUERY_OLD_ANSWER: Play = Play {
    figure: "setup-query-old-answer",
    inputs: &[Input::number("wait", "bob waits", [0, 4], 2, "blocks")],
    run: |values| {
        let (chain, hashes) = query_while_bob_changes(values.number("wait"));
        chain.rerun_of_blocks(&hashes)
    },
};
