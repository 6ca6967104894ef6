//! The pages of the appendix, which show whole files. A person writes such a page down to a mark, and
//! `cargo book sync` writes the rest:
//!
//! ```text
//! # Files of Chapter 4: Money
//!
//! The modules of `chapters/responses` that are about money, and their tests.
//!
//! <!-- cargo book sync lists chapters/responses money -->
//! ```
//!
//! The mark names a folder: a chapter, of which the page shows the files that the chapter before lacks or has
//! otherwise, a field study, of which it shows the files that no chapter has, or any other folder of crates. The mark may also name a module. Then the page shows the files of
//! that module and its tests, and the page without a module shows the others. With `src` or `tests` at its end, the
//! mark leaves the page only one of the two. Only a file that is wrapped in the anchor `all` is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::derived::Derived;
use crate::files::{self, FileError};
use crate::layout::{STUDIES, Tree, is_vulnerable};

/// The beginning and the end of a mark.
const MARK: (&str, &str) = ("<!-- cargo book sync lists ", " -->");

/// The folders of a crate that a mark may name.
const PARTS: [&str; 2] = ["src", "tests"];

/// The beginning and the end of the name of a file.
const LABEL: (&str, &str) = ("<span class=\"filename\">File: ", "</span>");

/// The badge of a vulnerable listing.
pub(crate) const BADGE: &str = "<strong class=\"listing-badge\">Vulnerable: do not copy</strong>";

/// The anchor of a file that is shown whole.
const ANCHOR: &str = "ANCHOR: all";

/// An error of a page whose list cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum AppendixError {
    /// The mark finds no file.
    #[error(
        "{}: the folder or the module after `cargo book sync lists` has no file with `ANCHOR: all`: correct it",
        page.display()
    )]
    Empty {
        /// The page.
        page: PathBuf,
    },
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Returns the pages that have a mark.
pub fn appendix(tree: &Tree) -> Result<Vec<Derived>, AppendixError> {
    let mut marked = Vec::new();
    for path in files::written(&tree.root().join("src"))? {
        if path.extension() != Some(OsStr::new("md")) {
            continue;
        }
        let text = files::read_text(&path)?;
        if let Some(mark) = Mark::find(&text) {
            marked.push((tree.relative(&path).to_owned(), text, mark));
        }
    }
    let marks: Vec<_> = marked.iter().map(|(_, _, mark)| mark.clone()).collect();
    let mut pages = Vec::new();
    for (path, text, mark) in marked {
        let shown = mark.files(tree, &marks)?;
        if shown.is_empty() {
            return Err(AppendixError::Empty { page: path });
        }
        let wanted = Some(with_list(&text, &mark, &shown));
        let text = Some(text);
        pages.push(Derived { path, text, wanted });
    }
    Ok(pages)
}

/// A mark in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    folder: PathBuf,
    module: Option<String>,
    /// The folder of the crate whose files are shown: `src` or `tests`. Without one, it is both.
    part: Option<String>,
    /// The index in the page at which the mark ends.
    end: usize,
}

impl Mark {
    fn find(page: &str) -> Option<Self> {
        let start = page.find(MARK.0)? + MARK.0.len();
        let (words, _) = page[start..].split_once(MARK.1)?;
        let end = start + words.len() + MARK.1.len();
        let mut words = words.split_whitespace();
        let folder = PathBuf::from(words.next()?);
        let (parts, modules): (Vec<_>, Vec<_>) = words.partition(|word| PARTS.contains(word));
        let first = |words: Vec<&str>| words.first().map(|word| (*word).to_owned());
        Some(Self {
            folder,
            module: first(modules),
            part: first(parts),
            end,
        })
    }

    /// Returns the folders of crates whose files the page does not show again: the chapter before a chapter, and all
    /// chapters for a field study.
    fn before(&self, tree: &Tree) -> Result<Vec<PathBuf>, FileError> {
        let mut chapters = tree.chapters()?;
        if self.folder.starts_with(STUDIES) {
            return Ok(chapters);
        }
        let index = chapters
            .iter()
            .position(|chapter| tree.relative(chapter) == self.folder);
        chapters.truncate(index.unwrap_or(0));
        Ok(chapters.pop().into_iter().collect())
    }

    /// Returns the files that the page shows, by their path in the folder, with their texts.
    fn files(&self, tree: &Tree, marks: &[Self]) -> Result<BTreeMap<PathBuf, String>, FileError> {
        let mut shown = texts(&tree.root().join(&self.folder))?;
        for folder in self.before(tree)? {
            let before = texts(&folder)?;
            shown.retain(|path, text| before.get(path) != Some(text));
        }
        let others: BTreeSet<_> = marks
            .iter()
            .filter(|mark| mark.folder == self.folder)
            .filter_map(|mark| mark.module.as_deref())
            .collect();
        shown.retain(|path, _| match &self.module {
            Some(module) => module_of(path) == *module,
            None => !others.contains(module_of(path).as_str()),
        });
        if let Some(part) = &self.part {
            shown.retain(|path, _| path.starts_with(part));
        }
        Ok(shown)
    }
}

/// Returns the files below a folder that are shown whole.
fn texts(folder: &Path) -> Result<BTreeMap<PathBuf, String>, FileError> {
    let mut texts = BTreeMap::new();
    for path in files::written(folder)? {
        let Ok(text) = String::from_utf8(files::read(&path)?) else {
            continue;
        };
        if text.contains(ANCHOR) {
            let from_folder = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            texts.insert(from_folder, text);
        }
    }
    Ok(texts)
}

/// Returns the module that a file of a crate belongs to: `money` for `src/money.rs` and `tests/it/money.rs`.
fn module_of(path: &Path) -> String {
    let mut parts = path.iter().skip(1).filter(|part| *part != "it");
    let module = parts.next().map(Path::new).and_then(Path::file_stem);
    module.unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns the page with its list. A file keeps the anchor that the page has for it, since links lead there.
fn with_list(page: &str, mark: &Mark, shown: &BTreeMap<PathBuf, String>) -> String {
    let (head, list) = page.split_at(mark.end);
    let anchors = anchors(list);
    let mut files: Vec<_> = shown.iter().collect();
    files.sort_by_key(|(path, _)| order(path));
    let mut page = format!("{head}\n");
    for (path, text) in files {
        // In a folder of crates the heading names the crate too.
        let heading = match path.starts_with("src") || path.starts_with("tests") {
            true => path.display().to_string(),
            false => mark.folder.join(path).display().to_string(),
        };
        let anchor = match anchors.get(heading.as_str()) {
            Some(anchor) => (*anchor).to_owned(),
            None => anchor(path),
        };
        let about = about(text).map_or_else(String::new, |about| format!("\n{about}\n"));
        let file = mark.folder.join(path);
        let language = match path.extension().and_then(OsStr::to_str) {
            Some("rs") => "rust,ignore",
            Some(other) => other,
            None => "text",
        };
        let (start, end) = match is_vulnerable(&file) {
            true => (
                format!("<div class=\"listing vulnerable\">\n{BADGE}\n\n"),
                "\n</div>\n",
            ),
            false => (String::new(), ""),
        };
        let file = file.display();
        page.push_str(&format!(
            "\n## {heading} {{#{anchor}}}\n{about}\n{start}{}{file}{}\n\n```{language}\n\
             {{{{#include ../{file}:all}}}}\n```\n{end}",
            LABEL.0, LABEL.1
        ));
    }
    page
}

/// Returns the anchors that a list has for its headings.
fn anchors(list: &str) -> BTreeMap<&str, &str> {
    let headings = list.lines().filter_map(|line| line.strip_prefix("## "));
    headings
        .filter_map(|heading| heading.strip_suffix('}')?.split_once(" {#"))
        .collect()
}

/// Sorts a module before what is in it, and the root of a crate before its modules.
fn order(path: &Path) -> PathBuf {
    let path = path.with_extension("");
    let is_root = ["lib", "main", "mod"]
        .iter()
        .any(|root| path.ends_with(root));
    match path.parent() {
        Some(folder) if is_root => folder.to_owned(),
        _ => path,
    }
}

/// Returns a new anchor for a file: `batch-greeting`, `tests-batch-greeting`.
pub(crate) fn anchor(path: &Path) -> String {
    let root = order(path);
    let stem = if root.file_name().is_some_and(|name| name == "src") {
        // The root of a crate has the crate's name, and that of a chapter its own: `lib`.
        let above = root.parent().filter(|above| !above.as_os_str().is_empty());
        above.map_or_else(|| path.with_extension(""), Path::to_owned)
    } else {
        root
    };
    let mut words: Vec<_> = stem
        .iter()
        .filter(|part| *part != "src" && *part != "it")
        .map(|part| part.to_string_lossy().replace('_', "-"))
        .collect();
    let kind = path.extension().filter(|kind| *kind != "rs");
    words.extend(kind.map(|kind| kind.to_string_lossy().into_owned()));
    words.join("-")
}

/// Returns the first sentence of a file's own documentation.
fn about(text: &str) -> Option<String> {
    let lines = text.lines().skip_while(|line| line.contains(ANCHOR));
    let paragraph: Vec<_> = lines
        .map_while(|line| {
            line.strip_prefix("//! ")
                .or_else(|| line.strip_prefix("# "))
        })
        .collect();
    first_sentence(&paragraph.join(" "))
}

/// Returns the first sentence of a paragraph of documentation.
pub(crate) fn first_sentence(paragraph: &str) -> Option<String> {
    let sentence = match paragraph.split_once(". ") {
        Some((sentence, _)) => sentence,
        None => paragraph.trim_end_matches(['.', ':']),
    };
    // A link of rustdoc has no target on a page.
    let plain = sentence.replace("[`", "`").replace("`]", "`");
    (!plain.is_empty()).then(|| format!("{plain}."))
}

/// Returns the links to the whole files, by the paths of the files from the root of the tree.
pub fn links(pages: &[Derived]) -> BTreeMap<PathBuf, String> {
    let mut links = BTreeMap::new();
    for page in pages {
        let name = page.path.file_name().unwrap_or_default().to_string_lossy();
        let mut link = String::new();
        for line in page.wanted.iter().flat_map(|text| text.lines()) {
            if let Some((_, anchor)) = line
                .strip_prefix("## ")
                .and_then(|line| line.split_once(" {#"))
            {
                link = format!("{name}#{}", anchor.trim_end_matches('}'));
            }
            if let Some((_, label)) = line.split_once(LABEL.0) {
                let file = label.split(LABEL.1).next().unwrap_or_default();
                links.insert(PathBuf::from(file), link.clone());
            }
        }
    }
    links
}

#[cfg(test)]
mod tests;
