//! Other accounts in the partners' places.

use serde_json::json;

use super::Scene;

/// What the partners are called on testnet, and the wasm that each carries on this stage.
pub const ON_TESTNET: [(&str, &str); 3] = [
    ("hello.near-examples.testnet", "hello"),
    ("counter.near-examples.testnet", "counter"),
    ("guestbook.near-examples.testnet", "guestbook"),
];

impl Scene {
    /// The contract of a chapter as a deployment leaves it, initialised without arguments; and beside
    /// the other actors the partners under the names that they have on testnet.
    pub fn as_on_testnet(chapter: &str) -> Self {
        let mut scene = Self::partners(chapter, &ON_TESTNET);
        scene.prepare("book.near", "book.near", "new", json!({}));
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
