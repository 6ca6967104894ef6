//! The figures of the pages, recorded anew: one test for each, named for what it shows.
//!
//! `cargo book bless`, or BLESS=1, writes the files instead of comparing them.

use book_tests::figures::{self, batch, changes, sandbox, setup};

macro_rules! figures {
    ($($test:ident: $name:literal from $run:path;)*) => {
        $(
            #[test]
            fn $test() {
                figures::check($name, &$run());
            }
        )*

        const NAMES: &[&str] = &[$($name),*];
    };
}

figures! {
    a_contract_without_arguments_calls_the_partners_on_testnet: "setup-partners" from setup::partners;
    only_the_account_itself_initialises_the_contract_and_once: "setup-init" from setup::init;
    a_query_takes_three_receipts: "setup-query" from setup::query;
    the_gas_of_a_query_is_accounted_for: "setup-query-gas" from setup::query_gas;
    a_query_fails_when_hello_has_no_account: "setup-query-no-account" from setup::query_no_account;
    whatever_is_wrong_with_hello_the_callback_sees_a_failure: "setup-query-errors" from setup::query_errors;
    with_too_little_gas_no_call_leaves: "setup-query-little-gas" from setup::query_little_gas;
    a_deposit_that_nobody_asked_for_goes_back: "setup-query-deposit" from setup::query_deposit;
    a_method_that_only_reads_keeps_a_deposit: "setup-deposit-kept" from setup::deposit_kept;
    an_answer_can_be_old_when_it_arrives: "setup-query-old-answer" from setup::query_old_answer;
    a_change_arrives_at_hello: "setup-change" from setup::change;
    a_change_that_hello_refuses_is_answered_with_false: "setup-change-refused" from setup::change_refused;
    alice_cannot_play_the_callback: "setup-callback-by-alice" from setup::callback_by_alice;

    receipts_for_different_accounts_run_side_by_side: "introduction-parallel" from batch::parallel;
    chapter_two_adds_to_chapter_one: "batch-changes" from changes::batch;
    two_calls_travel_in_one_receipt: "batch-set-and-get" from batch::set_and_get;
    the_answer_is_that_of_the_last_action: "batch-last-answer" from batch::last_answer;
    a_callback_that_fails_undoes_nothing_of_the_batch: "batch-callback-fails" from batch::callback_fails;
    the_steps_are_done_in_their_order: "batch-count" from batch::count;
    wherever_a_step_fails_none_of_them_is_done: "batch-count-fails" from batch::count_fails;
    a_step_that_fails_in_the_middle_undoes_the_others: "batch-count-fails-in-the-middle" from batch::count_fails_in_the_middle;
    a_receipt_has_a_hundred_actions_at_most: "batch-count-too-many" from batch::count_too_many;
    promises_made_before_the_failure_never_leave: "batch-never-leave" from batch::never_leave;
    a_deposit_goes_back_to_whoever_sent_the_batch: "batch-deposit-to-the-sender" from batch::deposit_to_the_sender;
    the_messages_are_kept_and_the_rest_goes_back: "batch-sign" from batch::sign;
    when_a_message_fails_the_money_goes_back_by_two_hands: "batch-sign-fails" from batch::sign_fails;
    the_deposit_is_back_before_the_callback_runs: "batch-sign-fails-blocks" from batch::sign_fails_blocks;
    messages_that_are_not_paid_for_are_refused_at_once: "batch-sign-poor" from batch::sign_poor;
    money_for_a_payer_who_is_gone_stays: "batch-payer-gone" from batch::payer_gone;
    a_token_is_launched_in_one_receipt: "batch-launch" from batch::launch;
    a_launch_that_fails_leaves_no_account: "batch-launch-fails" from batch::launch_fails;
    a_launch_fails_with_its_last_action: "batch-launch-errors" from batch::launch_errors;
    a_name_that_is_taken_stays_as_it_is: "batch-launch-taken" from batch::launch_taken;
    a_launch_must_pay_for_its_storage: "batch-launch-poor" from batch::launch_poor;
    a_sale_brings_room_and_tokens: "batch-sale" from batch::sale;
    the_room_of_a_known_buyer_is_paid_back_to_the_shop: "batch-sale-known-buyer" from batch::sale_known_buyer;
    a_sale_that_fails_brings_neither_room_nor_bill: "batch-sale-sold-out" from batch::sale_sold_out;
    what_storage_deposit_meant_to_send_back_never_leaves: "batch-sale-undone-refund" from batch::sale_undone_refund;
    whatever_goes_wrong_the_buyer_has_the_money_back: "batch-sale-errors" from batch::sale_errors;
    a_sale_below_its_price_is_refused_at_once: "batch-sale-poor" from batch::sale_poor;
    a_function_call_key_moves_no_tokens: "batch-function-call-key" from batch::function_call_key;
    no_token_has_ft_approve: "batch-ft-approve" from batch::ft_approve;

    the_sandbox_is_made_of_these_versions: "sandbox-versions" from sandbox::versions;
}

#[test]
fn every_figure_comes_from_a_run() {
    let known = |name: &str| {
        NAMES.contains(&name)
            || name == figures::RECORDED_WITH
            || figures::RECORDED_ELSEWHERE.contains(&name)
    };
    let strays: Vec<_> = figures::on_disk()
        .into_iter()
        .filter(|name| !known(name))
        .collect();
    if figures::is_blessing() {
        strays.iter().for_each(|name| figures::remove(name));
    } else {
        assert!(
            strays.is_empty(),
            "no run records {strays:?}: remove them with cargo book bless"
        );
    }
}

#[test]
fn the_compiler_of_the_figures_is_written_down() {
    if figures::is_blessing() {
        figures::write_compiler();
    }
    assert!(
        figures::on_disk()
            .iter()
            .any(|name| name == figures::RECORDED_WITH)
    );
}
