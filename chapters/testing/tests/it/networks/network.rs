// ANCHOR: all
//! The network of the tests.

use std::env;

use anyhow::bail;

// ANCHOR: network
#[derive(Debug, PartialEq)]
pub enum Network {
    /// A separate chain for each test, on this machine.
    Sandbox,
    /// The public test network.
    Testnet,
}

impl Network {
    /// Reads the network from the variable `NEAR_NETWORK`.
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

/// Returns the address of a node of testnet: `NEAR_RPC_URL`, or a public one.
pub fn testnet_rpc() -> String {
    env::var("NEAR_RPC_URL").unwrap_or_else(|_| "https://rpc.testnet.fastnear.com".to_string())
}
// ANCHOR_END: network
// ANCHOR_END: all
