//! A cache over several transactions.

use serde_json::{Value, json};

use super::{columns, new_chain, watch};
use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{TestChain, TxHash, call, returns};
use crate::text;

/// Shows a value that is fresh, cached, cached although hello has changed, and expired.
pub fn cache() -> Figure {
    let mut chain = new_chain();
    watch(&mut chain, "hello.near");
    let mut history = History::of(chain, "hello.near");
    history.call();
    history.call();
    let args = json!({ "greeting": "Howdy" });
    history
        .chain
        .prepare("bob.near", "hello.near", "set_greeting", args);
    history.note("bob changes the greeting to \"Howdy\"");
    history.call();
    // The call of block 0 reached hello in block 1. The value is 50 blocks old in block 51, in which the
    // receipt of block 50's transaction runs.
    history.chain.wait_until(history.first + 50);
    history.call();
    history.call();
    history.call();
    let cached = |age| given("Hello", age);
    let expected = [
        (3, cached(2)),
        (1, cached(5)),
        (1, cached(11)),
        (1, cached(50)),
        (3, given("Howdy", 2)),
        (1, given("Howdy", 5)),
    ];
    let ask_nobody = history.burnt.iter().zip(&expected);
    let little = ask_nobody.filter(|(_, (receipts, _))| *receipts == 1);
    let much = history.burnt[0];
    let claims = [
        claim(
            "a cached result takes one receipt and shows its age, and after 50 blocks hello is called again",
            history.calls == expected,
        ),
        claim(
            "a cached result costs less than half of the gas",
            little.into_iter().all(|(burnt, _)| burnt * 2 < much),
        ),
    ];
    Figure::table(columns(&history.rows), claims)
}

/// Returns the result with a greeting and its age in blocks.
fn given(greeting: &str, age: u64) -> Value {
    json!({ "value": { "greeting": greeting, "age": age } })
}

/// Shows that a failure is not cached.
pub fn cache_failure() -> Figure {
    let mut chain = new_chain();
    watch(&mut chain, "rogue.near");
    chain.behave("rogue.near", "panic");
    let mut history = History::of(chain, "rogue.near");
    history.call();
    history.call();
    history.chain.behave("rogue.near", "well");
    history.note("rogue.near is repaired");
    history.call();
    history.call();
    let expected = [
        (3, json!("failed")),
        (3, json!("failed")),
        (3, given("Hello", 2)),
        (1, given("Hello", 5)),
    ];
    let claim = claim(
        "a failure is passed on and not cached",
        history.calls == expected,
    );
    Figure::table(columns(&history.rows), [claim])
}

/// Shows that alice and bob call before anything is cached, and alice again afterwards.
pub fn cache_two() -> Figure {
    let mut chain = new_chain();
    watch(&mut chain, "hello.near");
    let hashes = three_calls(&mut chain, 0);
    chain
        .figure_of_blocks(
            &hashes,
            returns(given("Hello", 2))
                .then_returns(given("Hello", 2))
                .then_returns(given("Hello", 5))
                .receipts(3 + 3 + 1)
                .runs_in(2, "hello.near", "get_greeting")
                .no_balance_moves(),
        )
        .with_inputs(CACHE_TWO.inputs)
}

/// Submits a call of alice, one of bob some blocks later, and one of alice when all is done.
fn three_calls(chain: &mut TestChain, blocks: u64) -> Vec<TxHash> {
    let ask = || call("ask_cached", json!({ "account_id": "hello.near" }));
    let alice = chain.submit("alice.near", "app.near", vec![ask()]);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let bob = chain.submit("bob.near", "app.near", vec![ask()]);
    chain.run_until_idle();
    let later = chain.submit("alice.near", "app.near", vec![ask()]);
    chain.run_until_idle();
    vec![alice, bob, later]
}

/// A table that grows with each transaction.
struct History {
    chain: TestChain,
    account_id: &'static str,
    /// The height of the first transaction's block.
    first: u64,
    rows: Vec<[String; 4]>,
    /// The receipts and the result of each call.
    calls: Vec<(usize, Value)>,
    /// The gas that each call burnt, in units of gas.
    burnt: Vec<u64>,
}

impl History {
    fn of(chain: TestChain, account_id: &'static str) -> Self {
        let title = ["block", "receipts", "burnt", "ask_cached"];
        Self {
            first: chain.height() + 1,
            chain,
            account_id,
            rows: vec![title.map(str::to_owned)],
            calls: Vec::new(),
            burnt: Vec::new(),
        }
    }

    fn block(&self) -> String {
        (self.chain.height() + 1 - self.first).to_string()
    }

    fn call(&mut self) {
        let block = self.block();
        let args: Value = json!({ "account_id": self.account_id });
        let tx: TxHash = self.chain.call("ask_cached", args);
        let receipts = self.chain.receipt_results(tx).len();
        let burnt = self.chain.gas_burnt(tx);
        let result = self.chain.result(tx);
        let value = result.as_ref().expect("the callback never fails");
        let value = serde_json::from_slice(value).expect("JSON");
        self.calls.push((receipts, value));
        self.burnt.push(burnt.as_gas());
        let row = [
            block,
            receipts.to_string(),
            text::tgas(burnt),
            text::result(&result),
        ];
        self.rows.push(row);
    }

    fn note(&mut self, title: &str) {
        let nothing = String::new();
        let row = [self.block(), nothing.clone(), nothing, title.to_owned()];
        self.rows.push(row);
    }
}

/// Calls of alice and bob some blocks apart, and a third one afterwards.
pub const CACHE_TWO: Play = Play {
    figure: "responses-cache-two",
    inputs: &[
        Input::one_of("hello", "hello.near", BEHAVIOURS),
        Input::number("wait", "bob calls", [0, 4], 0, "blocks later"),
    ],
    run: |values| {
        let mut chain = new_chain();
        watch(&mut chain, "hello.near");
        play::behave(&mut chain, "hello.near", values.choice("hello"));
        let hashes = three_calls(&mut chain, values.number("wait"));
        chain.rerun_of_blocks(&hashes)
    },
};
