//! A plot as SVG. Its classes are those of `theme/pages.css`.

use std::fmt::Write;

use super::scale::{step, ticks};
use super::words::description;
use super::{GAS_TICK, Plot, Series, Unit};

/// The size of the whole, in pixels.
const SIZE: (u32, u32) = (640, 360);

/// The room above the frame, for the title of the scale that goes up.
const ABOVE: u32 = 36;

/// The room below it, for the numbers and the title of the scale that goes across.
const BELOW: u32 = 52;

/// The room between the frame and what stands beside it.
const GAP: u32 = 10;

/// The height of a line of text.
const LINE: u32 = 15;

/// The most steps of the scale that goes up.
const STEPS_UP: u64 = 6;

/// The classes of the series, which tell their marks and dashes apart.
const CLASSES: [&str; 3] = ["first", "second", "third"];

impl Plot {
    /// Returns the chart as SVG, for a page whose stylesheet knows its classes. It has no blank line, so it may
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
    for (series, middle) in plot.series.iter().zip(middles(frame)) {
        label(svg, frame, series, middle)?;
    }
    svg.push_str("</svg>\n");
    Ok(())
}

/// Where the lines are drawn, in pixels, and what its edges stand for.
struct Frame<'a> {
    plot: &'a Plot,
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
    /// The values at the right and the upper edge. At the others stands zero.
    ends: (u64, u64),
    /// The steps between two numbers at a scale.
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
        let labels = plot.series.iter().flat_map(|series| words(plot, series));
        let label = labels.map(|line| width(&line)).max().unwrap_or(0) + GAP;
        let right = SIZE.0 - label.max(number / 2) - GAP;
        let most = u64::from((right - left) / (number + 2 * GAP));
        Self {
            plot,
            left,
            right,
            top: ABOVE,
            bottom: SIZE.1 - BELOW,
            ends: (furthest, highest),
            steps: (step(furthest, most), step_up),
        }
    }

    fn across(&self, value: u64) -> f64 {
        between(self.left, self.right, value, self.ends.0)
    }

    fn up(&self, value: u64) -> f64 {
        between(self.bottom, self.top, value, self.ends.1)
    }
}

fn between(zero: u32, end: u32, value: u64, of: u64) -> f64 {
    f64::from(zero) + (f64::from(end) - f64::from(zero)) * (value as f64 / of as f64)
}

/// The width of a text: a letter of the monospaced font takes 7.3 pixels at the most.
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
    for tick in ticks(frame.steps.1, frame.ends.1) {
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
    for tick in ticks(frame.steps.0, frame.ends.0) {
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
    let places: Vec<_> = points
        .map(|(across, up)| format!("{:.1} {:.1}", frame.across(*across), frame.up(*up)))
        .collect();
    writeln!(
        svg,
        "<g class=\"{class}\"><path d=\"M{}\"/>",
        places.join("L")
    )?;
    let mark = match class {
        "first" => "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        "second" => "m-4 -4h8v8h-8z",
        _ => "m-4 -4l8 8m-8 0l8 -8",
    };
    for ((across, up), place) in series.points.iter().zip(places) {
        let across = frame.plot.across.unit.told(*across);
        let told = format!("{across}: {}", frame.plot.up.unit.told(*up));
        writeln!(
            svg,
            "<path class=\"mark\" d=\"M{place}{mark}\"><title>{told}</title></path>"
        )?;
    }
    writeln!(svg, "</g>")
}

/// What stands beside a series: its name, and its last value.
fn words(plot: &Plot, series: &Series) -> [String; 2] {
    let last = series.points[series.points.len() - 1].1;
    [series.name.to_owned(), plot.up.unit.told(last)]
}

/// How high the words beside each series stand: as high as its last point, or as near to that as the
/// others let them.
fn middles(frame: &Frame) -> Vec<f64> {
    let height = f64::from(2 * LINE + 2);
    let last = |series: &Series| frame.up(series.points[series.points.len() - 1].1);
    let mut middles: Vec<_> = frame.plot.series.iter().map(last).enumerate().collect();
    middles.sort_by(|one, other| one.1.total_cmp(&other.1));
    let mut least = f64::from(frame.top);
    for (_, middle) in &mut middles {
        *middle = middle.max(least);
        least = *middle + height;
    }
    let mut most = f64::from(frame.bottom) - height / 2.0;
    for (_, middle) in middles.iter_mut().rev() {
        *middle = middle.min(most);
        most = *middle - height;
    }
    middles.sort_by_key(|(place, _)| *place);
    middles.into_iter().map(|(_, middle)| middle).collect()
}

fn label(svg: &mut String, frame: &Frame, series: &Series, middle: f64) -> std::fmt::Result {
    let (x, y) = (frame.right + GAP, middle - 3.0);
    let [name, value] = words(frame.plot, series);
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
