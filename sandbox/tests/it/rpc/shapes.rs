//! The shapes of parameters that each method takes and refuses, as nearcore's parsers do
//! (`chain/jsonrpc/src/api`). All shapes of a row mean the same and have the same answer.

mod node;
mod query;
mod row;
mod transactions;

use serde_json::{Value, json};

use self::row::{Row, Subject};
use super::{call, with_probe_and_config};
use crate::node::{Client, encode};

/// The table of methods.
const METHODS: &str = include_str!("../../../src/rpc/methods.rs");

#[test]
fn a_method_takes_all_shapes_of_its_parameters_and_answers_them_alike() {
    // Without empty blocks, the head stays the same.
    let (mut sandbox, signer, probe) = with_probe_and_config(|config| {
        config["consensus"]["produce_empty_blocks"] = json!(false);
    });
    let program = json!({"program": [{"write": {"key": "a1", "value": "one"}}]});
    let transaction = sandbox.sign(&signer, &probe, vec![call("run", program)]);
    let encoded = encode(&transaction);
    let outcome: Value = sandbox.call("broadcast_tx_commit", json!([encoded]));
    let receipt = &outcome["transaction_outcome"]["outcome"]["receipt_ids"][0];
    let subject = Subject {
        account: probe.to_string(),
        key: signer.public_key().to_string(),
        block: sandbox.call("block", json!({"finality": "final"})),
        transaction: transaction.get_hash(),
        encoded,
        receipt: serde_json::from_value(receipt.clone()).unwrap(),
    };
    let rows = rows(&subject);
    let mut problems = Vec::new();
    for row in &rows {
        check(&mut sandbox.client, row, &mut problems);
    }
    let has_row = |method: &&str| rows.iter().any(|row| row.method == *method);
    let without_row = methods().filter(|method| !has_row(method));
    problems.extend(without_row.map(|method| format!("{method} has no row")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Returns the names in the table of methods.
fn methods() -> impl Iterator<Item = &'static str> {
    let arms = METHODS.lines().filter_map(|line| line.split_once(" =>"));
    arms.flat_map(|(names, _)| names.split('"').skip(1).step_by(2))
}

/// Adds the differences between a row and the answers of the node.
fn check(client: &mut Client, row: &Row, problems: &mut Vec<String>) {
    let Row { method, .. } = row;
    let mut answers = Vec::new();
    for shape in &row.taken {
        let answer = answer(client, method, shape);
        if is_parse_error(&answer) {
            problems.push(format!("{method} does not take {shape}: {answer}"));
        }
        answers.push(answer);
    }
    for (shape, answer) in row.taken.iter().zip(&answers) {
        if *answer != answers[0] {
            problems.push(format!("{method} answers {shape} otherwise: {answer}"));
        }
    }
    for shape in &row.refused {
        let answer = answer(client, method, shape);
        if !is_parse_error(&answer) {
            problems.push(format!("{method} takes {shape}: {answer}"));
        }
    }
}

fn is_parse_error(answer: &Value) -> bool {
    answer["error"]["cause"]["name"] == "PARSE_ERROR"
}

/// Calls a method. The shape `"omitted"` is a request without parameters.
fn answer(client: &mut Client, method: &str, shape: &Value) -> Value {
    let mut request = json!({"jsonrpc": "2.0", "id": "1", "method": method});
    if *shape != json!("omitted") {
        request["params"] = shape.clone();
    }
    let (_, mut answer) = client.post(request.to_string().as_bytes());
    // The only field that depends on the time of the request.
    if let Some(result) = answer["result"].as_object_mut() {
        result.remove("uptime_sec");
    }
    answer
}

fn rows(subject: &Subject) -> Vec<Row> {
    [
        node::node_rows(subject),
        node::block_rows(subject),
        node::change_rows(subject),
        query::query_rows(subject),
        query::view_rows(subject),
        transactions::transaction_rows(subject),
        transactions::proof_rows(subject),
        transactions::sandbox_rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
