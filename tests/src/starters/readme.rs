//! The rules for the sections of a starter's README: they are there, they are short, and what they name exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use manuscript::layout::Tree;

use crate::{Problem, text};

/// Sections of a starter's README, for the first days with a contract of one's own.
const SECTIONS: [&str; 4] = [
    "## Add a method",
    "## Add a partner",
    "## Your second release",
    "## Delete before you deploy",
];

/// The number of lines that such a section has at most. Blank lines do not count.
const LINES_OF_A_SECTION: usize = 8;

/// Words of cargo-near, which a README names and no file of a starter has.
const OF_CARGO_NEAR: [&str; 2] = ["with-init-call", "without-init-call"];

/// Finds READMEs without one of the sections, and sections that are too long.
pub fn sections(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut problems = Vec::new();
    for starter in [tree.chapters()?, tree.starters()?].concat() {
        let path = starter.join("README.md");
        let readme = text::read(&path)?;
        let path = tree.relative(&path);
        for section in SECTIONS {
            let Some((number, lines)) = find(&readme, section) else {
                let fault = format!("a starter needs a section `{section}`: write it");
                problems.push(Problem::of(path, fault));
                continue;
            };
            let count = lines.len();
            if count > LINES_OF_A_SECTION {
                let fault = format!(
                    "{count} lines are more than {LINES_OF_A_SECTION}: shorten `{section}`"
                );
                problems.push(Problem::at(path, number, fault));
            }
        }
    }
    Ok(problems)
}

/// The file with the tests that type the commands of the READMEs.
const TYPED_IN: &str = "tests/clients/tests/clients/readmes.rs";

/// Finds READMEs whose commands no test types.
pub fn untyped(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let tests = text::read(&root.join(TYPED_IN))?;
    let starters = [tree.chapters()?, tree.starters()?].concat();
    let readmes = starters.iter().map(|starter| tree.relative(starter));
    let untyped = readmes.filter(|starter| !tests.contains(&format!("\"{}\"", starter.display())));
    let problem = |starter: &Path| {
        let fault = format!("no test types these commands: write one in {TYPED_IN}");
        Problem::of(starter.join("README.md"), fault)
    };
    Ok(untyped.map(problem).collect())
}

/// Finds files and names in these sections that the starter does not have.
///
/// A path leads to something in the starter or, for what only the book has, from the root of its tree. A name is
/// somewhere in the starter's files. What the reader is to write is no such thing: a path after the word "to", a name
/// after the word "as", and all with a `<…>` in them.
pub fn stale(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut problems = Vec::new();
    for starter in [tree.chapters()?, tree.starters()?].concat() {
        let path = starter.join("README.md");
        let readme = text::read(&path)?;
        let known = Known::read(root, &starter)?;
        for (number, line) in SECTIONS
            .iter()
            .filter_map(|section| find(&readme, section))
            .flat_map(|(_, lines)| lines)
        {
            let missing = named(line).filter_map(|name| known.fault_of(name));
            let path = tree.relative(&path);
            problems.extend(missing.map(|fault| Problem::at(path, number, fault)));
        }
    }
    Ok(problems)
}

/// Returns the number of a section's line, and the lines below it that are not empty, with their numbers.
fn find<'a>(readme: &'a str, section: &str) -> Option<(usize, Vec<(usize, &'a str)>)> {
    let mut lines = (1..).zip(readme.lines());
    let (number, _) = lines.find(|(_, line)| *line == section)?;
    let lines = lines.take_while(|(_, line)| !line.starts_with("## "));
    Some((number, lines.filter(|(_, line)| !line.is_empty()).collect()))
}

/// Returns what stands between backticks in a line, without what the reader is to write.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let mut before = "";
    let parts = line.split('`').enumerate();
    parts.filter_map(move |(index, part)| {
        let is_name = index % 2 == 1;
        let is_new = (before.ends_with("to ") && is_path(part)) || before.ends_with("as ");
        before = part;
        (is_name && !is_new && !part.contains('<')).then_some(part)
    })
}

fn is_path(name: &str) -> bool {
    !name.contains(' ') && (name.contains('/') || name.ends_with(".rs"))
}

/// What a starter has: its files, and the words in them.
struct Known {
    root: PathBuf,
    starter: PathBuf,
    files: Vec<PathBuf>,
    words: BTreeSet<String>,
}

impl Known {
    fn read(root: &Path, starter: &Path) -> Result<Self> {
        let files = text::files(starter)?;
        let mut words: BTreeSet<_> = OF_CARGO_NEAR.map(str::to_owned).into();
        for file in &files {
            let Some(text) = text::read_if_text(file)?.filter(|_| !is_readme(file)) else {
                continue;
            };
            words.extend(words_of(&text).map(str::to_owned));
        }
        Ok(Self {
            root: root.to_owned(),
            starter: starter.to_owned(),
            files,
            words,
        })
    }

    fn fault_of(&self, name: &str) -> Option<String> {
        if let Some(arguments) = name.strip_prefix("cargo test ") {
            let file = arguments.split(' ').next_back()?;
            return (!self.has_file_named(file)).then(|| {
                format!("`{name}` runs nothing: no file of the starter is named {file}.rs")
            });
        }
        let is_of_a_program = ["cargo ", "grep ", "near ", "target/"]
            .iter()
            .any(|start| name.starts_with(start));
        if is_of_a_program {
            return None;
        }
        if is_path(name) {
            return (!self.has_path(name)).then(|| {
                format!("there is no `{name}`, neither here nor at the root of the tree")
            });
        }
        let missing = words_of(name).find(|word| !self.words.contains(*word))?;
        Some(format!("no file of the starter contains `{missing}`"))
    }

    fn has_file_named(&self, stem: &str) -> bool {
        let mut stems = self.files.iter().filter_map(|file| file.file_stem());
        stems.any(|found| found == stem)
    }

    /// Returns true if a path leads to something. A last part `*.rs` stands for each such file.
    fn has_path(&self, path: &str) -> bool {
        let path = path.strip_suffix("*.rs").unwrap_or(path);
        self.starter.join(path).exists() || self.root.join(path).exists()
    }
}

fn is_readme(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name == "README.md")
}

/// Returns the words of a text: letters, digits, and what joins them.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    let words = text.split(move |letter| !is_part(letter));
    words.filter(|word| !word.is_empty())
}
