//! Rules over the sources of the contracts: how money and gas leave them, and what they export.
//!
//! * [`closed`]: a batch with a deposit answers for itself;
//! * [`strangers`]: a contract of the caller's choice gets static gas and no more;
//! * [`configuration`]: a callback settles what its call was made with;
//! * [`exported`]: no method is there to be robbed, and none lets its caller choose gas.
//!
//! They read functions one by one, by their names and chains of calls. What they cannot see, such as a
//! deposit that a function of another file attaches, the tests on a chain have to find.

mod batch;
mod configuration;
mod exported;
mod source;
mod strangers;

pub use batch::closed;
pub use configuration::{EXCUSED, configuration};
pub use exported::exported;
pub use strangers::strangers;
