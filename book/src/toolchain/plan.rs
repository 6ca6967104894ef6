//! Which ways to the target there are on a machine of which these things are known.

use super::{NAME, TARGET, debian};
use std::fmt;

/// What is known about a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The toolchain that `rustc` on PATH belongs to has the target.
    pub active_has_target: bool,
    /// The toolchain of an earlier run.
    pub near_wasm: NearWasm,
    /// There is rustup.
    pub rustup: bool,
    /// RUSTUP_AUTO_INSTALL=0: the reader wants rustup to install nothing by itself.
    pub rustup_installs_nothing: bool,
    /// CARGO_NET_OFFLINE=true: the reader wants no network.
    pub offline: bool,
    /// There is apt-get.
    pub apt: bool,
    /// This process may install packages.
    pub root: bool,
    /// Packages that the third way needs and this machine has not, or has too old.
    pub missing_packages: Vec<&'static str>,
}

/// What an earlier run left of the toolchain `near-wasm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NearWasm {
    /// Nothing.
    Absent,
    /// Parts of it, or one that was built for another version of the compiler.
    Stale,
    /// The whole of it, but rustup does not know its name.
    Unlinked,
    /// The whole of it.
    Ready,
}

/// A way to the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The active toolchain has it.
    Active,
    /// The toolchain of an earlier run has it.
    NearWasm,
    /// The toolchain of an earlier run has it, and rustup has to be told.
    Link,
    /// `rustup target add`.
    Rustup,
    /// Debian's packages, and the standard library built from them.
    Debian {
        /// What apt-get has to install first.
        install: Vec<&'static str>,
    },
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active => f.write_str("the active toolchain"),
            Self::NearWasm => write!(f, "the toolchain {NAME}"),
            Self::Link => write!(f, "rustup toolchain link {NAME}"),
            Self::Rustup => write!(f, "rustup target add {TARGET}"),
            Self::Debian { .. } => f.write_str("Debian's packages"),
        }
    }
}

/// The ways to try, in order, and why others are left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The first that works is the last that is tried.
    pub ways: Vec<Way>,
    /// A line for each way that is not tried.
    pub skipped: Vec<String>,
}

/// Decides.
pub fn plan(facts: &Facts) -> Plan {
    let only = |way| Plan {
        ways: vec![way],
        skipped: Vec::new(),
    };
    if facts.active_has_target {
        return only(Way::Active);
    }
    match facts.near_wasm {
        NearWasm::Ready => return only(Way::NearWasm),
        NearWasm::Unlinked => return only(Way::Link),
        NearWasm::Stale | NearWasm::Absent => {}
    }
    let mut plan = Plan::default();
    for way in [rustup(facts), debian(facts)] {
        match way {
            Ok(way) => plan.ways.push(way),
            Err(reason) => plan.skipped.push(reason),
        }
    }
    plan
}

fn rustup(facts: &Facts) -> Result<Way, String> {
    let reason = if !facts.rustup {
        "there is no rustup"
    } else if facts.rustup_installs_nothing {
        "RUSTUP_AUTO_INSTALL=0 asks rustup to install nothing by itself"
    } else if facts.offline {
        "CARGO_NET_OFFLINE=true asks for no network"
    } else {
        return Ok(Way::Rustup);
    };
    Err(format!("no `{}`: {reason}", Way::Rustup))
}

fn debian(facts: &Facts) -> Result<Way, String> {
    let install = facts.missing_packages.clone();
    let reason = if !facts.apt {
        "there is no apt-get".to_owned()
    } else if install.is_empty() {
        return Ok(Way::Debian { install });
    } else if facts.offline {
        "CARGO_NET_OFFLINE=true asks for no network".to_owned()
    } else if !facts.root {
        format!("only root may run `{}`", debian::apt_line(&install))
    } else {
        return Ok(Way::Debian { install });
    };
    Err(format!("no packages from Debian: {reason}"))
}
