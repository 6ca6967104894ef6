//! A cache over several transactions.

use serde_json::{Value, json};

use super::{behave, columns, stage, watch};
use crate::figures::Figure;
use crate::scene::{Played, Scene, call, text};

/// Fresh, kept, kept although hello has changed, and too old.
pub fn cache() -> String {
    let mut scene = stage();
    watch(&mut scene, "hello.near");
    let mut story = Story::of(scene, "hello.near");
    story.ask();
    story.ask();
    let args = json!({ "greeting": "Howdy" });
    story
        .scene
        .prepare("bob.near", "hello.near", "set_greeting", args);
    story.notes("bob changes the greeting to \"Howdy\"");
    story.ask();
    // The question of block 0 was asked in block 1. It is 50 blocks old in block 51, and a transaction
    // of block 50 runs there.
    story.scene.wait_until(story.first + 50);
    story.ask();
    story.ask();
    story.ask();
    columns(&story.rows)
}

/// A failure is not kept.
pub fn cache_failure() -> String {
    let mut scene = stage();
    watch(&mut scene, "rogue.near");
    behave(&mut scene, json!("panic"));
    let mut story = Story::of(scene, "rogue.near");
    story.ask();
    story.ask();
    behave(&mut story.scene, json!("well"));
    story.notes("rogue.near is repaired");
    story.ask();
    story.ask();
    columns(&story.rows)
}

/// Alice and bob ask before anything is kept, and alice again afterwards.
pub fn cache_two() -> Figure {
    let mut scene = stage();
    watch(&mut scene, "hello.near");
    let ask = || call("ask_cached", json!({ "account_id": "hello.near" }));
    let alice = scene.submit("alice.near", "book.near", vec![ask()]);
    let bob = scene.submit("bob.near", "book.near", vec![ask()]);
    scene.run_to_the_end();
    let later = scene.submit("alice.near", "book.near", vec![ask()]);
    scene.run_to_the_end();
    scene.figure_of_blocks(&[alice, bob, later])
}

/// A table that grows with each transaction.
struct Story {
    scene: Scene,
    account_id: &'static str,
    /// The height of the block with the first transaction.
    first: u64,
    rows: Vec<[String; 4]>,
}

impl Story {
    fn of(scene: Scene, account_id: &'static str) -> Self {
        let title = ["block", "receipts", "burnt", "ask_cached"];
        Self {
            first: scene.height() + 1,
            scene,
            account_id,
            rows: vec![title.map(str::to_owned)],
        }
    }

    fn block(&self) -> String {
        (self.scene.height() + 1 - self.first).to_string()
    }

    fn ask(&mut self) {
        let block = self.block();
        let args: Value = json!({ "account_id": self.account_id });
        let played: Played = self.scene.call("ask_cached", args);
        let receipts = self.scene.ends(&played).len().to_string();
        let burnt = text::tgas(self.scene.gas_burnt(&played));
        let end = text::end(&self.scene.end(&played));
        self.rows.push([block, receipts, burnt, end]);
    }

    fn notes(&mut self, what: &str) {
        let nothing = String::new();
        let row = [self.block(), nothing.clone(), nothing, what.to_owned()];
        self.rows.push(row);
    }
}
