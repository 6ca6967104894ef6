//! The program behind `cargo book explore`.

use std::process::{Command, Output};

use runs::scenarios::SCENARIOS;

fn explore(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_explore"));
    command
        .args(arguments)
        .output()
        .expect("the command starts")
}

/// Runs the command, which succeeds, and returns its output.
#[track_caller]
fn output_of(arguments: &[&str]) -> String {
    let output = explore(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    String::from_utf8(output.stdout).expect("a text")
}

/// Runs the command, which fails, and returns its error.
#[track_caller]
fn error_of(arguments: &[&str]) -> String {
    let output = explore(arguments);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    String::from_utf8(output.stderr).expect("a text")
}

/// Returns the schedule in the report on the vulnerable vault.
fn schedule_of_the_theft() -> String {
    let report = output_of(&["vulnerable-spend"]);
    let mut lines = report.lines();
    let schedule = lines.find_map(|line| line.strip_prefix("Replay it: "));
    schedule.unwrap_or_else(|| panic!("{report}")).to_owned()
}

#[test]
fn without_an_argument_it_lists_each_scenario_with_its_summary() {
    let list = output_of(&[]);

    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines.len(), SCENARIOS.len());
    for (line, scenario) in lines.iter().zip(&*SCENARIOS) {
        assert!(line.starts_with(&scenario.name), "{line}");
        assert!(line.ends_with(&scenario.summary), "{line}");
    }
}

#[test]
fn a_scenario_with_a_theft_is_reported_with_the_command_that_draws_it() {
    let report = output_of(&["vulnerable-spend"]);

    let first = "vulnerable-spend: an invariant does not hold (delivery fifo, time fixed)";
    assert_eq!(report.lines().next(), Some(first), "{report}");
    let command = "Draw it: cargo book explore \"vulnerable-spend fifo: +1 ";
    assert!(report.contains(command), "{report}");
}

#[test]
fn a_scenario_without_a_theft_is_explored_completely_in_each_mode() {
    for (arguments, mode) in [
        (&["vault-spend"][..], "fifo"),
        (&["vault-spend", "--overtaking"], "overtaking"),
    ] {
        let report = output_of(arguments);

        let first = format!("vault-spend: complete: all orders (delivery {mode}, time fixed)");
        assert_eq!(report.lines().next(), Some(&first[..]), "{report}");
    }
}

#[test]
fn a_printed_schedule_is_drawn_with_the_invariant_that_does_not_hold() {
    let drawn = output_of(&[&schedule_of_the_theft()]);

    assert!(
        drawn.contains("app.near        runs vulnerable_spend for alice.near"),
        "{drawn}"
    );
    let verdict = drawn.lines().last().unwrap_or_default();
    assert!(
        verdict.contains("this does not hold: app.near holds what its safes say: it has lost"),
        "{drawn}"
    );
}

#[test]
fn a_schedule_is_taken_without_quotation_marks() {
    let schedule = schedule_of_the_theft();
    let words: Vec<_> = schedule.split(' ').collect();

    assert_eq!(output_of(&words), output_of(&[&schedule]));
}

#[test]
fn a_schedule_without_a_theft_is_drawn_too() {
    let drawn = output_of(&["vulnerable-spend fifo: +1 1"]);

    assert!(drawn.ends_with("\nEach invariant holds.\n"), "{drawn}");
}

#[test]
fn a_schedule_that_does_not_fit_is_refused_where_it_does_not() {
    let error = error_of(&["vulnerable-spend fifo: +1 2.1"]);

    assert_eq!(
        error.lines().last(),
        Some("error: step 2 of the schedule, `2.1`, is not possible there: the steps are 1 +2")
    );
}

#[test]
fn a_schedule_of_an_unknown_scenario_is_refused() {
    let error = error_of(&["vulnerable-spent fifo: +1"]);

    assert!(
        error.starts_with("error: there is no scenario `vulnerable-spent`; there are vuln"),
        "{error}"
    );
}

#[test]
fn an_unknown_scenario_is_refused_with_the_names_of_all() {
    let error = error_of(&["garbage"]);

    for scenario in &*SCENARIOS {
        assert!(error.contains(&scenario.name), "{error}");
    }
}

#[test]
fn a_text_that_is_no_schedule_is_refused() {
    let error = error_of(&["vulnerable-spend fifo: +1 garbage"]);

    assert!(error.starts_with("error: `garbage` is no step"), "{error}");
}

#[test]
fn a_mode_beside_a_schedule_is_refused() {
    let error = error_of(&["vulnerable-spend fifo: +1", "--overtaking"]);

    assert_eq!(
        error,
        "error: a schedule names its mode: leave out `--overtaking`\n"
    );
}
