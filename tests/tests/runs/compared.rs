//! The figures of pages, played again as a server of the book plays them: with a contract that is not edited, none differs.

use std::path::Path;

use manuscript::files;
use manuscript::layout::Tree;
use regex::Regex;
use runs::figures;
use runs::service::Service;
use runs::test_chain::{Contracts, wasm_of};
use serde_json::{Value, json};

/// Plays a figure with both contracts, which are the same.
fn compared(service: &mut Service, folder: &Path, figure: &str) -> Value {
    loop {
        let request = format!("compare {}", json!({ "figure": figure }));
        let reply = serde_json::to_value(service.reply(&request)).expect("a reply is JSON");
        let Some(name) = reply["needs"].as_str() else {
            return reply;
        };
        let is_known = Tree::here().chapter_or_study(name).is_dir();
        assert!(is_known, "{figure}: a server has no contract {name}");
        for side in ["committed", "edited"] {
            let path = folder.join(side).join(name).with_extension("wasm");
            files::write(&path, wasm_of(name)).expect("the contract is written");
        }
    }
}

/// Plays the figures of a page.
fn play_all(page: &str) {
    let text = files::read_text(&Tree::here().root().join("src").join(page)).expect("the page");
    let included = Regex::new(r"\{\{#include figures/([\w-]+)\.(?:md|txt)\}\}").expect("a pattern");
    let names = included
        .captures_iter(&text)
        .map(|found| found[1].to_owned());
    let names: Vec<_> = names
        .filter(|name| figures::run_of(name).is_some())
        .collect();
    assert!(!names.is_empty(), "{page} has no figure");
    let folder = tempfile::tempdir().expect("a folder");
    let mut service = Service::new(Contracts::new(folder.path()));
    for name in names {
        let reply = compared(&mut service, folder.path(), &name);

        assert_eq!(reply["differences"], json!([]), "{name}");
        assert_eq!(reply["lines"], json!([]), "{name}");
        if reply["contracts"] != json!([]) {
            assert_eq!(reply["edited"], reply["committed"], "{name}: {reply}");
        }
    }
}

#[test]
fn the_figures_about_the_vaults_do_not_differ() {
    play_all("4-window.md");
}

#[test]
fn the_figures_about_upgrades_do_not_differ() {
    play_all("5-upgrades.md");
}
