//! A plot: a number that grows, as a chart, in words and as data.
//!
//! The chart is drawn here. A plotting library writes colours and fonts into its output, and these must follow
//! the theme that the reader has chosen. So the SVG has only names of classes, as the diagrams of [`trace`] do;
//! their styles are in `theme/pages.css`.
//!
//! Lines stay inside the frame, and text outside: no text lies on a line. Both scales begin at zero, so twice
//! as high is twice as much.
//!
//! * `scale` finds round numbers; `svg` draws;
//! * `words` describes the plot for readers who cannot see it.

mod scale;
mod svg;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use near_primitives::types::Gas;

use crate::text;

/// The class of a number at a scale that depends on gas.
pub const GAS_TICK: &str = "up gas";

/// A chart: one to three series over the same scales.
#[derive(Debug, Clone)]
pub struct Plot {
    /// The title of the chart.
    pub title: &'static str,
    /// The scale from left to right.
    pub across: Scale,
    /// The scale from bottom to top.
    pub up: Scale,
    /// The lines of the chart.
    pub series: Vec<Series>,
}

/// The scale of one direction.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// The title of the scale: the quantity and its unit.
    pub title: &'static str,
    /// The unit of the scale.
    pub unit: Unit,
}

/// The unit of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Units of gas, written as Tgas.
    Gas,
    /// A count: the name of one, and the name of several.
    Count(&'static str, &'static str),
}

/// Points that belong together: a line, or a single mark.
#[derive(Debug, Clone)]
pub struct Series {
    /// The label beside the line. It has no comma, because it is a column header of the data.
    pub name: &'static str,
    /// The points as (across, up), in the units of the scales and in the order of the line.
    pub points: Vec<(u64, u64)>,
}

impl Plot {
    /// Returns the data as comma-separated values: a row for each value across, a column for each series. Gas
    /// is rounded as in the texts.
    pub fn to_csv(&self) -> String {
        let names = self.series.iter().map(|series| {
            assert!(!series.name.contains(','), "{}", series.name);
            format!("{} ({})", series.name, self.up.unit.name())
        });
        let header = [self.across.unit.name().to_owned()].into_iter();
        let mut lines = header.chain(names).collect::<Vec<_>>().join(",") + "\n";
        let points = self.series.iter().flat_map(|series| &series.points);
        let values: BTreeSet<u64> = points.map(|(across, _)| *across).collect();
        for value in values {
            let cells = self.series.iter().map(|series| {
                let point = series.points.iter().find(|point| point.0 == value);
                point.map_or_else(String::new, |point| self.up.unit.bare(point.1))
            });
            let row = [self.across.unit.bare(value)].into_iter().chain(cells);
            lines.push_str(&(row.collect::<Vec<_>>().join(",") + "\n"));
        }
        lines
    }
}

impl Unit {
    /// Returns the name of the unit in the plural.
    fn name(self) -> &'static str {
        match self {
            Self::Gas => "Tgas",
            Self::Count(_, many) => many,
        }
    }

    /// Returns a number with its unit, for people.
    fn with_unit(self, number: u64) -> String {
        match self {
            Self::Gas => text::tgas(Gas::from_gas(number)).replace('\u{a0}', " "),
            Self::Count(one, _) if number == 1 => format!("1 {one}"),
            Self::Count(_, many) => format!("{} {many}", counted(number)),
        }
    }

    /// Returns a number without its unit, for programs.
    fn bare(self, number: u64) -> String {
        match self {
            Self::Gas => self.with_unit(number).replace(" Tgas", ""),
            Self::Count(..) => number.to_string(),
        }
    }

    /// Returns a round number for a tick of a scale.
    fn round(self, number: u64) -> String {
        match self {
            Self::Gas => self.bare(number),
            Self::Count(..) => counted(number),
        }
    }
}

fn counted(number: u64) -> String {
    text::count(usize::try_from(number).expect("it fits"))
}
