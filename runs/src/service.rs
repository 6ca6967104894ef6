//! Runs for a page that is being served: a request and a reply, each in a line.
//!
//! A request is a verb of the server, and JSON of the page that names a figure and its inputs:
//! `play {"figure": "parallel-overview", "inputs": {"counter": "fails"}}`. The reply is JSON: the run as HTML and as
//! texts, or an error. The contracts are those that the server supplies; the reply names one that it lacks.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::compared::differences;
use crate::figure::Figure;
use crate::inputs::{InputError, Values};
use crate::play::Play;
use crate::plays;
use crate::test_chain::{Contracts, Missing, Side};

/// The verbs of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// Plays a run with the committed contracts.
    Play,
    /// Plays a run with the edited contracts, and compares it with the same run of the committed ones.
    Compare,
}

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
    /// The run with the committed contracts.
    Run(Run),
    /// The run with both contracts.
    Comparison(Comparison),
    /// A contract is not there yet.
    Needs {
        /// The name of its chapter.
        needs: String,
    },
    /// The request makes no sense.
    Refusal {
        /// The reason.
        error: String,
    },
}

/// A run on a page.
#[derive(Debug, Serialize)]
pub struct Run {
    /// The drawing, the outcome and the balances.
    html: String,
    /// The receipts and their logs.
    text: String,
    /// The ledger of the gas.
    gas: String,
}

/// A run with the edited contracts, beside the same run with the committed ones.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The names of the contracts that the run takes.
    contracts: BTreeSet<String>,
    /// The run with the committed contracts.
    committed: Run,
    /// The run with the edited ones, unless it ends before its last transaction.
    edited: Option<Run>,
    /// A sentence for each difference.
    differences: Vec<String>,
}

/// An error of a request.
#[derive(Debug, thiserror::Error)]
enum ServiceError {
    #[error("the request does not begin with `play` or `compare`")]
    UnknownVerb,
    #[error("the request is no JSON with `figure` and `inputs`: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("no run of a figure `{0}` has inputs")]
    UnknownFigure(String),
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("the contract of `{0}` is not there")]
    Missing(String),
    #[error("the run ended with a panic: {0}")]
    Panic(String),
}

/// Plays what a line asks for.
pub fn reply(line: &str, contracts: &Contracts) -> Reply {
    match respond(line, contracts) {
        Ok(reply) => reply,
        Err(ServiceError::Missing(needs)) => Reply::Needs { needs },
        Err(error) => Reply::Refusal {
            error: error.to_string(),
        },
    }
}

fn respond(line: &str, contracts: &Contracts) -> Result<Reply, ServiceError> {
    let (verb, request) = match line.split_once(' ') {
        Some(("play", request)) => (Verb::Play, request),
        Some(("compare", request)) => (Verb::Compare, request),
        _ => return Err(ServiceError::UnknownVerb),
    };
    let request: Request = serde_json::from_str(request)?;
    let play = plays::of(&request.figure);
    let play = play.ok_or(ServiceError::UnknownFigure(request.figure))?;
    let inputs = request.inputs.iter();
    let values = play.values(inputs.map(|(name, value)| (name.as_str(), value.as_str())))?;
    match verb {
        Verb::Play => {
            let (figure, _) = rerun(play, &values, contracts, Side::Committed)?;
            Ok(Reply::Run(run(&figure, play.figure)))
        }
        Verb::Compare => compare(play, &values, contracts).map(Reply::Comparison),
    }
}

fn compare(
    play: &'static Play,
    values: &Values,
    contracts: &Contracts,
) -> Result<Comparison, ServiceError> {
    // The name of the figure is that of the recorded run on the page, and ids are unique.
    let name = format!("{}-edited", play.figure);
    let (committed, taken) = rerun(play, values, contracts, Side::Committed)?;
    let committed_run = run(&committed, &name);
    let (edited, differences) = match rerun(play, values, contracts, Side::Edited) {
        Ok((edited, _)) => {
            let mut found = differences(committed.transactions(), edited.transactions());
            let edited = run(&edited, &name);
            if found.is_empty() && edited.html != committed_run.html {
                found.push("The cards that are marked differ.".to_owned());
            }
            (Some(edited), found)
        }
        // A contract that does not initialise, for example.
        Err(ServiceError::Panic(message)) => {
            (None, vec![format!("The run does not end: {message}")])
        }
        Err(error) => return Err(error),
    };
    Ok(Comparison {
        contracts: taken,
        committed: committed_run,
        edited,
        differences,
    })
}

/// Plays a run. A fault of one run does not end the service.
fn rerun(
    play: &'static Play,
    values: &Values,
    contracts: &Contracts,
    side: Side,
) -> Result<(Figure, BTreeSet<String>), ServiceError> {
    let run = || contracts.supply(side, || (play.run)(values));
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| match payload.downcast::<Missing>() {
        Ok(missing) => ServiceError::Missing(missing.0),
        Err(payload) => ServiceError::Panic(message(payload)),
    })
}

fn run(figure: &Figure, name: &str) -> Run {
    let mut files: BTreeMap<_, _> = figure.files(name, "").into_iter().collect();
    let mut text = |extension| files.remove(extension).unwrap_or_default();
    Run {
        html: figure.drawing(name, "") + "</div>",
        text: text("txt"),
        gas: text("gas.txt"),
    }
}

fn message(payload: Box<dyn Any + Send>) -> String {
    let text = payload.downcast::<String>().map(|text| *text);
    let text = text.or_else(|payload| payload.downcast::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|_| "without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use manuscript::files;
    use tempfile::TempDir;

    use super::*;

    fn refusal(line: &str) -> String {
        match reply(line, &Contracts::new(Path::new("/nowhere"))) {
            Reply::Refusal { error } => error,
            other => panic!("it was not refused: {other:?}"),
        }
    }

    #[test]
    fn a_request_that_makes_no_sense_is_refused_with_the_reason() {
        for (line, reason) in [
            ("", "does not begin with `play`"),
            ("{}", "does not begin with `play`"),
            ("play ", "is no JSON"),
            ("play [1]", "is no JSON"),
            (r#"play {"figure": 1}"#, "is no JSON"),
            (
                r#"play {"figure": "setup-query", "code": ""}"#,
                "unknown field `code`",
            ),
            (
                r#"play {"figure": "../setup"}"#,
                "no run of a figure `../setup`",
            ),
            (
                r#"compare {"figure": "setup-query", "inputs": {"path": "/"}}"#,
                "there is no input `path`",
            ),
            (
                r#"compare {"figure": "setup-query", "inputs": {"gas": "1e9"}}"#,
                "a whole number from 1 to 300 Tgas",
            ),
        ] {
            let error = refusal(line);
            assert!(error.contains(reason), "{line}: {error}");
        }
    }

    #[test]
    fn a_contract_that_the_server_lacks_is_named() {
        let line = r#"play {"figure": "parallel-overview"}"#;

        let reply = reply(line, &Contracts::new(Path::new("/nowhere")));

        let reply = serde_json::to_string(&reply).unwrap();
        assert_eq!(reply, r#"{"needs":"parallel"}"#);
    }

    /// Returns the comparison of a run whose edited contract is this wasm.
    fn compared(edited: &[u8]) -> Comparison {
        let folder = TempDir::new().unwrap();
        let write = |side: &str, code: &[u8]| {
            files::write(&folder.path().join(side).join("setup.wasm"), code).unwrap();
        };
        write("committed", &crate::test_chain::wasm_of("setup"));
        write("edited", edited);
        let line = r#"compare {"figure": "setup-query"}"#;
        match reply(line, &Contracts::new(folder.path())) {
            Reply::Comparison(comparison) => comparison,
            other => panic!("it was not compared: {other:?}"),
        }
    }

    #[test]
    fn the_same_contract_gives_the_same_run() {
        let comparison = compared(&crate::test_chain::wasm_of("setup"));

        assert_eq!(comparison.differences, Vec::<String>::new());
        assert_eq!(comparison.contracts, BTreeSet::from(["setup".to_owned()]));
    }

    #[test]
    fn a_contract_that_does_not_initialise_has_no_run_and_a_reason() {
        let comparison = compared(include_bytes!("../../chain/tests/fixtures/greet.wasm"));

        assert!(comparison.edited.is_none());
        let differences = comparison.differences.join("\n");
        assert!(differences.contains("MethodNotFound"), "{differences}");
    }
}
