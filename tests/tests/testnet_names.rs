//! The contract of each chapter, initialised without arguments, runs as it is against partners under the
//! names that they have on testnet. Others like them are on the same chain, and are left alone.

use std::collections::BTreeSet;

use book_tests::scene::{ON_TESTNET, Played, Scene};
use manuscript::layout::{self, Tree};
use near_primitives::types::Balance;
use serde_json::{Value, json};

const HELLO: &str = "hello.near-examples.testnet";
const COUNTER: &str = "counter.near-examples.testnet";
const GUESTBOOK: &str = "guestbook.near-examples.testnet";

/// A stage for each chapter that has this file.
fn stages(file: &str) -> Vec<Scene> {
    let chapters = Tree::here().chapters().expect("there are chapters");
    let chapters: Vec<_> = chapters
        .iter()
        .filter(|chapter| chapter.join(file).is_file())
        .map(|chapter| layout::name(chapter))
        .collect();
    assert!(!chapters.is_empty(), "no chapter has {file}");
    chapters
        .iter()
        .map(|chapter| Scene::as_on_testnet(chapter))
        .collect()
}

/// What a transaction ended with.
#[track_caller]
fn answer(scene: &Scene, played: &Played) -> Value {
    let end = scene.end(played);
    let end = end.unwrap_or_else(|error| panic!("{error}\n{}", scene.tree(played)));
    serde_json::from_slice(&end).expect("the answer is JSON")
}

/// The accounts that received something, without the one that carries the chapter's contract.
fn partners_reached(scene: &Scene, played: &Played) -> BTreeSet<String> {
    let tree = scene.tree(played);
    let receivers = tree
        .lines()
        .filter_map(|line| line.split_once(" → "))
        .map(|(_, receiver)| receiver.trim().to_owned());
    receivers
        .filter(|receiver| receiver != "book.near")
        .collect()
}

#[test]
fn the_partners_are_the_ones_on_testnet() {
    for scene in stages("src/lib.rs") {
        let partners = scene.view("book.near", "get_partners", json!({}));

        for (account, name) in ON_TESTNET {
            assert_eq!(partners[name], json!(account));
        }
    }
}

#[test]
fn a_greeting_is_read_and_changed_there() {
    for mut scene in stages("src/greeting.rs") {
        let read = scene.call("query_greeting", json!({}));
        assert_eq!(answer(&scene, &read), json!("Hello"));
        assert_eq!(
            partners_reached(&scene, &read),
            BTreeSet::from([HELLO.to_owned()])
        );

        let change = scene.call("change_greeting", json!({ "new_greeting": "Howdy" }));
        assert_eq!(answer(&scene, &change), json!(true));
        let greeting = |account| scene.view(account, "get_greeting", json!({}));
        assert_eq!(greeting(HELLO), json!("Howdy"));
        assert_eq!(greeting("hello.near"), json!("Hello"));
    }
}

#[test]
fn batches_arrive_there() {
    for mut scene in stages("src/batch.rs") {
        let steps = json!({ "steps": ["increment", "increment", "decrement"] });
        let count = scene.call("count", steps);
        assert_eq!(answer(&scene, &count), json!(1));
        let number = |account| scene.view(account, "get_num", json!({}));
        assert_eq!(number(COUNTER), json!(1));
        assert_eq!(number("counter.near"), json!(0));

        let texts = json!({ "texts": ["Good morning"] });
        let sign = scene.pay("sign_guestbook", texts, Balance::from_millinear(100));
        assert_eq!(answer(&scene, &sign), json!(true));
        let messages = |account| scene.view(account, "total_messages", json!({}));
        assert_eq!(messages(GUESTBOOK), json!(1));
        assert_eq!(messages("guestbook.near"), json!(0));
    }
}

#[test]
fn all_three_are_asked_at_once_there() {
    for mut scene in stages("src/parallel.rs") {
        let overview = scene.call("overview", json!({}));

        assert!(scene.succeeded(&overview), "{}", scene.tree(&overview));
        let names = ON_TESTNET.map(|(account, _)| account.to_owned());
        assert_eq!(partners_reached(&scene, &overview), BTreeSet::from(names));
    }
}
