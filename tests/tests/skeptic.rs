//! Every Rust block of every page that is not marked `ignore`, compiled and run.

/// As `build.rs` had skeptic write them.
#[allow(clippy::all)]
mod pages {
    include!(concat!(env!("OUT_DIR"), "/skeptic-tests.rs"));
}
