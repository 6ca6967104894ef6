//! Tests of a web page that uses the embedded sandbox, which is another origin for it.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use browser_tests::browser::Browser;
use browser_tests::server::Server;
use serde_json::json;
use tempfile::TempDir;

/// A page without a content. Its icon is empty, so that the browser asks for no other.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Wallet</title><link rel=\"icon\" href=\"data:,\"></head></html>";

/// The hash of the contract beside the page. The sandbox takes no account with another.
const CODE_HASH: &str = "B6tfGqg7aBuFXwUQxEbpBQVv3HXwQJHLdDFzBJNRzYoz";

/// Deploys the contract beside the page, and returns what its method returns.
const SCRIPT: &str = include_str!("page.js");

/// A running sandbox with a home of its own. The process ends when the value is dropped.
struct Sandbox {
    process: Child,
    url: String,
    _home: TempDir,
}

impl Sandbox {
    fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let init = command(home.path())?.args(["init", "--fast"]).output()?;
        ensure!(init.status.success(), "init: {init:?}");
        let mut process = command(home.path())?
            .args(["run", "--rpc-addr", "127.0.0.1:0"])
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()?;
        let log = process.stderr.take().context("its stderr is not a pipe")?;
        let mut sandbox = Self {
            process,
            url: String::new(),
            _home: home,
        };
        sandbox.url = format!("http://{}/", address(BufReader::new(log))?);
        Ok(sandbox)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // An error means that the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(home: &Path) -> Result<Command> {
    let program = env::var_os("NEAR_SANDBOX_BIN_PATH")
        .context("NEAR_SANDBOX_BIN_PATH is not set: cargo sets it in this tree")?;
    let mut command = Command::new(program);
    command.arg("--home").arg(home).stdin(Stdio::null());
    Ok(command)
}

/// Returns the address that a log tells.
fn address(log: impl BufRead) -> Result<String> {
    for line in log.lines() {
        let line = line?;
        let address = line.split_once("address=\"").map(|(_, rest)| rest);
        if let Some((address, _)) = address.and_then(|rest| rest.split_once('"')) {
            return Ok(address.to_owned());
        }
    }
    anyhow::bail!("the log of the sandbox tells no address")
}

#[tokio::test]
async fn a_web_page_calls_a_contract() {
    let contract =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../chain/tests/fixtures/greet.wasm");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.html"), PAGE).unwrap();
    fs::copy(contract, folder.path().join("greet.wasm")).unwrap();
    let sandbox = Sandbox::start().unwrap();
    let server = Server::start(folder.path()).await.unwrap();
    let browser = Browser::start().await.unwrap();
    browser.open(&server.url("index.html")).await.unwrap();

    let about = json!({ "node": sandbox.url, "codeHash": CODE_HASH });
    let greeting: String = browser.measure(SCRIPT, about).await.unwrap();

    assert_eq!(greeting, "there");
    browser.close().await.unwrap();
}
