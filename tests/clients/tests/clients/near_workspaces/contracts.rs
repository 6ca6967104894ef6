//! The contracts, built for wasm and written to the paths that the tests read.

use std::path::Path;

use anyhow::Context;
use manuscript::wasm;

use super::package::write;

/// The contract that the factory includes. So it is built before.
const STATUS_MESSAGE: Contract = Contract("status-message", "status_message");

/// The contract of near-workspaces' own crate. All others are in its folder of examples.
const TYPE_SERIALISATION: Contract =
    Contract("type-serialisation", "test_contract_type_serialization");

/// The contracts, first those that include no other one.
const CONTRACTS: [Contract; 5] = [
    STATUS_MESSAGE,
    TYPE_SERIALISATION,
    Contract("fungible-token", "fungible_token"),
    Contract("non-fungible-token", "non_fungible_token"),
    Contract("factory", "factory_contract_high_level"),
];

/// The folder of a contract, and the name of its package and of its wasm.
#[derive(Clone, Copy, PartialEq)]
struct Contract(&'static str, &'static str);

impl Contract {
    /// Returns the file that the tests read, in the folder around near-workspaces' own crate.
    fn file(self) -> String {
        let Self(_, name) = self;
        match self {
            TYPE_SERIALISATION => {
                format!("workspaces/tests/test-contracts/type-serialize/res/{name}.wasm")
            }
            _ => format!("examples/res/{name}.wasm"),
        }
    }
}

/// Builds all contracts and writes them into `folder`, beside the package. All of them are built together in the end,
/// with the same features of near-sdk.
pub fn lay_out(folder: &Path) -> anyhow::Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let status_message = folder.join(STATUS_MESSAGE.file());
    let variable = ("STATUS_MESSAGE_WASM", status_message.as_path());
    for contracts in [&CONTRACTS[..4], &CONTRACTS[..]] {
        let packages: Vec<_> = contracts.iter().map(|contract| contract.1).collect();
        for wasm in wasm::build_packages(root, &packages, &[variable])?.contracts {
            let mut contracts = contracts.iter();
            let contract = contracts
                .find(|contract| contract.0 == wasm.name)
                .with_context(|| format!("`{}` was not asked for", wasm.name))?;
            write(&folder.join(contract.file()), &wasm.code)?;
        }
    }
    Ok(())
}
