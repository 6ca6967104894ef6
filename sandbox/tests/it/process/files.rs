//! The files in the home folder: those that `init` writes, and the errors of `run` for broken ones.

use std::fs;

use near_primitives::version::PROTOCOL_VERSION;
use serde_json::{Value, json};

use super::{assert_refused, change, run};
use crate::node::{Sandbox, command, init, output};

const FILES: [&str; 4] = [
    "config.json",
    "genesis.json",
    "node_key.json",
    "validator_key.json",
];

#[test]
fn init_writes_the_files_that_clients_read() {
    let home = init();
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(home.path().join(name)).unwrap()).unwrap()
    };
    let genesis = read("genesis.json");
    assert!(genesis["total_supply"].is_string());
    assert_eq!(genesis["records"].as_array().unwrap().len(), 4);
    assert_eq!(genesis["protocol_version"], PROTOCOL_VERSION);
    assert_eq!(genesis["epoch_length"], 60);
    assert_eq!(genesis["transaction_validity_period"], 86_400);
    assert!(read("config.json").is_object());
    for (name, account) in [
        ("validator_key.json", "test.near"),
        ("node_key.json", "node"),
    ] {
        let key = read(name);
        assert_eq!(key["account_id"], account);
        assert!(key["public_key"].is_string() && key["secret_key"].is_string());
    }
}

#[test]
fn init_does_not_change_existing_files() {
    let home = init();
    let contents = || FILES.map(|name| fs::read(home.path().join(name)).unwrap());
    let before = contents();
    let again = output(command(
        home.path(),
        &["init", "--fast", "--chain-id", "other"],
    ));
    assert!(again.status.success());
    assert_eq!(contents(), before);
}

#[test]
fn the_error_names_a_missing_file() {
    for name in FILES {
        let home = init();
        fs::remove_file(home.path().join(name)).unwrap();
        assert_refused(&run(home.path()), 1, &[name, "init --fast"]);
    }
}

#[test]
fn the_error_names_a_broken_file() {
    for name in FILES {
        for content in [
            "",
            "{",
            "[]",
            "null",
            "\"text\"",
            "{\"records\": 1, \"rpc\": 1}",
            "\u{0}",
        ] {
            let home = init();
            fs::write(home.path().join(name), content).unwrap();
            assert_refused(&run(home.path()), 1, &[name]);
        }
        let home = init();
        fs::write(home.path().join(name), [0xff, 0xfe, 0x00]).unwrap();
        assert_refused(&run(home.path()), 1, &[name, "UTF-8"]);
    }
}

#[test]
fn an_unsupported_genesis_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 11] = [
        (
            |genesis| genesis["records"] = json!([{"Account": {}}]),
            "record 0",
        ),
        (
            |genesis| genesis["records"][0]["Account"]["account_id"] = json!("A"),
            "record 0",
        ),
        (
            |genesis| genesis["protocol_version"] = json!(50),
            "protocol_version 50",
        ),
        (|genesis| genesis["epoch_length"] = json!(0), "epoch_length"),
        (|genesis| genesis["gas_limit"] = json!(0), "gas_limit"),
        (
            |genesis| genesis["genesis_height"] = json!(u64::MAX),
            "genesis_height",
        ),
        (
            |genesis| genesis["min_gas_price"] = json!("-1"),
            "genesis.json",
        ),
        (
            |genesis| genesis["genesis_time"] = json!("2262-01-01T00:00:00Z"),
            "after the year 2261",
        ),
        (
            |genesis| genesis["genesis_time"] = json!("1969-12-31T23:59:59Z"),
            "before 1970",
        ),
        (
            |genesis| drop(genesis.as_object_mut().unwrap().remove("chain_id")),
            "chain_id",
        ),
        (
            |genesis| drop(genesis["records"].as_array_mut().unwrap().remove(1)),
            "full-access key",
        ),
    ];
    for (break_it, word) in cases {
        let home = init();
        change(&home.path().join("genesis.json"), break_it);
        assert_refused(&run(home.path()), 1, &[word]);
    }
}

#[test]
fn an_inconsistent_genesis_is_refused_in_one_line() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 7] = [
        (
            |genesis| repeat_record(genesis, 1),
            "records[4] repeats an earlier AccessKey of test.near",
        ),
        (
            |genesis| {
                repeat_record(genesis, 2);
                genesis["total_supply"] = json!((3_050_000_000 * 10_u128.pow(24)).to_string());
            },
            "repeats an earlier Account of near",
        ),
        (
            |genesis| genesis["total_supply"] = json!("1"),
            "total_supply is 1, but",
        ),
        (
            |genesis| genesis["validators"] = json!([]),
            "validators is empty",
        ),
        (
            |genesis| genesis["validators"][0]["amount"] = json!("7"),
            "test.near has a stake of 7",
        ),
        (
            |genesis| {
                let validator = genesis["validators"][0].clone();
                genesis["validators"]
                    .as_array_mut()
                    .unwrap()
                    .push(validator);
            },
            "validators and records differ",
        ),
        (
            |genesis| genesis["records"][2]["Account"]["account"]["locked"] = json!("5"),
            "near has a stake of 0, and 5",
        ),
    ];
    for (break_it, word) in cases {
        let home = init();
        change(&home.path().join("genesis.json"), break_it);
        let output = run(home.path());
        assert_refused(&output, 1, &[word]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    }
}

fn repeat_record(genesis: &mut Value, index: usize) {
    let record = genesis["records"][index].clone();
    genesis["records"].as_array_mut().unwrap().push(record);
}

#[test]
fn the_block_producer_may_be_the_treasury() {
    let home = tempfile::tempdir().unwrap();
    let made = output(command(
        home.path(),
        &["init", "--fast", "--account-id", "near"],
    ));
    assert!(made.status.success(), "{made:?}");
    let mut sandbox = Sandbox::run(home);
    let near = json!({"finality": "final", "request_type": "view_account", "account_id": "near"});
    let account: Value = sandbox.call("query", near);
    assert_eq!(
        account["locked"],
        (50_000_000 * 10_u128.pow(24)).to_string()
    );
}

#[test]
fn the_key_files_must_match_the_genesis() {
    let home = init();
    let node_key: Value =
        serde_json::from_slice(&fs::read(home.path().join("node_key.json")).unwrap()).unwrap();
    change(&home.path().join("validator_key.json"), |key| {
        key["secret_key"] = node_key["secret_key"].clone();
    });
    assert_refused(
        &run(home.path()),
        1,
        &["validator_key.json", "does not belong"],
    );
}

#[test]
fn accounts_added_between_init_and_run_exist() {
    let mut sandbox = Sandbox::start_with(|home| {
        change(&home.join("genesis.json"), |genesis| {
            let supply = genesis["total_supply"].as_str().unwrap();
            let supply: u128 = supply.parse().unwrap();
            genesis["total_supply"] = json!((supply + 10_u128.pow(28)).to_string());
            let records = genesis["records"].as_array_mut().unwrap();
            records.push(json!({"Account": {"account_id": "sandbox", "account": {
                "amount": "10000000000000000000000000000", "locked": "0",
                "code_hash": "11111111111111111111111111111111", "storage_usage": 182,
            }}}));
            records.push(json!({"AccessKey": {
                "account_id": "sandbox",
                "public_key": "ed25519:5BGSaf6YjVm7565VzWQHNxoyEjwr3jUpRJSGjREvU9dB",
                "access_key": {"nonce": 0, "permission": "FullAccess"},
            }}));
        });
        change(&home.join("config.json"), |config| {
            config["rpc"]["limits_config"]["json_payload_max_size"] = json!(1 << 30);
            config["store"] = json!({"max_open_files": 3000});
        });
    });
    let account: Value = sandbox.call(
        "query",
        json!({"finality": "final", "request_type": "view_account", "account_id": "sandbox"}),
    );
    assert_eq!(account["amount"], "10000000000000000000000000000");
}
