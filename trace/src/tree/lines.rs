//! The lines of a tree, and its branches. No line is longer than [`WIDTH`].

use anstyle::{AnsiColor, Style};

use crate::text::{self, WIDTH};

/// The column in which the tree begins.
const INDENT: usize = 10;

/// The width of the label of a line below a receipt, such as `answer   `.
const LABEL: usize = 9;

/// The least number of characters that a line has for its text.
const READABLE: usize = 40;

/// The style of text.
pub const PLAIN: Style = Style::new();
/// The style of the first line of a receipt.
pub const TITLE: Style = Style::new().bold();
/// The style of blocks, branches, and labels.
pub const ASIDE: Style = Style::new().dimmed();
/// The style of failures.
pub const FAILURE: Style = AnsiColor::Red.on_default().bold();

/// The branch to a receipt: the text before its first line, and before its other lines.
pub struct Branch {
    first: String,
    rest: String,
}

impl Branch {
    /// Creates the branch of the first receipt, which is empty.
    pub fn root() -> Self {
        Self {
            first: String::new(),
            rest: String::new(),
        }
    }

    /// Creates the branch of a child.
    pub fn child(parent: &Branch, is_last: bool) -> Self {
        let (first, rest) = if is_last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        Self {
            first: format!("{}{first}", parent.rest),
            rest: format!("{}{rest}", parent.rest),
        }
    }

    /// Returns true if there is no space for the text of children.
    pub fn is_deepest(&self) -> bool {
        // A child is three columns further to the right, and the lines below its title three more.
        let next = self.rest.chars().count() + 6;
        INDENT + next + LABEL + READABLE > WIDTH
    }

    /// Returns the text before the lines below the title of the receipt.
    pub fn body(&self, has_children: bool) -> String {
        format!("{}{}", self.rest, if has_children { "│  " } else { "   " })
    }
}

/// The lines of a tree.
pub struct Lines {
    /// The lines so far.
    pub text: String,
    in_colour: bool,
}

impl Lines {
    /// Creates an empty tree.
    pub fn new(in_colour: bool) -> Self {
        Self {
            text: String::new(),
            in_colour,
        }
    }

    /// Adds the first line of a receipt with its block, after a blank line.
    pub fn title(&mut self, block: u64, branch: &Branch, title: &str) {
        let above = branch.first.replace(['├', '└'], "│").replace("─ ", "");
        self.blank(&above);
        self.put(Some(block), branch, "", title, TITLE);
    }

    /// Adds a line that is a child in the tree, but no receipt.
    pub fn child(&mut self, branch: &Branch, text: &str) {
        self.put(None, branch, "", text, PLAIN);
    }

    /// Adds a line outside of the tree.
    pub fn sentence(&mut self, text: &str, style: Style) {
        self.put(None, &Branch::root(), "", text, style);
    }

    /// Adds the first line of the transaction.
    pub fn transaction(&mut self, title: &str) {
        self.put(Some(0), &Branch::root(), "", title, TITLE);
    }

    /// Adds a line with a label.
    pub fn labelled(&mut self, before: &str, label: &str, text: &str) {
        self.styled(before, label, text, PLAIN);
    }

    /// Adds a line with a label, in a style.
    pub fn styled(&mut self, before: &str, label: &str, text: &str, style: Style) {
        let branch = Branch {
            first: before.to_owned(),
            rest: before.to_owned(),
        };
        let label = match label.chars().count() {
            long if long >= LABEL => format!("{label} "),
            _ => format!("{label:LABEL$}"),
        };
        self.put(None, &branch, &label, text, style);
    }

    /// Adds a line without text.
    pub fn blank(&mut self, before: &str) {
        let line = format!("{:INDENT$}{before}", "");
        let line = self.painted(line.trim_end(), ASIDE);
        self.line(&line);
    }

    /// Wraps a text, and adds its lines.
    fn put(&mut self, block: Option<u64>, branch: &Branch, label: &str, text: &str, style: Style) {
        let indent = branch.first.chars().count() + label.chars().count();
        let width = WIDTH.saturating_sub(INDENT + indent);
        let mut block = block
            .map(|block| format!("block {block}"))
            .unwrap_or_default();
        if block.len() >= INDENT {
            // A number with so many digits gets its own line, so that the tree stays in its column.
            let line = self.painted(&block, ASIDE);
            self.line(&line);
            block.clear();
        }
        let lines = text.lines().map(text::escape_control_characters);
        let lines: Vec<_> = lines.flat_map(|line| text::wrapped(&line, width)).collect();
        for (index, line) in lines.into_iter().enumerate() {
            let (block, before, label) = match index {
                0 => (block.as_str(), &branch.first, label.to_owned()),
                _ => ("", &branch.rest, " ".repeat(label.chars().count())),
            };
            let aside = self.painted(&format!("{block:INDENT$}{before}{label}"), ASIDE);
            let line = self.painted(&line, style);
            self.line(&format!("{aside}{line}"));
        }
    }

    fn painted(&self, text: &str, style: Style) -> String {
        match self.in_colour && style != PLAIN && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}
