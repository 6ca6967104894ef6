//! The rule that no page needs a network, misses a file or logs a problem.

use super::Problem;
use crate::measurements::ConsoleMessage;
use crate::survey::Survey;

/// The addresses of the book itself. Any other address needs a network.
const HERE: [&str; 2] = ["http://127.0.0.1:", "data:"];

/// Finds requests to other hosts.
pub fn requests_to_others(survey: &Survey) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        let of_others = |address: &&String| !HERE.iter().any(|here| address.starts_with(here));
        for address in visit.wide.layout.requests.iter().filter(of_others) {
            problems.push(Problem::on(visit, format!("it requests {address}")));
        }
    }
    problems
}

/// Finds requests for files that the book does not have.
pub fn missing(survey: &Survey) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        for sent in visit.wide.sent.iter().filter(|sent| sent.bytes.is_none()) {
            problems.push(Problem::on(visit, format!("there is no {}", sent.path)));
        }
    }
    problems
}

/// The levels of messages that are problems.
const BAD: [&str; 2] = ["SEVERE", "WARNING"];

/// Finds errors and warnings on the console, from scripts and from the browser.
pub fn console_problems(survey: &Survey) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        let bad = |messages: &&ConsoleMessage| BAD.contains(&messages.level.as_str());
        for messages in visit.wide.messages.iter().filter(bad) {
            problems.push(Problem::on(visit, &messages.message));
        }
    }
    problems
}
