//! The version of the program.

/// The release and the protocol version, in neard's form.
pub const VERSION: &str = concat!("(release ", env!("CARGO_PKG_VERSION"), ") (protocol 88)");
