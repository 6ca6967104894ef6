//! The rule that every exercise has a solution, and every solution an exercise.
//!
//! The solutions of a chapter's exercises lie in `tests/solutions/<chapter>`, a folder that `cargo book test`
//! copies over a copy of the chapter. `src/solutions.md` shows them. An exercise links to its solution there
//! by its id, `#batch-1`.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use manuscript::layout::{self, Tree};
use manuscript::listings::Mark;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{Problem, text};

/// The page with the solutions.
const PAGE: &str = "src/solutions.md";

/// The file with the tests of a chapter's solutions.
const TESTS: &str = "tests/it/solutions.rs";

/// Finds files that are no part of a solution.
pub fn overlays(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut problems = Vec::new();
    for overlay in tree.solutions()? {
        let folder = tree.relative(&overlay);
        let chapter = tree.chapter_or_study(&layout::name(&overlay));
        if !chapter.join("Cargo.toml").is_file() {
            let fault = format!(
                "there is no {}: name the folder for a chapter",
                tree.relative(&chapter).display()
            );
            problems.push(Problem::of(folder, fault));
            continue;
        }
        if !overlay.join(TESTS).is_file() {
            let fault = "the solutions have no tests of their own: write them here";
            problems.push(Problem::of(folder.join(TESTS), fault));
        }
        for path in text::files(&overlay)? {
            let twin = chapter.join(path.strip_prefix(&overlay)?);
            if twin.is_file() && fs::read(&twin)? == fs::read(&path)? {
                let fault = "this file is the chapter's: remove it here";
                problems.push(Problem::of(tree.relative(&path), fault));
            }
        }
    }
    Ok(problems)
}

/// Finds exercises without a solution on the page, solutions without an exercise, and solutions that are not in
/// the order of the chapters. A chapter without a folder of solutions needs none.
pub fn exercises(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let solved: Vec<_> = tree
        .solutions()?
        .iter()
        .map(|path| layout::name(path))
        .collect();
    let page = root.join(PAGE);
    let on_page = if page.is_file() {
        Solution::all(&text::read(&page)?)
    } else {
        Vec::new()
    };

    let mut problems = Vec::new();
    let mut exercises: BTreeMap<String, usize> = BTreeMap::new();
    for folder in [tree.chapters()?, tree.studies()?].concat() {
        let (number, chapter) = (layout::number(&folder), layout::name(&folder));
        if !solved.contains(&chapter) {
            continue;
        }
        for path in pages(root, number)? {
            for exercise in Exercise::all(&text::read(&root.join(&path))?) {
                let fault = match exercise.solution(&chapter) {
                    None => Some(format!(
                        "the exercise needs exactly one link to its solution: write `[Solution](solutions.md#{chapter}-…)`"
                    )),
                    Some(id) => {
                        *exercises.entry(id.to_owned()).or_default() += 1;
                        let is_on_page = on_page.iter().any(|solution| solution.id == id);
                        (!is_on_page).then(|| {
                            format!("{PAGE} has no heading `{{#{id}}}`: write the solution there")
                        })
                    }
                };
                problems.extend(fault.map(|fault| Problem::at(&path, exercise.line, fault)));
            }
        }
    }
    problems.extend(out_of_order(&on_page, &solved));
    for solution in &on_page {
        let fault = solution.fault(&solved, exercises.get(&solution.id).copied());
        problems.extend(fault.map(|fault| Problem::at(PAGE, solution.line, fault)));
    }
    Ok(problems)
}

/// Finds solutions below one of a later chapter, or of a later exercise.
fn out_of_order(on_page: &[Solution], solved: &[String]) -> Vec<Problem> {
    let key = |solution: &Solution| {
        let (chapter, number) = solution.id.rsplit_once('-')?;
        let chapter = solved.iter().position(|name| name == chapter)?;
        Some((chapter, number.parse::<usize>().ok()?))
    };
    let mut problems = Vec::new();
    for pair in on_page.windows(2) {
        if let (Some(before), Some(after)) = (key(&pair[0]), key(&pair[1]))
            && after < before
        {
            let fault = format!(
                "`{}` is below `{}`: sort the solutions in the order of the chapters and their exercises",
                pair[1].id, pair[0].id
            );
            problems.push(Problem::at(PAGE, pair[1].line, fault));
        }
    }
    problems
}

/// Returns the pages of a chapter, by its number: `src/4-responses.md` and `src/4-money.md`.
fn pages(root: &Path, number: usize) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    for path in text::files(&root.join("src"))? {
        let name = layout::name(&path);
        if text::is(&path, "md") && name.starts_with(&format!("{number}-")) {
            pages.push(format!("src/{name}"));
        }
    }
    Ok(pages)
}

/// An item of the list below the heading "Exercises".
#[derive(Debug)]
struct Exercise {
    line: usize,
    links: Vec<String>,
}

impl Exercise {
    fn all(page: &str) -> Vec<Self> {
        let mut exercises: Vec<Self> = Vec::new();
        let mut heading: Option<String> = None;
        let mut is_below = false;
        let mut depth = 0;
        for (event, range) in Parser::new(page).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                    is_below = heading.take().as_deref() == Some("Exercises");
                }
                Event::End(TagEnd::Heading(_)) => heading = None,
                Event::Start(Tag::List(_)) => depth += 1,
                Event::End(TagEnd::List(_)) => depth -= 1,
                Event::Start(Tag::Item) if is_below && depth == 1 => exercises.push(Self {
                    line: text::line_of(page, range.start),
                    links: Vec::new(),
                }),
                Event::Start(Tag::Link { dest_url, .. }) if is_below && depth > 0 => {
                    if let Some(exercise) = exercises.last_mut() {
                        exercise.links.push(dest_url.into_string());
                    }
                }
                _ => {}
            }
        }
        exercises
    }

    /// Returns the solution of this chapter that the exercise links to.
    fn solution(&self, chapter: &str) -> Option<&str> {
        let ids = self
            .links
            .iter()
            .filter_map(|link| link.strip_prefix("solutions.md#"));
        let ids: Vec<_> = ids.collect();
        match ids[..] {
            [id] if chapter_of(id) == Some(chapter) => Some(id),
            _ => None,
        }
    }
}

/// Returns the chapter in an id: `batch` of `batch-1`.
fn chapter_of(id: &str) -> Option<&str> {
    id.rsplit_once('-').map(|(chapter, _)| chapter)
}

/// A part of the page of solutions: a heading of the third level, and the text below it.
#[derive(Debug)]
struct Solution {
    line: usize,
    id: String,
    text: String,
}

impl Solution {
    fn all(page: &str) -> Vec<Self> {
        let mut starts: Vec<(Range<usize>, HeadingLevel, String)> = Vec::new();
        let options = Options::ENABLE_HEADING_ATTRIBUTES;
        for (event, range) in Parser::new_ext(page, options).into_offset_iter() {
            if let Event::Start(Tag::Heading { level, id, .. }) = event {
                let id = id.map(|id| id.into_string()).unwrap_or_default();
                starts.push((range, level, id));
            }
        }
        let ends = starts.iter().skip(1).map(|(range, ..)| range.start);
        let ends: Vec<_> = ends.chain([page.len()]).collect();
        let parts = starts.into_iter().zip(ends);
        parts
            .filter(|((_, level, _), _)| *level == HeadingLevel::H3)
            .map(|((range, _, id), end)| Self {
                line: text::line_of(page, range.start),
                id,
                text: page[range.end..end].to_owned(),
            })
            .collect()
    }

    /// Returns the first fault of a solution.
    fn fault(&self, solved: &[String], exercises: Option<usize>) -> Option<String> {
        let id = &self.id;
        let Some(chapter) = chapter_of(id).filter(|chapter| solved.iter().any(|s| s == chapter))
        else {
            return Some(format!(
                "`{id}` names no chapter that has solutions: write `{{#batch-1}}` behind the heading, \
                 and the code into tests/solutions/batch"
            ));
        };
        match exercises {
            None => {
                return Some(format!(
                    "no exercise links to `{id}`: remove it, or link to it"
                ));
            }
            Some(1) => {}
            Some(_) => {
                return Some(format!(
                    "more than one exercise links to `{id}`: give each its own"
                ));
            }
        }
        let folder = Path::new("tests/solutions").join(chapter);
        let mut marks = self.text.lines().filter_map(Mark::parse);
        let is_shown = marks.any(|mark| mark.shown.file.starts_with(&folder));
        let fault =
            format!("the solution shows nothing of tests/solutions/{chapter}: show its code");
        (!is_shown).then_some(fault)
    }
}
