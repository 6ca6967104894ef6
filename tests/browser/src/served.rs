//! A server of the book, as a reader starts it: `cargo book serve`.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use anyhow::{Context, Result};

/// A server of the book. The process ends when the value is dropped.
pub struct Served {
    process: Child,
    /// The address of the book.
    pub url: String,
}

impl Served {
    /// Starts a server on a free port.
    ///
    /// # Errors
    /// The command is not built, or says no address.
    pub fn start() -> Result<Self> {
        let root = root();
        let command = match env::var_os("BOOK_COMMAND") {
            Some(named) => PathBuf::from(named),
            None => root.join("target/debug/xtask"),
        };
        let mut process = Command::new(&command)
            .args(["serve", "--port", "0"])
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{}: `cargo book serve` builds it", command.display()))?;
        let output = process.stdout.take().context("its stdout is not a pipe")?;
        let mut lines = BufReader::new(output).lines();
        let line = lines.next().context("it says nothing")??;
        // It goes on to print what it sets up.
        std::thread::spawn(move || lines.for_each(drop));
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http"));
        let url = url
            .with_context(|| format!("no address in: {line}"))?
            .to_owned();
        Ok(Self { process, url })
    }

    /// Returns the server that other tests use, or starts it.
    ///
    /// # Panics
    /// It does not start.
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Served>> = Mutex::new(Weak::new());

        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let served = Arc::new(Self::start().unwrap_or_else(|error| panic!("{error:#}")));
            *shared = Arc::downgrade(&served);
            served
        })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Not `Child::kill`, which leaves the server no time to remove its folder.
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Returns the root of the tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
