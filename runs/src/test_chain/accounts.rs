//! Test chains with other accounts as partners.

use serde_json::json;

use super::chain::{TestChain, contract_wasm, partner};

/// The names of the partners on testnet, and the wasm that each carries on this chain.
pub const ON_TESTNET: [(&str, &str); 3] = [
    ("hello.near-examples.testnet", "hello"),
    ("counter.near-examples.testnet", "counter"),
    ("guestbook.near-examples.testnet", "guestbook"),
];

/// The partners of `app.near` on a chain of probes.
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

impl TestChain {
    /// Returns a chain on which `app.near` and [`PARTNERS`] carry the contract of the sandbox's own tests,
    /// which does what its argument says.
    pub fn probes() -> Self {
        let mut chain = Self::actors(PARTNERS);
        let probe = include_bytes!("../../../chain/tests/fixtures/probe.wasm");
        for name in ["app.near"].into_iter().chain(PARTNERS) {
            chain.deploy(name, probe.to_vec());
        }
        chain
    }

    /// Returns the contract of a chapter after a deployment without arguments, with partners under their names
    /// on testnet.
    pub fn as_on_testnet(chapter: &str) -> Self {
        let mut chain = Self::partners(chapter, &ON_TESTNET);
        chain.prepare("app.near", "app.near", "new", json!({}));
        chain.reset_balances();
        chain
    }

    /// Returns a chain with a contract of `contract/` that is no partner of a chapter, on `app.near`, with
    /// hello, counter and guestbook, and a rogue on `rogue.near`. The contract needs no call of `new`.
    pub fn with_contract(name: &str) -> Self {
        let rogue = [("rogue.near", "rogue")];
        let mut chain = Self::actors(rogue.map(|(name, _)| name));
        chain.deploy("app.near", contract_wasm(name));
        let partners = ["hello", "counter", "guestbook"].map(|name| (format!("{name}.near"), name));
        for (account, wasm) in &partners {
            chain.deploy(account, partner("parallel", wasm));
        }
        chain.deploy("rogue.near", partner("parallel", "rogue"));
        chain.reset_balances();
        chain
    }

    /// Returns the contract of a chapter with these accounts as hello, counter and guestbook, and guests as in
    /// [`TestChain::with_guests`].
    pub fn with_partners_at(
        chapter: &str,
        accounts: [&str; 3],
        guests: &[(&'static str, &str)],
    ) -> Self {
        let mut chain = Self::partners(chapter, guests);
        let [hello, counter, guestbook] = accounts;
        let partners = json!({ "hello": hello, "counter": counter, "guestbook": guestbook });
        chain.prepare("app.near", "app.near", "new", partners);
        chain.reset_balances();
        chain
    }
}
