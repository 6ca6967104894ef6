//! The chain in the test's own process.

mod compiled_contracts;
mod delegate;
mod delivery;
mod explore;
mod gas;
mod gas_keys;
mod global_contracts;
mod horizon;
mod implicit_accounts;
mod late;
mod limits;
mod money;
mod oracle;
mod pool;
mod programs;
mod properties;
mod records;
mod staking;
mod state_inits;
mod stepping;
mod test_chain;
mod yields;
