//! The browser in which the built book is tested, and its driver.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use manuscript::machine::Machine;
use manuscript::process::ProcessError;

use crate::apt;
use crate::step::Step;

/// The variable that names another ChromeDriver than the one on PATH.
const CHROMEDRIVER: &str = "CHROMEDRIVER";

/// The variable that names another browser than Debian's Chromium.
const CHROME: &str = "CHROME";

/// The packages of Debian that have both.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// A browser with its driver.
#[derive(Debug, PartialEq, Eq)]
pub struct Browser {
    driver: PathBuf,
    chrome: PathBuf,
}

/// An error of a browser that is not there or could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum NoBrowser {
    /// There is no driver.
    #[error("there is no ChromeDriver on PATH")]
    NoDriver,
    /// There is no browser.
    #[error("there is no Chromium at {}", .0.display())]
    NoChrome(PathBuf),
    /// The variable does not name a file.
    #[error("{variable} names {}, which is no file", path.display())]
    NoFile {
        /// The variable.
        variable: &'static str,
        /// Its value.
        path: PathBuf,
    },
    /// Debian's packages could not be installed.
    #[error("Debian's packages were not installed")]
    Install(#[from] ProcessError),
}

/// Returns the ways in which the reader can install a browser.
pub fn by_hand() -> String {
    let line = apt::line(&PACKAGES);
    format!(
        "on Debian, {line}; elsewhere, install Chrome and ChromeDriver, and name them in {CHROME} and {CHROMEDRIVER}"
    )
}

impl Browser {
    /// Returns the browser of a machine.
    pub fn find(machine: &Machine) -> Result<Self, NoBrowser> {
        let driver = match named(machine, CHROMEDRIVER)? {
            Some(driver) => driver,
            None => machine.find("chromedriver").ok_or(NoBrowser::NoDriver)?,
        };
        let chrome = match named(machine, CHROME)? {
            Some(chrome) => chrome,
            None => debians(machine)?,
        };
        Ok(Self { driver, chrome })
    }

    /// Returns the browser of a machine, and installs Debian's if there is none.
    pub fn ensure(machine: &Machine) -> Result<Self, NoBrowser> {
        match Self::find(machine) {
            Err(NoBrowser::NoDriver | NoBrowser::NoChrome(_)) if apt::may_install(machine) => {
                let packages = PACKAGES.join(" ");
                let why = format!("apt-get installs {packages}, to test the built book");
                let step = Step::begin("browser", &why);
                apt::install(machine, &PACKAGES, &step)?;
                step.done();
                Self::find(machine)
            }
            found => found,
        }
    }

    /// Returns the versions of both programs.
    pub fn version(&self, machine: &Machine) -> Option<String> {
        let chrome = machine.ask(&self.chrome, &["--version"])?;
        let driver = machine.ask(&self.driver, &["--version"])?;
        Some(format!("{chrome}, {driver}"))
    }

    /// Names both programs in the environment of a command.
    pub fn apply(&self, command: &mut Command) {
        command
            .env(CHROMEDRIVER, &self.driver)
            .env(CHROME, &self.chrome);
    }
}

impl fmt::Display for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { driver, chrome } = self;
        write!(f, "{}, driven by {}", chrome.display(), driver.display())
    }
}

/// Returns the path that a variable names, if it is set.
fn named(machine: &Machine, variable: &'static str) -> Result<Option<PathBuf>, NoBrowser> {
    let Some(path) = machine.variable(variable).map(PathBuf::from) else {
        return Ok(None);
    };
    match path.is_file() {
        true => Ok(Some(path)),
        false => Err(NoBrowser::NoFile { variable, path }),
    }
}

fn debians(machine: &Machine) -> Result<PathBuf, NoBrowser> {
    let path = machine.usr.join("bin/chromium");
    match path.is_file() {
        true => Ok(path),
        false => Err(NoBrowser::NoChrome(path)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;

    /// A machine whose programs are scripts in one folder.
    struct Fake {
        folder: TempDir,
        machine: Machine,
    }

    impl Fake {
        fn with(programs: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let bin = folder.path().join("bin");
            fs::create_dir(&bin).unwrap();
            for (name, script) in programs {
                let path = bin.join(name);
                fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            }
            let machine = Machine {
                folder: folder.path().to_owned(),
                environment: [("PATH".into(), bin.into_os_string())].into(),
                usr: folder.path().to_owned(),
            };
            Self { folder, machine }
        }

        fn bin(&self, name: &str) -> PathBuf {
            self.folder.path().join("bin").join(name)
        }
    }

    /// An apt-get that installs both programs.
    const INSTALLS: &str =
        "PATH=$PATH:/usr/bin:/bin; cd \"$(dirname \"$0\")\"; touch chromium chromedriver";

    #[test]
    fn debians_browser_is_found() {
        let fake = Fake::with(&[("chromium", ""), ("chromedriver", "")]);

        let browser = Browser::find(&fake.machine).unwrap();

        let expected = Browser {
            driver: fake.bin("chromedriver"),
            chrome: fake.bin("chromium"),
        };
        assert_eq!(browser, expected);
    }

    #[test]
    fn a_named_browser_takes_precedence() {
        let mut fake = Fake::with(&[("chromium", ""), ("chromedriver", ""), ("chrome", "")]);
        let chrome = fake.bin("chrome");
        let environment = &mut fake.machine.environment;
        environment.insert(CHROME.into(), chrome.clone().into_os_string());

        assert_eq!(Browser::find(&fake.machine).unwrap().chrome, chrome);
    }

    #[test]
    fn a_named_driver_that_does_not_exist_is_not_replaced() {
        let mut fake = Fake::with(&[("id", "echo 0"), ("apt-get", INSTALLS)]);
        let environment = &mut fake.machine.environment;
        environment.insert(CHROMEDRIVER.into(), "/nowhere".into());

        let error = Browser::ensure(&fake.machine).unwrap_err();

        assert_eq!(
            error.to_string(),
            "CHROMEDRIVER names /nowhere, which is no file"
        );
    }

    #[test]
    fn root_installs_debians_browser() {
        let fake = Fake::with(&[("id", "echo 0"), ("apt-get", INSTALLS)]);

        assert!(Browser::ensure(&fake.machine).is_ok());
    }

    #[test]
    fn other_users_install_nothing() {
        let fake = Fake::with(&[("id", "echo 1000"), ("apt-get", INSTALLS)]);

        let error = Browser::ensure(&fake.machine).unwrap_err();

        assert_eq!(error.to_string(), "there is no ChromeDriver on PATH");
    }

    #[test]
    fn nothing_is_installed_without_the_network() {
        let mut fake = Fake::with(&[("id", "echo 0"), ("apt-get", INSTALLS)]);
        let environment = &mut fake.machine.environment;
        environment.insert("CARGO_NET_OFFLINE".into(), "true".into());

        assert!(Browser::ensure(&fake.machine).is_err());
    }

    #[test]
    fn the_version_is_that_of_both_programs() {
        let fake = Fake::with(&[
            ("chromium", "echo Chromium 156"),
            ("chromedriver", "echo 155"),
        ]);

        let browser = Browser::find(&fake.machine).unwrap();

        let version = browser.version(&fake.machine);
        assert_eq!(version.as_deref(), Some("Chromium 156, 155"));
    }

    #[test]
    fn the_error_of_apt_get_is_shown() {
        let fake = Fake::with(&[
            ("id", "echo 0"),
            ("apt-get", "echo no such package >&2; exit 100"),
        ]);

        let error = Browser::ensure(&fake.machine).unwrap_err();

        let error = format!("{:#}", anyhow::Error::from(error));
        assert!(error.contains("no such package"), "{error}");
    }
}
