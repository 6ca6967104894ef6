//! The rules for the built HTML: every page exists and has a title, pictures have descriptions, and links and
//! redirects lead to something. Nothing outside of the book is loaded.

mod links;
mod pictures;
mod redirects;
mod site;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::pages;
use scraper::Html;
use site::{Built, Site, all};

use crate::Problem;

/// Builds the book at `root` into `folder`, and finds the problems in its HTML.
pub fn check(root: &Path, folder: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    pages::build(&tree, folder)?;
    let site = Site::read(root, folder, &pages::expanded(&tree)?)?;
    let mut problems = Vec::new();
    for page in &site.pages {
        match site.html.get(&page.html) {
            None => problems.push(Problem::of(
                &page.source,
                "mdBook wrote no HTML of this page: see its log",
            )),
            Some(html) => problems.extend(check_page(page, html)),
        }
    }
    problems.extend(same_titles(&site));
    problems.extend(links::check(&site));
    problems.extend(redirects::check(root, &site)?);
    problems.extend(pictures::files(root)?);
    problems.sort();
    problems.dedup();
    Ok(problems)
}

fn check_page(page: &Built, html: &Html) -> Vec<Problem> {
    let mut faults = Vec::new();
    if title(html).is_none() {
        faults.push((
            1,
            "the page has no title: name it in src/SUMMARY.md".to_owned(),
        ));
    }
    let headings = all(html, "main h1").count();
    if headings != 1 {
        faults.push((
            1,
            format!("the page has {headings} headings of the first level: let it have one"),
        ));
    }
    for main in all(html, "main") {
        if let Some(left) = main.text().find(|text| text.contains("{{#")) {
            faults.push((
                page.line_with(left.trim()),
                "mdBook did not replace a directive: fix or remove it".to_owned(),
            ));
        }
    }
    faults.extend(pictures::faults(page, html));
    let problems = faults.into_iter();
    problems
        .map(|(line, fault)| Problem::at(&page.source, line, fault))
        .collect()
}

fn title(html: &Html) -> Option<String> {
    let title: String = all(html, "head title").next()?.text().collect();
    Some(title.trim().to_owned()).filter(|title| !title.is_empty())
}

fn same_titles(site: &Site) -> Vec<Problem> {
    let mut first = BTreeMap::new();
    let mut problems = Vec::new();
    for page in &site.pages {
        let Some(title) = site.html.get(&page.html).and_then(title) else {
            continue;
        };
        if let Some(other) = first.insert(title.clone(), &page.source) {
            let fault = format!(
                "{} has the title `{title}` too: rename one in src/SUMMARY.md",
                other.display()
            );
            problems.push(Problem::of(&page.source, fault));
        }
    }
    problems
}
