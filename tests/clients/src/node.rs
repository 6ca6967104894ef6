//! A sandbox as a process of its own, started as near-sandbox starts it, but with its errors kept.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

use crate::{Key, Rpc};

/// Starting takes milliseconds; the launcher may have to build first.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running sandbox. It ends with the value.
pub struct Node {
    home: TempDir,
    process: Child,
    address: SocketAddr,
}

impl Node {
    /// Starts one in a new home.
    ///
    /// # Errors
    /// It does not start.
    pub fn start() -> anyhow::Result<Self> {
        let home = tempfile::tempdir()?;
        let init = program(&home)?.args(["init", "--fast"]).output()?;
        ensure!(init.status.success(), "init: {init:?}");
        Self::run(home)
    }

    /// Starts one in a home that is there.
    ///
    /// # Errors
    /// It does not start.
    pub fn run(home: TempDir) -> anyhow::Result<Self> {
        let end = Instant::now() + PATIENCE;
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
            // Someone else may have taken the port meanwhile: then it ends, and another one is tried.
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
        let said = fs::read_to_string(home.path().join("stderr"))?;
        bail!("the sandbox does not start: {said}")
    }

    /// Plain JSON-RPC to it, over connections of its own.
    pub fn rpc(&self) -> Rpc {
        Rpc::new(&format!("http://{}", self.address))
    }

    /// The key of `test.near`, to which all tokens belong at the start.
    ///
    /// # Errors
    /// It is not in the home.
    pub fn root(&self) -> anyhow::Result<Key> {
        Key::from_file(&self.home.path().join("validator_key.json"))
    }

    /// Kills it (SIGKILL) and returns the home.
    ///
    /// # Errors
    /// It has ended already.
    pub fn kill(mut self) -> anyhow::Result<TempDir> {
        let ended = self.process.try_wait()?;
        ensure!(ended.is_none(), "it has ended before: {ended:?}");
        self.end();
        let home = std::mem::replace(&mut self.home, tempfile::tempdir()?);
        Ok(home)
    }

    /// What it has written to stderr.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn stderr(&self) -> anyhow::Result<String> {
        Ok(fs::read_to_string(self.home.path().join("stderr"))?)
    }

    /// How much memory it holds, in bytes; only Linux says so.
    ///
    /// # Errors
    /// What the system says cannot be read.
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
        // Fails where the process has ended by itself, and that is as good.
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
        .context("cargo sets NEAR_SANDBOX_BIN_PATH for what runs in this tree")?;
    let mut command = Command::new(path);
    command
        .arg("--home")
        .arg(home.path())
        .env_remove("RUST_LOG")
        // Contracts that were made to be wrong are of no use to other sandboxes.
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .stdin(Stdio::null());
    Ok(command)
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
