//! Claims: what a figure is there to show.
//!
//! A recording is whatever its run did. A [`Claim`] is what the page says of it, as a condition on the run. A
//! figure is made with its claims, and where one does not hold there is no figure: neither to compare nor
//! to write.

/// Something that a page says of a run, and the reason why it does not hold there, if so.
#[must_use]
#[derive(Debug)]
pub struct Claim(Result<(), String>);

/// Claims something, in the words of the page or close to them.
pub fn claim(sentence: &str, holds: bool) -> Claim {
    let reason = || format!("this does not hold: {sentence}");
    Claim(holds.then_some(()).ok_or_else(reason))
}

impl Claim {
    /// A claim with the reasons why it does not hold; it holds where there is none.
    pub fn without(reasons: Option<String>) -> Self {
        Self(reasons.map_or(Ok(()), Err))
    }

    /// The reason why it does not hold.
    pub fn fault(&self) -> Option<&str> {
        self.0.as_ref().err().map(String::as_str)
    }
}

/// Holds the claims of a figure against its run.
///
/// # Panics
/// One of them does not hold, or there is none.
pub fn hold(text: &str, claims: impl IntoIterator<Item = Claim>) {
    let claims: Vec<_> = claims.into_iter().collect();
    assert!(
        !claims.is_empty(),
        "nothing is claimed of the figure:\n{text}"
    );
    let faults: Vec<_> = claims.iter().filter_map(Claim::fault).collect();
    assert!(
        faults.is_empty(),
        "the figure does not show what it is there for.\n{}\n\nThe figure:\n{text}",
        faults.join("\n")
    );
}
