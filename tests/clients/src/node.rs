//! A sandbox process, started as near-sandbox starts it, but with its stderr in a file.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

use crate::{Key, Rpc};

/// The timeout of a start. A start takes milliseconds, but the launcher may have to build the program first.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A running sandbox. The process ends when the value is dropped.
pub struct Node {
    home: TempDir,
    process: Child,
    address: SocketAddr,
}

impl Node {
    /// Starts a sandbox in a new home folder.
    ///
    /// # Errors
    /// The sandbox does not start.
    pub fn start() -> anyhow::Result<Self> {
        Self::run(Self::init()?)
    }

    /// Returns a new home folder.
    ///
    /// # Errors
    /// The sandbox does not write one.
    pub fn init() -> anyhow::Result<TempDir> {
        let home = tempfile::tempdir()?;
        let init = program(&home)?.args(["init", "--fast"]).output()?;
        ensure!(init.status.success(), "init: {init:?}");
        Ok(home)
    }

    /// Starts a sandbox in an existing home folder.
    ///
    /// # Errors
    /// The sandbox does not start.
    pub fn run(home: TempDir) -> anyhow::Result<Self> {
        let end = Instant::now() + TIMEOUT;
        while Instant::now() < end {
            let address = free_address()?;
            let stderr = File::options()
                .create(true)
                .append(true)
                .open(home.path().join("stderr"))?;
            let mut process = program(&home)?
                .args(["run", "--rpc-addr", &address.to_string()])
                .stderr(stderr)
                .spawn()?;
            // Another process may have taken the port in the meantime. Then the sandbox ends, and another port
            // is tried.
            while process.try_wait()?.is_none() && Instant::now() < end {
                if TcpStream::connect(address).is_ok() {
                    return Ok(Self {
                        home,
                        process,
                        address,
                    });
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            process.kill()?;
            process.wait()?;
        }
        let stderr = fs::read_to_string(home.path().join("stderr"))?;
        bail!("the sandbox does not start: {stderr}")
    }

    /// Returns a JSON-RPC client with connections of its own.
    pub fn rpc(&self) -> Rpc {
        Rpc::new(&self.url())
    }

    /// Returns the address of the node's RPC.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the key of `test.near`, which has all tokens at genesis.
    ///
    /// # Errors
    /// The key is not in the home folder.
    pub fn root(&self) -> anyhow::Result<Key> {
        Key::from_file(&self.home.path().join("validator_key.json"))
    }

    /// Kills the process (SIGKILL) and returns its home folder.
    ///
    /// # Errors
    /// The process has ended already.
    pub fn kill(mut self) -> anyhow::Result<TempDir> {
        let ended = self.process.try_wait()?;
        ensure!(ended.is_none(), "the process has ended already: {ended:?}");
        self.end();
        let home = std::mem::replace(&mut self.home, tempfile::tempdir()?);
        Ok(home)
    }

    /// Returns the stderr of the process.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn stderr(&self) -> anyhow::Result<String> {
        Ok(fs::read_to_string(self.home.path().join("stderr"))?)
    }

    /// Returns the resident memory of the process in bytes, on Linux.
    ///
    /// # Errors
    /// The status of the process cannot be read.
    pub fn memory(&self) -> anyhow::Result<Option<u64>> {
        if !cfg!(target_os = "linux") {
            return Ok(None);
        }
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        let kilobytes = line.trim().trim_end_matches(" kB");
        Ok(Some(kilobytes.parse::<u64>()? * 1024))
    }

    fn end(&mut self) {
        // An error means that the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.end();
    }
}

fn program(home: &TempDir) -> anyhow::Result<Command> {
    let path = std::env::var_os("NEAR_SANDBOX_BIN_PATH")
        .context("NEAR_SANDBOX_BIN_PATH is not set: cargo sets it in this tree")?;
    let mut command = Command::new(path);
    command
        .arg("--home")
        .arg(home.path())
        .env_remove("RUST_LOG")
        // The compiled contracts of a fuzz test are of no use to other sandboxes.
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .stdin(Stdio::null());
    Ok(command)
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
