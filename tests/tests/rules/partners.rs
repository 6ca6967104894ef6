//! Tests that the contracts in the chapters are those that `contract/` builds, and contain no paths.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use book_tests::{Problem, assert_none, hygiene};
use manuscript::layout::Tree;
use manuscript::partners;

/// Returns every contract in a chapter.
fn partners(tree: &Tree) -> Result<Vec<PathBuf>> {
    let mut partners = Vec::new();
    for chapter in [tree.chapters()?, tree.starters()?].concat() {
        for entry in fs::read_dir(chapter.join("tests/partners"))? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "wasm")
            {
                partners.push(path);
            }
        }
    }
    Ok(partners)
}

#[test]
fn partners_are_built_from_their_sources() -> Result<()> {
    let drifts = partners::check(&Tree::here())?;

    let problem = |drift: &partners::Drift| {
        Problem::of(&drift.path, format!("{drift}: run `cargo book contracts`"))
    };
    assert_none(drifts.iter().map(problem).collect());
    Ok(())
}

#[test]
fn every_partner_has_a_source() -> Result<()> {
    let tree = Tree::here();
    let mut problems = Vec::new();
    for path in partners(&tree)? {
        let manifest = fs::read_to_string(path.with_file_name("partners.toml"))?;
        let manifest: toml::Table = manifest.parse()?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if !manifest.contains_key(name.as_ref()) {
            let fault = "this contract is not in partners.toml: add it there, or remove it";
            problems.push(Problem::of(tree.relative(&path), fault));
        }
    }

    assert_none(problems);
    Ok(())
}

#[test]
fn a_partner_is_the_same_in_every_chapter() -> Result<()> {
    let tree = Tree::here();
    let partners = partners(&tree)?;
    let mut problems = Vec::new();
    for path in &partners {
        let twin = |other: &&PathBuf| other.file_name() == path.file_name() && *other < path;
        for other in partners.iter().filter(twin) {
            if fs::read(path)? != fs::read(other)? {
                let fault = format!(
                    "this is not {}: run `cargo book contracts`",
                    tree.relative(other).display()
                );
                problems.push(Problem::of(tree.relative(path), fault));
            }
        }
    }

    assert_none(problems);
    Ok(())
}

#[test]
fn partners_contain_no_path_of_the_machine_that_built_them() -> Result<()> {
    let tree = Tree::here();
    let mut problems = Vec::new();
    for path in partners(&tree)? {
        let bytes = fs::read(&path)?;
        problems.extend(hygiene::traces_in_bytes(
            tree.root(),
            tree.relative(&path),
            &bytes,
        )?);
    }

    assert_none(problems);
    Ok(())
}
