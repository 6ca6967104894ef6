//! The chain in the test's own process.

mod delegate;
mod delivery;
mod gas;
mod gas_keys;
mod global_contracts;
mod horizon;
mod implicit_accounts;
mod limits;
mod money;
mod oracle;
mod programs;
mod properties;
mod records;
mod state_inits;
mod stepping;
mod test_chain;
mod yields;
