//! `cargo book trace` as a reader meets it. The nodes are the tests' own: each gives the answers that it was
//! told, and is gone.

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

/// What it says to someone whose node is at this address.
fn error_at(url: &str) -> String {
    let output = trace(&[HASH, "--sender", "alice.near", "--rpc", url]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    String::from_utf8(output.stderr).expect("a text")
}

/// Listens on a port of its own, and gives each question the next answer.
fn node(answers: Vec<(u16, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().expect("a question");
            read_request(&stream);
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n{body}"
            )
            .expect("somebody listens");
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
        if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse().expect("a number");
        }
    }
    reader.read_exact(&mut vec![0; length]).expect("a body");
}

fn refusal(cause: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"trace","error":{{"name":"HANDLER_ERROR","cause":{{"name":"{cause}","info":{{}}}},"message":"Server error"}}}}"#
    )
}

fn timeout(info: &str) -> String {
    refusal("TIMEOUT_ERROR").replace(r#""info":{}"#, &format!(r#""info":{info}"#))
}

fn saved(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/answers")
        .join(name)
}

#[test]
fn a_hash_that_the_node_does_not_know_is_named_with_what_to_look_at() {
    let url = node(vec![
        (200, refusal("UNKNOWN_TRANSACTION")),
        (200, refusal("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    let begins = format!("error: {url} does not know transaction {HASH} of alice.near");
    assert!(error.starts_with(&begins), "{error}");
    assert!(error.contains("archival"), "{error}");
}

#[test]
fn a_transaction_that_the_node_has_not_observed_is_not_under_way() {
    let url = node(vec![
        (408, timeout(r#"{"cause":"NOT_OBSERVED"}"#)),
        (200, refusal("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    let begins = format!("error: {url} does not know transaction {HASH} of alice.near");
    assert!(error.starts_with(&begins), "{error}");
}

/// As nodes answered before they gave a cause.
#[test]
fn a_timeout_without_a_cause_may_be_an_unknown_transaction() {
    let url = node(vec![
        (408, refusal("TIMEOUT_ERROR")),
        (200, refusal("UNKNOWN_TRANSACTION")),
        (200, refusal("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    assert!(error.contains("does not know transaction"), "{error}");
}

#[test]
fn a_node_that_cannot_look_for_the_transaction_says_why() {
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
fn a_node_that_is_too_late_again_without_waiting_does_not_know_the_transaction() {
    let url = node(vec![
        (408, refusal("TIMEOUT_ERROR")),
        (408, refusal("TIMEOUT_ERROR")),
        (200, refusal("UNKNOWN_RECEIPT")),
    ]);

    let error = error_at(&url);

    assert!(error.contains("does not know transaction"), "{error}");
}

#[test]
fn a_transaction_that_waits_shows_what_has_run_so_far() {
    let answer = std::fs::read_to_string(saved("waiting.json")).expect("an answer");
    let so_far = format!(r#"{{"jsonrpc":"2.0","id":"trace","result":{answer}}}"#);
    let mut answers = vec![(408, timeout(r#"{"cause":"PENDING"}"#)), (200, so_far)];
    answers.extend((0..9).map(|_| (200, refusal("UNKNOWN_BLOCK"))));
    let url = node(answers);

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
fn a_transaction_that_is_not_final_is_to_be_asked_for_again() {
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
        error.ends_with("is still under way: ask again in a moment\n"),
        "{error}"
    );
}

#[test]
fn another_reason_of_the_node_is_passed_on() {
    let url = node(vec![(400, refusal("PARSE_ERROR"))]);

    let error = error_at(&url);

    assert!(
        error.ends_with("refuses: PARSE_ERROR, Server error. --rpc names another node\n"),
        "{error}"
    );
}

#[test]
fn a_refused_transaction_is_refused_in_words() {
    let refused = r#"{"jsonrpc":"2.0","id":"trace","error":{"name":"HANDLER_ERROR","cause":{"name":"INVALID_TRANSACTION","info":{}},"message":"Server error","data":{"TxExecutionError":{"InvalidTxError":{"NotEnoughBalance":{"signer_id":"alice.near","balance":"1000000000000000000000000","cost":"2500000000000000000000000"}}}}}}"#;
    let url = node(vec![(200, refused.to_owned())]);

    let error = error_at(&url);

    let words =
        "Sender alice.near does not have enough balance 1 NEAR for operation costing 2.5 NEAR";
    assert!(error.contains(words), "{error}");
}

fn receipt() -> String {
    r#"{"jsonrpc":"2.0","id":"trace","result":{"predecessor_id":"book.near","receiver_id":"hello.near","receipt_id":"11111111111111111111111111111111","priority":0,"receipt":{"Action":{"signer_id":"bob.near","signer_public_key":"ed25519:GaS92okPt9k5oEp4ZFervtmn4RcUr23HDJrZ2ng4Sb9N","gas_price":"1","output_data_receivers":[],"input_data_ids":[],"actions":[],"is_promise_yield":false}}}}"#.to_owned()
}

#[test]
fn the_id_of_a_receipt_leads_to_its_transaction() {
    let answer = std::fs::read_to_string(saved("single.json")).expect("an answer");
    let found = r#"{"jsonrpc":"2.0","id":"trace","result":{"transaction_hash":"4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM","sender_account_id":"alice.near"}}"#;
    let mut answers = vec![
        (200, refusal("UNKNOWN_TRANSACTION")),
        (200, receipt()),
        (200, found.to_owned()),
        (
            200,
            format!(r#"{{"jsonrpc":"2.0","id":"trace","result":{answer}}}"#),
        ),
    ];
    answers.extend((0..3).map(|_| (200, refusal("UNKNOWN_BLOCK"))));
    let url = node(answers);

    let output = trace(&[HASH, "--sender", "hello.near", "--rpc", &url]);

    let [note, tree] =
        [output.stderr, output.stdout].map(|told| String::from_utf8(told).expect("a text"));
    let told = format!(
        "note: {HASH} is no transaction but a receipt from book.near for hello.near, of transaction \
         4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM, which alice.near has signed\n"
    );
    assert_eq!(note, told);
    assert!(
        tree.contains("receipt 1: alice.near → counter.near"),
        "{tree}"
    );
}

#[test]
fn a_receipt_whose_transaction_the_node_does_not_find_names_who_signed_it() {
    let url = node(vec![
        (408, timeout(r#"{"cause":"NOT_OBSERVED"}"#)),
        (200, receipt()),
        (200, refusal("UNSUPPORTED")),
    ]);

    let error = error_at(&url);

    let begins =
        format!("error: {HASH} is no transaction but a receipt from book.near for hello.near");
    assert!(error.starts_with(&begins), "{error}");
    assert!(error.contains("--sender bob.near"), "{error}");
}

#[test]
fn what_is_no_node_is_said_to_be_none() {
    let url = node(vec![(404, "<html>nothing here</html>".to_owned())]);

    let error = error_at(&url);

    let ends = "does not answer as a NEAR node does (HTTP status 404): <html>nothing here</html>\n\
                --rpc names another node\n";
    assert!(error.ends_with(ends), "{error}");
}

#[test]
fn a_node_that_is_not_there_is_named() {
    // Bound, and let go again: nobody listens there.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);

    let error = error_at(&url);

    assert!(
        error.starts_with(&format!("error: {url} does not answer: ")),
        "{error}"
    );
    let ends = "is there a network? --rpc names another node\n";
    assert!(error.ends_with(ends), "{error}");
}

/// Three blocks of the answer are as high as the node says: a gap shows.
#[test]
fn the_node_is_asked_how_high_the_blocks_are() {
    let answer = std::fs::read_to_string(saved("neard-batch_last_fails.json")).expect("an answer");
    let mut answers = vec![(
        200,
        format!(r#"{{"jsonrpc":"2.0","id":"trace","result":{answer}}}"#),
    )];
    // The transaction's block, and those of its receipts and refunds as they stand in the answer.
    for height in [100, 103, 104, 105, 106, 107] {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":"trace","result":{{"header":{{"height":{height}}}}}}}"#
        );
        answers.push((200, body));
    }
    let url = node(answers);

    let output = trace(&[HASH, "--sender", "alice.test.near", "--rpc", &url]);

    let tree = String::from_utf8(output.stdout).expect("a text");
    assert!(tree.contains("block 3   receipt 1"), "{tree}");
}

#[test]
fn a_saved_answer_is_shown_without_a_node() {
    let path = saved("neard-parallel_three.json");

    let output = trace(&["--file", &path.to_string_lossy()]);

    let tree = String::from_utf8(output.stdout).expect("a text");
    assert!(
        tree.contains("receipt 5: p0.test.near → p0.test.near"),
        "{tree}"
    );
}

#[test]
fn an_answer_may_come_from_standard_input() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trace"));
    command
        .args(["--file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let answer = std::fs::read(saved("single.json")).expect("an answer");
    let mut stdin = child.stdin.take().expect("it reads");
    stdin.write_all(&answer).expect("it reads all of it");
    drop(stdin);

    let output = child.wait_with_output().expect("it ends");

    let tree = String::from_utf8(output.stdout).expect("a text");
    assert!(
        tree.contains("receipt 1: alice.near → counter.near"),
        "{tree}"
    );
}

#[test]
fn an_answer_to_tx_says_which_method_to_ask() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answer.json");
    let answer = std::fs::read(saved("single.json")).expect("an answer");
    let mut answer: serde_json::Value = serde_json::from_slice(&answer).expect("it is JSON");
    answer
        .as_object_mut()
        .expect("an object")
        .remove("receipts");
    std::fs::write(&path, answer.to_string()).expect("a file");

    let output = trace(&["--file", &path.to_string_lossy()]);

    let error = String::from_utf8(output.stderr).expect("a text");
    assert!(
        error.contains("save the one to EXPERIMENTAL_tx_status"),
        "{error}"
    );
}

#[test]
fn the_node_that_the_environment_names_is_asked() {
    let url = node(vec![(400, refusal("PARSE_ERROR"))]);
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
fn the_drawing_is_written_to_the_file_that_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, drawing) = (
        saved("neard-parallel_three.json"),
        folder.path().join("it.svg"),
    );

    let output = trace(&[
        "--file",
        &path.to_string_lossy(),
        "--format",
        "svg",
        "--output",
        &drawing.to_string_lossy(),
    ]);

    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let svg = std::fs::read_to_string(drawing).expect("a drawing");
    assert!(svg.starts_with("<svg ") && svg.contains("<style>"), "{svg}");
}

#[test]
fn the_ledger_is_json_for_programs() {
    let path = saved("neard-parallel_three.json");

    let output = trace(&["--file", &path.to_string_lossy(), "--format", "json"]);

    let ledger: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(ledger["rows"].as_array().map(Vec::len), Some(6));
}

#[test]
fn a_file_that_holds_something_else_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answer.json");
    std::fs::write(&path, r#"{"jsonrpc":"2.0","result":{"status":"fine"}}"#).expect("a file");

    let output = trace(&["--file", &path.to_string_lossy()]);

    let error = String::from_utf8(output.stderr).expect("a text");
    let begins = format!(
        "error: {}: this is no answer to EXPERIMENTAL_tx_status: ",
        path.display()
    );
    assert!(error.starts_with(&begins), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = trace(&["--file", "no/such/answer.json"]);

    let error = String::from_utf8(output.stderr).expect("a text");
    assert!(error.starts_with("error: no/such/answer.json: "), "{error}");
}

#[test]
fn without_a_transaction_there_is_a_usage() {
    let output = trace(&[]);

    assert_eq!(output.status.code(), Some(2));
}
