// ANCHOR: all
//! On which network the tests run.

use std::env;

use anyhow::bail;

// ANCHOR: network
#[derive(Debug, PartialEq)]
pub enum Network {
    /// A chain of its own for each test, on this machine.
    Sandbox,
    /// The chain on which everyone tests.
    Testnet,
}

impl Network {
    /// Returns the one that `NEAR_NETWORK` names.
    pub fn chosen() -> anyhow::Result<Self> {
        Self::named(env::var("NEAR_NETWORK").ok().as_deref())
    }

    pub fn named(name: Option<&str>) -> anyhow::Result<Self> {
        match name {
            None | Some("sandbox") => Ok(Self::Sandbox),
            Some("testnet") => Ok(Self::Testnet),
            Some(other) => {
                bail!("NEAR_NETWORK is `{other}`: the tests run on `sandbox` or `testnet`")
            }
        }
    }
}

/// Returns the node of testnet that is asked, unless `NEAR_RPC_URL` names another.
pub fn testnet_rpc() -> String {
    env::var("NEAR_RPC_URL").unwrap_or_else(|_| "https://rpc.testnet.fastnear.com".to_string())
}
// ANCHOR_END: network
// ANCHOR_END: all
