//! The figures of the pages, recorded anew: one test for each, named for what it shows.
//!
//! `cargo book bless`, or BLESS=1, writes the files instead of comparing them.

use book_tests::{changes, recorded, release, versions};
use runs::{batch, figure, money, parallel, responses, setup, testing};

macro_rules! figures {
    ($($test:ident: $name:literal from $run:path;)*) => {
        $(
            #[test]
            fn $test() {
                recorded::check($name, $run());
            }
        )*

        const NAMES: &[&str] = &[$($name),*];
    };
}

figures! {
    a_contract_without_arguments_calls_the_partners_on_testnet: "setup-partners" from setup::partners;
    only_the_account_itself_initialises_the_contract_and_once: "setup-init" from setup::init;
    a_query_takes_three_receipts: "setup-query" from setup::query;
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
    a_deposit_goes_back_to_whoever_sent_the_batch: "batch-deposit-to-the-sender" from batch::guestbook::deposit_to_the_sender;
    the_messages_are_kept_and_the_rest_goes_back: "batch-sign" from batch::guestbook::sign;
    when_a_message_fails_the_money_goes_back_by_two_hands: "batch-sign-fails" from batch::guestbook::sign_fails;
    the_deposit_is_back_before_the_callback_runs: "batch-sign-fails-blocks" from batch::guestbook::sign_fails_blocks;
    messages_that_are_not_paid_for_are_refused_at_once: "batch-sign-poor" from batch::guestbook::sign_poor;
    money_for_a_payer_who_is_gone_stays: "batch-payer-gone" from batch::guestbook::payer_gone;
    a_token_is_launched_in_one_receipt: "batch-launch" from batch::launch::launch;
    a_launch_that_fails_leaves_no_account: "batch-launch-fails" from batch::launch::launch_fails;
    a_launch_fails_with_its_last_action: "batch-launch-errors" from batch::launch::launch_errors;
    a_name_that_is_taken_stays_as_it_is: "batch-launch-taken" from batch::launch::launch_taken;
    a_launch_must_pay_for_its_storage: "batch-launch-poor" from batch::launch::launch_poor;
    a_sale_brings_room_and_tokens: "batch-sale" from batch::sale::sale;
    the_room_of_a_known_buyer_is_paid_back_to_the_shop: "batch-sale-known-buyer" from batch::sale::sale_known_buyer;
    a_sale_that_fails_brings_neither_room_nor_bill: "batch-sale-sold-out" from batch::sale::sale_sold_out;
    what_storage_deposit_meant_to_send_back_never_leaves: "batch-sale-undone-refund" from batch::sale::sale_undone_refund;
    whatever_goes_wrong_the_buyer_has_the_money_back: "batch-sale-errors" from batch::sale::sale_errors;
    a_sale_below_its_price_is_refused_at_once: "batch-sale-poor" from batch::sale::sale_poor;
    a_function_call_key_moves_no_tokens: "batch-function-call-key" from batch::sale::function_call_key;
    no_token_has_ft_approve: "batch-ft-approve" from batch::sale::ft_approve;

    chapter_three_adds_to_chapter_two: "parallel-changes" from changes::parallel;
    three_partners_are_asked_at_once: "parallel-overview" from parallel::overview;
    three_receipts_run_in_one_block: "parallel-overview-blocks" from parallel::overview_blocks;
    an_answer_that_is_missing_takes_nothing_from_the_others: "parallel-overview-partial" from parallel::overview_partial;
    only_an_answer_of_another_type_takes_all_of_them: "parallel-overview-errors" from parallel::overview_errors;
    the_answers_come_in_the_order_of_the_join: "parallel-order" from parallel::order;
    in_sequence_every_call_waits_for_the_one_before: "parallel-sequence" from parallel::sequence;
    three_calls_wait_for_one: "parallel-one-then-many" from parallel::one_then_many;
    three_calls_wait_for_one_that_fails: "parallel-one-then-many-fails" from parallel::one_then_many_fails;
    what_it_costs_to_wait_is_counted_in_blocks: "parallel-blocks" from parallel::blocks;
    each_way_to_ask_has_its_own_number_of_blocks: "parallel-ways" from parallel::ways::ways;
    partners_may_live_on_different_shards: "parallel-shards" from parallel::shards::shards;
    a_visit_changes_two_contracts: "parallel-visit" from parallel::visit::visit;
    half_a_visit_is_taken_back: "parallel-visit-fails" from parallel::visit::visit_fails;
    half_a_visit_can_be_seen: "parallel-visit-seen" from parallel::visit::visit_seen;
    what_cannot_be_undone_stays: "parallel-visit-cases" from parallel::visit::visit_cases;
    every_number_stands_beside_its_counter: "parallel-fan-out" from parallel::fan_out;
    one_call_more_costs_this_much: "parallel-fan-out-cost" from parallel::limits::fan_out_cost;
    so_many_calls_and_no_more: "parallel-fan-out-limits" from parallel::limits::fan_out_limits;
    the_limits_of_the_protocol: "parallel-limits" from parallel::limits::limits;
    the_fees_of_the_protocol: "parallel-fees" from parallel::gas::fees;
    in_sequence_gas_is_passed_from_hand_to_hand: "parallel-sequence-gas" from parallel::gas::sequence_gas;
    what_is_left_is_shared_by_weight: "parallel-weights" from parallel::shares::weights;
    with_static_gas_alone_the_rest_goes_back: "parallel-shares-static" from parallel::shares::shares_static;
    with_weights_the_rest_is_shared_out: "parallel-shares-weighted" from parallel::shares::shares_weighted;
    a_call_without_gas_is_refused: "parallel-zero-gas" from parallel::limits::zero_gas;
    a_callback_with_too_little_gas_puts_nothing_right: "parallel-starved" from parallel::gas::starved;
    the_callback_works_with_so_much_gas_and_no_less: "parallel-callback-gas" from parallel::gas::callback_gas;
    every_method_works_with_so_much_gas_and_no_less: "parallel-least-gas" from parallel::gas::least_gas;
    every_call_needs_less_than_its_static_gas: "parallel-static-gas" from parallel::gas::static_gas;
    a_portfolio_has_three_sources: "parallel-portfolio" from parallel::portfolio::portfolio;
    a_portfolio_says_which_source_is_missing: "parallel-portfolio-errors" from parallel::portfolio::portfolio_errors;

    chapter_four_adds_to_chapter_three: "responses-changes" from changes::responses;
    a_callback_sees_one_result_for_each_receipt_it_waits_for: "responses-shapes" from responses::shapes;
    each_of_many_answers_keeps_whose_it_is: "responses-greetings" from responses::greetings;
    whatever_a_stranger_does_it_has_a_name: "responses-strangers" from responses::strangers;
    a_bound_keeps_the_callback_alive: "responses-measure" from responses::measure::measure;
    without_a_bound_the_callback_fails_with_all_it_had_to_do: "responses-measure-fails" from responses::measure::measure_fails;
    twenty_answers_cost_the_callback_little: "responses-twenty" from responses::measure::twenty;
    one_liar_does_not_move_the_median: "responses-survey" from responses::survey;
    a_survey_says_what_came_and_what_is_missing: "responses-survey-gaps" from responses::survey_gaps;
    whoever_wants_an_entry_pays_for_it_until_it_ends: "responses-watch" from responses::watching;
    a_breaker_opens_and_closes: "responses-breaker" from responses::breaker::breaker;
    an_open_breaker_refuses_at_once: "responses-breaker-open" from responses::breaker::breaker_open;
    of_two_at_once_one_tries_it_out: "responses-breaker-trial" from responses::breaker::breaker_trial;
    an_answer_is_given_again_until_it_is_too_old: "responses-cache" from responses::cache::cache;
    a_failure_is_not_kept: "responses-cache-failure" from responses::cache::cache_failure;
    two_at_once_both_ask: "responses-cache-two" from responses::cache::cache_two;

    exactly_the_money_of_the_books_that_failed_goes_back: "money-books" from money::books;
    a_failed_answer_does_not_bring_the_money_back: "money-keep-and-fail" from money::keep_and_fail;
    a_receipt_without_answer_tells_what_became_of_the_money: "money-without-answer" from money::without_answer;
    money_for_an_account_that_is_gone_is_owed_to_it: "money-payer-gone" from money::payer_gone;
    what_is_owed_is_paid_once: "money-claims" from money::claims;
    a_safe_pays_for_its_storage_and_gets_it_back: "money-storage" from money::vault::storage;
    what_was_not_spent_goes_back_into_the_safe: "money-undone" from money::vault::undone;
    the_vulnerable_vault_pays_twice_for_one: "money-window" from money::vault::window;
    state_that_is_changed_first_is_spent_once: "money-window-state-first" from money::vault::window_state_first;
    a_locked_safe_is_spent_once: "money-window-locked" from money::vault::window_locked;
    a_book_that_calls_back_robs_the_vulnerable_vault: "money-reentry" from money::vault::reentry;
    a_book_that_calls_back_finds_the_safe_empty: "money-reentry-state-first" from money::vault::reentry_state_first;
    a_book_that_calls_back_gets_no_more_from_the_guarded_ones: "money-reentry-guarded" from money::vault::reentry_guarded;
    a_lock_stands_in_the_way_of_honest_calls: "money-honest" from money::vault::honest;
    a_callback_that_fails_leaves_the_safe_locked: "money-lock-stays" from money::vault::lock_stays;
    who_has_read_the_chain_opens_the_lock: "money-lock-resolved" from money::vault::lock_resolved;
    a_stranger_who_plays_an_open_callback_is_paid: "money-open-callback" from money::open_callback;
    a_stranger_cannot_play_a_private_callback: "money-private-callback" from money::private_callback;
    whatever_a_book_does_nobody_loses_money: "money-rogue" from money::rogue::rogue;
    each_method_that_moves_money_needs_so_much_gas: "money-least-gas" from money::least_gas::least_gas;
    two_texts_use_two_tokens_and_the_rest_comes_back: "money-token-rest" from money::tokens::rest;
    whatever_becomes_of_the_tokens_none_is_lost: "money-token-cases" from money::tokens::cases;
    a_receiver_that_sends_the_tokens_on_keeps_them: "money-token-forwarded" from money::tokens::forwarded;
    a_receiver_without_room_receives_nothing: "money-token-no-room" from money::tokens::no_room;
    nobody_else_can_play_the_token: "money-token-played" from money::tokens::false_sender;
    a_callback_that_is_gone_gives_the_tokens_back: "money-token-upgrade" from money::tokens::upgrade;
    tokens_for_a_sender_who_has_left_are_burned: "money-token-sender-left" from money::tokens::sender_left;
    an_order_that_failed_is_tried_again: "money-order" from money::later::order;
    an_order_is_tried_three_times: "money-order-given-up" from money::later::order_given_up;
    an_answer_ends_the_transaction_that_asked: "money-oracle" from money::later::oracle;
    without_an_answer_all_money_is_back: "money-oracle-silent" from money::later::oracle_silent;
    only_the_oracle_answers_and_once: "money-oracle-errors" from money::later::oracle_errors;

    chapter_five_adds_to_chapter_four: "testing-changes" from changes::testing;
    the_contract_says_what_it_is: "testing-metadata" from testing::watch::metadata;
    the_owner_changes_in_two_steps: "testing-owner" from testing::watch::owner;
    a_relayer_does_not_make_a_function_call_key_the_owners: "testing-meta-transaction" from testing::watch::meta_transaction;
    what_is_under_way_comes_home_during_a_pause: "testing-pause" from testing::watch::pause;
    nothing_new_begins_during_a_pause: "testing-pause-refuses" from testing::watch::pause_refuses;
    what_the_owner_does_is_an_event: "testing-events" from testing::watch::events;
    answered_and_failed_calls_are_counted: "testing-stats" from testing::watch::stats;
    the_verdict_names_its_reasons: "testing-health" from testing::watch::health;
    code_and_state_are_upgraded_in_one_receipt: "testing-upgrade" from testing::upgrade::upgrade;
    an_upgrade_that_fails_leaves_code_and_state: "testing-upgrade-fails" from testing::upgrade::upgrade_fails;
    an_upgrade_fails_for_these_reasons: "testing-upgrade-reasons" from testing::upgrade::upgrade_reasons;
    new_code_on_the_old_state_answers_nobody: "testing-upgrade-without-migration" from testing::upgrade::without_migration;
    an_account_without_keys_is_upgraded_by_its_owner: "testing-upgrade-by-owner" from testing::upgrade::by_owner;
    a_key_that_is_gone_deploys_nothing: "testing-key-gone" from testing::upgrade::key_gone;
    a_call_that_is_under_way_comes_home_to_new_code: "testing-upgrade-under-way" from testing::upgrade::under_way;
    a_call_that_is_under_way_finds_no_state: "testing-upgrade-under-way-fails" from testing::upgrade::under_way_fails;
    these_errors_come_first: "testing-errors" from testing::errors::errors;

    the_sandbox_is_made_of_these_versions: "sandbox-versions" from versions::versions;
}

#[test]
fn every_figure_comes_from_a_run() {
    let known = |name: &str, ending: &str| {
        figure::ENDINGS.contains(&ending)
            && (NAMES.contains(&name)
                || name == recorded::RECORDED_WITH
                || recorded::RECORDED_ELSEWHERE.contains(&name))
    };
    let strays: Vec<_> = recorded::on_disk()
        .into_iter()
        .filter(|(name, ending)| !known(name, ending))
        .collect();
    if recorded::is_blessing() {
        strays
            .iter()
            .for_each(|(name, ending)| recorded::remove(name, ending));
    } else {
        assert!(
            strays.is_empty(),
            "no run records {strays:?}: remove them with cargo book bless"
        );
    }
}

#[test]
fn the_compiler_of_the_figures_is_written_down() {
    if recorded::is_blessing() {
        recorded::write_compiler();
    }
    assert!(
        recorded::on_disk()
            .iter()
            .any(|(name, _)| name == recorded::RECORDED_WITH)
    );
}

#[test]
fn the_release_that_is_upgraded_is_what_chapter_four_builds() {
    release::check();
}
