//! The rules for the sources of the contracts: the money and the gas that leave them, and their exports.
//!
//! * [`closed`]: a batch with a deposit returns a result of its own;
//! * [`untrusted`]: a contract that the caller chooses gets static gas and no more;
//! * [`configuration`]: a callback uses the arguments of its call, not the configuration;
//! * [`exported`]: no method is a vulnerable example, no callback can be called by anyone, and no caller chooses gas;
//! * [`forged`]: a scenario calls each callback that moves money with a promise result of somebody else.
//!
//! The rules read functions one by one, by their names and chains of calls. They do not see everything, for
//! example a deposit that a function in another file attaches. The tests on a chain have to find that.

mod batch;
mod configuration;
mod exported;
mod forged;
mod source;
mod untrusted;

pub use batch::{OPEN, closed, closed_but};
pub use configuration::{EXCUSED, configuration};
pub use exported::exported;
pub use forged::forged;
pub use untrusted::untrusted;
