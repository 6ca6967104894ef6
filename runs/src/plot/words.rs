//! A plot in words: what grows, from what to what, and how fast.

use super::{Plot, Series, Unit};

/// A series that changes by less than this share of its highest value is told as one that stays.
const SHARE: u64 = 20;

/// What the scales are, and the story of each series.
pub fn description(plot: &Plot) -> String {
    let scales = format!("Across: {}. Up: {}.", plot.across.title, plot.up.title);
    let stories = plot.series.iter().map(|series| story(plot, series));
    [scales]
        .into_iter()
        .chain(stories)
        .collect::<Vec<_>>()
        .join(" ")
}

fn story(plot: &Plot, series: &Series) -> String {
    let (across, up) = (plot.across.unit, plot.up.unit);
    let (first, last) = (series.points[0], series.points[series.points.len() - 1]);
    let heights = || series.points.iter().map(|point| point.1);
    let (low, high) = (heights().min().unwrap_or(0), heights().max().unwrap_or(0));
    let from_to = |what: &str| {
        let [from, to] = [first, last].map(|point| (up.told(point.1), across.told(point.0)));
        format!(
            "{what} from {} with {} to {} with {}",
            from.0, from.1, to.0, to.1
        )
    };
    let told = if series.points.len() == 1 {
        format!("{} with {}", up.told(last.1), across.told(last.0))
    } else if low == high {
        format!("always {}", up.told(low))
    } else if (high - low) * SHARE < high || first.1 == last.1 {
        format!("stays between {} and {}", up.told(low), up.told(high))
    } else if first.1 > last.1 {
        from_to("falls")
    } else {
        format!("{}, by {}", from_to("grows"), slope(plot, first, last))
    };
    format!("{}: {told}.", capital(series.name))
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// How much a series adds on average that ends higher than it began. For steps of one, or of ten, a hundred and so on where that is too
/// little to be told.
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
    let added = u64::try_from(added).expect("it is not more than the last value or one step's");
    let unit = match plot.across.unit {
        Unit::Count(one, _) if step == 1 => one.to_owned(),
        unit => unit.told(step),
    };
    format!(
        "{} on average for each {unit} more",
        plot.up.unit.told(added)
    )
}
