//! However little gas a call has, nobody's money is lost.
//!
//! A call that runs out of gas is undone, and the chain gives its deposit back. A *callback* that runs out
//! of gas is undone as well, and then the money that it had to settle stays where it is. Between the gas
//! that sends a call and the gas that settles it lies a gap, and in that gap money is lost.
//!
//! So each method that moves money is called with all the gas that a caller could attach, in [steps](STEP)
//! from nothing to [well above](MARGIN) the first success; by each kind of [`User`], for a transfer to an
//! implicit account costs more, and long names make long arguments; with the shortest and the longest
//! [`Input`]; with partners that do what they are asked and with partners that refuse, for the latter bring
//! money back. Afterwards everybody takes out what is theirs, and what is then missing is a [`Hole`].
//!
//! * [`cases`]: the methods that move money, and how each is called; [`ways_out`]: how users get theirs;
//! * [`run`]: the sweep; [`ledger`]: what is missing; [`hole`]: how that is told;
//! * [`setting`]: the contract with its partners and users;
//! * [`coverage`]: every method that a contract exports is swept, or a run shows that it moves no money.

pub mod cases;
pub mod coverage;
mod exports;
pub mod hole;
pub mod ledger;
mod others;
pub mod run;
pub mod setting;
pub mod situation;
pub mod ways_out;

pub use exports::exports;
pub use hole::Hole;
pub use others::EXCUSED;
pub use run::{MARGIN, STEP, Sweep, sweep, sweep_chapter};
pub use setting::Setting;
pub use situation::{Call, Input, Partner, Situation, User};
