//! Tests that the contract of each chapter, initialised without arguments, works with partners under their
//! names on testnet. Other partners are on the same chain, and get no call.

use std::collections::BTreeSet;

use manuscript::layout::{self, Tree};
use near_primitives::types::Balance;
use runs::test_chain::{ON_TESTNET, TestChain, TxHash};
use serde_json::{Value, json};

const HELLO: &str = "hello.near-examples.testnet";
const COUNTER: &str = "counter.near-examples.testnet";
const GUESTBOOK: &str = "guestbook.near-examples.testnet";

/// Returns a chain for each chapter that has this file.
fn chains(file: &str) -> Vec<TestChain> {
    let chapters = Tree::here().chapters().expect("there are chapters");
    let chapters: Vec<_> = chapters
        .iter()
        .filter(|chapter| chapter.join(file).is_file())
        .map(|chapter| layout::name(chapter))
        .collect();
    assert!(!chapters.is_empty(), "no chapter has {file}");
    chapters
        .iter()
        .map(|chapter| TestChain::as_on_testnet(chapter))
        .collect()
}

/// Returns the result of a transaction.
#[track_caller]
fn result(chain: &TestChain, tx: TxHash) -> Value {
    let bytes = chain.result(tx);
    let bytes = bytes.unwrap_or_else(|error| panic!("{error}\n{}", chain.tree(tx)));
    serde_json::from_slice(&bytes).expect("the result is JSON")
}

/// Returns the receivers of receipts, without the account of the chapter's contract.
fn partners_reached(chain: &TestChain, tx: TxHash) -> BTreeSet<String> {
    let tree = chain.tree(tx);
    let receivers = tree
        .lines()
        .filter_map(|line| line.split_once(" → "))
        .map(|(_, receiver)| receiver.trim().to_owned());
    receivers
        .filter(|receiver| receiver != "app.near")
        .collect()
}

#[test]
fn the_default_partners_are_those_on_testnet() {
    for chain in chains("src/lib.rs") {
        let partners = chain.view("app.near", "get_partners", json!({}));

        for (account, name) in ON_TESTNET {
            assert_eq!(partners[name], json!(account));
        }
    }
}

#[test]
fn a_greeting_is_read_and_changed_at_the_partner_on_testnet() {
    for mut chain in chains("src/greeting.rs") {
        let read = chain.call("query_greeting", json!({}));
        assert_eq!(result(&chain, read), json!("Hello"));
        assert_eq!(
            partners_reached(&chain, read),
            BTreeSet::from([HELLO.to_owned()])
        );

        let change = chain.call("change_greeting", json!({ "new_greeting": "Howdy" }));
        assert_eq!(result(&chain, change), json!(true));
        let greeting = |account| chain.view(account, "get_greeting", json!({}));
        assert_eq!(greeting(HELLO), json!("Howdy"));
        assert_eq!(greeting("hello.near"), json!("Hello"));
    }
}

#[test]
fn batches_reach_the_partners_on_testnet() {
    for mut chain in chains("src/batch.rs") {
        let steps = json!({ "steps": ["increment", "increment", "decrement"] });
        let count = chain.call("count", steps);
        assert_eq!(result(&chain, count), json!(1));
        let number = |account| chain.view(account, "get_num", json!({}));
        assert_eq!(number(COUNTER), json!(1));
        assert_eq!(number("counter.near"), json!(0));

        let texts = json!({ "texts": ["Good morning"] });
        let sign = chain.pay("sign_guestbook", texts, Balance::from_millinear(100));
        assert_eq!(result(&chain, sign), json!(true));
        let messages = |account| chain.view(account, "total_messages", json!({}));
        assert_eq!(messages(GUESTBOOK), json!(1));
        assert_eq!(messages("guestbook.near"), json!(0));
    }
}

#[test]
fn an_overview_reaches_all_three_partners_on_testnet() {
    for mut chain in chains("src/parallel.rs") {
        let overview = chain.call("overview", json!({}));

        assert!(chain.succeeded(overview), "{}", chain.tree(overview));
        let names = ON_TESTNET.map(|(account, _)| account.to_owned());
        assert_eq!(partners_reached(&chain, overview), BTreeSet::from(names));
    }
}
