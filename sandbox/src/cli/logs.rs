//! Logs: to stderr as RUST_LOG says, and to `sandbox.log` in the home folder, because clients discard
//! stderr.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::panic;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Starts logging. The node also runs without a log file.
pub fn start(home: &Path) {
    let file = File::options()
        .create(true)
        .append(true)
        .open(home.join("sandbox.log"));
    let file_layer = file.ok().map(|file| {
        let filter = filter("info").add_directive(tracing::Level::INFO.into());
        fmt::layer()
            .with_ansi(false)
            .with_writer(Mutex::new(file))
            .with_filter(filter)
    });
    let stderr_layer = fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .with_filter(filter("info"));
    // This fails only if the process logs already.
    let _ = tracing_subscriber::registry()
        .with(stderr_layer)
        .with(file_layer)
        .try_init();
    log_panics();
}

/// Logs panics: clients keep the log file, not stderr.
fn log_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        tracing::error!("{panic}");
        print(panic);
    }));
}

/// Returns the filter of RUST_LOG, or `default`.
fn filter(default: &str) -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default))
}
