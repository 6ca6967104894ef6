//! A diagram as SVG. Its classes are those of `diagram.css`.

use std::collections::BTreeMap;
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
    arrows(svg, &layout.arrows)?;
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

/// The arrows, those of a kind that arrive in a row together.
fn arrows(svg: &mut String, arrows: &[Drawn]) -> std::fmt::Result {
    let mut together: BTreeMap<(usize, &str), (String, String)> = BTreeMap::new();
    for arrow in arrows {
        let class = match arrow.kind {
            ArrowKind::Sends => "sends",
            ArrowKind::Waits => "waits",
            ArrowKind::Answers => "answers",
            ArrowKind::Refunds => "refunds",
        };
        let (lines, heads) = together.entry((arrow.row, class)).or_default();
        line(lines, &arrow.corners)?;
        head(heads, &arrow.corners)?;
    }
    for ((row, class), (lines, heads)) in together {
        writeln!(
            svg,
            "<g class=\"{class}\" data-row=\"{row}\"><path d=\"{lines}\"/><path class=\"head\" d=\"{heads}\"/></g>"
        )?;
    }
    Ok(())
}

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
        "<g class=\"card {kind}{failed}\" data-row=\"{}\">",
        card.row
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
            '\n' => escaped.push('\n'),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
