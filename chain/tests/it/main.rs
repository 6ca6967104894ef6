//! The chain in the test's own process.

mod compiled_contracts;
mod delegate;
mod delivery;
mod gas;
mod global_contracts;
mod horizon;
mod late;
mod money;
mod oracle;
mod pool;
mod programs;
mod properties;
mod records;
mod staking;
mod stepping;
mod test_chain;
mod yields;
