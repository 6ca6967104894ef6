//! What it takes to run the contract once it is deployed.
//!
//! * [`gate`] is what every method passes first: it counts calls, and refuses them while the contract is
//!   paused; [`methods`] are their names, and [`stop`] refuses single ones of them;
//! * [`owner`] says who may configure the contract, [`config`] what there is to configure;
//! * [`stats`] tells what the contract has done, [`health`] whether anything is wrong with it;
//! * [`events`] are what it writes to the log for those who keep a record.

pub mod config;
pub mod events;
pub mod gate;
pub mod health;
pub mod limits;
pub mod methods;
pub mod owner;
pub mod stats;
pub mod stop;
