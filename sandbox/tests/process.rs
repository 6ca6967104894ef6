//! The program as clients start it: its files, its errors, its end.

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{Client, PROGRAM, Sandbox, command, free_address, init, output};
use near_primitives::version::PROTOCOL_VERSION;
use serde_json::{Value, json};

const FILES: [&str; 4] = [
    "config.json",
    "genesis.json",
    "node_key.json",
    "validator_key.json",
];

/// One line on stderr that holds all of `words`, the exit code, and no panic.
#[track_caller]
fn assert_refused(output: &Output, code: i32, words: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<_> = stderr
        .lines()
        .filter(|line| line.starts_with("error: "))
        .collect();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert_eq!(errors.len(), 1, "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    for word in words {
        assert!(errors[0].contains(word), "{word:?} is not in {stderr}");
    }
}

fn run(home: &Path) -> Output {
    output(command(
        home,
        &["run", "--rpc-addr", &free_address().to_string()],
    ))
}

fn change(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}

#[test]
fn init_writes_what_clients_read() {
    let home = init();
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(home.path().join(name)).unwrap()).unwrap()
    };
    let genesis = read("genesis.json");
    assert!(genesis["total_supply"].is_string());
    assert_eq!(genesis["records"].as_array().unwrap().len(), 4);
    assert_eq!(genesis["protocol_version"], PROTOCOL_VERSION);
    assert_eq!(genesis["epoch_length"], 60);
    assert_eq!(genesis["transaction_validity_period"], 100);
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
fn init_changes_nothing_that_is_there() {
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
fn version_and_help_are_told() {
    let version = output(command(Path::new("."), &["--version"]));
    let line = String::from_utf8(version.stdout).unwrap();
    assert!(version.status.success());
    assert!(
        line.contains(&format!("(protocol {PROTOCOL_VERSION})")),
        "{line}"
    );

    let help = output(command(Path::new("."), &["--help"]));
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.status.success() && text.contains("init") && text.contains("run"),
        "{text}"
    );
}

#[test]
fn a_wrong_command_line_is_refused() {
    let home = Path::new("/nowhere");
    let refused = |arguments: &[&str], words: &[&str]| {
        assert_refused(&output(command(home, arguments)), 2, words);
    };
    refused(&[], &["a command is missing"]);
    refused(&["walk"], &["walk"]);
    refused(&["run", "--fast"], &["--fast"]);
    refused(&["init", "--account-id", "Not An Id"], &["Not An Id"]);
    refused(&["run", "--network-addr", "nowhere"], &["nowhere"]);
}

#[test]
fn an_address_that_cannot_be_used_is_refused() {
    let home = init();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = output(command(home.path(), &["run", "--rpc-addr", &address]));
    assert_refused(&refused, 1, &[&address, "in use", "--rpc-addr"]);

    let refused = output(command(home.path(), &["run", "--rpc-addr", "nonsense"]));
    assert_refused(&refused, 1, &["nonsense"]);
}

#[test]
fn a_missing_file_is_named() {
    for name in FILES {
        let home = init();
        fs::remove_file(home.path().join(name)).unwrap();
        assert_refused(&run(home.path()), 1, &[name, "init --fast"]);
    }
}

#[test]
fn a_broken_file_is_named() {
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
fn a_genesis_that_makes_no_chain_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 7] = [
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
        (
            |genesis| genesis["min_gas_price"] = json!("-1"),
            "genesis.json",
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
fn keys_must_fit_together() {
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
fn accounts_added_between_init_and_run_are_there() {
    let mut sandbox = Sandbox::start_with(|home| {
        change(&home.join("genesis.json"), |genesis| {
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

#[test]
fn a_home_can_be_started_again() {
    let mut first = Sandbox::start();
    let genesis_hash = |sandbox: &mut Sandbox| {
        let status: Value = sandbox.call("status", Value::Null);
        status["genesis_hash"].clone()
    };
    let hash = genesis_hash(&mut first);
    // At the same time on another port, as after a client's time-out; and when the first is gone.
    let address = free_address();
    let mut second = command(
        first.home.path(),
        &["run", "--rpc-addr", &address.to_string()],
    )
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    common::wait_until_it_listens(address);
    let (_, status) = Client::new(address).request("GET", "/status", &[]);
    assert_eq!(status["genesis_hash"], hash);
    second.kill().unwrap();
    second.wait().unwrap();

    first.process.kill().unwrap();
    first.process.wait().unwrap();
    let home = std::mem::replace(&mut first.home, tempfile::tempdir().unwrap());
    let mut again = Sandbox::run(home);
    assert_eq!(genesis_hash(&mut again), hash);
}

#[test]
fn what_goes_wrong_is_also_in_a_file() {
    let mut sandbox = Sandbox::start();
    sandbox.height();
    let log = fs::read_to_string(sandbox.home.path().join("sandbox.log")).unwrap();
    assert!(log.contains("the chain is ready"), "{log}");
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told_to() {
    let mut sandbox = Sandbox::start();
    sandbox.height();
    let pid = sandbox.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        if let Some(status) = sandbox.process.try_wait().unwrap() {
            assert!(status.success());
            return;
        }
        assert!(Instant::now() < end, "it goes on");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Starts a shell that starts a sandbox, kills the shell, and says whether the sandbox then ends.
#[cfg(unix)]
fn ends_with_its_parent(arguments: &str, within: Duration) -> bool {
    let home = init();
    let address = free_address();
    let script = format!(
        "'{}' --home '{}' run --rpc-addr {address} {arguments} 2>/dev/null & echo $!; wait",
        PROGRAM.display(),
        home.path().display()
    );
    let mut parent = Command::new("sh")
        .args(["-c", &script])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pid = String::new();
    BufReader::new(parent.stdout.take().unwrap())
        .read_line(&mut pid)
        .unwrap();
    common::wait_until_it_listens(address);
    parent.kill().unwrap();
    parent.wait().unwrap();

    let end = Instant::now() + within;
    while Instant::now() < end {
        if std::net::TcpStream::connect(address).is_err() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = Command::new("kill").args(["-KILL", pid.trim()]).status();
    false
}

#[cfg(unix)]
#[test]
fn it_ends_when_its_parent_is_gone() {
    assert!(ends_with_its_parent("", Duration::from_secs(5)));
}

#[cfg(unix)]
#[test]
fn it_outlives_its_parent_where_that_is_wanted() {
    assert!(!ends_with_its_parent(
        "--outlive-parent",
        Duration::from_millis(300)
    ));
}

#[cfg(unix)]
#[test]
fn the_launcher_runs_the_same_program() {
    let launcher = Path::new(env!("CARGO_MANIFEST_DIR")).join("launch");
    let mut launched = Command::new(launcher);
    launched.arg("--version");
    let told = Command::new(&*PROGRAM)
        .arg("--version")
        .output()
        .unwrap()
        .stdout;
    let output = launched.output().unwrap();
    assert_eq!(String::from_utf8(output.stdout), String::from_utf8(told));
}
