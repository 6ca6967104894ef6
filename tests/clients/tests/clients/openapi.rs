//! Answers in the types of near-openapi-types, which are generated from the OpenAPI of a node. Clients in many
//! languages are generated from the same.

use anyhow::{Context, ensure};
use futures::future::try_join_all;
use near_openapi_types as types;
use near_primitives::hash::CryptoHash;
use sandbox_clients::{Node, Rpc};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::fuzz::corpus::Corpus;

/// Parses an answer as a type of near-openapi-types.
type Decode = fn(&Value) -> serde_json::Result<()>;

fn decode<T: DeserializeOwned>(answer: &Value) -> serde_json::Result<()> {
    serde_json::from_value::<T>(answer.clone()).map(drop)
}

/// Returns the type of a method's answers, `None` for the methods that the OpenAPI does not have.
fn type_of(method: &str) -> Option<Decode> {
    use types::*;
    Some(match method {
        "status" => decode::<JsonRpcResponseForRpcStatusResponseAndRpcStatusError>,
        "health" => decode::<JsonRpcResponseForNullableRpcHealthResponseAndRpcStatusError>,
        "network_info" => decode::<JsonRpcResponseForRpcNetworkInfoResponseAndRpcNetworkInfoError>,
        "validators" => decode::<JsonRpcResponseForRpcValidatorResponseAndRpcValidatorError>,
        "EXPERIMENTAL_validators_ordered" => {
            decode::<JsonRpcResponseForArrayOfValidatorStakeViewAndRpcValidatorError>
        }
        "genesis_config" | "EXPERIMENTAL_genesis_config" => {
            decode::<JsonRpcResponseForGenesisConfigAndGenesisConfigError>
        }
        "EXPERIMENTAL_protocol_config" => {
            decode::<JsonRpcResponseForRpcProtocolConfigResponseAndRpcProtocolConfigError>
        }
        "client_config" => {
            decode::<JsonRpcResponseForRpcClientConfigResponseAndRpcClientConfigError>
        }
        "maintenance_windows" | "EXPERIMENTAL_maintenance_windows" => {
            decode::<JsonRpcResponseForArrayOfRangeOfUint64AndRpcMaintenanceWindowsError>
        }
        "EXPERIMENTAL_split_storage_info" => {
            decode::<JsonRpcResponseForRpcSplitStorageInfoResponseAndRpcSplitStorageInfoError>
        }
        "block" => decode::<JsonRpcResponseForRpcBlockResponseAndRpcBlockError>,
        "chunk" => decode::<JsonRpcResponseForRpcChunkResponseAndRpcChunkError>,
        "EXPERIMENTAL_congestion_level" => {
            decode::<JsonRpcResponseForRpcCongestionLevelResponseAndRpcChunkError>
        }
        "gas_price" => decode::<JsonRpcResponseForRpcGasPriceResponseAndRpcGasPriceError>,
        "changes" | "EXPERIMENTAL_changes" => {
            decode::<JsonRpcResponseForRpcStateChangesInBlockResponseAndRpcStateChangesError>
        }
        "block_effects" | "EXPERIMENTAL_changes_in_block" => {
            decode::<JsonRpcResponseForRpcStateChangesInBlockByTypeResponseAndRpcStateChangesError>
        }
        "query" => decode::<JsonRpcResponseForRpcQueryResponseAndRpcQueryError>,
        "EXPERIMENTAL_view_account" => {
            decode::<JsonRpcResponseForRpcViewAccountResponseAndRpcViewAccountError>
        }
        "EXPERIMENTAL_view_code" => {
            decode::<JsonRpcResponseForRpcViewCodeResponseAndRpcViewCodeError>
        }
        "EXPERIMENTAL_view_state" => {
            decode::<JsonRpcResponseForRpcViewStateResponseAndRpcViewStateError>
        }
        "EXPERIMENTAL_view_access_key" => {
            decode::<JsonRpcResponseForRpcViewAccessKeyResponseAndRpcViewAccessKeyError>
        }
        "EXPERIMENTAL_view_access_key_list" => {
            decode::<JsonRpcResponseForRpcViewAccessKeyListResponseAndRpcViewAccessKeyListError>
        }
        "EXPERIMENTAL_call_function" => {
            decode::<JsonRpcResponseForRpcCallFunctionResponseAndRpcCallFunctionError>
        }
        "broadcast_tx_async" => decode::<JsonRpcResponseForCryptoHashAndRpcTransactionError>,
        "broadcast_tx_commit" | "send_tx" | "tx" | "EXPERIMENTAL_tx_status" => {
            decode::<JsonRpcResponseForRpcTransactionResponseAndRpcTransactionError>
        }
        "EXPERIMENTAL_receipt" => decode::<JsonRpcResponseForRpcReceiptResponseAndRpcReceiptError>,
        "light_client_proof" | "EXPERIMENTAL_light_client_proof" => {
            decode::<
                JsonRpcResponseForRpcLightClientExecutionProofResponseAndRpcLightClientProofError,
            >
        }
        "EXPERIMENTAL_light_client_block_proof" => {
            decode::<JsonRpcResponseForRpcLightClientBlockProofResponseAndRpcLightClientProofError>
        }
        "next_light_client_block" => {
            decode::<JsonRpcResponseForRpcLightClientNextBlockResponseAndRpcLightClientNextBlockError>
        }
        _ => return None,
    })
}

/// The methods of newer nodes than the OpenAPI of near-openapi-types 0.8, and those that only a sandbox has.
const NOT_IN_OPENAPI: [&str; 8] = [
    "tx_status",
    "EXPERIMENTAL_receipt_to_tx",
    "EXPERIMENTAL_view_gas_key_nonces",
    "EXPERIMENTAL_light_client_execution_outcome_proof",
    "EXPERIMENTAL_light_client_chunk_execution_proof",
    "EXPERIMENTAL_light_client_state_proof",
    "sandbox_fast_forward",
    "sandbox_patch_state",
];

#[tokio::test]
async fn every_answer_has_the_type_that_the_openapi_of_a_node_gives_it() -> anyhow::Result<()> {
    let node = Node::start()?;
    let corpus = Corpus::new(&node, 0).await?;
    let requests: Vec<_> = corpus.requests().iter().flat_map(variants).collect();
    let rpc = node.rpc();
    let problems = try_join_all(requests.iter().map(|request| problem(&rpc, request))).await?;
    let problems: Vec<_> = problems.into_iter().flatten().collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// Returns a request, and the same about a block and about an account that do not exist.
fn variants(request: &Value) -> Vec<Value> {
    let mut variants = vec![request.clone()];
    for (field, value) in [
        ("block_id", json!(CryptoHash([5; 32]))),
        ("block_id", json!(10_u64.pow(12))),
        ("chunk_id", json!(CryptoHash([5; 32]))),
        ("receipt_id", json!(CryptoHash([5; 32]))),
        ("account_id", json!("nobody.near")),
        ("method_name", json!("no_such_method")),
        ("signed_tx_base64", json!("AAAA")),
    ] {
        if request["params"].get(field).is_some() {
            let mut variant = request.clone();
            variant["params"][field] = value;
            variants.push(variant);
        }
    }
    variants
}

/// Returns the reason if the answer to a request does not have its type.
async fn problem(rpc: &Rpc, request: &Value) -> anyhow::Result<Option<String>> {
    let method = request["method"].as_str().context("a method")?;
    let Some(decode) = type_of(method) else {
        ensure!(NOT_IN_OPENAPI.contains(&method), "{method} has no type");
        return Ok(None);
    };
    let mut request = request.clone();
    // The OpenAPI knows no ids but strings.
    request["id"] = json!("1");
    let response = rpc.post(request.to_string()).await?;
    let mut answer: Value = serde_json::from_slice(&response.body)?;
    if method == "query" && answer["result"]["error"].is_string() {
        // nearcore's `process_query_response` puts two errors into results, of which the OpenAPI knows nothing.
        return Ok(None);
    }
    if method.ends_with("genesis_config") {
        add_former_fields(&mut answer["result"]);
    }
    Ok(decode(&answer)
        .err()
        .map(|error| format!("{request}: {error}: {answer}")))
}

/// Adds the fields of a genesis that near-openapi-types 0.8 asks for and near-chain-configs 0.38 has no longer, so
/// that no node of today sends them.
fn add_former_fields(genesis: &mut Value) {
    for field in [
        "avg_hidden_validator_seats_per_shard",
        "num_block_producer_seats_per_shard",
    ] {
        genesis[field] = json!([]);
    }
}
