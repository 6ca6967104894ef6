//! A sweep over gas: no money is lost, however little gas a call has.
//!
//! A call that runs out of gas is undone, and the chain refunds its deposit. A *callback* that runs out of gas
//! is undone too, and then the money that it had to settle stays where it is. There can be amounts of gas that
//! are enough for the call and too little for the callback, and with these money is lost.
//!
//! So each method that moves money is called with amounts of gas from nothing to [well above](MARGIN) the first
//! success: in [strides](STRIDE), and in [steps](STEP) wherever the call begins to end in another way; by each kind
//! of [`User`], because a transfer to an implicit account costs more, and long names make long arguments; with the
//! shortest and the longest [`Input`]; with partners that succeed and with partners that fail, because a failure
//! brings money back. Afterwards all users take out their money. If some is missing then, it is a [`Hole`].
//!
//! * [`cases`]: the methods that move money, and their calls; [`ways_out`]: the calls with which users take out
//!   their money;
//! * [`run`]: the sweep; `steps`: the amounts of gas that are tried; [`ledger`]: the balances, and the money that is missing; [`hole`]: the report of it;
//! * [`setting`]: the contract with its partners and users;
//! * [`coverage`]: the check that every exported method is swept, or that a run shows that it moves no money.

pub mod cases;
pub mod coverage;
mod exports;
pub mod hole;
pub mod ledger;
mod others;
pub mod run;
pub mod setting;
pub mod situation;
mod steps;
pub mod ways_out;

pub use exports::exports;
pub use hole::Hole;
pub use others::EXCUSED;
pub use run::{MARGIN, STEP, Sweep, sweep, sweep_chapter};
pub use setting::Setting;
pub use situation::{Call, Input, Partner, Situation, User};
pub use steps::STRIDE;
