//! Claims: the statements of a page about a figure.
//!
//! A recording is the output of a run, whatever that was. A [`Claim`] is a statement of the page about it, as a
//! condition on the run. A figure is constructed with its claims. If one of them does not hold, the figure has no files,
//! neither to compare nor to write. With a contract that a reader edits, such a claim is a difference to show.

/// A statement of a page about a run, and the fault, if it does not hold.
#[must_use]
#[derive(Debug)]
pub struct Claim(Option<Fault>);

/// The fault of a claim.
#[derive(Debug)]
struct Fault {
    /// What the page says and what does not hold, a sentence each.
    refuted: Vec<String>,
    /// The reason, for the one who records the figure.
    reason: String,
}

/// Returns a claim with the statement in the words of the page or close to them.
pub fn claim(sentence: &str, holds: bool) -> Claim {
    let fault = || Fault {
        refuted: vec![sentence.to_owned()],
        reason: format!("this does not hold: {sentence}"),
    };
    Claim((!holds).then(fault))
}

impl Claim {
    /// Returns a claim that holds if none of its sentences is refuted.
    pub fn of_several(refuted: Vec<String>, reason: impl FnOnce() -> String) -> Self {
        let holds = refuted.is_empty();
        let fault = || Fault {
            refuted,
            reason: reason(),
        };
        Self((!holds).then(fault))
    }

    /// Returns the reason why the claim does not hold.
    pub fn fault(&self) -> Option<&str> {
        self.0.as_ref().map(|fault| fault.reason.as_str())
    }

    /// Returns what the page says and what does not hold, a sentence each.
    pub fn refuted(&self) -> &[String] {
        self.0.as_ref().map_or(&[], |fault| &fault.refuted)
    }
}

/// Checks the claims of a figure.
///
/// # Panics
/// One of them does not hold.
pub fn assert_claims<'a>(text: &str, claims: impl IntoIterator<Item = &'a Claim>) {
    let faults: Vec<_> = claims.into_iter().filter_map(Claim::fault).collect();
    assert!(
        faults.is_empty(),
        "the figure contradicts its page.\n{}\n\nThe figure:\n{text}",
        faults.join("\n")
    );
}
