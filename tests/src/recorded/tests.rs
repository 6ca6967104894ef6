//! Tests of the comparison of figures.

use super::*;

#[test]
fn another_compiler_may_change_the_gas() {
    let page = "burnt    1.234 Tgas\nrefund   ~0.001 NEAR of gas, to alice.near\n";
    let run = "burnt   11.234 Tgas\nrefund   ~0.002 NEAR of gas, to alice.near\n";

    assert_eq!(difference(page, run, false), None);
    assert!(difference(page, run, true).is_some());
}

#[test]
fn another_compiler_may_not_change_anything_else() {
    let page = "answer   5\nrefund   1 NEAR of deposit\n";
    let run = "answer   5\nrefund   2 NEAR of deposit\n";

    let difference = difference(page, run, false).expect("they differ");

    assert_eq!(
        difference,
        "- refund 1 NEAR of deposit\n+ refund 2 NEAR of deposit\n"
    );
}

#[test]
fn a_changed_sign_is_a_difference() {
    assert_ne!(without_gas("-~0.1 NEAR"), without_gas("~0.1 NEAR"));
}

#[test]
fn another_compiler_may_change_a_drawing_but_not_its_words() {
    let page = "<svg width=\"90\"><text x=\"8\">burns 1.234 Tgas</text></svg>\n";
    let run = "<svg width=\"97\"><text x=\"9\">burns 11.234 Tgas</text></svg>\n";

    assert_eq!(difference(&words_of(page), &words_of(run), false), None);
    assert!(difference(page, run, true).is_some());
}

#[test]
fn another_compiler_may_change_the_gas_scale() {
    let tick = |class: &str, number: u8| format!("<text class=\"{class}\">{number}</text>\n");

    let gas = [90, 100].map(|number| words_of(&tick(GAS_TICK, number)));
    let calls = [90, 100].map(|number| words_of(&tick("across", number)));

    assert_eq!(gas[0], gas[1]);
    assert_ne!(calls[0], calls[1]);
}

#[test]
fn data_without_gas_keep_their_counts() {
    let csv = "calls,burns (Tgas),blocks\n1,4.835,3\n128,,3\n";

    assert_eq!(facts_of(csv), "calls,burns (Tgas),blocks\n1,#,3\n128,,3\n");
}

#[test]
fn a_number_that_is_not_gas_is_kept() {
    let line = "Action #1: 127 steps, 3 in all";

    assert_eq!(without_gas(line), format!("{line}\n"));
}
