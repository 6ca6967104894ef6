//! A run on a page: transactions as a drawing, as a list of blocks, and as their outcome in a line.
//!
//! The drawing and the list show the same cards. A page shows the drawing where it is wide enough, and the list where
//! it is not. Neither needs a script.

use std::fmt::Write;

use crate::diagram::cards::{Card, Cards, Mood, Sentence};
use crate::diagram::{Diagram, KEY_WIDTH, escaped, key};
use crate::text::{short_tgas, signed_near};
use crate::transaction::Transaction;

/// A run of one or several transactions on a page.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    name: &'a str,
    title: &'a str,
    transactions: &'a [Transaction],
    is_vulnerable: bool,
    shows_gas: bool,
    notes: &'a [(String, String)],
    warnings: &'a [String],
}

impl<'a> Run<'a> {
    /// Takes the transactions of one chain. The name is a prefix for ids, and has to be unique on a page. The title
    /// says what the run shows.
    pub fn new(name: &'a str, title: &'a str, transactions: &'a [Transaction]) -> Self {
        Self {
            name,
            title,
            transactions,
            is_vulnerable: false,
            shows_gas: false,
            notes: &[],
            warnings: &[],
        }
    }

    /// Shows the gas of each receipt. Otherwise the gas of each block is shown when a reader wants it.
    pub fn with_gas(self) -> Self {
        Self {
            shows_gas: true,
            ..self
        }
    }

    /// Marks a run that shows a vulnerable contract.
    pub fn vulnerable(self) -> Self {
        Self {
            is_vulnerable: true,
            ..self
        }
    }

    /// Adds notes about the state to the cards of receipts. A receipt is named as on its card: `3`, or `B3` if there
    /// are several transactions.
    pub fn with_notes(self, notes: &'a [(String, String)]) -> Self {
        Self { notes, ..self }
    }

    /// Adds sentences about what no receipt tells, below the results of the transactions.
    pub fn with_warnings(self, warnings: &'a [String]) -> Self {
        Self { warnings, ..self }
    }

    /// Returns the HTML for a page that includes [`STYLE`](crate::diagram::STYLE). It has no blank line, so Markdown
    /// can contain it. The page closes the element, after what it adds to the run.
    pub fn to_html(&self) -> String {
        let mut cards = Cards::new(self.transactions, self.shows_gas, self.notes);
        let warnings = self.warnings.iter().cloned();
        let warnings = warnings.map(|text| Sentence::new(Mood::Warning, text));
        cards.summary.extend(warnings);
        let diagram = Diagram::of_cards(self.name, self.transactions, cards.clone());
        let mut html = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut html, &cards, &diagram);
        html
    }

    fn write(&self, html: &mut String, cards: &Cards, diagram: &Diagram) -> std::fmt::Result {
        let badge = match self.is_vulnerable {
            true => " <span class=\"run-badge\">vulnerable: do not copy</span>",
            false => "",
        };
        writeln!(
            html,
            "<div class=\"run\" id=\"run-{}\">\n<div class=\"run-title\"><strong>{}</strong>{badge}</div>",
            self.name,
            in_a_line(self.title),
        )?;
        write!(
            html,
            "<div class=\"run-drawing\" tabindex=\"0\">\n{}</div>\n",
            diagram.to_svg()
        )?;
        write_blocks(html, cards)?;
        write_legend(html, cards)?;
        html.push_str("<div class=\"run-outcome\">\n");
        for sentence in &cards.summary {
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
        write_balances(html, cards)
    }
}

/// Writes the cards as a list of blocks.
fn write_blocks(html: &mut String, cards: &Cards) -> std::fmt::Result {
    html.push_str("<ol class=\"run-blocks\">\n");
    for (row, blocks) in cards.rows.iter().enumerate() {
        let name = blocks.name();
        write!(html, "<li><span class=\"run-block\">{name}")?;
        if !cards.show_gas {
            let gas = short_tgas(blocks.gas_burnt);
            write!(html, " <span class=\"gas\">burns {gas}</span>")?;
        }
        html.push_str("</span>\n");
        for card in cards.cards.iter().filter(|card| card.row == row) {
            write_card(html, card, &cards.lanes[card.lane])?;
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ol>\n");
    Ok(())
}

/// Writes the meanings of the lines that the drawing has, and the switch for the gas.
fn write_legend(html: &mut String, cards: &Cards) -> std::fmt::Result {
    html.push_str("<div class=\"run-legend\">");
    for (class, meaning) in cards.legend() {
        let key = key(&class, 0, 5);
        write!(
            html,
            "<span><svg class=\"trace key\" viewBox=\"0 0 {KEY_WIDTH} 10\" width=\"{KEY_WIDTH}\" height=\"10\" \
             aria-hidden=\"true\">{key}</svg> {meaning}</span> "
        )?;
    }
    if !cards.show_gas {
        html.push_str("<label class=\"run-gas\"><input type=\"checkbox\"> gas</label>");
    }
    html.push_str("</div>\n");
    Ok(())
}

/// Writes the changes of the balances.
fn write_balances(html: &mut String, cards: &Cards) -> std::fmt::Result {
    if cards.changes.is_empty() {
        return Ok(());
    }
    html.push_str("<ul class=\"run-balances\">\n");
    let changes = cards.lanes.iter().zip(&cards.changes);
    for (lane, change) in changes.filter(|(_, change)| **change != 0) {
        let change = signed_near(*change);
        writeln!(
            html,
            "<li><b>{lane}</b> <span class=\"money\">{change}</span></li>"
        )?;
    }
    html.push_str("</ul>\n");
    Ok(())
}

/// Writes a card as an entry of the list.
fn write_card(html: &mut String, card: &Card, lane: &str) -> std::fmt::Result {
    let word = card.word().map(|word| format!(" <em>{word}</em>"));
    writeln!(
        html,
        "<div class=\"run-step {}\"><b>{lane}</b>{} <span class=\"title\">{}</span>",
        card.class(),
        word.unwrap_or_default(),
        in_a_line(&card.heading())
    )?;
    for note in &card.notes {
        let class = format!("note {}", note.style.class());
        let (class, text) = (class.trim_end(), in_a_line(&note.text));
        writeln!(html, "<span class=\"{class}\">{text}</span>")?;
    }
    html.push_str("</div>\n");
    Ok(())
}

/// Escapes a text for HTML, without line breaks: a blank line would end the element in Markdown.
fn in_a_line(text: &str) -> String {
    escaped(&text.replace(['\n', '\r'], " "))
}
