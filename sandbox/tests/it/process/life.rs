//! The start and the end of the process: beside others, again, by a signal, and with its parent.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::node::{self, Client, PROGRAM, Sandbox, command, free_address, init};

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
    node::wait_until_it_listens(address);
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

#[cfg(unix)]
#[test]
fn the_launcher_runs_the_same_program() {
    let launcher = Path::new(env!("CARGO_MANIFEST_DIR")).join("launch");
    let launched = Command::new(launcher).arg("--version").output().unwrap();
    let told = Command::new(&*PROGRAM).arg("--version").output().unwrap();
    assert_eq!(
        String::from_utf8(launched.stdout),
        String::from_utf8(told.stdout)
    );
}

#[test]
fn the_port_0_is_any_free_one_and_the_log_and_the_status_tell_which() {
    let home = init();
    let mut process = command(home.path(), &["run", "--rpc-addr", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
    let address: SocketAddr = log
        .find_map(|line| {
            let line = line.unwrap();
            let (_, rest) = line.split_once("address=\"")?;
            rest.split('"').next()?.parse().ok()
        })
        .expect("the log tells the address");
    assert_ne!(address.port(), 0);
    let mut sandbox = Sandbox {
        home,
        address,
        process,
        client: Client::new(address),
    };
    let (_, status) = sandbox.client.request("GET", "/status", &[]);
    assert_eq!(status["rpc_addr"], address.to_string());
}
