//! The program, started as clients start it.

mod busy;
mod node;
mod process;
mod refused;
mod robustness;
mod rpc;
#[path = "../../../chain/tests/it/test_chain.rs"]
mod test_chain;
mod wasm;
