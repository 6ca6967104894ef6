//! ChromeDriver, as a process that ends with the value, and the browser with it.

use anyhow::{Context, Result, ensure};
use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// Names another ChromeDriver than the one on PATH.
pub const CHROMEDRIVER: &str = "CHROMEDRIVER";

/// Names another browser than Debian's Chromium.
pub const CHROME: &str = "CHROME";

/// Where Debian puts Chromium.
const CHROMIUM: &str = "/usr/bin/chromium";

/// How ChromeDriver says that it listens, before the number and a full stop.
const LISTENS: &str = "started successfully on port ";

/// A running ChromeDriver.
pub struct Driver {
    process: Child,
    port: u16,
    /// Held open: ChromeDriver would end when it writes and nobody listens.
    output: BufReader<ChildStdout>,
    /// Where it and the browser put what they write down.
    _folder: TempDir,
}

impl Driver {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// There is none, or it does not listen.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let program = env::var_os(CHROMEDRIVER).unwrap_or_else(|| OsString::from("chromedriver"));
        let mut process = Command::new(&program)
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| {
                let program = Path::new(&program).display();
                format!("cannot run {program}: name a ChromeDriver in {CHROMEDRIVER}")
            })?;
        let output = process.stdout.take().context("its output is no pipe")?;
        let mut driver = Self {
            process,
            port: 0,
            output: BufReader::new(output),
            _folder: folder,
        };
        driver.port = port(&mut driver.output)?;
        Ok(driver)
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Fails where it has ended by itself, and that is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port that ChromeDriver says it listens on.
fn port(output: &mut impl BufRead) -> Result<u16> {
    let mut said = String::new();
    loop {
        let from = said.len();
        let read = output.read_line(&mut said)?;
        ensure!(read > 0, "ChromeDriver ended before it listened:\n{said}");
        if let Some((_, port)) = said[from..].split_once(LISTENS) {
            let port = port.trim_end().trim_end_matches('.');
            return port.parse().with_context(|| format!("not a port: {port}"));
        }
    }
}

/// The browser that ChromeDriver is to start.
///
/// # Errors
/// There is none.
pub fn chrome() -> Result<PathBuf> {
    let path = PathBuf::from(env::var_os(CHROME).unwrap_or_else(|| OsString::from(CHROMIUM)));
    ensure!(
        path.is_file(),
        "there is no browser at {}: name one in {CHROME}",
        path.display()
    );
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn the_port_is_the_one_that_the_driver_says() {
        let said = "Starting ChromeDriver 156 on port 0\n\
                    ChromeDriver was started successfully on port 40001.\n";

        assert_eq!(port(&mut said.as_bytes()).unwrap(), 40001);
    }

    #[test]
    fn a_driver_that_ends_has_no_port() {
        let error = port(&mut "bind failed\n".as_bytes()).unwrap_err();

        assert_eq!(
            error.to_string(),
            "ChromeDriver ended before it listened:\nbind failed\n"
        );
    }

    #[test]
    fn the_driver_ends_with_its_value() {
        let driver = Driver::start().unwrap();
        let port = driver.port();

        drop(driver);

        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
