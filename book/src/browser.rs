//! The browser that looks at the built book, and what drives it: the reader's, or Debian's.

use crate::child::ChildError;
use crate::step::Step;
use crate::toolchain::{Machine, apt_get, apt_line};
use std::fmt;
use std::path::PathBuf;
use std::process::Command;

/// Names another ChromeDriver than the one on PATH.
const CHROMEDRIVER: &str = "CHROMEDRIVER";

/// Names another browser than Debian's Chromium.
const CHROME: &str = "CHROME";

/// What brings both on Debian.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// A browser with its driver.
#[derive(Debug, PartialEq, Eq)]
pub struct Browser {
    driver: PathBuf,
    chrome: PathBuf,
}

/// There is no browser, or it could not be brought.
#[derive(Debug, thiserror::Error)]
pub enum NoBrowser {
    /// What drives it is not there.
    #[error("there is no ChromeDriver on PATH")]
    NoDriver,
    /// The browser itself is not there.
    #[error("there is no Chromium at {}", .0.display())]
    NoChrome(PathBuf),
    /// The reader has named something else.
    #[error("{variable} names {}, which is no file", path.display())]
    NoFile {
        /// The variable.
        variable: &'static str,
        /// What it names.
        path: PathBuf,
    },
    /// Debian's packages could not be installed.
    #[error("Debian's packages were not installed: {0}")]
    Install(#[from] ChildError),
}

/// What a reader can do to bring a browser.
pub fn by_hand() -> String {
    let line = apt_line(&PACKAGES);
    format!(
        "on Debian, {line}; elsewhere, install Chrome and ChromeDriver, and name them in {CHROME} and {CHROMEDRIVER}"
    )
}

impl Browser {
    /// The browser of this machine. Changes nothing.
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

    /// The browser of this machine; where there is none and Debian's can be installed, that one.
    pub fn ensure(machine: &Machine) -> Result<Self, NoBrowser> {
        match Self::find(machine) {
            Err(NoBrowser::NoDriver | NoBrowser::NoChrome(_)) if may_install(machine) => {
                let packages = PACKAGES.join(" ");
                let why = format!("apt-get installs {packages}, to look at the built book");
                let step = Step::begin("browser", &why);
                apt_get(machine, &PACKAGES, &step)?;
                step.done();
                Self::find(machine)
            }
            found => found,
        }
    }

    /// What both programs say of themselves.
    pub fn version(&self, machine: &Machine) -> Option<String> {
        let chrome = machine.ask(&self.chrome, ["--version"])?;
        let driver = machine.ask(&self.driver, ["--version"])?;
        Some(format!("{chrome}, {driver}"))
    }

    /// Tells a program which browser to take.
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

/// What the reader has named.
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

fn may_install(machine: &Machine) -> bool {
    let is_offline = machine.variable("CARGO_NET_OFFLINE") == Some("true".as_ref());
    let is_root = machine.ask("id", ["-u"]).as_deref() == Some("0");
    !is_offline && is_root && machine.find("apt-get").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;

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

    /// An apt-get that brings both programs.
    const BRINGS: &str =
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
    fn the_readers_browser_comes_first() {
        let mut fake = Fake::with(&[("chromium", ""), ("chromedriver", ""), ("chrome", "")]);
        let chrome = fake.bin("chrome");
        let environment = &mut fake.machine.environment;
        environment.insert(CHROME.into(), chrome.clone().into_os_string());

        assert_eq!(Browser::find(&fake.machine).unwrap().chrome, chrome);
    }

    #[test]
    fn a_readers_browser_that_is_not_there_is_not_replaced() {
        let mut fake = Fake::with(&[("id", "echo 0"), ("apt-get", BRINGS)]);
        let environment = &mut fake.machine.environment;
        environment.insert(CHROMEDRIVER.into(), "/nowhere".into());

        let error = Browser::ensure(&fake.machine).unwrap_err();

        assert_eq!(
            error.to_string(),
            "CHROMEDRIVER names /nowhere, which is no file"
        );
    }

    #[test]
    fn debians_browser_is_installed_by_root() {
        let fake = Fake::with(&[("id", "echo 0"), ("apt-get", BRINGS)]);

        assert!(Browser::ensure(&fake.machine).is_ok());
    }

    #[test]
    fn debians_browser_is_not_installed_by_others() {
        let fake = Fake::with(&[("id", "echo 1000"), ("apt-get", BRINGS)]);

        let error = Browser::ensure(&fake.machine).unwrap_err();

        assert_eq!(error.to_string(), "there is no ChromeDriver on PATH");
    }

    #[test]
    fn debians_browser_is_not_installed_without_a_network() {
        let mut fake = Fake::with(&[("id", "echo 0"), ("apt-get", BRINGS)]);
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
    fn packages_that_apt_get_has_not_are_an_error_that_says_so() {
        let fake = Fake::with(&[
            ("id", "echo 0"),
            ("apt-get", "echo no such package >&2; exit 100"),
        ]);

        let error = Browser::ensure(&fake.machine).unwrap_err().to_string();

        assert!(error.contains("no such package"), "{error}");
    }
}
