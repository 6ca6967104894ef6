//! A circuit breaker over several transactions.

use serde_json::{Value, json};

use super::{behave, columns, new_chain, watch};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{TestChain, answers, call, fails};
use crate::text;

/// From the first failure to the first answer.
pub fn breaker() -> Figure {
    let mut story = Story::new();
    for _ in 0..4 {
        story.ask();
    }
    story.wait_until_tried_out();
    story.ask();
    story.ask();
    behave(&mut story.chain, json!("well"));
    story.notes("rogue.near is repaired");
    story.wait_until_tried_out();
    story.ask();
    story.ask();
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
    let (first, fourth) = (story.burnt[0], story.burnt[3]);
    let claims = [
        claim(
            "three failures open it, a trial that fails leaves it open, one that is answered closes it",
            story.asked == expected,
        ),
        claim(
            "the fourth question burns a third of the gas",
            (3 * fourth).abs_diff(first) < first / 10,
        ),
    ];
    Figure::table(columns(&story.rows), claims)
}

/// The states of a breaker, by their names in the view.
const OPEN: &str = "open";
const CLOSED: &str = "closed";

fn hello() -> Value {
    json!({ "value": "Hello" })
}

/// One receipt, which fails at once.
const REFUSAL: &str = "has failed too often, ask again in";

/// A question while the breaker is open.
pub fn breaker_open() -> Figure {
    let mut chain = opened();
    let tx = chain.call("ask_watched", json!({ "account_id": "rogue.near" }));
    chain.figure(
        tx,
        fails(REFUSAL)
            .fails_at("book.near", "ask_watched", REFUSAL)
            .receipts(1)
            .nobodys_balance_moves(),
    )
}

/// Alice and bob ask in the block in which the breaker may be tried out.
pub fn breaker_trial() -> Figure {
    let mut chain = opened();
    behave(&mut chain, json!("well"));
    chain.wait_until(tried_out_at(&chain));
    let ask = || call("ask_watched", json!({ "account_id": "rogue.near" }));
    let alice = chain.submit("alice.near", "book.near", vec![ask()]);
    let bob = chain.submit("bob.near", "book.near", vec![ask()]);
    chain.run_to_the_end();
    let ends = [("alice", alice), ("bob", bob)].map(|(who, hash)| {
        let end = chain.end(hash);
        let told = format!("The transaction of {who}.near {}.", text::end(&end));
        text::wrapped(&told, text::WIDTH).join("\n") + "\n"
    });
    let expected = answers(hello())
        .then_fails(REFUSAL)
        .fails_at("book.near", "ask_watched", REFUSAL)
        .receipts(3 + 1)
        .nobodys_balance_moves();
    let closes = state(&chain)[CLOSED].is_object();
    chain.figure_of_blocks(&[alice, bob], expected).with(
        &ends.concat(),
        claim("the trial closes the breaker", closes),
    )
}

/// A chain on which `rogue.near` panics and is watched.
fn watched() -> TestChain {
    let mut chain = new_chain();
    watch(&mut chain, "rogue.near");
    behave(&mut chain, json!("panic"));
    chain
}

/// The same after three failures.
fn opened() -> TestChain {
    let mut chain = watched();
    for _ in 0..3 {
        chain.call("ask_watched", json!({ "account_id": "rogue.near" }));
    }
    chain
}

fn state(chain: &TestChain) -> Value {
    let args = json!({ "account_id": "rogue.near" });
    chain.view("book.near", "get_breaker", args)
}

/// The height of the block in which an open breaker lets a transaction through. Its receipt runs one
/// block after the transaction's own.
fn tried_out_at(chain: &TestChain) -> u64 {
    let since = state(chain)["open"]["since"].as_u64();
    since.expect("the breaker is open") + 20 - 1
}

/// A table that grows with each transaction.
struct Story {
    chain: TestChain,
    /// The height of the block with the first transaction.
    first: u64,
    rows: Vec<[String; 5]>,
    /// Of each question the receipts, the answer, and the name of the breaker's state then.
    asked: Vec<(usize, Result<Value, ()>, &'static str)>,
    /// The units of gas that each burnt.
    burnt: Vec<u64>,
}

impl Story {
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
            asked: Vec::new(),
            burnt: Vec::new(),
        }
    }

    fn block(&self) -> String {
        (self.chain.height() + 1 - self.first).to_string()
    }

    fn ask(&mut self) {
        let block = self.block();
        let args = json!({ "account_id": "rogue.near" });
        let tx = self.chain.call("ask_watched", args);
        let receipts = self.chain.ends(tx).len();
        let burnt = self.chain.gas_burnt(tx);
        let end = self.chain.end(tx);
        let answer = end.as_ref().map_err(|_| ());
        let answer = answer.map(|bytes| serde_json::from_slice(bytes).expect("JSON"));
        let state = if state(&self.chain)[OPEN].is_object() {
            OPEN
        } else {
            CLOSED
        };
        self.asked.push((receipts, answer, state));
        self.burnt.push(burnt.as_gas());
        self.rows.push([
            block,
            receipts.to_string(),
            text::tgas(burnt),
            self.breaker(),
            text::end(&end),
        ]);
    }

    fn notes(&mut self, what: &str) {
        let nothing = String::new();
        self.rows.push([
            self.block(),
            nothing.clone(),
            nothing.clone(),
            nothing,
            what.to_owned(),
        ]);
    }

    fn wait_until_tried_out(&mut self) {
        let height = tried_out_at(&self.chain);
        self.chain.wait_until(height);
    }

    /// The breaker in words, its block counted from the first transaction's.
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
