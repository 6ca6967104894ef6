//! Each include takes a named piece of a file that is there, and says from which file.

use super::anchors::WHOLE;
use super::book::{Book, SOURCES};
use super::directives::{Cut, Directive, Markdown};
use crate::{Problem, text};
use anyhow::Result;
use std::path::{Path, PathBuf};

pub fn check(book: &Book) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for (path, page) in &book.pages {
        for directive in &page.directives {
            if directive.kind == "playground" {
                let fault =
                    "a playground takes a whole file, anchors included: include an anchor of it";
                problems.push(Problem::at(path, directive.line, fault));
            } else if directive.is_include() {
                let fault = fault_of(book, path, page, directive)?;
                problems.extend(fault.map(|fault| Problem::at(path, directive.line, fault)));
            }
        }
        problems.extend(typed_by_hand(path, page));
    }
    Ok(problems)
}

/// The file that an include takes, from the root of the book.
pub fn target(page: &Path, include: &Directive) -> PathBuf {
    let folder = page.parent().unwrap_or(page);
    text::plain(&folder.join(&include.file))
}

fn is_source(path: &Path) -> bool {
    SOURCES.iter().any(|folder| path.starts_with(folder))
}

/// The first thing that is wrong with an include.
fn fault_of(
    book: &Book,
    path: &Path,
    page: &Markdown,
    include: &Directive,
) -> Result<Option<String>> {
    let target = target(path, include);
    let file = target.display();
    if !book.root.join(&target).is_file() {
        return Ok(Some(format!(
            "there is no file {file}: mend the path, it goes from the page's folder"
        )));
    }
    let shown = match (&include.cut, book.sources.get(&target)) {
        (Cut::Lines(lines), _) => {
            return Ok(Some(format!(
                "lines `{lines}` of {file} will be others tomorrow: wrap them in an anchor and include that"
            )));
        }
        (Cut::Whole, Some(_)) => {
            return Ok(Some(format!(
                "the whole of {file} has its anchors in it: wrap it in `ANCHOR: {WHOLE}` and include that"
            )));
        }
        (Cut::Anchor(name), Some(anchors)) => match anchors.named.get(name) {
            Some(anchor) => anchor.text.clone(),
            None => {
                return Ok(Some(format!(
                    "{file} has no anchor `{name}`: write it there, or name another"
                )));
            }
        },
        (Cut::Anchor(name), None) => {
            return Ok(Some(format!(
                "{file} is no source, so it has no anchor `{name}`: include it whole"
            )));
        }
        (Cut::Whole, None) => text::read(&book.root.join(&target))?,
    };
    if shown.trim().is_empty() {
        return Ok(Some(format!(
            "what this takes of {file} is empty: nothing would be shown"
        )));
    }
    Ok(unnamed(page, include, &target))
}

/// A listing says in the line before its fence which file it is from, and a figure which run recorded
/// it. A drawing needs no fence, and no name.
fn unnamed(page: &Markdown, include: &Directive, target: &Path) -> Option<String> {
    let file = target.display();
    let kind = if is_source(target) {
        "File"
    } else {
        "Recorded"
    };
    let Some(fence) = include.fence else {
        let fault = format!("{file} stands outside of a code block: put it in one");
        return is_source(target).then_some(fault);
    };
    match &page.fences[fence].label {
        Some(label) if label.kind == kind && label.file == target => None,
        Some(label) => Some(format!(
            "the listing is called `{}: {}`: call it `{kind}: {file}`",
            label.kind,
            label.file.display()
        )),
        None => Some(format!(
            "the listing does not name its file: write `<span class=\"filename\">{kind}: {file}</span>` \
             above its code block"
        )),
    }
}

/// What names a file is cut from it.
fn typed_by_hand(path: &Path, page: &Markdown) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, fence) in page.fences.iter().enumerate() {
        let included = page
            .directives
            .iter()
            .any(|directive| directive.fence == Some(number));
        if let Some(label) = fence.label.as_ref().filter(|_| !included) {
            let fault = format!(
                "this is typed by hand and names {}: include it from there",
                label.file.display()
            );
            problems.push(Problem::at(path, fence.line, fault));
        }
    }
    problems
}
