// ANCHOR: all
//! The parts that a deployed contract needs for its operation.
//!
//! * [`guard`] admits or refuses each method at its beginning, and counts;
//! * [`ownership`] stores the owner, [`owner`] changes it, and [`config`] has the owner's settings;
//! * [`earnings`] lets the owner withdraw what the contract has earned, and [`limits`] bounds
//!   deposits;
//! * [`stats`] returns counts and balances, and [`health`] the problems of the contract;
//! * [`events`] are logs in the form of NEP-297;
//! * [`record`] stores owner, guard and version beside the state.

pub mod config;
pub mod earnings;
pub mod events;
pub mod guard;
pub mod health;
pub mod limits;
pub mod owner;
pub mod ownership;
pub mod record;
pub mod stats;
// ANCHOR_END: all
