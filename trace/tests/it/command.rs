//! The command `cargo book trace`. Each test has a node of its own, which returns prepared responses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;

const HASH: &str = "11111111111111111111111111111111";

fn trace(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trace"));
    command
        .args(arguments)
        .output()
        .expect("the command starts")
}

/// Runs the command with the node at this URL, and returns the error.
fn error_at(url: &str) -> String {
    let output = trace(&[HASH, "--sender", "alice.near", "--rpc", url]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    String::from_utf8(output.stderr).expect("a text")
}

/// Starts a node that returns these statuses and bodies one after the other, and returns its URL.
fn node(responses: Vec<(u16, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for (status, body) in responses {
            let (mut stream, _) = listener.accept().expect("a request");
            read_request(&stream);
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n{body}"
            )
            .expect("the client reads");
        }
    });
    url
}

fn read_request(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
    }
    reader.read_exact(&mut vec![0; length]).expect("a body");
}

/// Returns a JSON-RPC response with this result.
fn envelope(result: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":"trace","result":{result}}}"#)
}

/// Returns a JSON-RPC error with this cause.
fn rpc_error(cause: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"trace","error":{{"name":"HANDLER_ERROR","cause":{{"name":"{cause}","info":{{}}}},"message":"Server error"}}}}"#
    )
}

/// Returns a `TIMEOUT_ERROR` with this information.
fn timeout(info: &str) -> String {
    rpc_error("TIMEOUT_ERROR").replace(r#""info":{}"#, &format!(r#""info":{info}"#))
}

/// Returns the path of a saved transaction status.
fn saved(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/tx_status")
        .join(name)
}

#[test]
fn an_unknown_hash_is_named_with_a_remedy() {
    let url = node(vec![
        (200, rpc_error("UNKNOWN_TRANSACTION")),
        (200, rpc_error("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    let begins = format!("error: {url} does not know transaction {HASH} of alice.near");
    assert!(error.starts_with(&begins), "{error}");
    assert!(error.contains("archival"), "{error}");
}

#[test]
fn a_transaction_that_the_node_has_not_observed_is_unknown() {
    let url = node(vec![
        (408, timeout(r#"{"cause":"NOT_OBSERVED"}"#)),
        (200, rpc_error("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    let begins = format!("error: {url} does not know transaction {HASH} of alice.near");
    assert!(error.starts_with(&begins), "{error}");
}

/// Older nodes give no cause.
#[test]
fn a_timeout_without_a_cause_may_mean_an_unknown_transaction() {
    let url = node(vec![
        (408, rpc_error("TIMEOUT_ERROR")),
        (200, rpc_error("UNKNOWN_TRANSACTION")),
        (200, rpc_error("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    assert!(error.contains("does not know transaction"), "{error}");
}

#[test]
fn the_cause_of_a_timeout_is_shown() {
    let info = r#"{"cause":"DOES_NOT_TRACK_SHARD","shard_id":3}"#;
    let url = node(vec![(408, timeout(info))]);

    let error = error_at(&url);

    assert!(
        error.contains("refuses: TIMEOUT_ERROR, DOES_NOT_TRACK_SHARD"),
        "{error}"
    );
    assert!(error.contains("--rpc names another node"), "{error}");
}

#[test]
fn a_second_timeout_means_an_unknown_transaction() {
    let url = node(vec![
        (408, rpc_error("TIMEOUT_ERROR")),
        (408, rpc_error("TIMEOUT_ERROR")),
        (200, rpc_error("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    assert!(error.contains("does not know transaction"), "{error}");
}

#[test]
fn a_transaction_that_is_not_final_shows_the_executed_receipts() {
    let status = std::fs::read_to_string(saved("waiting.json")).expect("a transaction status");
    let partial = envelope(&status);
    let mut responses = vec![(408, timeout(r#"{"cause":"PENDING"}"#)), (200, partial)];
    responses.extend((0..9).map(|_| (200, rpc_error("UNKNOWN_BLOCK"))));
    let url = node(responses);

    let output = trace(&[HASH, "--sender", "alice.near", "--rpc", &url]);

    let tree = String::from_utf8(output.stdout).expect("a text");
    assert!(tree.contains("receipt 1: alice.near → book.near"), "{tree}");
    assert!(
        tree.contains("pending  a receipt that did not run yet: "),
        "{tree}"
    );
    assert!(tree.contains("The transaction is under way."), "{tree}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_transaction_without_a_receipt_is_not_final() {
    let url = node(vec![
        (408, timeout(r#"{"cause":"PENDING"}"#)),
        (
            200,
            r#"{"jsonrpc":"2.0","id":"trace","result":{"final_execution_status":"NONE"}}"#
                .to_owned(),
        ),
    ]);

    let error = error_at(&url);

    assert!(
        error.ends_with("is not final yet: ask again later\n"),
        "{error}"
    );
}

#[test]
fn another_error_of_the_node_is_shown() {
    let url = node(vec![(400, rpc_error("PARSE_ERROR"))]);

    let error = error_at(&url);

    assert!(
        error.ends_with("refuses: PARSE_ERROR, Server error. --rpc names another node\n"),
        "{error}"
    );
}

#[test]
fn the_error_of_an_invalid_transaction_is_shown() {
    let refused = r#"{"jsonrpc":"2.0","id":"trace","error":{"name":"HANDLER_ERROR","cause":{"name":"INVALID_TRANSACTION","info":{}},"message":"Server error","data":{"TxExecutionError":{"InvalidTxError":{"NotEnoughBalance":{"signer_id":"alice.near","balance":"1000000000000000000000000","cost":"2500000000000000000000000"}}}}}}"#;
    let url = node(vec![(200, refused.to_owned())]);

    let error = error_at(&url);

    let message =
        "Sender alice.near does not have enough balance 1 NEAR for operation costing 2.5 NEAR";
    assert!(error.contains(message), "{error}");
}

/// Returns the response to `EXPERIMENTAL_receipt`.
fn receipt() -> String {
    r#"{"jsonrpc":"2.0","id":"trace","result":{"predecessor_id":"book.near","receiver_id":"hello.near","receipt_id":"11111111111111111111111111111111","priority":0,"receipt":{"Action":{"signer_id":"bob.near","signer_public_key":"ed25519:GaS92okPt9k5oEp4ZFervtmn4RcUr23HDJrZ2ng4Sb9N","gas_price":"1","output_data_receivers":[],"input_data_ids":[],"actions":[],"is_promise_yield":false}}}}"#.to_owned()
}

#[test]
fn the_id_of_a_receipt_leads_to_its_transaction() {
    let status = std::fs::read_to_string(saved("single.json")).expect("a transaction status");
    let found = r#"{"jsonrpc":"2.0","id":"trace","result":{"transaction_hash":"4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM","sender_account_id":"alice.near"}}"#;
    let mut responses = vec![
        (200, rpc_error("UNKNOWN_TRANSACTION")),
        (200, receipt()),
        (200, found.to_owned()),
        (200, envelope(&status)),
    ];
    responses.extend((0..3).map(|_| (200, rpc_error("UNKNOWN_BLOCK"))));
    let url = node(responses);

    let output = trace(&[HASH, "--sender", "hello.near", "--rpc", &url]);

    let [note, tree] =
        [output.stderr, output.stdout].map(|bytes| String::from_utf8(bytes).expect("a text"));
    let expected = format!(
        "note: {HASH} is not a transaction but a receipt from book.near for hello.near, of transaction \
         4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM, which alice.near has signed\n"
    );
    assert_eq!(note, expected);
    assert!(
        tree.contains("receipt 1: alice.near → counter.near"),
        "{tree}"
    );
}

#[test]
fn a_receipt_without_a_known_transaction_is_shown_with_its_signer() {
    let url = node(vec![
        (408, timeout(r#"{"cause":"NOT_OBSERVED"}"#)),
        (200, receipt()),
        (200, rpc_error("UNSUPPORTED")),
    ]);

    let error = error_at(&url);

    let begins =
        format!("error: {HASH} is not a transaction but a receipt from book.near for hello.near");
    assert!(error.starts_with(&begins), "{error}");
    assert!(error.contains("--sender bob.near"), "{error}");
}

#[test]
fn a_server_that_is_no_node_is_named() {
    let url = node(vec![(404, "<html>nothing here</html>".to_owned())]);

    let error = error_at(&url);

    let ends = "does not answer as a NEAR node does (HTTP status 404): <html>nothing here</html>\n\
                --rpc names another node\n";
    assert!(error.ends_with(ends), "{error}");
}

#[test]
fn an_unreachable_node_is_named() {
    // The port is free again after the drop.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);

    let error = error_at(&url);

    assert!(
        error.starts_with(&format!("error: no node answers at {url} (")),
        "{error}"
    );
    assert!(error.contains("--rpc names another node): io: "), "{error}");
}

#[test]
fn a_tree_shows_the_heights_that_the_node_returns() {
    let status = std::fs::read_to_string(saved("neard-batch_last_fails.json"))
        .expect("a transaction status");
    let mut responses = vec![(200, envelope(&status))];
    // The heights of the transaction, then of the outcomes in the order of the status.
    for height in [100, 103, 104, 105, 106, 107] {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":"trace","result":{{"header":{{"height":{height}}}}}}}"#
        );
        responses.push((200, body));
    }
    let url = node(responses);

    let output = trace(&[HASH, "--sender", "alice.test.near", "--rpc", &url]);

    let tree = String::from_utf8(output.stdout).expect("a text");
    assert!(tree.contains("block 3   receipt 1"), "{tree}");
}

#[test]
fn a_saved_response_is_shown_without_a_node() {
    let path = saved("neard-parallel_three.json");

    let output = trace(&["--file", &path.to_string_lossy()]);

    let tree = String::from_utf8(output.stdout).expect("a text");
    assert!(
        tree.contains("receipt 5: p0.test.near → p0.test.near"),
        "{tree}"
    );
}

#[test]
fn a_response_can_come_from_standard_input() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trace"));
    command
        .args(["--file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let status = std::fs::read(saved("single.json")).expect("a transaction status");
    let mut stdin = child.stdin.take().expect("it reads");
    stdin.write_all(&status).expect("it reads all of it");
    drop(stdin);

    let output = child.wait_with_output().expect("it ends");

    let tree = String::from_utf8(output.stdout).expect("a text");
    assert!(
        tree.contains("receipt 1: alice.near → counter.near"),
        "{tree}"
    );
}

#[test]
fn a_response_to_tx_names_the_right_method() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("response.json");
    let status = std::fs::read(saved("single.json")).expect("a transaction status");
    let mut status: serde_json::Value = serde_json::from_slice(&status).expect("it is JSON");
    status
        .as_object_mut()
        .expect("an object")
        .remove("receipts");
    std::fs::write(&path, status.to_string()).expect("a file");

    let output = trace(&["--file", &path.to_string_lossy()]);

    let error = String::from_utf8(output.stderr).expect("a text");
    assert!(
        error.contains("save the response to EXPERIMENTAL_tx_status"),
        "{error}"
    );
}

#[test]
fn the_environment_can_name_the_node() {
    let url = node(vec![(400, rpc_error("PARSE_ERROR"))]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_trace"));
    command
        .args([HASH, "--sender", "alice.near"])
        .env("NEAR_RPC_URL", &url);

    let output = command.output().expect("the command starts");

    let error = String::from_utf8(output.stderr).expect("a text");
    assert!(
        error.starts_with(&format!("error: {url} refuses: ")),
        "{error}"
    );
}

#[test]
fn a_diagram_is_written_to_the_output_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, output_path) = (
        saved("neard-parallel_three.json"),
        folder.path().join("it.svg"),
    );

    let output = trace(&[
        "--file",
        &path.to_string_lossy(),
        "--format",
        "svg",
        "--output",
        &output_path.to_string_lossy(),
    ]);

    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let svg = std::fs::read_to_string(output_path).expect("a diagram");
    assert!(svg.starts_with("<svg ") && svg.contains("<style>"), "{svg}");
}

#[test]
fn a_ledger_can_be_json() {
    let path = saved("neard-parallel_three.json");

    let output = trace(&["--file", &path.to_string_lossy(), "--format", "json"]);

    let ledger: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(ledger["rows"].as_array().map(Vec::len), Some(6));
}

#[test]
fn a_file_with_another_content_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("response.json");
    std::fs::write(&path, r#"{"jsonrpc":"2.0","result":{"status":"fine"}}"#).expect("a file");

    let output = trace(&["--file", &path.to_string_lossy()]);

    let error = String::from_utf8(output.stderr).expect("a text");
    let begins = format!(
        "error: {}: this is not a response to EXPERIMENTAL_tx_status: ",
        path.display()
    );
    assert!(error.starts_with(&begins), "{error}");
}

#[test]
fn a_missing_file_is_named() {
    let output = trace(&["--file", "no/such/response.json"]);

    let error = String::from_utf8(output.stderr).expect("a text");
    assert!(
        error.starts_with("error: no/such/response.json: "),
        "{error}"
    );
}

#[test]
fn the_command_without_arguments_shows_its_usage() {
    let output = trace(&[]);

    assert_eq!(output.status.code(), Some(2));
}
