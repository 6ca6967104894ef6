//! The SVG of a diagram. Its classes are those of `diagram.css`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::anchors::PlacedCard;
use super::cards::Arrow;
use super::layout::{Feet, Layout, PlacedArrow, Row};
use super::size::{LINE, PADDING, text_width};
use crate::text::{signed_near, wrapped_to};

/// Half the width of the head of an arrow.
const HEAD: i32 = 4;

/// The width of an example of a line.
pub const KEY_WIDTH: i32 = 34;

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
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = write(&mut svg, self, self.layout.size, "", "");
        svg
    }

    /// Returns the SVG with a style, and with the legend and the sentences below the diagram.
    pub fn render_alone(&self, style: &str) -> String {
        let (mut svg, mut below) = (String::new(), String::new());
        let mut size = self.layout.size;
        let style = style.lines().filter(|line| !line.trim().is_empty());
        let style = style.collect::<Vec<_>>().join("\n");
        let style = format!("<style>{style}</style>\n");
        // Writing to a string cannot fail.
        let _ = legend(&mut below, &self.layout, &mut size)
            .and_then(|()| summary(&mut below, &self.layout, &mut size))
            .and_then(|()| write(&mut svg, self, size, &style, &below));
        svg
    }
}

/// Writes the SVG with this size, a style, and what is below the diagram.
fn write(
    svg: &mut String,
    document: &Document,
    (width, height): (i32, i32),
    style: &str,
    below: &str,
) -> std::fmt::Result {
    let Document {
        name,
        title,
        description,
        layout,
    } = document;
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"trace\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{name}-t {name}-d\">"
    )?;
    writeln!(svg, "<title id=\"{name}-t\">{}</title>", escaped(title))?;
    writeln!(svg, "<desc id=\"{name}-d\">{}</desc>", escaped(description))?;
    svg.push_str(style);
    for row in &layout.rows {
        self::row(svg, row, width)?;
    }
    for (middle, name) in &layout.lanes {
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
    svg.push_str(below);
    svg.push_str("</svg>\n");
    Ok(())
}

/// Writes the sentences below a diagram, and adds their height.
fn summary(
    svg: &mut String,
    layout: &Layout,
    (width, height): &mut (i32, i32),
) -> std::fmt::Result {
    let letters = usize::try_from(layout.size.0 * 10 / 73).unwrap_or_default();
    let letters = letters.max(LEAST_SUMMARY_WIDTH);
    for sentence in &layout.summary {
        for line in wrapped_to(&sentence.text, letters, usize::MAX) {
            *height += LINE + 2;
            *width = (*width).max(text_width(line.chars().count()) + PADDING);
            let (y, line) = (*height - 4, escaped(&line));
            writeln!(svg, "<text class=\"end\" x=\"2\" y=\"{y}\">{line}</text>")?;
        }
    }
    *height += PADDING / 2;
    Ok(())
}

/// Writes the meanings of the lines, and adds their height.
fn legend(svg: &mut String, layout: &Layout, (width, height): &mut (i32, i32)) -> std::fmt::Result {
    let mut left = *width;
    for (class, meaning) in &layout.legend {
        let wide = KEY_WIDTH + text_width(meaning.chars().count()) + 3 * PADDING;
        if left + wide > *width {
            (left, *height) = (2, *height + LINE + 2);
        }
        let y = *height - 8;
        let x = left + KEY_WIDTH + PADDING;
        let key = key(class, left, y);
        writeln!(svg, "{key}<text x=\"{x}\" y=\"{}\">{meaning}</text>", y + 4)?;
        left += wide;
    }
    *height += PADDING;
    Ok(())
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

/// Writes the line above a row, the row's name, and the gas that is burnt in it.
fn row(svg: &mut String, row: &Row, width: i32) -> std::fmt::Result {
    let y = row.top + LINE.min(row.height);
    writeln!(
        svg,
        "<path class=\"block\" d=\"M0 {}H{width}\"/><text class=\"block\" x=\"2\" y=\"{y}\">{}</text>",
        row.top - 3,
        row.name,
    )?;
    match &row.gas {
        Some(gas) => writeln!(
            svg,
            "<text class=\"gas\" x=\"2\" y=\"{}\">{gas}</text>",
            y + LINE
        ),
        None => Ok(()),
    }
}

/// Returns an example of a line with these classes. It begins at the left, and `y` is its middle.
pub fn key(class: &str, left: i32, y: i32) -> String {
    let corners = [(left, y), (left + KEY_WIDTH - 8, y), (left + KEY_WIDTH, y)];
    let (mut lines, mut heads) = (String::new(), String::new());
    // Writing to a string cannot fail.
    let _ = line(&mut lines, &corners[..2]).and_then(|()| head(&mut heads, &corners));
    format!("<g class=\"{class}\"><path d=\"{lines}\"/><path class=\"head\" d=\"{heads}\"/></g>")
}

/// Writes the arrows, grouped by the row of their heads and by their kind.
fn arrows(svg: &mut String, arrows: &[PlacedArrow]) -> std::fmt::Result {
    let mut groups: BTreeMap<(usize, String), (String, String)> = BTreeMap::new();
    for arrow in arrows {
        let class = Arrow::class(arrow.kind, arrow.amount);
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
        let class = match style.class() {
            "" => String::new(),
            class => format!(" class=\"{class}\""),
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
