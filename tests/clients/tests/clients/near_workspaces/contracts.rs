//! The contracts, built for wasm and written to the paths that the tests read.

use std::path::Path;

use manuscript::wasm;

use super::package::write;

/// The contract that the factory includes. So it is built before.
const STATUS_MESSAGE: &str = "status_message";

/// The contract of near-workspaces' own crate. All others are in its folder of examples.
const TYPE_SERIALISATION: &str = "test_contract_type_serialization";

/// The contracts that include no other one.
const OTHERS: [&str; 4] = [
    STATUS_MESSAGE,
    TYPE_SERIALISATION,
    "fungible_token",
    "non_fungible_token",
];

/// The contract that includes another one.
const FACTORY: &str = "factory_contract_high_level";

/// Builds all contracts and writes them into `folder`, beside the package.
pub fn lay_out(folder: &Path) -> anyhow::Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let examples = folder.join("examples/res");
    let own = folder.join("workspaces/tests/test-contracts/type-serialize/res");
    let status_message = examples.join(STATUS_MESSAGE).with_extension("wasm");
    // In the end all are built together, with the same features of near-sdk.
    let all = [&OTHERS[..], &[FACTORY]].concat();
    for packages in [&OTHERS[..], &all] {
        let variable = ("STATUS_MESSAGE_WASM", status_message.as_path());
        for wasm in wasm::build_packages(root, packages, &[variable])?.contracts {
            let folder = match wasm.name.as_str() {
                TYPE_SERIALISATION => &own,
                _ => &examples,
            };
            write(&folder.join(format!("{}.wasm", wasm.name)), &wasm.code)?;
        }
    }
    Ok(())
}
