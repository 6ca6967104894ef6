//! The start and the end of the process: beside others, again, by a signal, and with its parent.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{assert_refused, run};
use crate::node::{self, ANY_PORT, PROGRAM, Sandbox, command, free_address, init};
use crate::rpc::transfer;

#[test]
fn a_second_start_begins_again_from_the_genesis_and_says_so() {
    let mut first = Sandbox::start();
    let genesis_hash = |sandbox: &mut Sandbox| {
        let status: Value = sandbox.call("status", Value::Null);
        status["genesis_hash"].clone()
    };
    let log =
        |sandbox: &Sandbox| fs::read_to_string(sandbox.home.path().join("sandbox.log")).unwrap();
    const AGAIN: &str = "the chain starts again from genesis.json";
    let (hash, root) = (genesis_hash(&mut first), first.root());
    let near = "near".parse().unwrap();
    let outcome = first.commit(&root, &near, vec![transfer(1)]);
    assert!(!log(&first).contains(AGAIN), "{}", log(&first));

    first.process.kill().unwrap();
    first.process.wait().unwrap();
    let home = std::mem::replace(&mut first.home, tempfile::tempdir().unwrap());
    let mut again = Sandbox::run(home);

    assert_eq!(genesis_hash(&mut again), hash);
    let gone = json!({"block_id": outcome.transaction_outcome.block_hash});
    let (_, error) = again.refusal("block", gone);
    assert_eq!(error["cause"]["name"], "UNKNOWN_BLOCK");
    assert!(log(&again).contains(AGAIN), "{}", log(&again));
}

#[test]
fn a_home_that_is_in_use_is_refused_in_one_line() {
    let mut first = Sandbox::start();
    let before = first.height();
    let process = first.process.id().to_string();

    let output = run(first.home.path());

    let (folder, words) = (
        first.home.path().display().to_string(),
        "another sandbox runs in",
    );
    assert_refused(&output, 1, &[words, &folder, &process, "--home"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    assert!(first.height() >= before);
}

#[test]
fn of_many_sandboxes_that_start_in_one_home_one_runs() {
    let home = init();
    let mut started: Vec<_> = (0..8)
        .map(|_| {
            command(home.path(), &["run", "--rpc-addr", ANY_PORT])
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let end = Instant::now() + Duration::from_secs(10);
    let mut running = started.len();
    while running > 1 && Instant::now() < end {
        let states = started
            .iter_mut()
            .map(|process| process.try_wait().unwrap());
        running = states.filter(Option::is_none).count();
        std::thread::yield_now();
    }
    let ended = started.iter_mut().filter_map(|process| {
        let _ = process.kill();
        process.wait().unwrap().code()
    });
    assert_eq!(ended.collect::<Vec<_>>(), [1; 7]);
}

#[test]
fn logs_are_also_in_a_file() {
    let mut sandbox = Sandbox::start();
    sandbox.height();
    let log = fs::read_to_string(sandbox.home.path().join("sandbox.log")).unwrap();
    assert!(log.contains("the chain is ready"), "{log}");
}

#[cfg(unix)]
#[test]
fn the_node_ends_by_a_signal() {
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

#[cfg(unix)]
#[test]
fn the_node_ends_with_its_parent() {
    assert!(ends_with_its_parent("", Duration::from_secs(5)));
}

#[cfg(unix)]
#[test]
fn the_node_can_outlive_its_parent() {
    assert!(!ends_with_its_parent(
        "--outlive-parent",
        Duration::from_millis(300)
    ));
}

/// Starts a shell that starts a sandbox, kills the shell, and returns `true` if the sandbox then ends.
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
    node::wait_until_it_listens(address);
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

#[test]
fn the_status_has_the_address_with_the_port_that_the_sandbox_chose() {
    let mut sandbox = Sandbox::start();
    let address = sandbox.address;
    assert_ne!(address.port(), 0);
    let (_, status) = sandbox.client.request("GET", "/status", &[]);
    assert_eq!(status["rpc_addr"], address.to_string());
}
