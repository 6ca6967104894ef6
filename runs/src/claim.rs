//! Claims: the statements of a page about a figure.
//!
//! A recording is the output of a run, whatever that was. A [`Claim`] is a statement of the page about it, as a
//! condition on the run. A figure is constructed with its claims. If one of them does not hold, there is no
//! figure, neither to compare nor to write.

/// A statement of a page about a run, and the reason why it does not hold, if it does not.
#[must_use]
#[derive(Debug)]
pub struct Claim(Result<(), String>);

/// Returns a claim with the statement in the words of the page or close to them.
pub fn claim(sentence: &str, holds: bool) -> Claim {
    let reason = || format!("this does not hold: {sentence}");
    Claim(holds.then_some(()).ok_or_else(reason))
}

impl Claim {
    /// Returns a claim that holds if there is no reason against it.
    pub fn without(reasons: Option<String>) -> Self {
        Self(reasons.map_or(Ok(()), Err))
    }

    /// Returns the reason why the claim does not hold.
    pub fn fault(&self) -> Option<&str> {
        self.0.as_ref().err().map(String::as_str)
    }
}

/// Checks the claims of a figure.
///
/// # Panics
/// One of them does not hold, or there is none.
pub fn assert_claims(text: &str, claims: impl IntoIterator<Item = Claim>) {
    let claims: Vec<_> = claims.into_iter().collect();
    assert!(!claims.is_empty(), "the figure has no claim:\n{text}");
    let faults: Vec<_> = claims.iter().filter_map(Claim::fault).collect();
    assert!(
        faults.is_empty(),
        "the figure contradicts its page.\n{}\n\nThe figure:\n{text}",
        faults.join("\n")
    );
}
