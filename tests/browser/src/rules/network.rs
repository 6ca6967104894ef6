//! No page needs a network, misses a file or complains.

use super::Problem;
use crate::seen::Said;
use crate::survey::Survey;

/// Where the book is served: what is asked of anyone else is asked of the network.
const HERE: [&str; 2] = ["http://127.0.0.1:", "data:"];

/// Things that pages ask of others.
pub fn asked_of_others(survey: &Survey) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        let of_others = |address: &&String| !HERE.iter().any(|here| address.starts_with(here));
        for address in visit.wide.layout.asked.iter().filter(of_others) {
            problems.push(Problem::on(visit, format!("it asks for {address}")));
        }
    }
    problems
}

/// Files that pages ask for and that the book has not.
pub fn missing(survey: &Survey) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        for sent in visit.wide.sent.iter().filter(|sent| sent.bytes.is_none()) {
            problems.push(Problem::on(visit, format!("there is no {}", sent.path)));
        }
    }
    problems
}

/// How the browser marks what it would have somebody look at.
const BAD: [&str; 2] = ["SEVERE", "WARNING"];

/// Errors and warnings on the console: those of scripts, and the browser's own.
pub fn complaints(survey: &Survey) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        let bad = |said: &&Said| BAD.contains(&said.level.as_str());
        for said in visit.wide.said.iter().filter(bad) {
            problems.push(Problem::on(visit, &said.message));
        }
    }
    problems
}
