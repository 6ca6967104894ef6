//! Runs on a page, and the balances that change.

use std::collections::BTreeSet;

use proptest::prelude::*;
use trace::{Run, Transaction, balances};

use crate::synthetic::{self, SyntheticReceipt};

const REFUND: &str = include_str!("../tx_status/refund.json");
const BATCH_FAILS: &str = include_str!("../tx_status/neard-batch_last_fails.json");
const NO_BENEFICIARY: &str = include_str!("../tx_status/no_heir.json");
const NEW_ACCOUNT: &str = include_str!("../tx_status/new_account.json");
const CALLBACK: &str = include_str!("../tx_status/callback.json");

fn transaction(response: &str) -> Transaction {
    let status = trace::parse_tx_status(response.as_bytes()).expect("a transaction status");
    Transaction::new(&status).expect("a complete transaction")
}

fn html(response: &str) -> String {
    Run::new("it", "A run", &[transaction(response)]).to_html()
}

#[test]
fn what_one_account_loses_others_gain() {
    for response in [REFUND, BATCH_FAILS, NEW_ACCOUNT, CALLBACK] {
        let changes = balances::changes(&[transaction(response)]);

        assert_eq!(changes.values().sum::<i128>(), 0, "{changes:?}");
    }
}

#[test]
fn a_lost_refund_reaches_nobody() {
    let changes = balances::changes(&[transaction(NO_BENEFICIARY)]);

    assert!(changes.values().sum::<i128>() < 0, "{changes:?}");
}

#[test]
fn a_deposit_that_comes_back_changes_no_balance() {
    let transaction = transaction(REFUND);
    let deposits = transaction
        .receipts()
        .iter()
        .map(|receipt| receipt.deposit());
    assert!(deposits.into_iter().any(|deposit| !deposit.is_zero()));

    assert_eq!(balances::changes(&[transaction]).len(), 0);
}

#[test]
fn the_list_has_each_card_of_the_drawing() {
    for response in [REFUND, BATCH_FAILS, NO_BENEFICIARY, NEW_ACCOUNT, CALLBACK] {
        let html = html(response);

        let [drawn, listed] =
            ["<g class=\"card ", "<div class=\"run-step "].map(|card| html.matches(card).count());
        assert_eq!(drawn, listed);
    }
}

#[test]
fn cards_show_gas_only_if_it_is_asked_for() {
    let transactions = [transaction(CALLBACK)];
    let with_gas = Run::new("it", "A run", &transactions).with_gas();

    assert!(!html(CALLBACK).contains("gets 100 Tgas</text>"));
    assert!(with_gas.to_html().contains("gets 100 Tgas</text>"));
}

#[test]
fn the_gas_of_blocks_has_a_switch_where_cards_show_none() {
    let transactions = [transaction(CALLBACK)];
    let with_gas = Run::new("it", "A run", &transactions).with_gas();

    assert!(html(CALLBACK).contains("type=\"checkbox\""));
    assert!(!with_gas.to_html().contains("type=\"checkbox\""));
}

#[test]
fn a_note_stands_on_the_card_of_its_receipt_in_the_drawing_and_in_the_list() {
    let transactions = [transaction(CALLBACK)];
    let notes = [("3".to_owned(), "the safe is empty".to_owned())];

    let html = Run::new("it", "A run", &transactions)
        .with_notes(&notes)
        .to_html();

    for card in [
        "<g class=\"card callback\"",
        "<div class=\"run-step callback\"",
    ] {
        let (_, card) = html.split_once(card).expect("a callback");
        let end = card.find("</g>").or(card.find("</div>")).expect("an end");
        assert!(card[..end].contains("the safe is empty"), "{card}");
    }
}

#[test]
fn a_warning_stands_below_the_result_and_in_the_description() {
    let transactions = [transaction(CALLBACK)];
    let warnings = ["1 NEAR is gone.".to_owned()];

    let html = Run::new("it", "A run", &transactions)
        .with_warnings(&warnings)
        .to_html();

    assert!(html.contains("<p class=\"warns\">! 1 NEAR is gone.</p>"));
    assert!(html.contains("1 NEAR is gone.</desc>"), "{html}");
}

#[test]
fn the_legend_has_each_kind_of_line_of_the_drawing_and_no_other() {
    for response in [REFUND, BATCH_FAILS, NO_BENEFICIARY, NEW_ACCOUNT, CALLBACK] {
        let html = html(response);
        let (drawing, rest) = html.split_once("</svg>").expect("a drawing");
        let (_, legend) = rest.split_once("run-legend").expect("a legend");

        let [drawn, explained] = [drawing, legend].map(|part| {
            let groups = part.split("<g class=\"").skip(1);
            let kinds = groups.filter_map(|group| group.split(['"', ' ']).next());
            let kinds = kinds.filter(|kind| !["card", "feet"].contains(kind));
            kinds.collect::<BTreeSet<_>>()
        });
        assert_eq!(drawn, explained);
    }
}

#[test]
fn a_vulnerable_run_says_so() {
    let transactions = [transaction(CALLBACK)];
    let run = Run::new("it", "A run", &transactions);

    assert!(!run.to_html().contains("do not copy"));
    assert!(run.vulnerable().to_html().contains("do not copy"));
}

proptest! {
    /// A blank line ends an HTML element in Markdown.
    #[test]
    fn a_run_has_no_blank_line_whatever_a_contract_says(error in "[a-z\n<& ]{0,60}") {
        let receipts = [
            SyntheticReceipt { result: Err(error), ..SyntheticReceipt::child_of(0) },
            SyntheticReceipt::child_of(0),
        ];
        let transaction = Transaction::new(&synthetic::tx_status(&receipts)).expect("a complete transaction");

        let html = Run::new("it", "A run", &[transaction]).to_html();

        let mut in_drawing = html.split("</svg>");
        let list = in_drawing.nth(1).expect("a list after the drawing");
        prop_assert!(list.lines().skip(1).all(|line| !line.trim().is_empty()), "{list}");
    }
}
