//! Tests of a plot's description and data, and that nothing in it overlaps.

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

fn summary_of(across: Scale, up: Scale, points: &[(u64, u64)]) -> String {
    let description = super::words::description(&plot(across, up, &[("it", points)]));
    let (_, summary) = description
        .split_once("It: ")
        .expect("a series has a summary");
    summary.to_owned()
}

#[test]
fn a_series_that_grows_is_described_with_its_slope() {
    assert_eq!(
        summary_of(CALLS, BLOCKS, &[(1, 3), (2, 5), (8, 17)]),
        "grows from 3 blocks with 1 call to 17 blocks with 8 calls, \
         by 2 blocks on average for each call more."
    );
}

#[test]
fn a_small_slope_is_described_for_larger_steps() {
    assert_eq!(
        summary_of(BYTES, GAS, &[(0, TERA), (1_000_000, 11 * TERA)]),
        "grows from 1 Tgas with 0 bytes to 11 Tgas with 1,000,000 bytes, \
         by 1 Tgas on average for each 100,000 bytes more."
    );
}

#[test]
fn a_series_that_hardly_changes_is_described_as_constant() {
    assert_eq!(
        summary_of(BYTES, GAS, &[(0, 100 * TERA), (9, 102 * TERA)]),
        "stays between 100 Tgas and 102 Tgas."
    );
}

#[test]
fn a_constant_series_is_described_by_its_value() {
    assert_eq!(
        summary_of(CALLS, BLOCKS, &[(1, 3), (2, 3)]),
        "always 3 blocks."
    );
}

#[test]
fn a_series_that_falls_is_described_by_its_first_and_last_point() {
    assert_eq!(
        summary_of(CALLS, BLOCKS, &[(1, 9), (2, 3)]),
        "falls from 9 blocks with 1 call to 3 blocks with 2 calls."
    );
}

#[test]
fn a_single_point_is_described_by_its_value() {
    assert_eq!(
        summary_of(CALLS, BLOCKS, &[(2, 3)]),
        "3 blocks with 2 calls."
    );
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
fn a_chart_has_no_blank_line_so_it_may_stand_in_markdown() {
    let svg = plot(CALLS, GAS, &[("it", &[(1, TERA), (2, 2 * TERA)])]).to_svg("name");

    assert!(svg.lines().all(|line| !line.trim().is_empty()), "{svg}");
}

/// The edges of a box: left, top, right, bottom.
type Edges = [f64; 4];

/// Returns the texts of a chart, with their boxes.
fn words(svg: &str) -> Vec<(String, Edges)> {
    let text = Regex::new(r#"<text(?: class="([\w ]+)")? x="([\d.]+)" y="([\d.]+)">([^<]+)<"#);
    let text = text.expect("the pattern is valid");
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

/// Returns the boxes of a chart's marks.
fn marks(svg: &str) -> Vec<Edges> {
    let mark = Regex::new(r#"class="mark" d="M([\d.]+) ([\d.]+)m"#).expect("the pattern is valid");
    let marks = mark.captures_iter(svg).map(|found| {
        let [x, y] = [1, 2].map(|part| found[part].parse::<f64>().expect("a number"));
        [x - 4.0, y - 4.0, x + 4.0, y + 4.0]
    });
    marks.collect()
}

/// Returns the smallest box around all of these. A line goes from mark to mark, so it lies inside.
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
    fn no_text_overlaps_another_or_a_line_or_the_edge(series in some_series()) {
        let names = ["least to attach", "burnt", "by the callback"];
        let series: Vec<_> = names
            .into_iter()
            .zip(&series)
            .map(|(name, points)| (name, &points[..]))
            .collect();
        let svg = plot(BYTES, GAS, &series).to_svg("name");

        let (words, lines) = (words(&svg), around(&marks(&svg)));
        for (index, (word, edges)) in words.iter().enumerate() {
            prop_assert!(!touch(*edges, lines), "{word} lies on a line: {svg}");
            let [left, top, right, bottom] = *edges;
            prop_assert!(left >= 0.0 && top >= 0.0, "{word} is cut off: {svg}");
            prop_assert!(right <= 640.0 && bottom <= 360.0, "{word} is cut off: {svg}");
            for (other, others) in &words[..index] {
                prop_assert!(!touch(*edges, *others), "{word} lies on {other}: {svg}");
            }
        }
    }
}
