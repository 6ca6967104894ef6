//! The tests that `cargo book new --explore` adds to a copy, compiled and run with the contracts of the tree. `build.rs`
//! lays them beside the partners that a copy has.

use manuscript::layout::Tree;
use manuscript::wasm::build_wasm;

include!(concat!(env!("OUT_DIR"), "/explored.rs"));

/// Builds the contract of a chapter or a starter.
pub fn wasm_of(folder: &str) -> &'static [u8] {
    let built = build_wasm(&Tree::here().root().join(folder)).expect("the contract builds");
    let [wasm] = &built.contracts[..] else {
        panic!("{folder} is not one contract");
    };
    wasm.code.clone().leak()
}
