//! The description of a plot in words: how its series grow, and how fast.

use super::{Plot, Series, Unit};

/// The divisor of the highest value below which a change counts as no change.
const SHARE: u64 = 20;

/// Returns the titles of the scales, and a summary of each series.
pub fn description(plot: &Plot) -> String {
    let scales = format!("Across: {}. Up: {}.", plot.across.title, plot.up.title);
    let summaries = plot.series.iter().map(|series| summary(plot, series));
    [scales]
        .into_iter()
        .chain(summaries)
        .collect::<Vec<_>>()
        .join(" ")
}

fn summary(plot: &Plot, series: &Series) -> String {
    let (across, up) = (plot.across.unit, plot.up.unit);
    let (first, last) = (series.points[0], series.points[series.points.len() - 1]);
    let heights = || series.points.iter().map(|point| point.1);
    let (low, high) = (heights().min().unwrap_or(0), heights().max().unwrap_or(0));
    let from_to = |verb: &str| {
        let [from, to] =
            [first, last].map(|point| (up.with_unit(point.1), across.with_unit(point.0)));
        format!(
            "{verb} from {} with {} to {} with {}",
            from.0, from.1, to.0, to.1
        )
    };
    let change = if series.points.len() == 1 {
        format!("{} with {}", up.with_unit(last.1), across.with_unit(last.0))
    } else if low == high {
        format!("always {}", up.with_unit(low))
    } else if (high - low) * SHARE < high || first.1 == last.1 {
        format!(
            "stays between {} and {}",
            up.with_unit(low),
            up.with_unit(high)
        )
    } else if first.1 > last.1 {
        from_to("falls")
    } else {
        format!("{}, by {}", from_to("grows"), slope(plot, first, last))
    };
    format!("{}: {change}.", capital(series.name))
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Returns the average slope of a series that grows, for steps of one. If that is too small to show, the steps
/// are ten, a hundred and so on.
fn slope(plot: &Plot, first: (u64, u64), last: (u64, u64)) -> String {
    let (rise, run) = (u128::from(last.1 - first.1), u128::from(last.0 - first.0));
    let least = match plot.up.unit {
        Unit::Gas => 10u128.pow(12) / 2,
        Unit::Count(..) => 1,
    };
    let mut step = 1u64;
    while u128::from(step) * rise < least * run {
        step *= 10;
    }
    let added = (u128::from(step) * rise + run / 2) / run;
    let added = u64::try_from(added).expect("the slope is at most the last value or one step");
    let unit = match plot.across.unit {
        Unit::Count(one, _) if step == 1 => one.to_owned(),
        unit => unit.with_unit(step),
    };
    format!(
        "{} on average for each {unit} more",
        plot.up.unit.with_unit(added)
    )
}
