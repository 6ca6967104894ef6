//! The tests of near-workspaces, from its package. A test of `clients` writes them.

// Each file of them is meant for a program of its own, and sets this there.
#![allow(unused_attributes)]
#![recursion_limit = "256"]

include!(concat!(
    env!("CARGO_TARGET_TMPDIR"),
    "/near-workspaces/workspaces/tests/all.rs"
));
