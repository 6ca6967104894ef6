//! A sandbox in a folder of its own, a small HTTP client, and signed transactions.
#![allow(dead_code, reason = "each program uses its part of this")]

use std::env::consts::EXE_EXTENSION;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use near_crypto::{InMemorySigner, KeyFile, Signer};
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::to_base64;
use near_primitives::transaction::{SignedTransaction, Transaction, TransactionV0};
use near_primitives::types::AccountId;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The program under test, which cargo puts beside the folder of its tests. (Cargo also sets
/// `CARGO_BIN_EXE_embedded-sandbox`, but a compiler that is a shell script drops variables with a hyphen in
/// their names, and the toolchain that this book makes from Debian's packages is one.)
pub static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("a folder above the tests");
    folder
        .join("embedded-sandbox")
        .with_extension(EXE_EXTENSION)
});

/// The address for a port that the sandbox chooses.
pub const ANY_PORT: &str = "127.0.0.1:0";

/// A running sandbox, which ends when the value is dropped.
pub struct Sandbox {
    pub home: TempDir,
    pub address: SocketAddr,
    pub process: Child,
    pub client: Client,
}

impl Sandbox {
    /// Starts a sandbox with the files of `init --fast`.
    pub fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// Starts a sandbox whose files are changed between `init` and `run`.
    pub fn start_with(prepare: impl FnOnce(&Path)) -> Self {
        let home = init();
        prepare(home.path());
        Self::run(home)
    }

    /// Starts a sandbox with the files of a folder.
    pub fn run(home: TempDir) -> Self {
        let mut process = command(home.path(), &["run", "--rpc-addr", ANY_PORT])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the sandbox can be started");
        let address = logged_address(&mut process);
        Self {
            home,
            address,
            process,
            client: Client::new(address),
        }
    }

    /// Returns the signer of `test.near`.
    pub fn root(&self) -> Signer {
        let path = self.home.path().join("validator_key.json");
        let key = KeyFile::from_file(&path).expect("init wrote the key");
        InMemorySigner::from_secret_key(key.account_id, key.secret_key)
    }

    /// Calls a method and returns its `result`, in the type that clients read.
    pub fn call<T: DeserializeOwned>(&mut self, method: &str, params: Value) -> T {
        let (status, response) = self.client.rpc(method, params);
        assert_eq!(status, 200, "{method}: {response}");
        let result = response
            .get("result")
            .unwrap_or_else(|| panic!("{method}: {response}"));
        serde_json::from_value(result.clone())
            .unwrap_or_else(|error| panic!("{method}: {error}: {result}"))
    }

    /// Calls a method and returns the HTTP status and the `error`.
    pub fn refusal(&mut self, method: &str, params: Value) -> (u16, Value) {
        let (status, response) = self.client.rpc(method, params);
        let error = response
            .get("error")
            .unwrap_or_else(|| panic!("{method}: {response}"));
        (status, error.clone())
    }

    /// Signs a transaction that the chain accepts.
    pub fn sign(
        &mut self,
        signer: &Signer,
        receiver: &AccountId,
        actions: Vec<Action>,
    ) -> SignedTransaction {
        let query = json!({
            "finality": "optimistic",
            "request_type": "view_access_key",
            "account_id": signer.get_account_id(),
            "public_key": signer.public_key(),
        });
        let key: Value = self.call("query", query);
        let nonce = key["nonce"].as_u64().expect("a nonce") + 1;
        let block_hash: CryptoHash = key["block_hash"]
            .as_str()
            .expect("a hash")
            .parse()
            .expect("a hash");
        sign(signer, nonce, receiver, actions, block_hash)
    }

    /// Sends a transaction and waits for all of it.
    pub fn commit(
        &mut self,
        signer: &Signer,
        receiver: &AccountId,
        actions: Vec<Action>,
    ) -> near_primitives::views::FinalExecutionOutcomeView {
        let transaction = self.sign(signer, receiver, actions);
        self.call("broadcast_tx_commit", json!([encode(&transaction)]))
    }

    /// Returns the height of the latest block.
    pub fn height(&mut self) -> u64 {
        let status: Value = self.call("status", Value::Null);
        status["sync_info"]["latest_block_height"]
            .as_u64()
            .expect("a height")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Signs a transaction.
pub fn sign(
    signer: &Signer,
    nonce: u64,
    receiver: &AccountId,
    actions: Vec<Action>,
    block_hash: CryptoHash,
) -> SignedTransaction {
    let transaction = Transaction::V0(TransactionV0 {
        signer_id: signer.get_account_id(),
        public_key: signer.public_key(),
        nonce,
        receiver_id: receiver.clone(),
        block_hash,
        actions,
    });
    let signature = signer.sign(transaction.get_hash_and_size().0.as_ref());
    SignedTransaction::new(signature, transaction)
}

/// Returns a folder with the files that `init --fast` writes.
pub fn init() -> TempDir {
    let home = tempfile::tempdir().expect("a temporary folder");
    let output = output(command(home.path(), &["init", "--fast"]));
    assert!(output.status.success(), "{output:?}");
    home
}

/// Returns the command that runs the program with `--home` and some arguments.
pub fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(&*PROGRAM);
    command
        .arg("--home")
        .arg(home)
        .args(arguments)
        .env_remove("RUST_LOG");
    command
}

/// Runs a program to its end, for at most ten seconds.
pub fn output(mut command: Command) -> Output {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let end = Instant::now() + Duration::from_secs(10);
    while child.try_wait().expect("the child can be asked").is_none() {
        if Instant::now() > end {
            let _ = child.kill();
            panic!("the program did not end: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("the child has ended")
}

/// Reads the address in the log of a sandbox that has just been started, and goes on reading the log.
fn logged_address(process: &mut Child) -> SocketAddr {
    let log = process.stderr.take().expect("the log is piped");
    let mut lines = BufReader::new(log).lines().map_while(Result::ok);
    let address = lines
        .find_map(|line| {
            let (_, rest) = line.split_once("address=\"")?;
            rest.split('"').next()?.parse().ok()
        })
        .expect("the log has the address");
    std::thread::spawn(move || lines.for_each(drop));
    address
}

/// Returns an address that no process listens on now. Another one may take it.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address")
}

/// Returns when a process listens on the address.
pub fn wait_until_it_listens(address: SocketAddr) {
    let end = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_err() {
        assert!(Instant::now() < end, "nobody listens on {address}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Encodes a transaction for RPC.
pub fn encode(transaction: &SignedTransaction) -> String {
    to_base64(&borsh::to_vec(transaction).expect("a transaction can be serialised"))
}

/// An HTTP client that keeps its connection.
pub struct Client {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            connection: None,
        }
    }

    /// Calls a method.
    pub fn rpc(&mut self, method: &str, params: Value) -> (u16, Value) {
        let request = json!({"jsonrpc": "2.0", "id": "1", "method": method, "params": params});
        self.post(&request.to_string().into_bytes())
    }

    /// Sends a request on a connection of its own, and returns the connection without reading from it.
    pub fn send(&self, method: &str, params: Value) -> TcpStream {
        let request = json!({"jsonrpc": "2.0", "id": "1", "method": method, "params": params});
        let message = self.message("POST", "/", &[], request.to_string().as_bytes());
        let mut stream = TcpStream::connect(self.address).expect("the sandbox listens");
        stream.write_all(&message).expect("the sandbox reads");
        stream
    }

    /// Posts any body.
    pub fn post(&mut self, body: &[u8]) -> (u16, Value) {
        self.request("POST", "/", body)
    }

    /// Sends any request and returns the JSON of the response.
    pub fn request(&mut self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let Exchange { status, body, .. } = self.exchange(method, path, &[], body);
        let json = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&body)));
        (status, json)
    }

    /// Returns the status of a request without a body.
    pub fn status(&mut self, method: &str, path: &str) -> u16 {
        self.exchange(method, path, &[], &[]).status
    }

    fn message(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        let (address, length) = (self.address, body.len());
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        [head.as_bytes(), body].concat()
    }

    /// Sends any request with further headers.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Exchange {
        let address = self.address;
        let message = self.message(method, path, headers, body);
        let connection = self.connection.get_or_insert_with(|| {
            let stream = TcpStream::connect(address).expect("the sandbox listens");
            stream.set_nodelay(true).expect("a socket option");
            stream
                .set_read_timeout(Some(Duration::from_secs(30)))
                .expect("a socket option");
            BufReader::new(stream)
        });
        // A server that refuses a long body may stop reading it; its response counts.
        let _ = connection.get_mut().write_all(&message);

        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = connection.read_line(&mut head).expect("an response");
            assert!(read > 0, "the connection was closed after {head:?}");
        }
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .expect("a status");
        let mut exchange = Exchange {
            status,
            head,
            body: Vec::new(),
        };
        let length = exchange.header("content-length").expect("a length");
        if method != "HEAD" {
            exchange.body = vec![0; length.parse().expect("a number")];
            connection.read_exact(&mut exchange.body).expect("a body");
        }
        if exchange.header("connection") == Some("close") {
            self.connection = None;
        }
        exchange
    }
}

/// A response.
pub struct Exchange {
    /// The status.
    pub status: u16,
    /// The first line and the headers.
    head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Exchange {
    /// Returns the value of a header, whose name is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut fields = lines.filter_map(|line| line.split_once(':'));
        fields
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}
