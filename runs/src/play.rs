//! Runs that a reader changes: a figure's run with other inputs.
//!
//! A [`Play`] is declared beside the figure's run, with its [`Input`]s: their words and bounds. With the recorded
//! value of each input it is the figure's own run, and the drawing is the same. The program `play` takes the inputs
//! from a command line, and from the pages while they are served.
//!
//! * `input`: inputs and their values;
//! * `partner`: partners that do something else;
//! * `played`: the run that came out, as text and as HTML;
//! * [`service`]: requests of a page that is being served, and replies.

mod input;
mod partner;
mod played;
pub mod service;

pub use input::{Bounds, Choice, Input, InputError, Values};
pub use partner::{BEHAVIOURS, behave};
pub use played::Played;
use serde_json::{Value, json};

use crate::{batch, calls, money, parallel, responses, setup};

/// The run of a figure, with inputs.
pub struct Play {
    /// The name of the figure.
    pub figure: &'static str,
    /// The inputs, in the order in which they are shown.
    pub inputs: &'static [Input],
    /// Runs the transactions on a chain of their own.
    pub run: fn(&Values) -> Played,
}

/// All runs with inputs, in the order of the pages.
pub const PLAYS: &[&Play] = &[
    &setup::QUERY,
    &setup::QUERY_OLD_ANSWER,
    &calls::YIELDS,
    &setup::QUERY_LITTLE_GAS,
    &batch::COUNT_FAILS,
    &batch::guestbook::SIGN_FAILS,
    &batch::launch::LAUNCH_FAILS,
    &batch::sale::SALE_SOLD_OUT,
    &parallel::OVERVIEW,
    &parallel::SEQUENCE,
    &parallel::visit::VISIT_FAILS,
    &parallel::gas::STARVED,
    &parallel::portfolio::PORTFOLIO,
    &responses::measure::MEASURE_FAILS,
    &responses::GREETINGS,
    &responses::breaker::BREAKER_TRIAL,
    &responses::cache::CACHE_TWO,
    &money::BOOKS,
    &money::PAYER_GONE,
    &money::vault::WINDOW,
    &money::tokens::REST,
    &money::later::ORDER,
    &money::later::ORACLE,
];

impl Play {
    /// Returns the run of this figure, if it has inputs.
    pub fn of(figure: &str) -> Option<&'static Self> {
        PLAYS.iter().copied().find(|play| play.figure == figure)
    }

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
        let mut values = self.recorded();
        for (name, value) in named {
            values.set(name, value)?;
        }
        Ok(values)
    }

    /// Runs the recorded values.
    pub fn play_recorded(&'static self) -> Played {
        (self.run)(&self.recorded())
    }

    /// Returns the inputs in JSON, for the page.
    pub fn to_json(&self) -> Value {
        json!(self.inputs.iter().map(Input::to_json).collect::<Vec<_>>())
    }
}
