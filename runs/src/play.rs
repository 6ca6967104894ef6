//! Runs that a reader changes: a figure's run with other inputs.
//!
//! A [`Play`] is declared beside the figure's run, with its [`Input`]s: their words and bounds. With the recorded
//! value of each input it is the figure's own run, and the drawing is the same. The program `play` takes the inputs
//! from a command line, and from the pages while they are served.
//!
//! `partner` has partners that do something else.

mod partner;

pub use partner::{BEHAVIOURS, behave};

use crate::figure::Figure;
use crate::inputs::{Input, InputError, Values};

/// The run of a figure, with inputs.
pub struct Play {
    /// The name of the figure.
    pub figure: &'static str,
    /// The inputs, in the order in which they are shown.
    pub inputs: &'static [Input],
    /// Runs the transactions on a chain of their own.
    pub run: fn(&Values) -> Figure,
}

impl Play {
    /// Returns the recorded value of each input.
    pub fn recorded(&'static self) -> Values {
        Values::recorded(self.inputs)
    }

    /// Returns the values of a request, and the recorded value of each input that it does not name.
    ///
    /// # Errors
    /// There is no such input, or its value is not within the bounds.
    pub fn values<'a>(
        &'static self,
        named: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Values, InputError> {
        Values::requested(self.inputs, named)
    }

    /// Runs the recorded values.
    pub fn play_recorded(&'static self) -> Figure {
        (self.run)(&self.recorded())
    }
}
