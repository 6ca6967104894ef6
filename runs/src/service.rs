//! Runs for a page that is being served: a request and a reply, each in a line.
//!
//! A request is a verb of the server, and JSON of the page that names a figure and its inputs:
//! `play {"figure": "parallel-overview", "inputs": {"counter": "fails"}}`. The reply is JSON: the run as HTML and as
//! texts, or an error. The contracts are those that the server supplies; the reply names one that it lacks.
//!
//! `play` takes the figures with inputs. `compare` takes each figure of a run: it plays it with the committed contract and
//! with the edited one. A claim of the page that does not hold with the edited one is a difference.

use std::any::Any;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::compared::{differences, gas, lines};
use crate::figure::Figure;
use crate::inputs::{InputError, Values};
use crate::test_chain::{Contracts, Missing, Side};
use crate::text::without_gas;
use crate::{figures, plays};

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
        /// True if the figure is of no run: a list of facts, for example.
        is_unknown: bool,
    },
}

/// A run on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The drawing, the outcome and the balances. Empty for a table.
    html: String,
    /// The receipts and their logs, or the table.
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
    /// The run with the edited ones, unless it is not edited, or ends before its last transaction.
    edited: Option<Run>,
    /// A sentence for each difference.
    differences: Vec<String>,
    /// True if nothing but gas differs.
    is_gas_only: bool,
    /// The lines of the text that differ, if no drawing shows it, or what a run says that ends too early.
    lines: Vec<String>,
}

/// An error of a request.
#[derive(Debug, thiserror::Error)]
enum ServiceError {
    #[error("the request does not begin with `play` or `compare`")]
    UnknownVerb,
    #[error("the request is no JSON with `figure` and `inputs`: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("no run of a figure `{0}` has inputs")]
    WithoutInputs(String),
    #[error("no run of a figure `{0}` is known")]
    Unknown(String),
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("the contract of `{0}` is not there")]
    Missing(String),
    #[error("the run ended with a panic: {0}")]
    Panic(String),
}

/// A run that was played: its figure, how a page shows it, and the contracts that it took.
struct Rerun {
    figure: Figure,
    run: Run,
    contracts: BTreeSet<String>,
}

/// A service for the pages of a server.
pub struct Service {
    contracts: Contracts,
    /// The recorded runs with the committed contracts, which do not change.
    committed: BTreeMap<&'static str, Rerun>,
}

impl Service {
    /// Returns a service that takes these contracts.
    pub fn new(contracts: Contracts) -> Self {
        Self {
            contracts,
            committed: BTreeMap::new(),
        }
    }

    /// Plays what a line asks for.
    pub fn reply(&mut self, line: &str) -> Reply {
        match self.respond(line) {
            Ok(reply) => reply,
            Err(ServiceError::Missing(needs)) => Reply::Needs { needs },
            Err(error) => Reply::Refusal {
                error: error.to_string(),
                is_unknown: matches!(error, ServiceError::Unknown(_)),
            },
        }
    }

    fn respond(&mut self, line: &str) -> Result<Reply, ServiceError> {
        match line.split_once(' ') {
            Some(("play", request)) => self.play(serde_json::from_str(request)?).map(Reply::Run),
            Some(("compare", request)) => {
                let comparison = self.compare(serde_json::from_str(request)?);
                comparison.map(Reply::Comparison)
            }
            _ => Err(ServiceError::UnknownVerb),
        }
    }

    /// Plays a run with the committed contracts.
    fn play(&self, Request { figure, inputs }: Request) -> Result<Run, ServiceError> {
        let play = plays::of(&figure).ok_or(ServiceError::WithoutInputs(figure))?;
        let values = play.values(named(&inputs))?;
        let run = || (play.run)(&values).checked();
        let rerun = rerun(play.figure, run, &self.contracts, Side::Committed)?;
        Ok(rerun.run)
    }

    /// Plays a run with the edited contracts, and compares it with the same run of the committed ones.
    fn compare(&mut self, Request { figure, inputs }: Request) -> Result<Comparison, ServiceError> {
        let known = figures::run_of(&figure);
        let (name, recorded) = known.ok_or_else(|| ServiceError::Unknown(figure.clone()))?;
        let play = plays::of(name);
        let declared = play.map_or(&[][..], |play| play.inputs);
        let values = Values::requested(declared, named(&inputs))?;
        // The name of the figure is that of the recorded run on the page, and ids are unique.
        let id = format!("{name}-edited");
        if let Some(play) = play.filter(|_| !values.are_recorded()) {
            let run = || (play.run)(&values);
            let committed = rerun(&id, run, &self.contracts, Side::Committed)?;
            return compared(&id, run, &committed, &self.contracts);
        }
        let committed = match self.committed.entry(name) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                new.insert(rerun(&id, recorded, &self.contracts, Side::Committed)?)
            }
        };
        compared(&id, recorded, committed, &self.contracts)
    }
}

fn named(inputs: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    let inputs = inputs.iter();
    inputs.map(|(name, value)| (name.as_str(), value.as_str()))
}

/// Plays a run with the edited contracts, if it takes one.
fn compared(
    id: &str,
    run: impl Fn() -> Figure,
    committed: &Rerun,
    contracts: &Contracts,
) -> Result<Comparison, ServiceError> {
    let mut comparison = Comparison {
        contracts: committed.contracts.clone(),
        committed: committed.run.clone(),
        edited: None,
        differences: Vec::new(),
        is_gas_only: false,
        lines: Vec::new(),
    };
    let mut taken = committed.contracts.iter();
    if !taken.any(|name| contracts.is_edited(name)) {
        return Ok(comparison);
    }
    match rerun(id, run, contracts, Side::Edited) {
        Ok(edited) => comparison.take(committed, edited),
        // A contract that does not initialise, for example.
        Err(ServiceError::Panic(message)) => {
            let sentence = "The run cannot be played to its end with your contract:";
            comparison.differences.push(sentence.to_owned());
            comparison.lines = message.lines().map(str::to_owned).collect();
        }
        Err(error) => return Err(error),
    }
    Ok(comparison)
}

impl Comparison {
    fn take(&mut self, committed: &Rerun, edited: Rerun) {
        let (before, now) = (&committed.figure, &edited.figure);
        let [was, is] = [before, now].map(Figure::transactions);
        self.differences = differences(was, is);
        let held = |sentence: &&str| !before.refuted().any(|other| other == *sentence);
        let refuted = now.refuted().filter(held);
        self.differences.extend(refuted.map(|sentence| {
            format!("The page says: {sentence}. With your contract that is not so.")
        }));
        let is_same_text = without_gas(before.text()) == without_gas(now.text());
        let has_sentence = !self.differences.is_empty();
        if edited.run.html.is_empty() || !(has_sentence || is_same_text) {
            self.lines = lines(before.text(), now.text());
        }
        self.differences.extend(gas(was, is));
        let differs = !(self.differences.is_empty() && self.lines.is_empty());
        self.is_gas_only = differs && is_same_text && !has_sentence;
        if !differs && edited.run.html != committed.run.html {
            let marked = "The cards that are marked differ.".to_owned();
            self.differences.push(marked);
        }
        self.edited = Some(edited.run);
    }
}

/// Plays a run. A fault of one run does not end the service.
fn rerun(
    id: &str,
    run: impl Fn() -> Figure,
    contracts: &Contracts,
    side: Side,
) -> Result<Rerun, ServiceError> {
    let run = || {
        let (figure, contracts) = contracts.supply(side, &run);
        let run = run_of(&figure, id);
        Rerun {
            figure,
            run,
            contracts,
        }
    };
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| match payload.downcast::<Missing>() {
        Ok(missing) => ServiceError::Missing(missing.0),
        Err(payload) => ServiceError::Panic(message(payload)),
    })
}

/// Returns a run for a page. The ids in its drawing begin with `id`.
fn run_of(figure: &Figure, id: &str) -> Run {
    let is_drawn = !figure.transactions().is_empty();
    let drawing = || figure.drawing(id, "") + "</div>";
    Run {
        html: is_drawn.then(drawing).unwrap_or_default(),
        text: figure.text().to_owned(),
        gas: figure.gas(),
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
    use crate::test_chain::wasm_of;

    fn service(folder: &Path) -> Service {
        Service::new(Contracts::new(folder))
    }

    fn refusal(line: &str) -> String {
        match service(Path::new("/nowhere")).reply(line) {
            Reply::Refusal { error, .. } => error,
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
                r#"play {"figure": "setup-init"}"#,
                "no run of a figure `setup-init` has inputs",
            ),
            (
                r#"compare {"figure": "../setup"}"#,
                "no run of a figure `../setup` is known",
            ),
            (
                r#"compare {"figure": "setup-init", "inputs": {"gas": "1"}}"#,
                "there is no input `gas`",
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

        let reply = service(Path::new("/nowhere")).reply(line);

        let reply = serde_json::to_string(&reply).unwrap();
        assert_eq!(reply, r#"{"needs":"parallel"}"#);
    }

    /// Returns the comparison of a figure whose edited contract is this wasm.
    fn compared(figure: &str, edited: &[u8]) -> Comparison {
        let folder = TempDir::new().unwrap();
        let write = |side: &str, code: &[u8]| {
            files::write(&folder.path().join(side).join("setup.wasm"), code).unwrap();
        };
        write("committed", &wasm_of("setup"));
        write("edited", edited);
        let line = format!("compare {{\"figure\": \"{figure}\"}}");
        match service(folder.path()).reply(&line) {
            Reply::Comparison(comparison) => comparison,
            other => panic!("it was not compared: {other:?}"),
        }
    }

    /// Returns the contract of chapter 1 with another text in the place of one.
    fn edited(from: &str, to: &str) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let mut code = wasm_of("setup");
        let at = code
            .windows(from.len())
            .position(|bytes| bytes == from.as_bytes());
        let at = at.expect("the contract has the text");
        code[at..at + to.len()].copy_from_slice(to.as_bytes());
        code
    }

    #[test]
    fn the_same_contract_gives_the_same_figures() {
        for figure in ["setup-query", "setup-callback-by-alice", "setup-init"] {
            let comparison = compared(figure, &wasm_of("setup"));

            assert_eq!(comparison.differences, Vec::<String>::new(), "{figure}");
            assert_eq!(comparison.lines, Vec::<String>::new(), "{figure}");
            assert_eq!(comparison.edited, Some(comparison.committed), "{figure}");
            assert_eq!(comparison.contracts, BTreeSet::from(["setup".to_owned()]));
        }
    }

    #[test]
    fn a_run_without_the_edited_contract_is_played_once() {
        let folder = TempDir::new().unwrap();
        for path in ["committed/setup.wasm", "edited/batch.wasm"] {
            files::write(&folder.path().join(path), wasm_of("setup")).unwrap();
        }

        let reply = service(folder.path()).reply(r#"compare {"figure": "setup-query"}"#);

        let Reply::Comparison(comparison) = reply else {
            panic!("it was not compared: {reply:?}");
        };
        assert!(comparison.edited.is_none());
        assert_eq!(comparison.differences, Vec::<String>::new());
    }

    #[test]
    fn a_claim_that_does_not_hold_is_a_difference_and_the_rest_is_compared() {
        let edited = edited("Method new is private", "Method new is unknown");

        let comparison = compared("setup-init", &edited);

        assert!(comparison.edited.is_some() && !comparison.is_gas_only);
        let refuted = comparison.differences.join("\n");
        let words = ["The page says: ", " With your contract that is not so."];
        assert!(
            words.iter().all(|words| refuted.contains(words)),
            "{refuted}"
        );
        assert!(comparison.lines.iter().any(|line| line.starts_with("+ ")));
    }

    #[test]
    fn a_contract_that_burns_other_gas_differs_in_gas_only() {
        let mut longer = wasm_of("setup");
        // A custom section of four bytes: its id, its length, and an empty name.
        longer.extend([0, 2, 0, 0]);

        let comparison = compared("setup-query", &longer);

        assert!(comparison.is_gas_only);
        let [sentence] = &comparison.differences[..] else {
            panic!("{:?}", comparison.differences);
        };
        assert!(sentence.contains("burns less than 0.001"), "{sentence}");
    }

    #[test]
    fn a_contract_that_does_not_initialise_has_no_run_and_a_reason() {
        let code = include_bytes!("../../chain/tests/fixtures/greet.wasm");

        let comparison = compared("setup-query", code);

        assert!(comparison.edited.is_none());
        let lines = comparison.lines.join("\n");
        assert!(lines.contains("MethodNotFound"), "{lines}");
    }
}
