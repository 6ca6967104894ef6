//! What a plot says, what its data are, and that nothing in it lies on anything else.

use proptest::prelude::*;
use regex::Regex;

use super::{Plot, Scale, Series, Unit};

const CALLS: Scale = Scale {
    title: "calls",
    unit: Unit::Count("call", "calls"),
};

const BYTES: Scale = Scale {
    title: "length, in bytes",
    unit: Unit::Count("byte", "bytes"),
};

const GAS: Scale = Scale {
    title: "gas, in Tgas",
    unit: Unit::Gas,
};

const BLOCKS: Scale = Scale {
    title: "blocks",
    unit: Unit::Count("block", "blocks"),
};

const TERA: u64 = 1_000_000_000_000;

fn plot(across: Scale, up: Scale, series: &[(&'static str, &[(u64, u64)])]) -> Plot {
    let series = series.iter().map(|(name, points)| Series {
        name,
        points: points.to_vec(),
    });
    Plot {
        title: "A plot",
        across,
        up,
        series: series.collect(),
    }
}

fn told(across: Scale, up: Scale, points: &[(u64, u64)]) -> String {
    let told = super::words::description(&plot(across, up, &[("it", points)]));
    let (_, story) = told.split_once("It: ").expect("a series has a story");
    story.to_owned()
}

#[test]
fn a_series_that_grows_is_told_with_its_slope() {
    assert_eq!(
        told(CALLS, BLOCKS, &[(1, 3), (2, 5), (8, 17)]),
        "grows from 3 blocks with 1 call to 17 blocks with 8 calls, \
         by 2 blocks on average for each call more."
    );
}

#[test]
fn a_small_slope_is_told_for_larger_steps() {
    assert_eq!(
        told(BYTES, GAS, &[(0, TERA), (1_000_000, 11 * TERA)]),
        "grows from 1 Tgas with 0 bytes to 11 Tgas with 1,000,000 bytes, \
         by 1 Tgas on average for each 100,000 bytes more."
    );
}

#[test]
fn a_series_that_hardly_changes_stays() {
    assert_eq!(
        told(BYTES, GAS, &[(0, 100 * TERA), (9, 102 * TERA)]),
        "stays between 100 Tgas and 102 Tgas."
    );
}

#[test]
fn a_series_that_does_not_change_is_always_the_same() {
    assert_eq!(told(CALLS, BLOCKS, &[(1, 3), (2, 3)]), "always 3 blocks.");
}

#[test]
fn a_series_that_falls_is_told_so() {
    assert_eq!(
        told(CALLS, BLOCKS, &[(1, 9), (2, 3)]),
        "falls from 9 blocks with 1 call to 3 blocks with 2 calls."
    );
}

#[test]
fn a_point_alone_is_told_as_one() {
    assert_eq!(told(CALLS, BLOCKS, &[(2, 3)]), "3 blocks with 2 calls.");
}

#[test]
fn the_data_have_a_column_for_each_series() {
    let plot = plot(
        BYTES,
        GAS,
        &[
            ("bound", &[(1, TERA), (2_000, TERA / 3)]),
            ("fails", &[(2_000, 9 * TERA)]),
        ],
    );

    assert_eq!(
        plot.to_csv(),
        "bytes,bound (Tgas),fails (Tgas)\n1,1,\n2000,0.333,9\n"
    );
}

#[test]
fn a_chart_may_stand_in_markdown() {
    let svg = plot(CALLS, GAS, &[("it", &[(1, TERA), (2, 2 * TERA)])]).to_svg("name");

    assert!(svg.lines().all(|line| !line.trim().is_empty()), "{svg}");
}

/// The edges of what is drawn: left, top, right, bottom.
type Edges = [f64; 4];

/// The words of a chart, and where they are.
fn words(svg: &str) -> Vec<(String, Edges)> {
    let text = Regex::new(r#"<text(?: class="([\w ]+)")? x="([\d.]+)" y="([\d.]+)">([^<]+)<"#);
    let text = text.expect("the pattern is one");
    let words = text.captures_iter(svg).map(|found| {
        let [x, y] = [2, 3].map(|part| found[part].parse::<f64>().expect("a number"));
        let width = found[4].chars().count() as f64 * 7.3;
        let left = match found.get(1).map_or("", |class| class.as_str()) {
            "across" => x - width / 2.0,
            "up" | "up gas" => x - width,
            _ => x,
        };
        (found[4].to_owned(), [left, y - 11.0, left + width, y + 3.0])
    });
    words.collect()
}

/// The places of the marks of a chart.
fn marks(svg: &str) -> Vec<Edges> {
    let mark = Regex::new(r#"class="mark" d="M([\d.]+) ([\d.]+)m"#).expect("the pattern is one");
    let marks = mark.captures_iter(svg).map(|found| {
        let [x, y] = [1, 2].map(|part| found[part].parse::<f64>().expect("a number"));
        [x - 4.0, y - 4.0, x + 4.0, y + 4.0]
    });
    marks.collect()
}

/// The smallest frame that all these fit into. A line goes from mark to mark, so it is in there too.
fn around(all: &[Edges]) -> Edges {
    all.iter()
        .fold([f64::MAX, f64::MAX, 0.0, 0.0], |around, one| {
            let [left, top, right, bottom] = around;
            [
                left.min(one[0]),
                top.min(one[1]),
                right.max(one[2]),
                bottom.max(one[3]),
            ]
        })
}

fn touch(one: Edges, other: Edges) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

fn some_series() -> impl Strategy<Value = Vec<Vec<(u64, u64)>>> {
    let points = prop::collection::btree_map(0u64..5_000_000, 0..1_000 * TERA, 1..12);
    let points = points.prop_map(|points| points.into_iter().collect());
    prop::collection::vec(points, 1..=3)
}

proptest! {
    #[test]
    fn no_word_lies_on_another_or_on_a_line_or_outside(series in some_series()) {
        let names = ["least to attach", "burnt", "by the callback"];
        let series: Vec<_> = names
            .into_iter()
            .zip(&series)
            .map(|(name, points)| (name, &points[..]))
            .collect();
        let svg = plot(BYTES, GAS, &series).to_svg("name");

        let (words, lines) = (words(&svg), around(&marks(&svg)));
        for (place, (word, edges)) in words.iter().enumerate() {
            prop_assert!(!touch(*edges, lines), "{word} lies on a line: {svg}");
            let [left, top, right, bottom] = *edges;
            prop_assert!(left >= 0.0 && top >= 0.0, "{word} is cut off: {svg}");
            prop_assert!(right <= 640.0 && bottom <= 360.0, "{word} is cut off: {svg}");
            for (other, others) in &words[..place] {
                prop_assert!(!touch(*edges, *others), "{word} lies on {other}: {svg}");
            }
        }
    }
}
