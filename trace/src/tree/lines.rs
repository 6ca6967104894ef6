//! The lines of a tree, none of them wider than a figure.

use anstyle::{AnsiColor, Style};

use crate::text::{self, WIDTH};

/// The column in which the tree begins.
const INDENT: usize = 10;

/// The width of `answer   `, the name of a line below a receipt.
const LABEL: usize = 9;

/// The fewest characters that a line has for its text, however deep it stands.
const READABLE: usize = 40;

pub const PLAIN: Style = Style::new();
pub const TITLE: Style = Style::new().bold();
pub const ASIDE: Style = Style::new().dimmed();
pub const FAILURE: Style = AnsiColor::Red.on_default().bold();

/// The branch on which a receipt hangs: the text before its first line, and before the others.
pub struct Branch {
    first: String,
    rest: String,
}

impl Branch {
    pub fn root() -> Self {
        Self {
            first: String::new(),
            rest: String::new(),
        }
    }

    pub fn below(parent: &Branch, is_last: bool) -> Self {
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

    /// Returns true where there is no room for anything that hangs below.
    pub fn is_deepest(&self) -> bool {
        // What hangs below stands three columns to the right, and what it says three more.
        let next = self.rest.chars().count() + 6;
        INDENT + next + LABEL + READABLE > WIDTH
    }

    /// Returns the text before the lines that say more of the receipt that hangs here.
    pub fn body(&self, has_children: bool) -> String {
        format!("{}{}", self.rest, if has_children { "│  " } else { "   " })
    }
}

pub struct Lines {
    pub text: String,
    in_colour: bool,
}

impl Lines {
    pub fn new(in_colour: bool) -> Self {
        Self {
            text: String::new(),
            in_colour,
        }
    }

    /// The first line of a receipt, after a blank one, and with its block.
    pub fn title(&mut self, block: u64, branch: &Branch, title: &str) {
        let above = branch.first.replace(['├', '└'], "│").replace("─ ", "");
        self.blank(&above);
        self.put(Some(block), branch, "", title, TITLE);
    }

    /// A line that hangs in the tree and is no receipt.
    pub fn hanging(&mut self, branch: &Branch, text: &str) {
        self.put(None, branch, "", text, PLAIN);
    }

    /// A line of its own, left of the tree.
    pub fn sentence(&mut self, text: &str, style: Style) {
        self.put(None, &Branch::root(), "", text, style);
    }

    pub fn signed(&mut self, title: &str) {
        self.put(Some(0), &Branch::root(), "", title, TITLE);
    }

    pub fn labelled(&mut self, before: &str, label: &str, text: &str) {
        self.styled(before, label, text, PLAIN);
    }

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

    pub fn blank(&mut self, before: &str) {
        let line = format!("{:INDENT$}{before}", "");
        let line = self.painted(line.trim_end(), ASIDE);
        self.line(&line);
    }

    fn put(&mut self, block: Option<u64>, branch: &Branch, label: &str, text: &str, style: Style) {
        let indent = branch.first.chars().count() + label.chars().count();
        let width = WIDTH.saturating_sub(INDENT + indent);
        let mut block = block
            .map(|block| format!("block {block}"))
            .unwrap_or_default();
        if block.len() >= INDENT {
            // A height with so many digits would push the tree to the right.
            let line = self.painted(&block, ASIDE);
            self.line(&line);
            block.clear();
        }
        let lines = text.lines().map(text::harmless);
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
