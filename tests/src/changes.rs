//! The changes from each chapter's crate to the next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use manuscript::anchors::without_anchors;
use runs::figure::Listing;
use similar::TextDiff;

use crate::text;

/// The files that are different in every chapter.
const APART: [&str; 4] = ["Cargo.lock", "Cargo.toml", "README.md", "tests/partners"];

/// Lists the changes from chapter 1 to chapter 2.
pub fn batch() -> Listing {
    changes("setup", "batch")
}

/// Draws the files that differ between chapter 1 and chapter 2 as a tree.
pub fn batch_files() -> Listing {
    Listing(tree("setup", "batch"))
}

/// Lists the changes from chapter 2 to chapter 3.
pub fn parallel() -> Listing {
    changes("batch", "parallel")
}

/// Draws the files that differ between chapter 2 and chapter 3 as a tree.
pub fn parallel_files() -> Listing {
    Listing(tree("batch", "parallel"))
}

/// Lists the changes from chapter 3 to chapter 4.
pub fn responses() -> Listing {
    changes("parallel", "responses")
}

/// Draws the files that differ between chapter 3 and chapter 4 as a tree.
pub fn responses_files() -> Listing {
    Listing(tree("parallel", "responses"))
}

/// Lists the changes from chapter 4 to chapter 5.
pub fn testing() -> Listing {
    changes("responses", "testing")
}

/// Draws the files that differ between chapter 4 and chapter 5 as a tree.
pub fn testing_files() -> Listing {
    Listing(tree("responses", "testing"))
}

fn changes(before: &str, after: &str) -> Listing {
    let (old, new) = (files(before), files(after));
    let mut lines = String::new();
    for (path, text) in &new {
        match old.get(path) {
            None => lines.push_str(&format!("new file chapters/{after}/{path}\n")),
            Some(same) if same == text => {}
            Some(other) => {
                let diff = TextDiff::from_lines(other, text);
                let mut diff = diff.unified_diff();
                let names = [before, after].map(|chapter| format!("chapters/{chapter}/{path}"));
                lines.push_str(
                    &diff
                        .context_radius(2)
                        .header(&names[0], &names[1])
                        .to_string(),
                );
            }
        }
    }
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        lines.push_str(&format!("no more chapters/{after}/{path}\n"));
    }
    Listing(lines)
}

/// The changes in a folder of a chapter.
#[derive(Default)]
struct Part<'a> {
    /// The files that the chapter before has otherwise.
    changed: Vec<&'a str>,
    /// The number of new files of each module.
    modules: BTreeMap<&'a str, usize>,
}

impl<'a> Part<'a> {
    fn new(
        folder: &str,
        old: &BTreeMap<String, String>,
        new: &'a BTreeMap<String, String>,
    ) -> Self {
        let mut part = Self::default();
        for (path, text) in new {
            let Some(file) = path.strip_prefix(folder) else {
                continue;
            };
            let file = file.strip_prefix("it/").unwrap_or(file);
            match old.get(path) {
                None => *part.modules.entry(module(file)).or_default() += 1,
                Some(old) if old != text => part.changed.push(file),
                Some(_) => {}
            }
        }
        part
    }

    fn row(&self, name: &str) -> String {
        row(name, &format!("changed: {}", self.changed.join(", ")))
    }
}

/// Returns a tree: the files of a chapter that changed, the modules that are new, and the new tests in one line.
fn tree(before: &str, after: &str) -> String {
    let (old, new) = (files(before), files(after));
    let [src, tests] = ["src/", "tests/"].map(|folder| Part::new(folder, &old, &new));
    let mut lines = vec![format!("chapters/{after}\n"), src.row("├─ src")];
    for (number, (module, files)) in (1..).zip(&src.modules) {
        let branch = if number == src.modules.len() {
            "└─"
        } else {
            "├─"
        };
        lines.push(row(&format!("│  {branch} {module}"), &count(*files)));
    }
    let names: Vec<_> = tests.modules.keys().copied().collect();
    let new_tests = format!(
        "{}: {}",
        count(tests.modules.values().sum()),
        names.join(", ")
    );
    lines.extend([tests.row("└─ tests"), row("   └─ …", &new_tests)]);
    lines.concat()
}

/// Returns the module that a file of a crate begins or belongs to.
fn module(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or(file)
}

fn count(files: usize) -> String {
    match files {
        1 => "1 new file".to_owned(),
        files => format!("{files} new files"),
    }
}

fn row(name: &str, about: &str) -> String {
    format!("{name:<18} {about}\n")
}

/// Returns a file without its unit tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

/// Returns the texts of a chapter by their paths in it, as the pages show them.
fn files(chapter: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../chapters")
        .join(chapter);
    let paths: Vec<PathBuf> = text::files(&folder).expect("the chapter can be listed");
    let files = paths.into_iter().filter_map(|path| {
        let name = path
            .strip_prefix(&folder)
            .expect("in the chapter")
            .to_owned();
        let hidden = name.to_string_lossy().starts_with('.');
        let apart = APART.iter().any(|apart| name.starts_with(apart));
        if hidden || apart || name.starts_with("target") {
            return None;
        }
        let text = text::read_if_text(&path).expect("the file can be read")?;
        let text = without_anchors(code(&text));
        Some((name.to_string_lossy().into_owned(), text))
    });
    files.collect()
}
