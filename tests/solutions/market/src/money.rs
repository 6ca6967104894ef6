//! Money that passes through this contract, and the debts that remain when its receiver is gone.

pub mod auction;
pub mod offers;
pub mod owed;
pub mod state;
