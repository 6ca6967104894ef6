//! The rule that each include names an anchor in an existing file, and shows the name of the file.

use std::path::{Path, PathBuf};

use anyhow::Result;
use manuscript::anchors::WHOLE;

use super::book::{Book, is_source};
use super::directives::{Cut, Directive, Markdown};
use crate::{Problem, text};

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

/// Returns the file of an include, from the root of the book.
pub fn target(page: &Path, include: &Directive) -> PathBuf {
    let folder = page.parent().unwrap_or(page);
    text::plain(&folder.join(&include.file))
}

/// Returns the first fault of an include.
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
            "there is no file {file}: correct the path, it starts at the page's folder"
        )));
    }
    let shown = match (&include.cut, book.sources.get(&target)) {
        (Cut::Lines(lines), _) => {
            return Ok(Some(format!(
                "lines `{lines}` of {file} can change: wrap them in an anchor and include that"
            )));
        }
        (Cut::Whole, Some(_)) => {
            return Ok(Some(format!(
                "{file} as a whole contains its anchors: wrap it in `ANCHOR: {WHOLE}` and include that"
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
                "{file} is not a source file, so it has no anchor `{name}`: include it whole"
            )));
        }
        (Cut::Whole, None) => text::read(&book.root.join(&target))?,
    };
    if shown.trim().is_empty() {
        return Ok(Some(format!(
            "this part of {file} is empty: include another"
        )));
    }
    Ok(unnamed(page, include, &target))
}

/// Returns the fault of an include without a label. A listing needs the name of its file in the line before its
/// fence, a figure the name of its recording. A drawing needs no fence, and no name.
fn unnamed(page: &Markdown, include: &Directive, target: &Path) -> Option<String> {
    let file = target.display();
    let kind = if is_source(target) {
        "File"
    } else {
        "Recorded"
    };
    let Some(fence) = include.fence else {
        let fault = format!("{file} is outside of a code block: put it into one");
        return is_source(target).then_some(fault);
    };
    match &page.fences[fence].label {
        Some(label) if label.kind == kind && label.file == target => None,
        Some(label) => Some(format!(
            "the listing has the label `{}: {}`: change it to `{kind}: {file}`",
            label.kind,
            label.file.display()
        )),
        None => Some(format!(
            "the listing has no label: write `<span class=\"filename\">{kind}: {file}</span>` \
             above its code block"
        )),
    }
}

/// Finds fences with the name of a file and without an include of it.
fn typed_by_hand(path: &Path, page: &Markdown) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, fence) in page.fences.iter().enumerate() {
        let included = page
            .directives
            .iter()
            .any(|directive| directive.fence == Some(number));
        if let Some(label) = fence.label.as_ref().filter(|_| !included) {
            let fault = format!(
                "this is typed by hand and has the label {}: include it from there",
                label.file.display()
            );
            problems.push(Problem::at(path, fence.line, fault));
        }
    }
    problems
}
