//! The times of blocks: with work, without work, by the settings, and after a fast-forward.

#[path = "it/node.rs"]
mod node;

use std::time::{Duration, Instant};

use near_primitives::action::{Action, DeployContractAction, FunctionCallAction, TransferAction};
use near_primitives::serialize::from_base64;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::{BlockView, FinalExecutionOutcomeView};
use node::{Sandbox, encode, sign};
use serde_json::{Value, json};

fn with_consensus(consensus: Value) -> Sandbox {
    Sandbox::start_with(|home| {
        let path = home.join("config.json");
        let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        config["consensus"] = consensus;
        std::fs::write(&path, config.to_string()).unwrap();
    })
}

fn transfer(amount: u128) -> Vec<Action> {
    vec![
        TransferAction {
            deposit: Balance::from_yoctonear(amount),
        }
        .into(),
    ]
}

fn head(sandbox: &mut Sandbox) -> BlockView {
    sandbox.call("block", json!({"finality": "final"}))
}

#[test]
fn an_idle_chain_produces_empty_blocks() {
    let half_a_second = json!({"max_block_production_delay": {"secs": 0, "nanos": 100_000_000}});
    let mut sandbox = with_consensus(half_a_second);
    let before = sandbox.height();
    let end = Instant::now() + Duration::from_secs(5);
    while sandbox.height() < before + 3 {
        assert!(Instant::now() < end, "the height stands still");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_yield_times_out_although_nothing_else_happens() {
    let mut sandbox =
        with_consensus(json!({"max_block_production_delay": {"secs": 3600, "nanos": 0}}));
    let (root, contract): (_, AccountId) = (sandbox.root(), "test.near".parse().unwrap());
    let deploy = DeployContractAction {
        code: include_bytes!("../../chain/tests/fixtures/yields.wasm").to_vec(),
    };
    sandbox.commit(&root, &contract, vec![deploy.into()]);
    let wait = FunctionCallAction {
        method_name: "wait".to_owned(),
        args: Vec::new(),
        gas: Gas::from_teragas(100),
        deposit: Balance::ZERO,
    };
    let transaction = sandbox.sign(&root, &contract, vec![wait.into()]);
    let status = |wait_until: &str| json!({"signed_tx_base64": encode(&transaction), "wait_until": wait_until});
    let _: Value = sandbox.call("send_tx", status("INCLUDED_FINAL"));
    // All but the last of the 200 blocks until the time-out.
    let _: Value = sandbox.call("sandbox_fast_forward", json!({"delta_height": 190}));
    let outcome: Value = sandbox.call("tx", status("FINAL"));
    let value = from_base64(outcome["status"]["SuccessValue"].as_str().unwrap()).unwrap();
    assert_eq!(value, b"timed out");
}

#[test]
fn init_writes_the_longest_delay_of_a_fast_neard() {
    let home = node::init();
    let config = std::fs::read(home.path().join("config.json")).unwrap();
    let config: Value = serde_json::from_slice(&config).unwrap();
    let delay = &config["consensus"]["max_block_production_delay"];
    assert_eq!(*delay, json!({"secs": 0, "nanos": 500_000_000}));
}

#[test]
fn empty_blocks_can_be_switched_off() {
    let mut sandbox = with_consensus(json!({
        "produce_empty_blocks": false,
        "max_block_production_delay": {"secs": 0, "nanos": 1_000_000},
    }));
    let before = sandbox.height();
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(sandbox.height(), before);
    let (root, near): (_, AccountId) = (sandbox.root(), "near".parse().unwrap());
    sandbox.commit(&root, &near, transfer(1));
    assert_eq!(
        sandbox.height(),
        before + 3,
        "the transaction, its receipt, the refund"
    );
}

#[test]
fn blocks_keep_the_configured_distance() {
    let mut sandbox = with_consensus(json!({
        "produce_empty_blocks": false,
        "min_block_production_delay": {"secs": 0, "nanos": 100_000_000},
    }));
    let (root, near): (_, AccountId) = (sandbox.root(), "near".parse().unwrap());
    let start = Instant::now();
    let outcome = sandbox.commit(&root, &near, transfer(1));
    assert!(
        start.elapsed() >= Duration::from_millis(200),
        "{:?}",
        start.elapsed()
    );
    let hash = outcome.transaction_outcome.block_hash;
    let first: BlockView = sandbox.call("block", json!({"block_id": hash}));
    let last = head(&mut sandbox);
    let between = last.header.timestamp - first.header.timestamp;
    assert!(between >= 200_000_000, "{between}");
}

#[test]
fn a_fast_forward_moves_height_and_time() {
    let mut sandbox = Sandbox::start();
    let before = head(&mut sandbox);
    for delta in [0, 1, 1_000] {
        let _: Value = sandbox.call("sandbox_fast_forward", json!({"delta_height": delta}));
    }
    let after = head(&mut sandbox);
    let heights = after.header.height - before.header.height;
    assert!((1_001..1_010).contains(&heights), "{heights}");
    let seconds = (after.header.timestamp - before.header.timestamp) / 1_000_000_000;
    assert!((310..330).contains(&seconds), "{seconds}");
    let (status, _) = sandbox.refusal("sandbox_fast_forward", json!({"delta_height": u64::MAX}));
    assert_eq!(status, 500);
    let (status, _) = sandbox.refusal("sandbox_fast_forward", json!({"delta_height": -1}));
    assert_eq!(status, 400);
}

#[test]
fn a_patch_is_visible_when_the_request_returns() {
    let mut sandbox = Sandbox::start();
    let look = json!({"finality": "final", "request_type": "view_account", "account_id": "near"});
    let mut account: Value = sandbox.call("query", look.clone());
    account["amount"] = json!("12345");
    let records = json!({"records": [{"Account": {"account_id": "near", "account": account}}]});
    for _ in 0..2 {
        let done: Value = sandbox.call("sandbox_patch_state", records.clone());
        assert_eq!(done, json!({}));
        let patched: Value = sandbox.call("query", look.clone());
        assert_eq!(patched["amount"], "12345");
    }
    let code = json!({"records": [{"Contract": {"account_id": "near", "code": "AAAA"}}]});
    let (status, error) = sandbox.refusal("sandbox_patch_state", code);
    assert_eq!(status, 500);
    let message = error["cause"]["info"]["error_message"].as_str().unwrap();
    assert!(message.contains("code_hash"), "{message}");
}

#[test]
fn many_clients_at_once_all_get_responses() {
    let mut sandbox = Sandbox::start();
    let (root, near): (_, AccountId) = (sandbox.root(), "near".parse().unwrap());
    let first = sandbox.sign(&root, &near, transfer(1));
    let (nonce, block_hash) = (
        first.transaction.nonce().nonce(),
        *first.transaction.block_hash(),
    );
    let address = sandbox.address;
    let threads: Vec<_> = (0..20)
        .map(|index| {
            let transaction = sign(&root, nonce + index, &near, transfer(1), block_hash);
            std::thread::spawn(move || {
                let mut client = node::Client::new(address);
                // In any order: a nonce that comes too late is refused, never left without an answer.
                let (status, answer) =
                    client.rpc("broadcast_tx_commit", json!([encode(&transaction)]));
                assert_eq!(status, 200, "{answer}");
                match answer.get("result") {
                    Some(result) => {
                        serde_json::from_value::<FinalExecutionOutcomeView>(result.clone())
                            .unwrap();
                    }
                    None => assert_eq!(answer["error"]["cause"]["name"], "INVALID_TRANSACTION"),
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
