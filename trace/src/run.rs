//! A run on a page: transactions as a drawing, as a list of blocks, and as their outcome in a line.
//!
//! The drawing and the list show the same cards. A page shows the drawing where it is wide enough, and the list where
//! it is not. Neither needs a script.

use std::fmt::Write;

use near_primitives::types::AccountId;

use crate::diagram::cards::{ArrowKind, Card, Cards, Mood, Style};
use crate::diagram::{Diagram, escaped};
use crate::text::signed_near;
use crate::transaction::Transaction;

/// The kinds of arrows with their classes and their names, in the order of the legend.
const LEGEND: [(ArrowKind, &str, &str); 4] = [
    (ArrowKind::Creates, "sends", "a receipt"),
    (ArrowKind::CreatesCallback, "waits", "a receipt that waits"),
    (ArrowKind::Result, "results", "a result"),
    (ArrowKind::Refund, "refunds", "a refund"),
];

/// A run of one or several transactions on a page.
#[derive(Debug, Clone)]
pub struct Run {
    name: String,
    title: String,
    is_vulnerable: bool,
    cards: Cards,
    diagram: Diagram,
}

impl Run {
    /// Takes the transactions of one chain. The name is a prefix for ids, and has to be unique on a page. The title
    /// says what the run shows.
    pub fn new(name: &str, title: &str, transactions: &[Transaction]) -> Self {
        Self::of_cards(name, title, transactions, Cards::new(transactions, false))
    }

    /// Takes the transactions of one chain, and shows the gas of each receipt too.
    pub fn with_gas(name: &str, title: &str, transactions: &[Transaction]) -> Self {
        Self::of_cards(name, title, transactions, Cards::new(transactions, true))
    }

    fn of_cards(name: &str, title: &str, transactions: &[Transaction], cards: Cards) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            is_vulnerable: false,
            diagram: Diagram::of_cards(name, transactions, cards.clone()),
            cards,
        }
    }

    /// Marks a run that shows a vulnerable contract.
    pub fn vulnerable(self) -> Self {
        Self {
            is_vulnerable: true,
            ..self
        }
    }

    /// Returns the HTML for a page that includes [`STYLE`](crate::diagram::STYLE). It has no blank line, so Markdown
    /// can contain it. The page closes the element, after what it adds to the run.
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut html);
        html
    }

    fn write(&self, html: &mut String) -> std::fmt::Result {
        let badge = match self.is_vulnerable {
            true => " <span class=\"run-badge\">vulnerable: do not copy</span>",
            false => "",
        };
        writeln!(
            html,
            "<div class=\"run\" id=\"run-{}\">\n<div class=\"run-title\"><strong>{}</strong>{badge}</div>",
            self.name,
            in_a_line(&self.title),
        )?;
        write!(
            html,
            "<div class=\"run-drawing\" tabindex=\"0\">\n{}</div>\n",
            self.diagram.to_svg()
        )?;
        self.write_blocks(html)?;
        self.write_legend(html);
        html.push_str("<div class=\"run-outcome\">\n");
        for sentence in &self.cards.summary {
            let (class, sign) = match sentence.mood {
                Mood::Success => ("succeeds", "✓ "),
                Mood::Failure => ("fails", "✗ "),
                Mood::Warning => ("warns", "! "),
                Mood::Neutral => ("says", ""),
            };
            let text = in_a_line(&sentence.text);
            writeln!(html, "<p class=\"{class}\">{sign}{text}</p>")?;
        }
        html.push_str("</div>\n");
        self.write_balances(html)
    }

    /// Writes the cards as a list of blocks.
    fn write_blocks(&self, html: &mut String) -> std::fmt::Result {
        html.push_str("<ol class=\"run-blocks\">\n");
        let first = self.cards.heights.first().copied().unwrap_or_default();
        for (row, height) in self.cards.heights.iter().enumerate() {
            let block = height - first;
            writeln!(html, "<li><span class=\"run-block\">block {block}</span>")?;
            for card in self.cards.cards.iter().filter(|card| card.row == row) {
                write_card(html, card, &self.cards.accounts[card.lane])?;
            }
            html.push_str("</li>\n");
        }
        html.push_str("</ol>\n");
        Ok(())
    }

    /// Writes what the lines of the drawing mean, for those that it has.
    fn write_legend(&self, html: &mut String) {
        let arrows = &self.cards.arrows;
        html.push_str("<div class=\"run-legend\">");
        for (kind, class, name) in LEGEND {
            if arrows.iter().any(|arrow| arrow.kind == kind) {
                html.push_str(&key(class, name));
            }
        }
        if arrows.iter().any(|arrow| !arrow.amount.is_zero()) {
            html.push_str(&key("sends money more", "with NEAR"));
        }
        html.push_str("</div>\n");
    }

    /// Writes the changes of the balances.
    fn write_balances(&self, html: &mut String) -> std::fmt::Result {
        if self.cards.changes.is_empty() {
            return Ok(());
        }
        html.push_str("<ul class=\"run-balances\">\n");
        let changes = self.cards.accounts.iter().zip(&self.cards.changes);
        for (account, change) in changes.filter(|(_, change)| **change != 0) {
            let change = signed_near(*change);
            writeln!(
                html,
                "<li><b>{account}</b> <span class=\"money\">{change}</span></li>"
            )?;
        }
        html.push_str("</ul>\n");
        Ok(())
    }
}

/// Returns an entry of the legend.
fn key(class: &str, name: &str) -> String {
    format!(
        "<span><svg class=\"trace key\" viewBox=\"0 0 34 10\" width=\"34\" height=\"10\" aria-hidden=\"true\">\
         <g class=\"{class}\"><path d=\"M1 5H25\"/><path class=\"head\" d=\"M33 5l-8 -4v8z\"/></g></svg> {name}</span> "
    )
}

/// Writes a card as an entry of the list.
fn write_card(html: &mut String, card: &Card, account: &AccountId) -> std::fmt::Result {
    let word = card.word().map(|word| format!(" <em>{word}</em>"));
    writeln!(
        html,
        "<div class=\"run-step {}\"><b>{account}</b>{} <span class=\"title\">{}</span>",
        card.class(),
        word.unwrap_or_default(),
        in_a_line(&card.title)
    )?;
    for note in &card.notes {
        let (class, text) = (class_of(note.style), in_a_line(&note.text));
        writeln!(html, "<span class=\"{class}\">{text}</span>")?;
    }
    html.push_str("</div>\n");
    Ok(())
}

/// Escapes a text for HTML, without line breaks: a blank line would end the element in Markdown.
fn in_a_line(text: &str) -> String {
    escaped(&text.replace(['\n', '\r'], " "))
}

/// Returns the class of a note.
fn class_of(style: Style) -> &'static str {
    match style {
        Style::Title => "title",
        Style::Plain => "note",
        Style::Money => "note money",
        Style::Error => "note error",
        Style::Undone => "note undone",
        Style::Gas => "note gas",
    }
}
