//! From one release to the next: new code, and the old state made fit for it, in one receipt.

pub mod announce;
pub mod deploy;
pub mod migrate;
pub mod old;
