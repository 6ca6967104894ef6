//! A circuit breaker over several transactions.

use serde_json::{Value, json};

use super::{columns, new_chain, watch};
use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{TestChain, TxHash, call, fails, returns};
use crate::text;

/// Shows a breaker from the first failure to the first success.
pub fn breaker() -> Figure {
    let mut history = History::new();
    for _ in 0..4 {
        history.call();
    }
    history.wait_until_trial();
    history.call();
    history.call();
    history.chain.behave("rogue.near", "well");
    history.note("rogue.near is repaired");
    history.wait_until_trial();
    history.call();
    history.call();
    let failed = |breaker| (3, Ok(json!("failed")), breaker);
    let answered = (3, Ok(hello()), CLOSED);
    let refused = (1, Err(()), OPEN);
    let expected = [
        failed(CLOSED),
        failed(CLOSED),
        failed(OPEN),
        refused.clone(),
        failed(OPEN),
        refused,
        answered.clone(),
        answered,
    ];
    let (first, fourth) = (history.burnt[0], history.burnt[3]);
    let claims = [
        claim(
            "three failures open the breaker, a failed trial leaves it open, a successful trial closes it",
            history.calls == expected,
        ),
        claim(
            "the fourth call burns a third of the gas",
            (3 * fourth).abs_diff(first) < first / 10,
        ),
    ];
    Figure::table(columns(&history.rows), claims)
}

/// The states of a breaker, by their names in the view.
const OPEN: &str = "open";
const CLOSED: &str = "closed";

fn hello() -> Value {
    json!({ "value": "Hello" })
}

/// The error of a call that fails at once, in one receipt.
const REFUSAL: &str = "has failed too often, ask again in";

/// Shows a call while the breaker is open.
pub fn breaker_open() -> Figure {
    let mut chain = opened();
    let tx = chain.call("ask_watched", json!({ "account_id": "rogue.near" }));
    chain.figure(
        tx,
        fails(REFUSAL)
            .fails_at("app.near", "ask_watched", REFUSAL)
            .receipts(1)
            .no_balance_moves(),
    )
}

/// Shows that alice and bob call in the block in which the breaker lets a trial through.
pub fn breaker_trial() -> Figure {
    let mut chain = opened();
    chain.behave("rogue.near", "well");
    let [alice, bob] = two_calls(&mut chain, 0);
    let results = [("alice", alice), ("bob", bob)].map(|(who, hash)| {
        let result = chain.result(hash);
        let sentence = format!("The transaction of {who}.near {}.", text::result(&result));
        text::wrapped(&sentence, text::WIDTH).join("\n") + "\n"
    });
    let expected = returns(hello())
        .then_fails(REFUSAL)
        .fails_at("app.near", "ask_watched", REFUSAL)
        .receipts(3 + 1)
        .no_balance_moves();
    let closes = state(&chain)[CLOSED].is_object();
    chain
        .figure_of_blocks(&[alice, bob], expected)
        .with(
            &results.concat(),
            claim("the trial closes the breaker", closes),
        )
        .with_inputs(BREAKER_TRIAL.inputs)
}

/// Submits a call of alice in the block in which the breaker lets a trial through, and one of bob some blocks later.
fn two_calls(chain: &mut TestChain, blocks: u64) -> [TxHash; 2] {
    chain.wait_until(trial_height(chain));
    let ask = || call("ask_watched", json!({ "account_id": "rogue.near" }));
    let alice = chain.submit("alice.near", "app.near", vec![ask()]);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let bob = chain.submit("bob.near", "app.near", vec![ask()]);
    chain.run_until_idle();
    [alice, bob]
}

/// Returns a chain on which `rogue.near` panics and is watched.
fn watched() -> TestChain {
    let mut chain = new_chain();
    watch(&mut chain, "rogue.near");
    chain.behave("rogue.near", "panic");
    chain
}

/// Returns the same chain after three failures.
fn opened() -> TestChain {
    let mut chain = watched();
    for _ in 0..3 {
        chain.call("ask_watched", json!({ "account_id": "rogue.near" }));
    }
    chain
}

fn state(chain: &TestChain) -> Value {
    let args = json!({ "account_id": "rogue.near" });
    chain.view("app.near", "get_breaker", args)
}

/// Returns the height of the block in which an open breaker lets a transaction through. Its receipt runs one
/// block later.
fn trial_height(chain: &TestChain) -> u64 {
    let since = state(chain)["open"]["since"].as_u64();
    since.expect("the breaker is open") + 20 - 1
}

/// A table that grows with each transaction.
struct History {
    chain: TestChain,
    /// The height of the first transaction's block.
    first: u64,
    rows: Vec<[String; 5]>,
    /// The receipts, the result and the breaker's state after each call.
    calls: Vec<(usize, Result<Value, ()>, &'static str)>,
    /// The gas that each call burnt, in units of gas.
    burnt: Vec<u64>,
}

impl History {
    fn new() -> Self {
        let chain = watched();
        let title = [
            "block",
            "receipts",
            "burnt",
            "the breaker then",
            "ask_watched",
        ];
        Self {
            first: chain.height() + 1,
            chain,
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
        let args = json!({ "account_id": "rogue.near" });
        let tx = self.chain.call("ask_watched", args);
        let receipts = self.chain.receipt_results(tx).len();
        let burnt = self.chain.gas_burnt(tx);
        let result = self.chain.result(tx);
        let value = result.as_ref().map_err(|_| ());
        let value = value.map(|bytes| serde_json::from_slice(bytes).expect("JSON"));
        let state = if state(&self.chain)[OPEN].is_object() {
            OPEN
        } else {
            CLOSED
        };
        self.calls.push((receipts, value, state));
        self.burnt.push(burnt.as_gas());
        self.rows.push([
            block,
            receipts.to_string(),
            text::tgas(burnt),
            self.breaker(),
            text::result(&result),
        ]);
    }

    fn note(&mut self, title: &str) {
        let nothing = String::new();
        self.rows.push([
            self.block(),
            nothing.clone(),
            nothing.clone(),
            nothing,
            title.to_owned(),
        ]);
    }

    fn wait_until_trial(&mut self) {
        let height = trial_height(&self.chain);
        self.chain.wait_until(height);
    }

    /// Returns the breaker in words. Its block is counted from the first transaction's block.
    fn breaker(&self) -> String {
        let state = state(&self.chain);
        match &state["open"]["since"] {
            Value::Null => {
                let failures = &state["closed"]["failures"];
                format!("closed, failures: {failures}")
            }
            since => {
                let since = since.as_u64().expect("a height") - self.first;
                format!("open since block {since}")
            }
        }
    }
}

/// A trial, and a call some blocks after it.
pub const BREAKER_TRIAL: Play = Play {
    figure: "responses-breaker-trial",
    inputs: &[
        Input::one_of("partner", "rogue.near", BEHAVIOURS),
        Input::number("wait", "bob calls", [0, 4], 0, "blocks later"),
    ],
    run: |values| {
        let mut chain = opened();
        chain.behave("rogue.near", "well");
        play::behave(&mut chain, "rogue.near", values.choice("partner"));
        let hashes = two_calls(&mut chain, values.number("wait"));
        chain.rerun_of_blocks(&hashes)
    },
};
