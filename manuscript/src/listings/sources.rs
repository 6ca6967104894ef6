//! The source files of listings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::mark::Pieces;
use crate::anchors::Anchors;
use crate::files::{self, FileError};
use crate::layout::Tree;

/// Source files, each read once.
pub struct Sources<'a> {
    tree: &'a Tree,
    files: BTreeMap<PathBuf, Option<Anchors>>,
}

impl<'a> Sources<'a> {
    pub fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            files: BTreeMap::new(),
        }
    }

    /// Returns the code of some pieces, each without the indentation of its file, or the fault of their mark.
    pub fn code(&mut self, pieces: &Pieces) -> Result<Result<String, String>, FileError> {
        let file = pieces.file.display();
        let Some(anchors) = self.anchors(&pieces.file)? else {
            return Ok(Err(format!(
                "there is no file {file}: correct the path, it starts at the root"
            )));
        };
        let mut code = Vec::new();
        for name in &pieces.anchors {
            match anchors.named.get(name) {
                Some(anchor) if !anchor.text.trim().is_empty() => code.push(dedented(&anchor.text)),
                Some(_) => {
                    return Ok(Err(format!("the anchor `{name}` of {file} has no code")));
                }
                None => {
                    return Ok(Err(format!(
                        "{file} has no anchor `{name}`: write it there, or name another"
                    )));
                }
            }
        }
        Ok(Ok(code.join("\n")))
    }

    fn anchors(&mut self, file: &Path) -> Result<Option<&Anchors>, FileError> {
        if !self.files.contains_key(file) {
            let path = self.tree.root().join(file);
            let anchors = match path.is_file() {
                true => Some(Anchors::parse(&files::read_text(&path)?)),
                false => None,
            };
            self.files.insert(file.to_owned(), anchors);
        }
        Ok(self.files.get(file).and_then(Option::as_ref))
    }
}

/// Returns code without the indentation that all its lines have, and without empty lines around it.
fn dedented(code: &str) -> String {
    let code = code.trim_matches('\n').trim_end();
    let lines = code.lines().filter(|line| !line.trim().is_empty());
    let indentation = lines.map(|line| line.len() - line.trim_start().len()).min();
    let without = |line: &str| {
        let line = line.get(indentation.unwrap_or_default()..);
        format!("{}\n", line.unwrap_or_default())
    };
    code.lines().map(without).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_keeps_its_inner_indentation() {
        let code = "\n    fn one() {\n        1\n\n    }\n";

        assert_eq!(dedented(code), "fn one() {\n    1\n\n}\n");
    }

    #[test]
    fn a_line_at_the_edge_keeps_all_lines_where_they_are() {
        let code = "    let text = \"\nto the edge\";\n";

        assert_eq!(dedented(code), code);
    }
}
