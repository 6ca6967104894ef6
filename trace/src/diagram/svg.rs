//! The SVG of a diagram. Its classes are those of `diagram.css`.

use std::collections::BTreeMap;
use std::fmt::Write;

use near_primitives::types::Balance;

use super::anchors::PlacedCard;
use super::cards::{ArrowKind, Style};
use super::layout::{Feet, Layout, PlacedArrow, Row};
use super::size::{LINE, PADDING, text_width};
use crate::text::{signed_near, wrapped_to};

/// Half the width of the head of an arrow.
const HEAD: i32 = 4;

/// The least number of letters in a line below a diagram.
const LEAST_SUMMARY_WIDTH: usize = 60;

/// A diagram with its texts, ready for writing.
#[derive(Debug, Clone)]
pub struct Document {
    /// The prefix of the ids.
    pub name: String,
    /// The title for a screen reader.
    pub title: String,
    /// The description for a screen reader.
    pub description: String,
    /// The coordinates.
    pub layout: Layout,
}

impl Document {
    /// Returns the SVG for a page, which has the style and the sentences below the diagram elsewhere.
    pub fn render(&self) -> String {
        self.written("", Vec::new())
    }

    /// Returns the SVG with a style, and with the sentences below the diagram.
    pub fn render_alone(&self, style: &str) -> String {
        self.written(style, summary(&self.layout))
    }

    fn written(&self, style: &str, summary: Vec<(i32, String)>) -> String {
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = write(&mut svg, self, style, summary);
        svg
    }
}

fn write(
    svg: &mut String,
    document: &Document,
    style: &str,
    summary: Vec<(i32, String)>,
) -> std::fmt::Result {
    let Document {
        name,
        title,
        description,
        layout,
    } = document;
    let (mut width, mut height) = layout.size;
    for (y, line) in &summary {
        width = width.max(text_width(line.chars().count()) + PADDING);
        height = y + PADDING;
    }
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"trace\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{name}-t {name}-d\">"
    )?;
    writeln!(svg, "<title id=\"{name}-t\">{}</title>", escaped(title))?;
    writeln!(svg, "<desc id=\"{name}-d\">{}</desc>", escaped(description))?;
    if !style.is_empty() {
        let lines = style.lines().filter(|line| !line.trim().is_empty());
        writeln!(
            svg,
            "<style>{}</style>",
            lines.collect::<Vec<_>>().join("\n")
        )?;
    }
    for row in &layout.rows {
        block(svg, row, width)?;
    }
    for (middle, name) in &layout.accounts {
        writeln!(
            svg,
            "<text class=\"name\" x=\"{middle}\" y=\"19\">{}</text>",
            escaped(name)
        )?;
    }
    arrows(svg, &layout.arrows)?;
    for placed in &layout.cards {
        card(svg, placed)?;
    }
    if let Some(feet) = &layout.feet {
        changes(svg, feet, width)?;
    }
    for (y, line) in summary {
        writeln!(
            svg,
            "<text class=\"end\" x=\"2\" y=\"{y}\">{}</text>",
            escaped(&line)
        )?;
    }
    svg.push_str("</svg>\n");
    Ok(())
}

/// Wraps the sentences below a diagram, and returns the lines with their base lines.
fn summary(layout: &Layout) -> Vec<(i32, String)> {
    let letters = usize::try_from(layout.size.0 * 10 / 73).unwrap_or_default();
    let letters = letters.max(LEAST_SUMMARY_WIDTH);
    let sentences = layout.summary.iter();
    let lines = sentences.flat_map(|sentence| wrapped_to(&sentence.text, letters, usize::MAX));
    let bottom = layout.size.1;
    lines
        .zip(1..)
        .map(|(line, number)| (bottom + number * (LINE + 2) + 4, line))
        .collect()
}

/// Writes the changes of the balances.
fn changes(svg: &mut String, feet: &Feet, width: i32) -> std::fmt::Result {
    let Feet { top, changes } = feet;
    let y = top + LINE + 3;
    writeln!(
        svg,
        "<g class=\"feet\"><path class=\"block\" d=\"M0 {top}H{width}\"/><text class=\"block\" x=\"2\" y=\"{y}\">after</text>"
    )?;
    for (middle, change) in changes {
        writeln!(
            svg,
            "<text class=\"money\" x=\"{middle}\" y=\"{y}\">{}</text>",
            signed_near(*change)
        )?;
    }
    writeln!(svg, "</g>")
}

/// Writes the line above a block, and its number.
fn block(svg: &mut String, row: &Row, width: i32) -> std::fmt::Result {
    let Row { block, top, height } = row;
    writeln!(
        svg,
        "<path class=\"block\" d=\"M0 {}H{width}\"/><text class=\"block\" x=\"2\" y=\"{}\">block {block}</text>",
        top - 3,
        top + LINE.min(*height),
    )
}

/// Writes the arrows, grouped by the row of their heads and by their kind.
fn arrows(svg: &mut String, arrows: &[PlacedArrow]) -> std::fmt::Result {
    let mut groups: BTreeMap<(usize, String), (String, String)> = BTreeMap::new();
    for arrow in arrows {
        let class = match arrow.kind {
            ArrowKind::Creates => "sends",
            ArrowKind::CreatesCallback => "waits",
            ArrowKind::Result => "results",
            ArrowKind::Refund => "refunds",
        };
        let class = format!("{class}{}", weight(arrow.amount));
        let (lines, heads) = groups.entry((arrow.row, class)).or_default();
        line(lines, &arrow.corners)?;
        head(heads, &arrow.corners)?;
    }
    for ((row, class), (lines, heads)) in groups {
        writeln!(
            svg,
            "<g class=\"{class}\" data-row=\"{row}\"><path d=\"{lines}\"/><path class=\"head\" d=\"{heads}\"/></g>"
        )?;
    }
    Ok(())
}

/// Returns the class of an arrow by the amount that travels with it: the more, the wider.
fn weight(amount: Balance) -> &'static str {
    const MILLINEAR: u128 = 10u128.pow(21);

    match amount.as_yoctonear() {
        0 => "",
        below if below < 10 * MILLINEAR => " money",
        below if below < 1_000 * MILLINEAR => " money more",
        _ => " money most",
    }
}

/// Writes the line of an arrow as path data.
fn line(path: &mut String, corners: &[(i32, i32)]) -> std::fmt::Result {
    let mut last = corners[0];
    write!(path, "M{} {}", last.0, last.1)?;
    for corner in &corners[1..] {
        match corner.0 == last.0 {
            true => write!(path, "V{}", corner.1)?,
            false => write!(path, "H{}", corner.0)?,
        }
        last = *corner;
    }
    Ok(())
}

/// Writes the head of an arrow as path data.
fn head(path: &mut String, corners: &[(i32, i32)]) -> std::fmt::Result {
    let [.., before, (x, y)] = corners else {
        return Ok(());
    };
    if before.0 == *x {
        let back = -2 * HEAD * (y - before.1).signum();
        write!(path, "M{x} {y}l-{HEAD} {back}h{}z", 2 * HEAD)
    } else {
        let back = -2 * HEAD * (x - before.0).signum();
        write!(path, "M{x} {y}l{back} -{HEAD}v{}z", 2 * HEAD)
    }
}

/// Writes a card.
fn card(svg: &mut String, placed: &PlacedCard) -> std::fmt::Result {
    let PlacedCard {
        card,
        left,
        top,
        width,
        height,
    } = placed;
    writeln!(
        svg,
        "<g class=\"card {}\" data-row=\"{}\">",
        card.class(),
        card.row
    )?;
    writeln!(
        svg,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>"
    )?;
    let mut y = top + LINE - 1;
    let x = left + PADDING;
    if let Some(word) = card.word() {
        if card.failed {
            writeln!(
                svg,
                "<rect class=\"band\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{}\" rx=\"4\"/>",
                LINE + 3
            )?;
        }
        writeln!(
            svg,
            "<text class=\"word\" x=\"{x}\" y=\"{y}\">{word}</text>"
        )?;
        y += LINE + 2;
    }
    for (style, line) in card.lines() {
        let class = match style {
            Style::Title => " class=\"title\"",
            Style::Plain => "",
            Style::Money => " class=\"money\"",
            Style::Error => " class=\"error\"",
            Style::Undone => " class=\"undone\"",
            Style::Gas => " class=\"gas\"",
        };
        writeln!(
            svg,
            "<text{class} x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(&line)
        )?;
        y += LINE;
    }
    writeln!(svg, "</g>")
}

/// Escapes a text for XML.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML allows no other control characters, and a log line may have some.
            '\n' => escaped.push('\n'),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
