//! Money of others on this account: the bonds, and the debts that remain when their receiver is
//! gone.

pub mod overdue;
pub mod owed;
pub mod state;
