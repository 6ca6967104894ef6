//! The latency of the sandbox: `cargo bench --profile dev --workspace --bench latency`.
//!
//! Prints figures and asserts nothing: the medians of some rounds, on this machine, in the profile
//! that it was built with. The goals are 50 ms for the start and 10 ms for the cross-contract call.

#[path = "../tests/it/node.rs"]
mod node;

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use near_crypto::{KeyType, SecretKey};
use near_primitives::account::AccessKey;
use near_primitives::action::{
    Action, AddKeyAction, CreateAccountAction, DeployContractAction, FunctionCallAction,
    TransferAction,
};
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::{FinalExecutionOutcomeView, FinalExecutionStatus};
use node::{Client, PROGRAM, Sandbox, encode, free_address, init};
use serde_json::{Value, json};

const ROUNDS: usize = 21;
/// The number of calls that are on their way at the same time.
const CALLS_AT_ONCE: u64 = 10_000;
/// The number of connections that they are sent over.
const CONNECTIONS: usize = 50;
/// The probe contract, which runs the program in its argument.
const PROBE: &[u8] = include_bytes!("../../chain/tests/fixtures/probe.wasm");
/// A contract that logs and returns a word.
const GREET: &[u8] = include_bytes!("../../chain/tests/fixtures/greet.wasm");

fn main() {
    let launcher = Path::new(env!("CARGO_MANIFEST_DIR")).join("launch");
    // The first run of the launcher may build.
    let _ = Command::new(&launcher)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    print_median(
        "start to first answer, the program",
        rounds(|| start(&PROGRAM)),
    );
    print_median(
        "start to first answer, sandbox/launch",
        rounds(|| start(&launcher)),
    );

    let mut sandbox = Sandbox::start();
    for (name, code) in [
        ("a.test.near", PROBE),
        ("b.test.near", PROBE),
        ("c.test.near", GREET),
    ] {
        deploy(
            &mut sandbox,
            &name.parse().expect("a valid account id"),
            code,
        );
    }
    let first = cross_contract_call(&mut sandbox);
    println!(
        "{:>9.2} ms  call, partner, callback: the first time",
        milliseconds(first)
    );
    print_median(
        "call, partner, callback through RPC",
        rounds(|| cross_contract_call(&mut sandbox)),
    );
    print_median("a view call through RPC", rounds(|| view(&mut sandbox)));
    print_median(
        "100 view calls at once, while blocks are made",
        rounds(|| views_while_blocks_are_made(&mut sandbox)),
    );
    print_rate(
        "scenarios a second, one after the other: a call with five receipts, and its queries",
        &mut sandbox,
    );
    println!(
        "{:>9.2} ms  {CALLS_AT_ONCE} calls by one key at once, over {CONNECTIONS} connections",
        milliseconds(calls_at_once(&mut sandbox))
    );
}

/// Measures the time from the start of the process to the first response.
fn start(program: &Path) -> Duration {
    let home = init();
    let address = free_address();
    let start = Instant::now();
    let mut process = Command::new(program)
        .arg("--home")
        .arg(home.path())
        .args(["run", "--rpc-addr", &address.to_string()])
        .stderr(Stdio::null())
        .spawn()
        .expect("the sandbox can be started");
    node::wait_until_it_listens(address);
    let (status, _) = Client::new(address).request("GET", "/status", &[]);
    let taken = start.elapsed();
    assert_eq!(status, 200);
    let _ = process.kill();
    let _ = process.wait();
    taken
}

fn deploy(sandbox: &mut Sandbox, account: &AccountId, code: &[u8]) {
    let root = sandbox.root();
    let public_key = SecretKey::from_seed(KeyType::ED25519, account.as_str()).public_key();
    let actions = vec![
        CreateAccountAction {}.into(),
        TransferAction {
            deposit: Balance::from_near(100),
        }
        .into(),
        AddKeyAction {
            public_key,
            access_key: AccessKey::full_access(),
        }
        .into(),
        DeployContractAction {
            code: code.to_vec(),
        }
        .into(),
    ];
    sandbox.commit(&root, account, actions);
}

/// Measures view calls on connections of their own, while transactions follow one another.
fn views_while_blocks_are_made(sandbox: &mut Sandbox) -> Duration {
    const VIEWS: usize = 100;
    let address = sandbox.address;
    let start = Instant::now();
    let views: Vec<_> = (0..VIEWS)
        .map(|_| thread::spawn(move || Client::new(address).rpc("query", greet())))
        .collect();
    while !views.iter().all(JoinHandle::is_finished) {
        cross_contract_call(sandbox);
    }
    let taken = start.elapsed();
    for view in views {
        let (status, answer) = view.join().expect("the view was answered");
        assert_eq!(status, 200, "{answer}");
    }
    taken
}

/// Prints how many scenarios a second one client gets done: the query of the key, the transaction, and the
/// queries after it that a test makes.
fn print_rate(what: &str, sandbox: &mut Sandbox) {
    const SCENARIOS: u32 = 200;
    let start = Instant::now();
    for _ in 0..SCENARIOS {
        cross_contract_call(sandbox);
        view(sandbox);
        let look = json!({
            "request_type": "view_account", "account_id": "a.test.near", "finality": "optimistic",
        });
        let _: Value = sandbox.call("query", look);
    }
    let rate = f64::from(SCENARIOS) / start.elapsed().as_secs_f64();
    println!("{rate:>9.0}     {what}");
}

/// Measures a transaction, from sending it to the response with all its outcomes.
fn cross_contract_call(sandbox: &mut Sandbox) -> Duration {
    let partner = json!({"run": {"program": [{"return": {"text": "7"}}], "tgas": 20}});
    let callback = json!({"run": {"program": ["return_results"], "tgas": 20}});
    let program = json!({"program": [
        {"create": {"to": "b.test.near", "actions": [partner]}},
        {"then": {"after": 0, "to": "a.test.near", "actions": [callback]}},
        {"return_promise": {"of": 1}},
    ]});
    let action: Action = FunctionCallAction {
        method_name: "run".to_owned(),
        args: program.to_string().into_bytes(),
        gas: Gas::from_teragas(200),
        deposit: Balance::ZERO,
    }
    .into();
    let root = sandbox.root();
    let transaction = sandbox.sign(
        &root,
        &"a.test.near".parse().expect("a valid account id"),
        vec![action],
    );
    let params = json!([encode(&transaction)]);
    let start = Instant::now();
    let outcome: FinalExecutionOutcomeView = sandbox.call("broadcast_tx_commit", params);
    let taken = start.elapsed();
    assert_eq!(
        outcome.status,
        FinalExecutionStatus::SuccessValue(br#"["7"]"#.to_vec())
    );
    taken
}

/// Measures many calls of a contract by one key, from sending the first to the outcome of the last. They arrive in
/// any order.
fn calls_at_once(sandbox: &mut Sandbox) -> Duration {
    let root = sandbox.root();
    let contract: AccountId = "c.test.near".parse().expect("a valid account id");
    let action: Action = FunctionCallAction {
        method_name: "greet".to_owned(),
        args: Vec::new(),
        gas: Gas::from_teragas(10),
        deposit: Balance::ZERO,
    }
    .into();
    let first = sandbox.sign(&root, &contract, vec![action.clone()]);
    let nonce = first.transaction.nonce().nonce();
    let block_hash = *first.transaction.block_hash();
    let calls: Vec<_> = (nonce..nonce + CALLS_AT_ONCE)
        .map(|nonce| node::sign(&root, nonce, &contract, vec![action.clone()], block_hash))
        .collect();
    let address = sandbox.address;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for connection in 0..CONNECTIONS {
            let own = calls.iter().skip(connection).step_by(CONNECTIONS);
            scope.spawn(move || {
                let mut client = Client::new(address);
                for call in own.clone() {
                    let (status, _) = client.rpc("broadcast_tx_async", json!([encode(call)]));
                    assert_eq!(status, 200);
                }
                for call in own {
                    let id = json!({
                        "tx_hash": call.get_hash(), "sender_account_id": "test.near",
                        "wait_until": "FINAL",
                    });
                    let (_, response) = client.rpc("tx", id);
                    let status = &response["result"]["status"];
                    assert!(status["SuccessValue"].is_string(), "{response}");
                }
            });
        }
    });
    start.elapsed()
}

fn view(sandbox: &mut Sandbox) -> Duration {
    let start = Instant::now();
    let _: Value = sandbox.call("query", greet());
    start.elapsed()
}

/// Returns the parameters of a view call.
fn greet() -> Value {
    json!({
        "request_type": "call_function", "account_id": "c.test.near", "method_name": "greet",
        "args_base64": "", "finality": "optimistic",
    })
}

fn rounds(mut round: impl FnMut() -> Duration) -> Vec<Duration> {
    let mut taken: Vec<_> = (0..ROUNDS).map(|_| round()).collect();
    taken.sort();
    taken
}

fn print_median(what: &str, taken: Vec<Duration>) {
    println!(
        "{:>9.2} ms  {what} (best {:.2}, worst {:.2})",
        milliseconds(taken[taken.len() / 2]),
        milliseconds(taken[0]),
        milliseconds(taken[taken.len() - 1]),
    );
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
