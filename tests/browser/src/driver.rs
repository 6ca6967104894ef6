//! A ChromeDriver process, which ends when its value is dropped, together with its browser.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// The variable with the path of a ChromeDriver, if it is not the one on PATH.
pub const CHROMEDRIVER: &str = "CHROMEDRIVER";

/// The variable with the path of a browser, if it is not Debian's Chromium.
pub const CHROME: &str = "CHROME";

/// The path of Chromium on Debian.
const CHROMIUM: &str = "/usr/bin/chromium";

/// The line of ChromeDriver when it listens, up to the number of the port.
const LISTENS: &str = "started successfully on port ";

/// What ChromeDriver writes if the port that it has chosen over IPv6 is taken over IPv4.
const IS_TAKEN: &str = "port not available";

/// How often ChromeDriver is started until it has a port.
const ATTEMPTS: usize = 5;

/// A running ChromeDriver.
pub struct Driver {
    process: Child,
    port: u16,
    /// The open end of its output. ChromeDriver ends if it writes and the other end is closed.
    output: BufReader<ChildStdout>,
    /// The folder for the files of ChromeDriver and the browser.
    _folder: TempDir,
}

impl Driver {
    /// Starts ChromeDriver on a free port.
    ///
    /// # Errors
    /// ChromeDriver is not installed, or it does not listen.
    pub fn start() -> Result<Self> {
        let program = env::var_os(CHROMEDRIVER).unwrap_or_else(|| OsString::from("chromedriver"));
        Self::start_with_a_port(&program)
    }

    /// Starts ChromeDriver again while the port that it chooses is taken.
    fn start_with_a_port(program: &OsStr) -> Result<Self> {
        for _ in 1..ATTEMPTS {
            match Self::start_once(program) {
                Err(error) if error.to_string().contains(IS_TAKEN) => {}
                started => return started,
            }
        }
        Self::start_once(program)
    }

    fn start_once(program: &OsStr) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut process = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| {
                let program = Path::new(program).display();
                format!("cannot run {program}: name a ChromeDriver in {CHROMEDRIVER}")
            })?;
        let output = process.stdout.take().context("its output is not a pipe")?;
        let mut driver = Self {
            process,
            port: 0,
            output: BufReader::new(output),
            _folder: folder,
        };
        driver.port = port(&mut driver.output)?;
        Ok(driver)
    }

    /// Returns the URL at which it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the port at which it listens.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // An error means that the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the port that ChromeDriver prints.
fn port(output: &mut impl BufRead) -> Result<u16> {
    let mut output_text = String::new();
    loop {
        let from = output_text.len();
        let read = output.read_line(&mut output_text)?;
        ensure!(
            read > 0,
            "ChromeDriver ended before it listened:\n{output_text}"
        );
        if let Some((_, port)) = output_text[from..].split_once(LISTENS) {
            let port = port.trim_end().trim_end_matches('.');
            return port.parse().with_context(|| format!("not a port: {port}"));
        }
    }
}

/// Returns the path of the browser.
///
/// # Errors
/// There is no browser.
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
    use std::fs::{self, Permissions};
    use std::net::TcpStream;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_port_is_read_from_the_output_of_the_driver() {
        let output_text = "Starting ChromeDriver 156 on port 0\n\
                    ChromeDriver was started successfully on port 40001.\n";

        assert_eq!(port(&mut output_text.as_bytes()).unwrap(), 40001);
    }

    #[test]
    fn a_driver_that_ends_has_no_port() {
        let error = port(&mut "bind failed\n".as_bytes()).unwrap_err();

        assert_eq!(
            error.to_string(),
            "ChromeDriver ended before it listened:\nbind failed\n"
        );
    }

    /// Writes a program that finds its port taken the first time, and then listens.
    fn taken_at_first(folder: &Path) -> PathBuf {
        let script = "#!/bin/sh\n\
            if mkdir \"$0.once\" 2>/dev/null; then echo 'IPv4 port not available. Exiting...'; exit 1; fi\n\
            echo 'ChromeDriver was started successfully on port 40001.'\n";
        let path = folder.join("driver");
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn a_driver_whose_port_is_taken_is_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let program = taken_at_first(folder.path());

        let driver = Driver::start_with_a_port(program.as_os_str()).unwrap();

        assert_eq!(driver.port(), 40001);
    }

    #[test]
    fn the_driver_ends_when_its_value_is_dropped() {
        let driver = Driver::start().unwrap();
        let port = driver.port();

        drop(driver);

        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
