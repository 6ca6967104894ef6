//! Other accounts in the partners' places.

use serde_json::json;

use super::{Scene, partner, shown};

/// What the partners are called on testnet, and the wasm that each carries on this stage.
pub const ON_TESTNET: [(&str, &str); 3] = [
    ("hello.near-examples.testnet", "hello"),
    ("counter.near-examples.testnet", "counter"),
    ("guestbook.near-examples.testnet", "guestbook"),
];

/// The partners of `book.near` where all of them are puppets.
pub const PARTNERS: [&str; 8] = [
    "one.near",
    "two.near",
    "three.near",
    "four.near",
    "five.near",
    "six.near",
    "seven.near",
    "eight.near",
];

impl Scene {
    /// `book.near` and [`PARTNERS`] carry the contract of the sandbox's own tests, which does what its
    /// argument says.
    pub fn puppets() -> Self {
        let mut scene = Self::actors(PARTNERS);
        let probe = include_bytes!("../../../chain/tests/fixtures/probe.wasm");
        for name in ["book.near"].into_iter().chain(PARTNERS) {
            scene.deploy(name, probe.to_vec());
        }
        scene
    }

    /// The contract of a chapter as a deployment leaves it, initialised without arguments; and beside
    /// the other actors the partners under the names that they have on testnet.
    pub fn as_on_testnet(chapter: &str) -> Self {
        let mut scene = Self::partners(chapter, &ON_TESTNET);
        scene.prepare("book.near", "book.near", "new", json!({}));
        scene.everyone_holds_a_round_sum();
        scene
    }

    /// A contract of `contract/` that is no partner of a chapter, on `book.near`, with hello, counter and
    /// guestbook, and a rogue on `rogue.near`. Nobody has to call `new` on it.
    pub fn shown(name: &str) -> Self {
        let rogue = [("rogue.near", "rogue")];
        let mut scene = Self::actors(rogue.map(|(name, _)| name));
        scene.deploy("book.near", shown(name));
        let partners = ["hello", "counter", "guestbook"].map(|name| (format!("{name}.near"), name));
        for (account, wasm) in &partners {
            scene.deploy(account, partner("parallel", wasm));
        }
        scene.deploy("rogue.near", partner("parallel", "rogue"));
        scene.everyone_holds_a_round_sum();
        scene
    }

    /// The contract of a chapter that knows these accounts as hello, counter and guestbook; and guests,
    /// as in [`Scene::with_guests`].
    pub fn with_cast(chapter: &str, cast: [&str; 3], guests: &[(&'static str, &str)]) -> Self {
        let mut scene = Self::partners(chapter, guests);
        let [hello, counter, guestbook] = cast;
        let partners = json!({ "hello": hello, "counter": counter, "guestbook": guestbook });
        scene.prepare("book.near", "book.near", "new", partners);
        scene.everyone_holds_a_round_sum();
        scene
    }
}
