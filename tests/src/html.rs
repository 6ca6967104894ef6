//! The built HTML: every page is there, has a name, describes its pictures, and its links lead
//! somewhere. Nothing outside of the book is fetched.

mod links;
mod pictures;
mod site;

use crate::Problem;
use anyhow::Result;
use book::pages;
use book::tree::Tree;
use scraper::Html;
use site::{Built, Site, all};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that is wrong with the book at `root` once it is HTML. It is built into `folder`.
pub fn check(root: &Path, folder: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    pages::build(&tree, folder)?;
    let site = Site::read(root, folder, &pages::expanded(&tree)?)?;
    let mut problems = Vec::new();
    for page in &site.pages {
        match site.html.get(&page.html) {
            None => problems.push(Problem::of(
                &page.source,
                "mdBook made no HTML of this page: see what it logs",
            )),
            Some(html) => problems.extend(check_page(page, html)),
        }
    }
    problems.extend(same_titles(&site));
    problems.extend(links::check(&site));
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
                "mdBook left a directive: mend or remove it".to_owned(),
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
                "{} is called `{title}` too: name one otherwise in src/SUMMARY.md",
                other.display()
            );
            problems.push(Problem::of(&page.source, fault));
        }
    }
    problems
}
