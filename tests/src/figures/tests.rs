//! Tests of figures: how they are compared, and what they claim.

use super::claim::claim;
use super::*;
use crate::plot::{Scale, Series, Unit};

#[test]
fn another_compiler_may_burn_other_gas() {
    let page = "burnt    1.234 Tgas\nrefund   ~0.001 NEAR of gas, to alice.near\n";
    let run = "burnt   11.234 Tgas\nrefund   ~0.002 NEAR of gas, to alice.near\n";

    assert_eq!(difference(page, run, false), None);
    assert!(difference(page, run, true).is_some());
}

#[test]
fn another_compiler_may_not_change_what_happens() {
    let page = "answer   5\nrefund   1 NEAR of deposit\n";
    let run = "answer   5\nrefund   2 NEAR of deposit\n";

    let difference = difference(page, run, false).expect("they differ");

    assert_eq!(
        difference,
        "- refund 1 NEAR of deposit\n+ refund 2 NEAR of deposit\n"
    );
}

#[test]
fn a_loss_is_no_gain() {
    assert_ne!(without_gas("-~0.1 NEAR"), without_gas("~0.1 NEAR"));
}

#[test]
fn of_a_drawing_only_the_words_count_for_another_compiler() {
    let page = "<svg width=\"90\"><text x=\"8\">burns 1.234 Tgas</text></svg>\n";
    let run = "<svg width=\"97\"><text x=\"9\">burns 11.234 Tgas</text></svg>\n";

    assert_eq!(difference(&words_of(page), &words_of(run), false), None);
    assert!(difference(page, run, true).is_some());
}

#[test]
fn a_plot_is_drawn_and_has_its_data_beside_it() {
    let calls = Scale {
        title: "calls",
        unit: Unit::Count("call", "calls"),
    };
    let points = vec![(1, 2), (2, 3)];
    let plot = Plot {
        title: "Calls by calls",
        across: calls,
        up: calls,
        series: vec![Series { name: "it", points }],
    };

    let files = Figure::plotted("1 2\n".to_owned(), plot, [claim("it grows", true)]).files("name");

    let endings: Vec<_> = files.iter().map(|(ending, _)| *ending).collect();
    assert_eq!(endings, ["txt", "svg", "csv"]);
}

#[test]
fn the_scale_of_gas_may_be_another_for_another_compiler() {
    let tick = |class: &str, number: u8| format!("<text class=\"{class}\">{number}</text>\n");

    let gas = [90, 100].map(|number| words_of(&tick(GAS_TICK, number)));
    let calls = [90, 100].map(|number| words_of(&tick("across", number)));

    assert_eq!(gas[0], gas[1]);
    assert_ne!(calls[0], calls[1]);
}

#[test]
fn data_without_gas_keep_all_that_is_counted() {
    let csv = "calls,burns (Tgas),blocks\n1,4.835,3\n128,,3\n";

    assert_eq!(facts_of(csv), "calls,burns (Tgas),blocks\n1,#,3\n128,,3\n");
}

#[test]
fn a_number_that_is_no_gas_stays() {
    let line = "Action #1: 127 steps, 3 in all";

    assert_eq!(without_gas(line), format!("{line}\n"));
}

#[test]
#[should_panic(expected = "this does not hold: all is well")]
fn a_figure_of_which_something_else_is_claimed_is_none() {
    let text = "nothing is well\n".to_owned();

    Figure::table(
        text,
        [claim("it is a table", true), claim("all is well", false)],
    );
}

#[test]
#[should_panic(expected = "nothing is claimed of the figure")]
fn a_table_of_which_nothing_is_claimed_is_none() {
    Figure::table("a table\n".to_owned(), []);
}

#[test]
#[should_panic(expected = "this does not hold: the book has the message")]
fn what_stands_below_a_figure_is_held_to_its_claim() {
    let figure = Figure::from(Listing("a list\n".to_owned()));

    figure.with("no message\n", claim("the book has the message", false));
}
