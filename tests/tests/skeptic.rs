//! Tests of every Rust block of every page that is not marked `ignore`: it is compiled and run.

/// The tests that skeptic wrote in `build.rs`.
#[allow(clippy::all)]
mod pages {
    include!(concat!(env!("OUT_DIR"), "/skeptic-tests.rs"));
}
