//! Runs for a page that is being served: a request and a reply in JSON, each in a line.
//!
//! A request names a figure and its inputs: `{"figure": "parallel-overview", "inputs": {"counter": "fails"}}`. The reply
//! has the run as HTML and as texts, or an error.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::inputs::InputError;
use crate::plays;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    figure: String,
    #[serde(default)]
    inputs: BTreeMap<String, String>,
}

/// The reply to a request.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// The run.
    Run {
        /// The drawing, the outcome and the balances.
        html: String,
        /// The receipts and their logs.
        text: String,
        /// The ledger of the gas.
        gas: String,
    },
    /// The request makes no sense.
    Refusal {
        /// The reason.
        error: String,
    },
}

/// An error of a request.
#[derive(Debug, thiserror::Error)]
enum ServiceError {
    #[error("the request is no JSON with `figure` and `inputs`: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("no run of a figure `{0}` has inputs")]
    UnknownFigure(String),
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("the run ended with a panic: {0}")]
    Panic(String),
}

/// Plays what a line asks for.
pub fn reply(line: &str) -> Reply {
    match play(line) {
        Ok(reply) => reply,
        Err(error) => Reply::Refusal {
            error: error.to_string(),
        },
    }
}

fn play(line: &str) -> Result<Reply, ServiceError> {
    let request: Request = serde_json::from_str(line)?;
    let play = plays::of(&request.figure);
    let play = play.ok_or(ServiceError::UnknownFigure(request.figure))?;
    let inputs = request.inputs.iter();
    let values = play.values(inputs.map(|(name, value)| (name.as_str(), value.as_str())))?;
    let run = || {
        let figure = (play.run)(&values);
        let mut files: BTreeMap<_, _> = figure.files(play.figure, "").into_iter().collect();
        let mut text = |extension| files.remove(extension).unwrap_or_default();
        Reply::Run {
            html: figure.drawing(play.figure, "") + "</div>",
            text: text("txt"),
            gas: text("gas.txt"),
        }
    };
    // A fault of one run must not end the service.
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| ServiceError::Panic(message(payload)))
}

fn message(payload: Box<dyn Any + Send>) -> String {
    let text = payload.downcast::<String>().map(|text| *text);
    let text = text.or_else(|payload| payload.downcast::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|_| "without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(line: &str) -> String {
        match reply(line) {
            Reply::Refusal { error } => error,
            Reply::Run { html, .. } => panic!("it was played: {html}"),
        }
    }

    #[test]
    fn a_request_that_makes_no_sense_is_refused_with_the_reason() {
        for (line, reason) in [
            ("", "is no JSON"),
            ("[1]", "is no JSON"),
            (r#"{"figure": 1}"#, "is no JSON"),
            (
                r#"{"figure": "setup-query", "code": ""}"#,
                "unknown field `code`",
            ),
            (r#"{"figure": "../setup"}"#, "no run of a figure `../setup`"),
            (
                r#"{"figure": "setup-query", "inputs": {"path": "/"}}"#,
                "there is no input `path`",
            ),
            (
                r#"{"figure": "setup-query", "inputs": {"gas": "1e9"}}"#,
                "a whole number from 1 to 300 Tgas",
            ),
        ] {
            let error = refusal(line);
            assert!(error.contains(reason), "{line}: {error}");
        }
    }
}
