//! Logs: to stderr as RUST_LOG says, and to `sandbox.log` in the home folder, because clients throw
//! stderr away.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::panic;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Starts to log. A log that cannot be written is no reason not to run.
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
    // Only fails where someone in this process logs already.
    let _ = tracing_subscriber::registry()
        .with(stderr_layer)
        .with(file_layer)
        .try_init();
    log_panics();
}

/// A panic is a fault of this program, and its log is what clients keep.
fn log_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        tracing::error!("{panic}");
        print(panic);
    }));
}

/// What RUST_LOG says, else `default`.
fn filter(default: &str) -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default))
}
