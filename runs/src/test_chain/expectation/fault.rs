//! The fault of an expectation.

/// A difference from an expectation.
#[derive(Debug)]
pub struct Fault {
    /// What was expected, as a statement.
    pub says: String,
    /// What was expected, and what happened instead.
    pub reason: String,
}
