//! The environment of the suites: a short list of variables, and no other. So what a suite depends on is known.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::process::Command;

use manuscript::process;

/// The variables that reach the suites, and on which their result can depend. `*` stands for any end.
const WITH_EFFECT: &str = "\
    AR CARGO_* CC CFLAGS CHROME CHROMEDRIVER CI CPATH CXX CXXFLAGS DYLD_FALLBACK_LIBRARY_PATH FUZZ_REQUESTS HOME \
    LANG LC_* LD_LIBRARY_PATH LIBRARY_PATH NEAR_* OPENSSL_* PATH PKG_CONFIG_* PROPTEST_* RUSTC* RUSTDOC* RUSTFLAGS \
    RUSTUP_* RUST_TEST_THREADS SDKROOT SKEPTIC_JOBS TMPDIR XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME";

/// The variables that reach the suites, and that change only what is shown or how the network is reached.
const WITHOUT_EFFECT: &str = "\
    ALL_PROXY CARGO_TERM_* COLORTERM HTTPS_PROXY HTTP_PROXY NODE_EXTRA_CA_CERTS NO_COLOR NO_PROXY RUST_BACKTRACE \
    SSL_CERT_* TERM all_proxy http_proxy https_proxy no_proxy npm_config_*";

/// The variable that lets the tests of a chapter run on another network than the sandbox.
const NETWORK: &str = "NEAR_NETWORK";

/// The environment of the suites.
#[derive(Debug)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// Returns the variables of this process that reach the suites.
    pub fn here() -> Self {
        Self::of(env::vars_os())
    }

    fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let is_passed_on = |(name, _): &(OsString, OsString)| {
            (is_in(WITH_EFFECT, name) || is_in(WITHOUT_EFFECT, name))
                && !process::is_of_outer_cargo(name)
        };
        Self(variables.into_iter().filter(is_passed_on).collect())
    }

    /// Gives a command this environment and no other.
    pub fn apply(&self, command: &mut Command) {
        command.env_clear().envs(&self.0);
    }

    /// Returns the variables on which the result of a suite can depend.
    pub fn with_effect(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        let variables = self.0.iter();
        variables
            .filter(|(name, _)| !is_in(WITHOUT_EFFECT, name))
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// Returns whether the tests run on a network that others change too.
    pub fn is_on_a_public_network(&self) -> bool {
        let network = self.0.get(OsStr::new(NETWORK));
        network.is_some_and(|network| network != "sandbox")
    }
}

fn is_in(patterns: &str, name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let mut patterns = patterns.split(' ');
    patterns.any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    })
}

/// Returns the text about the environment for the help of the command.
pub fn help() -> String {
    format!(
        "The suites get these variables of your environment and no others:\n  {WITH_EFFECT}\n  {WITHOUT_EFFECT}\n\
         A suite is run again when one of the first group has changed."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Environment {
        Environment::of([(name.into(), "value".into())])
    }

    fn is_passed_on(name: &str) -> bool {
        let mut command = Command::new("true");
        environment(name).apply(&mut command);
        command.get_envs().any(|(passed, _)| passed == name)
    }

    #[test]
    fn only_the_variables_of_the_list_reach_a_suite() {
        assert!(
            is_passed_on("FUZZ_REQUESTS") && is_passed_on("CARGO_HOME") && is_passed_on("TERM")
        );
        assert!(!is_passed_on("BLESS") && !is_passed_on("CARGO_PKG_NAME"));
    }

    #[test]
    fn only_a_variable_with_effect_is_part_of_the_fingerprint() {
        let has_effect = |name| environment(name).with_effect().next().is_some();

        assert!(has_effect("FUZZ_REQUESTS") && has_effect("CARGO_HOME"));
        assert!(!has_effect("TERM") && !has_effect("CARGO_TERM_COLOR"));
    }

    #[test]
    fn testnet_is_a_public_network_and_the_sandbox_is_not() {
        let on = |network: &str| Environment::of([(NETWORK.into(), network.into())]);

        assert!(on("testnet").is_on_a_public_network());
        assert!(!on("sandbox").is_on_a_public_network());
    }
}
