//! A cache over several transactions.

use serde_json::{Value, json};

use super::{behave, columns, new_chain, watch};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{TestChain, TxHash, answers, call};
use crate::text;

/// Fresh, kept, kept although hello has changed, and too old.
pub fn cache() -> Figure {
    let mut chain = new_chain();
    watch(&mut chain, "hello.near");
    let mut story = Story::of(chain, "hello.near");
    story.ask();
    story.ask();
    let args = json!({ "greeting": "Howdy" });
    story
        .chain
        .prepare("bob.near", "hello.near", "set_greeting", args);
    story.notes("bob changes the greeting to \"Howdy\"");
    story.ask();
    // The question of block 0 was asked in block 1. It is 50 blocks old in block 51, and a transaction
    // of block 50 runs there.
    story.chain.wait_until(story.first + 50);
    story.ask();
    story.ask();
    story.ask();
    let kept = |age| given("Hello", age);
    let expected = [
        (3, kept(2)),
        (1, kept(5)),
        (1, kept(11)),
        (1, kept(50)),
        (3, given("Howdy", 2)),
        (1, given("Howdy", 5)),
    ];
    let ask_nobody = story.burnt.iter().zip(&expected);
    let little = ask_nobody.filter(|(_, (receipts, _))| *receipts == 1);
    let much = story.burnt[0];
    let claims = [
        claim(
            "one receipt or three; the age is the warning, and after 50 blocks hello is asked again",
            story.asked == expected,
        ),
        claim(
            "an answer that is kept costs less than half of the gas",
            little.into_iter().all(|(burnt, _)| burnt * 2 < much),
        ),
    ];
    Figure::table(columns(&story.rows), claims)
}

/// An answer that is given, and its age.
fn given(greeting: &str, age: u64) -> Value {
    json!({ "value": { "greeting": greeting, "age": age } })
}

/// A failure is not kept.
pub fn cache_failure() -> Figure {
    let mut chain = new_chain();
    watch(&mut chain, "rogue.near");
    behave(&mut chain, json!("panic"));
    let mut story = Story::of(chain, "rogue.near");
    story.ask();
    story.ask();
    behave(&mut story.chain, json!("well"));
    story.notes("rogue.near is repaired");
    story.ask();
    story.ask();
    let expected = [
        (3, json!("failed")),
        (3, json!("failed")),
        (3, given("Hello", 2)),
        (1, given("Hello", 5)),
    ];
    let claim = claim(
        "a failure is passed on and not kept",
        story.asked == expected,
    );
    Figure::table(columns(&story.rows), [claim])
}

/// Alice and bob ask before anything is kept, and alice again afterwards.
pub fn cache_two() -> Figure {
    let mut chain = new_chain();
    watch(&mut chain, "hello.near");
    let ask = || call("ask_cached", json!({ "account_id": "hello.near" }));
    let alice = chain.submit("alice.near", "book.near", vec![ask()]);
    let bob = chain.submit("bob.near", "book.near", vec![ask()]);
    chain.run_to_the_end();
    let later = chain.submit("alice.near", "book.near", vec![ask()]);
    chain.run_to_the_end();
    chain.figure_of_blocks(
        &[alice, bob, later],
        answers(given("Hello", 2))
            .then_answers(given("Hello", 2))
            .then_answers(given("Hello", 5))
            .receipts(3 + 3 + 1)
            .runs_in(2, "hello.near", "get_greeting")
            .nobodys_balance_moves(),
    )
}

/// A table that grows with each transaction.
struct Story {
    chain: TestChain,
    account_id: &'static str,
    /// The height of the block with the first transaction.
    first: u64,
    rows: Vec<[String; 4]>,
    /// Of each question the receipts and the answer.
    asked: Vec<(usize, Value)>,
    /// The units of gas that each burnt.
    burnt: Vec<u64>,
}

impl Story {
    fn of(chain: TestChain, account_id: &'static str) -> Self {
        let title = ["block", "receipts", "burnt", "ask_cached"];
        Self {
            first: chain.height() + 1,
            chain,
            account_id,
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
        let args: Value = json!({ "account_id": self.account_id });
        let tx: TxHash = self.chain.call("ask_cached", args);
        let receipts = self.chain.ends(tx).len();
        let burnt = self.chain.gas_burnt(tx);
        let end = self.chain.end(tx);
        let answer = end.as_ref().expect("the callback never fails");
        let answer = serde_json::from_slice(answer).expect("JSON");
        self.asked.push((receipts, answer));
        self.burnt.push(burnt.as_gas());
        let row = [
            block,
            receipts.to_string(),
            text::tgas(burnt),
            text::end(&end),
        ];
        self.rows.push(row);
    }

    fn notes(&mut self, what: &str) {
        let nothing = String::new();
        let row = [self.block(), nothing.clone(), nothing, what.to_owned()];
        self.rows.push(row);
    }
}
