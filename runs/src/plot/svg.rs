//! A plot as SVG. Its classes are those of `theme/pages.css`.

use std::fmt::Write;

use super::scale::{step, ticks};
use super::words::description;
use super::{GAS_TICK, Plot, Series, Unit};

/// The size of the chart, in pixels.
const SIZE: (u32, u32) = (640, 360);

/// The space above the frame, for the title of the vertical scale.
const ABOVE: u32 = 36;

/// The space below the frame, for the numbers and the title of the horizontal scale.
const BELOW: u32 = 52;

/// The space between the frame and its labels.
const GAP: u32 = 10;

/// The height of a line of text.
const LINE: u32 = 15;

/// The largest number of steps of the vertical scale.
const STEPS_UP: u64 = 6;

/// The classes of the series. Each has its own mark and dashes.
const CLASSES: [&str; 3] = ["first", "second", "third"];

impl Plot {
    /// Returns the chart as SVG, for a page whose stylesheet has its classes. It has no blank line, so it may
    /// stand in Markdown. The name keeps the ids of several charts on a page apart.
    ///
    /// # Panics
    /// There is no series, there are more than three, or one has no point.
    pub fn to_svg(&self, name: &str) -> String {
        assert!((1..=CLASSES.len()).contains(&self.series.len()), "{name}");
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = write(&mut svg, &Frame::of(self), name);
        svg
    }
}

fn write(svg: &mut String, frame: &Frame, name: &str) -> std::fmt::Result {
    let ((width, height), plot) = (SIZE, frame.plot);
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{name}-t {name}-d\">"
    )?;
    writeln!(svg, "<title id=\"{name}-t\">{}</title>", plot.title)?;
    writeln!(svg, "<desc id=\"{name}-d\">{}</desc>", description(plot))?;
    scale_up(svg, frame)?;
    scale_across(svg, frame)?;
    for (series, class) in plot.series.iter().zip(CLASSES) {
        line(svg, frame, series, class)?;
    }
    for (series, middle) in plot.series.iter().zip(label_positions(frame)) {
        label(svg, frame, series, middle)?;
    }
    svg.push_str("</svg>\n");
    Ok(())
}

/// The edges of the drawing, in pixels, and their values.
struct Frame<'a> {
    plot: &'a Plot,
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
    /// The values of the right and the upper edge. The other edges are at zero.
    greatest: (u64, u64),
    /// The steps of the scales.
    steps: (u64, u64),
}

impl<'a> Frame<'a> {
    fn of(plot: &'a Plot) -> Self {
        let points = || plot.series.iter().flat_map(|series| &series.points);
        let furthest = points().map(|point| point.0).max().unwrap_or(0).max(1);
        let highest = points().map(|point| point.1).max().unwrap_or(0).max(1);
        let step_up = step(highest, STEPS_UP);
        let highest = highest.next_multiple_of(step_up);

        let numbers = ticks(step_up, highest).map(|tick| width(&plot.up.unit.round(tick)));
        let left = numbers.max().unwrap_or(0) + GAP;
        let number = width(&plot.across.unit.round(furthest));
        let labels = plot
            .series
            .iter()
            .flat_map(|series| label_lines(plot, series));
        let label = labels.map(|line| width(&line)).max().unwrap_or(0) + GAP;
        let right = SIZE.0 - label.max(number / 2) - GAP;
        let most = u64::from((right - left) / (number + 2 * GAP));
        Self {
            plot,
            left,
            right,
            top: ABOVE,
            bottom: SIZE.1 - BELOW,
            greatest: (furthest, highest),
            steps: (step(furthest, most), step_up),
        }
    }

    fn across(&self, value: u64) -> f64 {
        between(self.left, self.right, value, self.greatest.0)
    }

    fn up(&self, value: u64) -> f64 {
        between(self.bottom, self.top, value, self.greatest.1)
    }
}

fn between(zero: u32, end: u32, value: u64, of: u64) -> f64 {
    f64::from(zero) + (f64::from(end) - f64::from(zero)) * (value as f64 / of as f64)
}

/// Returns the width of a text. A letter of the monospaced font is at most 7.3 pixels wide.
fn width(text: &str) -> u32 {
    let letters = u32::try_from(text.chars().count()).expect("a short text");
    (letters * 73).div_ceil(10)
}

fn scale_up(svg: &mut String, frame: &Frame) -> std::fmt::Result {
    let Frame {
        left,
        right,
        top,
        bottom,
        plot,
        ..
    } = frame;
    let class = match plot.up.unit {
        Unit::Gas => GAS_TICK,
        Unit::Count(..) => "up",
    };
    for tick in ticks(frame.steps.1, frame.greatest.1) {
        let (y, number) = (frame.up(tick), plot.up.unit.round(tick));
        let (x, below) = (left - GAP / 2, y + 4.0);
        writeln!(svg, "<path class=\"grid\" d=\"M{left} {y:.1}H{right}\"/>")?;
        writeln!(
            svg,
            "<text class=\"{class}\" x=\"{x}\" y=\"{below:.1}\">{number}</text>"
        )?;
    }
    writeln!(svg, "<path class=\"axis\" d=\"M{left} {top}V{bottom}\"/>")?;
    writeln!(svg, "<text x=\"2\" y=\"{LINE}\">{}</text>", plot.up.title)
}

fn scale_across(svg: &mut String, frame: &Frame) -> std::fmt::Result {
    let Frame {
        left,
        right,
        bottom,
        plot,
        ..
    } = frame;
    for tick in ticks(frame.steps.0, frame.greatest.0) {
        let (x, number) = (frame.across(tick), plot.across.unit.round(tick));
        let below = bottom + GAP + LINE / 2;
        writeln!(svg, "<path class=\"axis\" d=\"M{x:.1} {bottom}v4\"/>")?;
        writeln!(
            svg,
            "<text class=\"across\" x=\"{x:.1}\" y=\"{below}\">{number}</text>"
        )?;
    }
    writeln!(svg, "<path class=\"axis\" d=\"M{left} {bottom}H{right}\"/>")?;
    let (middle, below) = ((left + right) / 2, SIZE.1 - GAP);
    let title = plot.across.title;
    writeln!(
        svg,
        "<text class=\"across\" x=\"{middle}\" y=\"{below}\">{title}</text>"
    )
}

fn line(svg: &mut String, frame: &Frame, series: &Series, class: &str) -> std::fmt::Result {
    let points = series.points.iter();
    let points: Vec<_> = points
        .map(|(across, up)| format!("{:.1} {:.1}", frame.across(*across), frame.up(*up)))
        .collect();
    writeln!(
        svg,
        "<g class=\"{class}\"><path d=\"M{}\"/>",
        points.join("L")
    )?;
    let mark = match class {
        "first" => "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        "second" => "m-4 -4h8v8h-8z",
        _ => "m-4 -4l8 8m-8 0l8 -8",
    };
    for ((across, up), point) in series.points.iter().zip(points) {
        let across = frame.plot.across.unit.with_unit(*across);
        let title = format!("{across}: {}", frame.plot.up.unit.with_unit(*up));
        writeln!(
            svg,
            "<path class=\"mark\" d=\"M{point}{mark}\"><title>{title}</title></path>"
        )?;
    }
    writeln!(svg, "</g>")
}

/// Returns the label of a series: its name, and its last value.
fn label_lines(plot: &Plot, series: &Series) -> [String; 2] {
    let last = series.points[series.points.len() - 1].1;
    [series.name.to_owned(), plot.up.unit.with_unit(last)]
}

/// Returns the vertical positions of the labels: each at its series' last point, or as near to that as the
/// other labels allow.
fn label_positions(frame: &Frame) -> Vec<f64> {
    let height = f64::from(2 * LINE + 2);
    let last = |series: &Series| frame.up(series.points[series.points.len() - 1].1);
    let mut label_positions: Vec<_> = frame.plot.series.iter().map(last).enumerate().collect();
    label_positions.sort_by(|one, other| one.1.total_cmp(&other.1));
    let mut least = f64::from(frame.top);
    for (_, middle) in &mut label_positions {
        *middle = middle.max(least);
        least = *middle + height;
    }
    let mut most = f64::from(frame.bottom) - height / 2.0;
    for (_, middle) in label_positions.iter_mut().rev() {
        *middle = middle.min(most);
        most = *middle - height;
    }
    label_positions.sort_by_key(|(point, _)| *point);
    label_positions
        .into_iter()
        .map(|(_, middle)| middle)
        .collect()
}

fn label(svg: &mut String, frame: &Frame, series: &Series, middle: f64) -> std::fmt::Result {
    let (x, y) = (frame.right + GAP, middle - 3.0);
    let [name, value] = label_lines(frame.plot, series);
    writeln!(
        svg,
        "<text class=\"name\" x=\"{x}\" y=\"{y:.1}\">{name}</text>"
    )?;
    writeln!(
        svg,
        "<text x=\"{x}\" y=\"{:.1}\">{value}</text>",
        y + f64::from(LINE)
    )
}
