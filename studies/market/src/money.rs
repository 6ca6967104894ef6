//! Money that passes through this contract, and the debts that remain when its receiver is gone.

pub mod owed;
pub mod state;
