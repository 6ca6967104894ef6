// ANCHOR: all
//! What it takes to run the contract once it is deployed.
//!
//! * [`guard`] admits or refuses each method when it begins, and counts;
//! * [`owner`] says who may configure the contract, [`config`] what there is to configure;
//! * [`earnings`] are what the owner may take out, [`limits`] what a call may bring in;
//! * [`stats`] tells what the contract has done, [`health`] whether anything is wrong with it;
//! * [`events`] are what it writes to the log for those who keep a record;
//! * [`record`] is how owner, guard and version lie in the storage beside the state.

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
