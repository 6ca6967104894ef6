//! The chain in the test's own process.

mod delegate;
mod delivery;
mod gas;
mod global_contracts;
mod horizon;
mod limits;
mod money;
mod oracle;
mod programs;
mod properties;
mod records;
mod stepping;
mod test_chain;
mod yields;
