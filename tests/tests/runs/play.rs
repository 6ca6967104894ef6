//! The runs that a reader changes, with each of their inputs.

use std::collections::BTreeSet;

use runs::inputs::{self, Values};
use runs::play::Play;
use runs::plays::{self, PLAYS};
use scraper::{Html, Selector};

use crate::figures;

/// Returns all combinations of the values to try.
fn combinations(play: &'static Play) -> Vec<Values> {
    let mut combinations = vec![play.recorded()];
    for (index, input) in play.inputs.iter().enumerate() {
        let samples = input.samples();
        let with_each = |values: Values| -> Vec<_> {
            let each = samples.iter();
            each.map(|sample| values.clone().with(index, *sample))
                .collect()
        };
        combinations = combinations.into_iter().flat_map(with_each).collect();
    }
    combinations
}

fn count(html: &Html, selector: &str) -> usize {
    let selector = Selector::parse(selector).expect("the selector is valid");
    html.select(&selector).count()
}

/// Plays all combinations of the inputs of a run.
fn play_all(play: &'static Play) {
    for values in combinations(play) {
        let name = format!("{} {values}", play.figure);
        // It panics if a token appears or is lost.
        let figure = (play.run)(&values).checked();
        for transaction in figure.transactions() {
            assert_eq!(
                transaction.pending_receipts().count(),
                0,
                "{name} does not end"
            );
        }
        let drawing = figure.drawing(play.figure, &name) + "</div>";
        let html = Html::parse_fragment(&drawing);
        assert!(html.errors.is_empty(), "{name}: {:?}", html.errors);
        let (cards, steps) = (count(&html, "svg g.card"), count(&html, ".run-step"));
        assert!(
            cards > 0 && cards == steps,
            "{name}: {cards} cards, {steps} steps"
        );
        assert!(count(&html, ".run-outcome p") > 0, "{name} has no outcome");
    }
}

macro_rules! played {
    ($($test:ident: $figure:literal;)*) => {
        $(
            #[test]
            fn $test() {
                play_all(plays::of($figure).expect("the figure has inputs"));
            }
        )*

        const PLAYED: &[&str] = &[$($figure),*];
    };
}

played! {
    a_query_ends_with_each_input: "setup-query";
    a_query_beside_a_change_ends_with_each_input: "setup-query-old-answer";
    a_query_with_little_gas_ends_with_each_input: "setup-query-little-gas";
    a_waiting_call_ends_with_each_input: "calls-yield";
    a_count_ends_with_each_input: "batch-count-fails-in-the-middle";
    messages_with_a_deposit_end_with_each_input: "batch-sign-fails";
    a_launch_ends_with_each_input: "batch-launch-fails";
    a_sale_ends_with_each_input: "batch-sale-sold-out";
    an_overview_ends_with_each_input: "parallel-overview";
    a_sequence_ends_with_each_input: "parallel-sequence";
    a_visit_ends_with_each_input: "parallel-visit-fails";
    a_starved_callback_ends_with_each_input: "parallel-starved";
    a_portfolio_ends_with_each_input: "parallel-portfolio";
    a_measurement_ends_with_each_input: "responses-measure-fails";
    greetings_end_with_each_input: "responses-greetings";
    a_trial_ends_with_each_input: "responses-breaker-trial";
    calls_at_a_cache_end_with_each_input: "responses-cache-two";
    paid_messages_end_with_each_input: "money-books";
    a_refund_to_a_payer_who_leaves_ends_with_each_input: "money-payer-gone";
    two_calls_at_a_safe_end_with_each_input: "money-window";
    a_call_back_in_ends_with_each_input: "money-reentry";
    tokens_for_texts_end_with_each_input: "money-token-rest";
    an_order_ends_with_each_input: "money-order";
    a_question_ends_with_each_input: "money-oracle";
    a_swap_ends_with_each_input: "swap";
    swaps_with_a_bound_end_with_each_input: "swap-min-out";
    a_sale_with_royalties_ends_with_each_input: "market-sale";
    two_executions_end_with_each_input: "council-executed-twice";
    two_attempts_end_with_each_input: "council-acts-then-fails";
    an_exchange_ends_with_each_input: "trade-exchange";
}

#[test]
fn every_run_with_inputs_is_played() {
    let declared: BTreeSet<_> = PLAYS.iter().map(|play| play.figure).collect();

    assert_eq!(declared, PLAYED.iter().copied().collect());
}

#[test]
fn every_figure_declares_the_inputs_of_its_run() {
    for play in PLAYS {
        let files = figures::record(play.figure).files(play.figure, "");
        let page = files.iter().find(|(extension, _)| *extension == "md");
        let declared = format!(">{}</script>", inputs::to_json(play.inputs));

        assert!(
            page.is_some_and(|(_, page)| page.contains(&declared)),
            "{}: end the figure with `.with_inputs(…)`",
            play.figure
        );
    }
}

#[test]
fn the_recorded_inputs_give_the_recorded_run() {
    for play in PLAYS {
        let recorded = figures::record(play.figure).drawing(play.figure, "");
        let played = play.play_recorded().drawing(play.figure, "");

        assert_eq!(played, recorded, "{}", play.figure);
    }
}
