//! The time from a changed input to the reply of the service, for all runs with inputs:
//! `cargo bench --profile dev --workspace --bench plays`.
//!
//! Prints numbers and asserts nothing. The goal: each reply in less than 100 ms. The first one of a contract also loads
//! it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use manuscript::files;
use manuscript::layout::{self, Tree};
use runs::inputs::Values;
use runs::play::Play;
use runs::plays::PLAYS;
use runs::service::Service;
use runs::test_chain::{Contracts, wasm_of};
use serde_json::json;

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the contracts");
    let mut service = Service::new(supplied(folder.path()));
    let mut timed = |request: &String| timed(request, &mut service);
    let mut all = Vec::new();
    for play in PLAYS {
        let requests = changes(play).map(|values| request(play, &values));
        let requests: Vec<_> = requests.collect();
        let first: Vec<_> = requests.iter().map(&mut timed).collect();
        let again: Vec<_> = requests.iter().map(&mut timed).collect();
        println!(
            "{}: {}, at first {}",
            play.figure,
            line(&again),
            line(&first)
        );
        all.extend(again);
    }
    println!("all {} runs: {}", all.len(), line(&all));
}

/// Builds the contracts of all runs, and puts them where the service looks for them.
fn supplied(folder: &Path) -> Contracts {
    let tree = Tree::here();
    for folders in [tree.chapters(), tree.studies()] {
        for contract in folders.expect("the folders of the contracts") {
            let name = layout::name(&contract);
            let path = folder.join("committed").join(&name).with_extension("wasm");
            files::write(&path, wasm_of(&name)).expect("the contract is written");
        }
    }
    Contracts::new(folder)
}

/// Returns the recorded values with one input changed, for each value to try.
fn changes(play: &'static Play) -> impl Iterator<Item = Values> {
    let inputs = play.inputs.iter().enumerate();
    inputs.flat_map(move |(index, input)| {
        let samples = input.samples().into_iter();
        samples.map(move |value| play.recorded().with(index, value))
    })
}

fn request(play: &Play, values: &Values) -> String {
    let inputs: BTreeMap<_, _> = values.named().collect();
    let request = json!({ "figure": play.figure, "inputs": inputs });
    format!("play {request}")
}

/// Returns the time of a request and of its reply as JSON.
fn timed(request: &str, service: &mut Service) -> Duration {
    let start = Instant::now();
    let reply = service.reply(request);
    let line = serde_json::to_string(&reply).expect("a reply is JSON");
    assert!(!line.starts_with("{\"error\""), "{request}: {line}");
    start.elapsed()
}

fn line(times: &[Duration]) -> String {
    let mut sorted = times.to_vec();
    sorted.sort();
    let [median, slowest] = [sorted[sorted.len() / 2], sorted[sorted.len() - 1]];
    let [median, slowest] = [median, slowest].map(|time| time.as_secs_f64() * 1_000.0);
    format!("median {median:.0} ms, slowest {slowest:.0} ms")
}
