//! The methods that the published crates of a node know. Each is served, or stands in the table of refusals.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use sandbox_clients::{Node, published};
use serde_json::json;

/// The table of refusals, with each method in backticks.
const REFUSED: &str = include_str!("../../../../sandbox/refused.md");

/// The requests of near-jsonrpc-primitives, and the method of each.
const REQUESTS: [(&str, &str); 32] = [
    ("RpcBlockRequest", "block"),
    ("RpcCallFunctionRequest", "EXPERIMENTAL_call_function"),
    ("RpcChunkRequest", "chunk"),
    ("RpcCongestionLevelRequest", "EXPERIMENTAL_congestion_level"),
    ("RpcGasPriceRequest", "gas_price"),
    ("RpcIndexerBlockRequest", "EXPERIMENTAL_indexer_block"),
    (
        "RpcLightClientBlockProofRequest",
        "EXPERIMENTAL_light_client_block_proof",
    ),
    (
        "RpcLightClientChunkExecutionProofRequest",
        "EXPERIMENTAL_light_client_chunk_execution_proof",
    ),
    (
        "RpcLightClientExecutionOutcomeProofRequest",
        "EXPERIMENTAL_light_client_execution_outcome_proof",
    ),
    ("RpcLightClientExecutionProofRequest", "light_client_proof"),
    ("RpcLightClientNextBlockRequest", "next_light_client_block"),
    (
        "RpcLightClientStateProofRequest",
        "EXPERIMENTAL_light_client_state_proof",
    ),
    ("RpcMaintenanceWindowsRequest", "maintenance_windows"),
    ("RpcProtocolConfigRequest", "EXPERIMENTAL_protocol_config"),
    ("RpcQueryRequest", "query"),
    ("RpcReceiptRequest", "EXPERIMENTAL_receipt"),
    ("RpcReceiptToTxRequest", "EXPERIMENTAL_receipt_to_tx"),
    ("RpcSandboxFastForwardRequest", "sandbox_fast_forward"),
    ("RpcSandboxPatchStateRequest", "sandbox_patch_state"),
    ("RpcSendTransactionRequest", "send_tx"),
    (
        "RpcSplitStorageInfoRequest",
        "EXPERIMENTAL_split_storage_info",
    ),
    ("RpcStateChangesInBlockByTypeRequest", "changes"),
    ("RpcStateChangesInBlockRequest", "block_effects"),
    ("RpcTransactionStatusRequest", "tx"),
    ("RpcValidatorRequest", "validators"),
    (
        "RpcValidatorsOrderedRequest",
        "EXPERIMENTAL_validators_ordered",
    ),
    (
        "RpcViewAccessKeyListRequest",
        "EXPERIMENTAL_view_access_key_list",
    ),
    ("RpcViewAccessKeyRequest", "EXPERIMENTAL_view_access_key"),
    ("RpcViewAccountRequest", "EXPERIMENTAL_view_account"),
    ("RpcViewCodeRequest", "EXPERIMENTAL_view_code"),
    (
        "RpcViewGasKeyNoncesRequest",
        "EXPERIMENTAL_view_gas_key_nonces",
    ),
    ("RpcViewStateRequest", "EXPERIMENTAL_view_state"),
];

/// Returns the text of all Rust files in the `src` of a package.
fn source(package: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    let mut to_read: Vec<PathBuf> = vec![published(package)?.join("src")];
    while let Some(folder) = to_read.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                to_read.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&fs::read_to_string(&path)?);
            }
        }
    }
    Ok(text)
}

/// Returns the words between two markers that stand on the line after each line that `matches`.
fn on_the_next_line(
    text: &str,
    matches: impl Fn(&str) -> bool,
    [start, end]: [&str; 2],
) -> BTreeSet<String> {
    let lines = text.lines().zip(text.lines().skip(1));
    lines
        .filter(|(line, _)| matches(line.trim()))
        .filter_map(|(_, next)| Some(next.split_once(start)?.1.split_once(end)?.0.to_owned()))
        .collect()
}

/// Returns the methods in the OpenAPI of a node, from which near-openapi-types is generated.
fn methods_of_openapi() -> anyhow::Result<BTreeSet<String>> {
    let is_method =
        |line: &str| line.starts_with("pub enum JsonRpcRequestFor") && line.ends_with("Method {");
    let text = source("near-openapi-types")?;
    Ok(on_the_next_line(&text, is_method, ["rename = \"", "\""]))
}

fn methods_of_client() -> anyhow::Result<BTreeSet<String>> {
    let is_method = |line: &str| line.starts_with("fn method_name(&self)");
    let text = source("near-jsonrpc-client")?;
    Ok(on_the_next_line(&text, is_method, ["\"", "\""]))
}

#[tokio::test]
async fn a_method_that_a_crate_knows_is_served_or_stands_among_the_refusals() -> anyhow::Result<()>
{
    let node = Node::start()?;
    let rpc = node.rpc();
    let mut known = methods_of_openapi()?;
    assert!(known.contains("EXPERIMENTAL_call_function"), "{known:?}");
    let client = methods_of_client()?;
    assert!(client.contains("EXPERIMENTAL_changes"), "{client:?}");
    known.extend(client);
    known.extend(REQUESTS.iter().map(|(_, method)| (*method).to_owned()));

    let mut missing = Vec::new();
    for method in known {
        let request = json!({"jsonrpc": "2.0", "id": "1", "method": method, "params": 0});
        let response = rpc.post(request.to_string()).await?;
        let is_served = !String::from_utf8_lossy(&response.body).contains("METHOD_NOT_FOUND");
        if !is_served && !REFUSED.contains(&format!("`{method}`")) {
            missing.push(method);
        }
    }
    assert!(
        missing.is_empty(),
        "neither served nor refused: {missing:?}"
    );
    Ok(())
}

#[test]
fn every_request_of_the_primitives_has_its_method_in_the_table() -> anyhow::Result<()> {
    let text = source("near-jsonrpc-primitives")?;
    let requests: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub struct Rpc"))
        .filter_map(|rest| rest.split([' ', '<', '(']).next())
        .filter(|name| name.ends_with("Request"))
        .map(|name| format!("Rpc{name}"))
        .collect();
    let table: BTreeSet<_> = REQUESTS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(requests, table);
    Ok(())
}
