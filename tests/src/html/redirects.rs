//! The rule that a redirect leads from a link that no page answers to a section of the book.
//!
//! mdBook itself refuses a redirect from a page that it builds, and redirects from sections of a page that has
//! moved if none is for the page: `collect_redirects_for_path` and `emit_redirects` in mdbook-html.

use std::path::Path;

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::links::{is_elsewhere, parts, target};
use super::site::Site;
use crate::{Problem, text};

const CONFIGURATION: &str = "book.toml";

/// Finds redirects of `book.toml` that lead nowhere, or away from a section that exists.
pub fn check(root: &Path, site: &Site) -> Result<Vec<Problem>> {
    let configuration = text::read(&root.join(CONFIGURATION))?;
    let mut problems = Vec::new();
    for (source, destination) in redirects(&configuration)? {
        let line = line_of(&configuration, &source);
        let faults = [
            still_there(site, &source),
            leads_nowhere(site, &source, &destination),
        ];
        let faults = faults.into_iter().flatten();
        problems.extend(faults.map(|fault| Problem::at(CONFIGURATION, line, fault)));
    }
    Ok(problems)
}

/// Returns the source and the destination of each redirect.
fn redirects(configuration: &str) -> Result<Vec<(String, String)>> {
    let configuration: Table = configuration.parse().context(CONFIGURATION)?;
    let output = configuration.get("output").and_then(|all| all.get("html"));
    let Some(redirects) = output.and_then(|html| html.get("redirect")) else {
        return Ok(Vec::new());
    };
    let redirects = redirects.as_table().into_iter().flatten();
    let pair = |(source, destination): (&String, &Value)| {
        let destination = destination.as_str()?.to_owned();
        Some((source.clone(), destination))
    };
    Ok(redirects.filter_map(pair).collect())
}

/// Returns the fault of a redirect whose section still exists: nobody who follows its link arrives there.
fn still_there(site: &Site, source: &str) -> Option<String> {
    let (path, fragment) = parts(source.trim_start_matches('/'));
    site.has_id(Path::new(path), fragment).then(|| {
        format!("{path} still has `#{fragment}`: remove the redirect, or rename the heading")
    })
}

fn leads_nowhere(site: &Site, source: &str, destination: &str) -> Option<String> {
    if is_elsewhere(destination) {
        return None;
    }
    let (page, _) = parts(source.trim_start_matches('/'));
    let (path, fragment) = parts(destination);
    let target = target(Path::new(page), path);
    let shown = target.display();
    if !site.pages.iter().any(|page| page.html == target) {
        Some(format!(
            "the redirect to `{destination}` leads nowhere: the book has no page {shown}"
        ))
    } else if !fragment.is_empty() && !site.has_id(&target, fragment) {
        Some(format!(
            "the redirect to `{destination}` leads to no heading: {shown} has no `#{fragment}`"
        ))
    } else {
        None
    }
}

/// Returns the number of the line with a redirect, or that of the first line.
fn line_of(configuration: &str, source: &str) -> usize {
    let key = format!("\"{source}\"");
    let mut lines = configuration.lines();
    lines
        .position(|line| line.trim_start().starts_with(&key))
        .map_or(1, |index| index + 1)
}
