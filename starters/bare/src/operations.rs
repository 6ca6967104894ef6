//! The parts that keep the contract running after its deployment.
//!
//! * [`guard`] admits or refuses each method at its beginning, and [`pause`] closes and opens it;
//! * [`owner`] changes the owner, and [`ownership`] checks that the owner calls;
//! * [`events`] are log lines for programs that keep a record;
//! * [`record`] stores owner, guard and version beside the state.

pub mod events;
pub mod guard;
pub mod owner;
pub mod ownership;
pub mod pause;
pub mod record;

#[cfg(test)]
mod guard_coverage;
