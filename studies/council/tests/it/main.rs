//! The council on a chain, with a target, a target that misbehaves, and users.

mod council;
mod wasm;
mod world;
