//! A plot: how a number grows, as a chart, in words and as data.
//!
//! The chart is drawn here. A library for plots writes colours and fonts into what it draws, and these
//! must follow the theme that the reader has chosen. So there are only names of classes in the SVG, as
//! in the diagrams of [`trace`]; what they look like is in `theme/pages.css`.
//!
//! Lines stay inside of the frame, and words outside: no word can stand on a line. Both scales begin at
//! zero, so that twice as high is twice as much.
//!
//! * [`scale`] finds round numbers; [`svg`] draws;
//! * [`words`] tells the same to who does not see it.

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
    /// What it shows, in a few words.
    pub title: &'static str,
    /// The scale from left to right.
    pub across: Scale,
    /// The scale from bottom to top.
    pub up: Scale,
    /// What is drawn.
    pub series: Vec<Series>,
}

/// What is measured in one direction.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// What stands at it: what is measured, and in what.
    pub title: &'static str,
    /// What it is measured in.
    pub unit: Unit,
}

/// What something is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Units of gas, written as Tgas.
    Gas,
    /// Things that are counted: the name of one, and the name of several.
    Count(&'static str, &'static str),
}

/// Points that belong together: a line, or a mark alone where there is only one.
#[derive(Debug, Clone)]
pub struct Series {
    /// What stands beside it. It has no comma, for it heads a column of the data.
    pub name: &'static str,
    /// Across and up, in the units of the scales and in the order of the line.
    pub points: Vec<(u64, u64)>,
}

impl Plot {
    /// The data as comma-separated values: a row for each place across, a column for each series. Gas is
    /// rounded as in the texts.
    pub fn to_csv(&self) -> String {
        let names = self.series.iter().map(|series| {
            assert!(!series.name.contains(','), "{}", series.name);
            format!("{} ({})", series.name, self.up.unit.name())
        });
        let header = [self.across.unit.name().to_owned()].into_iter();
        let mut lines = header.chain(names).collect::<Vec<_>>().join(",") + "\n";
        let points = self.series.iter().flat_map(|series| &series.points);
        let places: BTreeSet<u64> = points.map(|(across, _)| *across).collect();
        for place in places {
            let cells = self.series.iter().map(|series| {
                let point = series.points.iter().find(|point| point.0 == place);
                point.map_or_else(String::new, |point| self.up.unit.bare(point.1))
            });
            let row = [self.across.unit.bare(place)].into_iter().chain(cells);
            lines.push_str(&(row.collect::<Vec<_>>().join(",") + "\n"));
        }
        lines
    }
}

impl Unit {
    /// Its name behind a number of several.
    fn name(self) -> &'static str {
        match self {
            Self::Gas => "Tgas",
            Self::Count(_, many) => many,
        }
    }

    /// A number with its unit, for people.
    fn told(self, number: u64) -> String {
        match self {
            Self::Gas => text::tgas(Gas::from_gas(number)).replace('\u{a0}', " "),
            Self::Count(one, _) if number == 1 => format!("1 {one}"),
            Self::Count(_, many) => format!("{} {many}", counted(number)),
        }
    }

    /// A number without its unit, for programs.
    fn bare(self, number: u64) -> String {
        match self {
            Self::Gas => self.told(number).replace(" Tgas", ""),
            Self::Count(..) => number.to_string(),
        }
    }

    /// A round number beside a scale.
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
