//! A diagram as SVG. Its classes are those of `diagram.css`.

use std::fmt::Write;

use super::Diagram;
use super::cards::{ArrowKind, Kind};
use super::layout::{Drawn, LINE, PADDING, Placed, Row, has_band};

/// The head of an arrow.
const HEAD: i32 = 4;

pub fn written(diagram: &Diagram, style: &str) -> String {
    let mut svg = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut svg, diagram, style);
    svg
}

fn write(svg: &mut String, diagram: &Diagram, style: &str) -> std::fmt::Result {
    let Diagram {
        name,
        title,
        description,
        layout,
    } = diagram;
    let (width, height) = layout.size;
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
        band(svg, row, width)?;
    }
    for (middle, name) in &layout.names {
        writeln!(
            svg,
            "<text class=\"name\" x=\"{middle}\" y=\"19\">{}</text>",
            escaped(name)
        )?;
    }
    for arrow in &layout.arrows {
        self::arrow(svg, arrow)?;
    }
    for placed in &layout.cards {
        card(svg, placed)?;
    }
    for (y, end) in &layout.ends {
        writeln!(
            svg,
            "<text class=\"end\" x=\"2\" y=\"{y}\">{}</text>",
            escaped(&end.text)
        )?;
    }
    svg.push_str("</svg>\n");
    Ok(())
}

fn band(svg: &mut String, row: &Row, width: i32) -> std::fmt::Result {
    let Row { block, top, height } = row;
    writeln!(
        svg,
        "<path class=\"block\" d=\"M0 {}H{width}\"/><text class=\"block\" x=\"2\" y=\"{}\">block {block}</text>",
        top - 3,
        top + LINE.min(*height),
    )
}

fn arrow(svg: &mut String, arrow: &Drawn) -> std::fmt::Result {
    let class = match arrow.kind {
        ArrowKind::Sends => "sends",
        ArrowKind::Waits => "waits",
        ArrowKind::Answers => "answers",
        ArrowKind::Refunds => "refunds",
    };
    write!(
        svg,
        "<g class=\"{class}\" data-row=\"{}\"><path d=\"",
        arrow.row
    )?;
    let mut last = arrow.corners[0];
    write!(svg, "M{} {}", last.0, last.1)?;
    for corner in &arrow.corners[1..] {
        match corner.0 == last.0 {
            true => write!(svg, "V{}", corner.1)?,
            false => write!(svg, "H{}", corner.0)?,
        }
        last = *corner;
    }
    let before = arrow.corners[arrow.corners.len() - 2];
    let (x, y) = last;
    let head = if before.0 == x {
        let back = y - 2 * HEAD * (y - before.1).signum();
        format!("M{} {back}L{x} {y}L{} {back}", x - HEAD, x + HEAD)
    } else {
        let back = x - 2 * HEAD * (x - before.0).signum();
        format!("M{back} {}L{x} {y}L{back} {}", y - HEAD, y + HEAD)
    };
    writeln!(svg, "\"/><path class=\"head\" d=\"{head}z\"/></g>")
}

fn card(svg: &mut String, placed: &Placed) -> std::fmt::Result {
    let Placed {
        card,
        left,
        top,
        width,
        height,
    } = placed;
    let kind = match card.kind {
        Kind::Signed => "signed",
        Kind::Call => "call",
        Kind::Callback => "callback",
        Kind::Refund => "refund",
    };
    let failed = if card.failed { " failed" } else { "" };
    writeln!(
        svg,
        "<g class=\"card {kind}{failed}\" data-row=\"{}\"><desc>{}</desc>",
        card.row,
        escaped(&card.words)
    )?;
    writeln!(
        svg,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>"
    )?;
    let mut y = top + LINE - 1;
    let x = left + PADDING;
    if has_band(card) {
        let word = match (card.failed, card.kind) {
            (true, Kind::Callback) => "callback fails",
            (true, Kind::Refund) => "lost",
            (true, _) => "fails",
            (false, _) => "callback",
        };
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
    for line in &card.title {
        writeln!(
            svg,
            "<text class=\"title\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(line)
        )?;
        y += LINE;
    }
    for line in &card.lines {
        let class = if line.is_struck {
            " class=\"undone\""
        } else {
            ""
        };
        writeln!(
            svg,
            "<text{class} x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(&line.text)
        )?;
        y += LINE;
    }
    writeln!(svg, "</g>")
}

/// A text in which nothing is taken for markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // No control characters in XML, whatever a contract has logged.
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
