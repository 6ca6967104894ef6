//! Debian's packages: a compiler, and the sources of its standard library in the same version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use crate::machine::Machine;

/// The packages. The linker is not needed if the active toolchain has one.
pub const PACKAGES: [&str; 4] = [COMPILER, "cargo-web", "rust-web-src", LINKER];

const COMPILER: &str = "rustc-web";
const LINKER: &str = "lld-22";

/// The oldest compiler that compiles the contracts.
const OLDEST: (u32, u32) = (1, 95);

/// Installs the packages that this machine lacks or has in an old version.
pub fn install(machine: &Machine) -> Result<()> {
    let packages = missing(machine);
    if packages.is_empty() {
        return Ok(());
    }
    check_permission(&Permission::of(machine), &packages)?;
    eprintln!("apt-get installs {}", packages.join(" "));
    machine.run(machine.command("apt-get").arg("update"))?;
    // The compiler's package would remove a rustup that is a package itself.
    let install = ["install", "-y", "--no-install-recommends", "--no-remove"];
    let mut apt_get = machine.command("apt-get");
    apt_get.env("DEBIAN_FRONTEND", "noninteractive");
    machine.run(apt_get.args(install).args(packages))?;
    let missing = missing(machine).join(" ");
    let (major, minor) = OLDEST;
    ensure!(
        missing.is_empty(),
        "apt-get has no {missing} of version {major}.{minor} or later"
    );
    Ok(())
}

/// The facts that decide whether this process may install packages.
struct Permission {
    has_apt: bool,
    is_root: bool,
    is_offline: bool,
}

impl Permission {
    fn of(machine: &Machine) -> Self {
        Self {
            has_apt: machine.has("apt-get"),
            is_root: machine.ask("id", &["-u"]).as_deref() == Some("0"),
            is_offline: machine.variable("CARGO_NET_OFFLINE") == Some("true".as_ref()),
        }
    }
}

fn check_permission(permission: &Permission, packages: &[&str]) -> Result<()> {
    let packages = packages.join(" ");
    if !permission.has_apt {
        bail!("there is no apt-get to install {packages}");
    }
    if permission.is_offline {
        bail!("CARGO_NET_OFFLINE=true forbids the network, and {packages} must be installed");
    }
    if !permission.is_root {
        // The lists of a new machine can name a compiler that is too old, so they are updated first.
        bail!(
            "only root may install packages. Run this line, and then the same command again:\n\
             sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}"
        );
    }
    Ok(())
}

/// Returns the packages that are not installed, or in an old version.
fn missing(machine: &Machine) -> Vec<&'static str> {
    let installed = installed(machine);
    let compiler = installed
        .get(COMPILER)
        .filter(|version| is_new_enough(version));
    let is_missing = |package: &&str| {
        if *package == LINKER {
            linker(machine).is_none()
        } else {
            compiler.is_none() || installed.get(*package) != compiler
        }
    };
    PACKAGES.into_iter().filter(is_missing).collect()
}

fn installed(machine: &Machine) -> BTreeMap<String, String> {
    let format = "${Package} ${Version} ${db:Status-Status}\n";
    let show = ["--show", "--showformat", format];
    let lines =
        PACKAGES.map(|package| machine.ask("dpkg-query", &[show[0], show[1], show[2], package]));
    let installed = lines.iter().flatten().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (package, version) = (words.next()?, words.next()?);
        (words.next()? == "installed").then(|| (package.to_owned(), version.to_owned()))
    });
    installed.collect()
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST,
        _ => false,
    }
}

/// Returns a linker for wasm: that of the active toolchain, or else Debian's.
pub fn linker(machine: &Machine) -> Option<PathBuf> {
    let of_active = || {
        let sysroot = machine.ask("rustc", &["--print", "sysroot"])?;
        let host = line(&machine.ask("rustc", &["-vV"])?, "host")?;
        let folder = Path::new(&sysroot).join("lib/rustlib").join(host);
        folder.join("bin/rust-lld").canonicalize().ok()
    };
    let of_debian = || Some(machine.usr.join("bin").join(LINKER)).filter(|path| path.exists());
    of_active().or_else(of_debian)
}

/// Returns a value in the output of `rustc -vV`.
pub fn line(version: &str, name: &str) -> Option<String> {
    let mut lines = version.lines().filter_map(|line| line.split_once(": "));
    let (_, value) = lines.find(|(line, _)| *line == name)?;
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::tests::Fakes;

    const ROOT: Permission = Permission {
        has_apt: true,
        is_root: true,
        is_offline: false,
    };

    #[test]
    fn root_may_install_packages() {
        assert!(check_permission(&ROOT, &PACKAGES).is_ok());
    }

    #[test]
    fn other_users_get_the_line_to_run() {
        let user = Permission {
            is_root: false,
            ..ROOT
        };

        let error = check_permission(&user, &PACKAGES).unwrap_err().to_string();

        let line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends \
                    rustc-web cargo-web rust-web-src lld-22";
        assert!(error.ends_with(line), "{error}");
    }

    #[test]
    fn nothing_is_installed_without_the_network() {
        let offline = Permission {
            is_offline: true,
            ..ROOT
        };

        let error = check_permission(&offline, &PACKAGES)
            .unwrap_err()
            .to_string();

        assert!(error.starts_with("CARGO_NET_OFFLINE=true"), "{error}");
    }

    #[test]
    fn nothing_is_installed_without_apt_get() {
        let fakes = Fakes::new();

        let error = install(&fakes.machine()).unwrap_err().to_string();

        assert!(error.starts_with("there is no apt-get"), "{error}");
    }

    #[test]
    fn packages_that_are_installed_need_no_root() {
        let fakes = Fakes::new();
        fakes.script("dpkg-query", r#"echo "$4 1.96.0+dfsg1-1 installed""#);
        fakes.script("../usr/bin/lld-22", "");

        install(&fakes.machine()).unwrap();
    }

    #[test]
    fn packages_that_are_too_old_are_an_error() {
        let fakes = Fakes::new();
        fakes.script("id", "echo 0");
        fakes.script("apt-get", "exit 0");
        fakes.script("dpkg-query", r#"echo "$4 1.85.0+dfsg3-1 installed""#);

        let error = install(&fakes.machine()).unwrap_err().to_string();

        assert!(
            error.starts_with("apt-get has no rustc-web cargo-web rust-web-src"),
            "{error}"
        );
        assert!(error.ends_with("of version 1.95 or later"), "{error}");
    }
}
