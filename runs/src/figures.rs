//! The figures of the runs, by their names.
//!
//! The list is a macro, because the tests make a test of each row: its name is the statement of the figure, and the
//! title of its drawing. [`run_of`] finds the run of a row. The figures that list facts about the tree are not here,
//! but in `tests/tests/runs/figures.rs`.

use crate::figure::Figure;
use crate::studies::{council, market, swap, trade};
use crate::{
    batch, calls, explored, introduction, money, outside, parallel, protocol, responses, setup,
    testing,
};

/// Gives the rows of the figures to another macro.
#[macro_export]
macro_rules! figures {
    ($make:ident) => {
        $make! {
            a_callback_runs_in_the_third_block: "introduction-blocks" from introduction::blocks;
            a_race_takes_more_than_a_safe_holds: "introduction-paid" from introduction::paid;
            the_safe_of_the_race_holds_less: "introduction-owned" from introduction::owned;
            a_contract_without_arguments_calls_the_partners_on_testnet: "setup-partners" from setup::partners;
            only_the_account_itself_initialises_the_contract_and_only_once: "setup-init" from setup::init;
            parameters_change_with_the_protocol: "protocol-changes" from protocol::changes;
            a_query_takes_three_receipts: "setup-query" from setup::query;
            a_query_fails_when_hello_has_no_account: "setup-query-no-account" from setup::query_no_account;
            the_callback_sees_every_kind_of_failure_as_a_failed_promise: "setup-query-errors" from setup::query_errors;
            with_too_little_gas_no_receipt_is_sent: "setup-query-little-gas" from setup::query_little_gas;
            a_deposit_to_a_method_that_is_not_payable_is_refunded: "setup-query-deposit" from setup::query_deposit;
            a_method_that_only_reads_keeps_a_deposit: "setup-deposit-kept" from setup::deposit_kept;
            a_result_can_be_stale_when_it_arrives: "setup-query-old-answer" from setup::query_old_answer;
            a_change_reaches_hello: "setup-change" from setup::change;
            a_change_that_hello_refuses_returns_false: "setup-change-refused" from setup::change_refused;
            alice_cannot_call_the_callback: "setup-callback-by-alice" from setup::callback_by_alice;

            the_form_of_a_call_decides_its_gas: "calls-gas" from calls::gas;
            each_form_of_a_callback_reads_failures_in_its_own_way: "calls-results" from calls::results;
            a_call_waits_under_a_name_until_it_is_woken: "calls-yield" from calls::yields;

            rpc_reports_each_receipt_of_a_successful_transaction: "outside-rpc" from outside::rpc;
            a_receipt_that_failed_has_logged_an_event: "outside-event" from outside::events;

            receipts_for_different_accounts_run_in_parallel: "introduction-parallel" from batch::parallel;
            two_calls_travel_in_one_receipt: "batch-set-and-get" from batch::set_and_get;
            the_result_of_a_batch_is_that_of_its_last_action: "batch-last-answer" from batch::last_result;
            a_callback_that_fails_undoes_nothing_of_the_batch: "batch-callback-fails" from batch::callback_fails;
            the_actions_of_a_batch_run_in_order: "batch-count" from batch::count;
            a_failed_step_undoes_all_others_at_any_position: "batch-count-fails" from batch::count_fails;
            a_step_that_fails_in_the_middle_undoes_the_others: "batch-count-fails-in-the-middle" from batch::count_fails_in_the_middle;
            a_receipt_has_at_most_a_hundred_actions: "batch-count-too-many" from batch::count_too_many;
            promises_of_a_failed_batch_are_never_sent: "batch-never-leave" from batch::never_leave;
            a_deposit_is_refunded_to_the_predecessor_of_the_batch: "batch-deposit-to-the-sender" from batch::guestbook::deposit_to_the_sender;
            the_messages_are_stored_and_the_rest_is_refunded: "batch-sign" from batch::guestbook::sign;
            when_a_message_fails_the_money_comes_back_in_two_refunds: "batch-sign-fails" from batch::guestbook::sign_fails;
            the_deposit_is_refunded_before_the_callback_runs: "batch-sign-fails-blocks" from batch::guestbook::sign_fails_blocks;
            messages_below_their_price_are_refused_at_once: "batch-sign-poor" from batch::guestbook::sign_poor;
            a_refund_to_a_deleted_account_stays_with_the_contract: "batch-payer-gone" from batch::guestbook::payer_gone;
            a_token_is_launched_in_one_receipt: "batch-launch" from batch::launch::launch;
            a_launch_that_fails_leaves_no_account: "batch-launch-fails" from batch::launch::launch_fails;
            a_launch_fails_with_its_last_action: "batch-launch-errors" from batch::launch::launch_errors;
            a_launch_on_an_existing_account_changes_nothing: "batch-launch-taken" from batch::launch::launch_taken;
            a_sale_registers_the_buyer_and_transfers_tokens: "batch-sale" from batch::sale::sale;
            the_storage_deposit_of_a_registered_buyer_is_refunded_to_the_shop: "batch-sale-known-buyer" from batch::sale::sale_known_buyer;
            a_failed_sale_neither_registers_nor_charges_the_buyer: "batch-sale-sold-out" from batch::sale::sale_sold_out;
            the_refund_of_storage_deposit_is_undone_with_the_batch: "batch-sale-undone-refund" from batch::sale::sale_undone_refund;
            every_failed_sale_refunds_the_buyer: "batch-sale-errors" from batch::sale::sale_errors;
            a_function_call_key_moves_no_tokens: "batch-function-call-key" from batch::sale::function_call_key;
            no_token_has_ft_approve: "batch-ft-approve" from batch::sale::ft_approve;

            three_partners_are_called_at_once: "parallel-overview" from parallel::overview;
            three_receipts_run_in_one_block: "parallel-overview-blocks" from parallel::overview_blocks;
            a_failed_call_does_not_affect_the_results_of_the_others: "parallel-overview-partial" from parallel::overview_partial;
            only_a_result_of_another_type_fails_the_callback: "parallel-overview-errors" from parallel::overview_errors;
            the_results_are_in_the_order_of_the_join: "parallel-order" from parallel::order;
            in_sequence_every_call_waits_for_the_one_before: "parallel-sequence" from parallel::sequence;
            three_calls_wait_for_one: "parallel-one-then-many" from parallel::one_then_many;
            three_calls_wait_for_one_that_fails: "parallel-one-then-many-fails" from parallel::one_then_many_fails;
            sequential_calls_take_more_blocks_and_gas: "parallel-blocks" from parallel::blocks;
            each_way_to_call_takes_its_own_number_of_blocks: "parallel-ways" from parallel::ways::ways;
            partners_may_live_on_different_shards: "parallel-shards" from parallel::shards::shards;
            a_visit_changes_two_contracts: "parallel-visit" from parallel::visit::visit;
            a_half_done_visit_is_compensated: "parallel-visit-fails" from parallel::visit::visit_fails;
            a_half_done_visit_is_visible: "parallel-visit-seen" from parallel::visit::visit_seen;
            a_message_cannot_be_compensated: "parallel-visit-cases" from parallel::visit::visit_cases;
            every_number_has_the_name_of_its_counter: "parallel-fan-out" from parallel::fan_out;
            the_cost_of_each_further_call: "parallel-fan-out-cost" from parallel::limits::fan_out_cost;
            the_limit_of_each_kind_of_call: "parallel-fan-out-limits" from parallel::limits::fan_out_limits;
            the_limits_of_the_protocol: "parallel-limits" from parallel::limits::limits;
            the_fees_of_the_protocol: "parallel-fees" from parallel::gas::fees;
            in_sequence_each_receipt_carries_the_gas_of_the_later_ones: "parallel-sequence-gas" from parallel::gas::sequence_gas;
            unspent_gas_is_distributed_by_weight: "parallel-weights" from parallel::shares::weights;
            with_static_gas_only_the_rest_is_refunded: "parallel-shares-static" from parallel::shares::shares_static;
            with_weights_the_rest_is_distributed: "parallel-shares-weighted" from parallel::shares::shares_weighted;
            a_call_without_gas_is_refused: "parallel-zero-gas" from parallel::limits::zero_gas;
            a_callback_with_too_little_gas_compensates_nothing: "parallel-starved" from parallel::gas::starved;
            the_least_gas_of_the_callback: "parallel-callback-gas" from parallel::gas::callback_gas;
            the_least_gas_of_every_method: "parallel-least-gas" from parallel::gas::least_gas;
            every_call_needs_less_than_its_static_gas: "parallel-static-gas" from parallel::gas::static_gas;
            a_portfolio_has_three_sources: "parallel-portfolio" from parallel::portfolio::portfolio;
            a_portfolio_names_the_missing_source: "parallel-portfolio-errors" from parallel::portfolio::portfolio_errors;

            a_callback_sees_one_result_for_each_receipt_it_waits_for: "responses-shapes" from responses::shapes;
            each_of_many_results_has_its_account: "responses-greetings" from responses::greetings;
            every_result_of_an_untrusted_contract_has_a_name: "responses-untrusted" from responses::untrusted;
            a_bound_keeps_the_callback_within_its_gas: "responses-measure" from responses::measure::measure;
            without_a_bound_the_callback_fails_completely: "responses-measure-fails" from responses::measure::measure_fails;
            twenty_results_cost_the_callback_little: "responses-twenty" from responses::measure::twenty;
            one_liar_does_not_move_the_median: "responses-survey" from responses::survey;
            a_survey_lists_results_and_missing_accounts: "responses-survey-gaps" from responses::survey_gaps;
            the_creator_of_an_entry_pays_for_its_storage: "responses-watch" from responses::watching;
            a_breaker_opens_and_closes: "responses-breaker" from responses::breaker::breaker;
            an_open_breaker_refuses_at_once: "responses-breaker-open" from responses::breaker::breaker_open;
            only_one_of_two_simultaneous_calls_is_the_trial: "responses-breaker-trial" from responses::breaker::breaker_trial;
            a_result_is_cached_until_it_expires: "responses-cache" from responses::cache::cache;
            a_failure_is_not_cached: "responses-cache-failure" from responses::cache::cache_failure;
            two_simultaneous_calls_both_miss_the_cache: "responses-cache-two" from responses::cache::cache_two;

            exactly_the_money_of_the_failed_guestbooks_is_refunded: "money-books" from money::books;
            a_failed_result_does_not_mean_that_the_money_came_back: "money-keep-and-fail" from money::keep_and_fail;
            a_batch_with_an_empty_result_reports_the_status_of_the_deposit: "money-without-answer" from money::with_empty_result;
            a_refund_to_a_deleted_account_is_owed_to_it: "money-payer-gone" from money::payer_gone;
            a_debt_is_paid_once: "money-claims" from money::claims;
            a_safe_pays_for_its_storage_and_gets_it_back: "money-storage" from money::vault::storage;
            unspent_money_goes_back_into_the_safe: "money-undone" from money::vault::undone;
            the_vulnerable_vault_pays_twice: "money-window" from money::vault::window;
            a_vault_that_changes_its_state_first_pays_once: "money-window-state-first" from money::vault::window_state_first;
            a_vault_with_a_lock_pays_once: "money-window-locked" from money::vault::window_locked;
            a_guestbook_that_calls_back_robs_the_vulnerable_vault: "money-reentry" from money::vault::reentry;
            a_guestbook_that_calls_back_finds_an_empty_safe: "money-reentry-state-first" from money::vault::reentry_state_first;
            a_guestbook_that_calls_back_gets_no_more_from_the_guarded_vaults: "money-reentry-guarded" from money::vault::reentry_guarded;
            a_lock_refuses_honest_calls_too: "money-honest" from money::vault::honest;
            a_callback_that_fails_leaves_the_safe_locked: "money-lock-stays" from money::vault::lock_stays;
            the_operator_opens_an_overdue_lock: "money-lock-resolved" from money::vault::lock_resolved;
            whoever_calls_an_open_callback_is_paid: "money-open-callback" from money::open_callback;
            another_account_cannot_call_a_private_callback: "money-private-callback" from money::private_callback;
            nobody_loses_money_to_a_misbehaving_guestbook: "money-rogue" from money::rogue::rogue;
            the_least_gas_of_each_method_that_moves_money: "money-least-gas" from money::least_gas::least_gas;
            two_texts_use_two_tokens_and_the_rest_is_refunded: "money-token-rest" from money::tokens::rest;
            no_token_is_lost_in_any_outcome: "money-token-cases" from money::tokens::cases;
            a_receiver_that_sends_the_tokens_on_keeps_them: "money-token-forwarded" from money::tokens::forwarded;
            a_receiver_that_is_not_registered_receives_nothing: "money-token-no-room" from money::tokens::no_room;
            only_the_token_can_call_ft_on_transfer: "money-token-played" from money::tokens::false_sender;
            a_missing_callback_refunds_the_tokens: "money-token-upgrade" from money::tokens::upgrade;
            a_refund_to_an_unregistered_sender_is_burnt: "money-token-sender-left" from money::tokens::sender_left;
            a_failed_order_is_retried: "money-order" from money::later::order;
            an_order_is_given_up_after_three_attempts: "money-order-given-up" from money::later::order_given_up;
            a_reply_of_the_oracle_completes_the_transaction: "money-oracle" from money::later::oracle;
            without_a_reply_all_money_is_refunded: "money-oracle-silent" from money::later::oracle_silent;
            only_the_oracle_replies_and_only_once: "money-oracle-errors" from money::later::oracle_errors;

            the_machine_finds_the_theft_without_a_hint: "orders-theft-report" from explored::theft_report;
            two_calls_before_the_first_callback_spend_the_same_money: "orders-theft" from explored::theft;
            the_machine_finds_a_partner_that_acts_and_then_fails: "orders-partner-report" from explored::partner_report;
            the_machine_finds_a_refund_that_comes_after_its_callback: "orders-late-refund-report" from explored::late_refund_report;
            a_deposit_whose_refund_is_late_is_owed: "orders-late-refund-owed" from explored::late_refund_is_owed;
            no_order_breaks_a_guarded_vault: "orders-guarded" from explored::guarded;

            the_contract_has_metadata: "testing-metadata" from testing::watch::metadata;
            the_owner_changes_in_two_steps: "testing-owner" from testing::watch::owner;
            a_relayed_function_call_key_does_not_have_the_owners_rights: "testing-meta-transaction" from testing::watch::meta_transaction;
            calls_in_flight_complete_during_a_pause: "testing-pause" from testing::watch::pause;
            no_call_begins_during_a_pause: "testing-pause-refuses" from testing::watch::pause_refuses;
            each_action_of_the_owner_is_an_event: "testing-events" from testing::watch::events;
            calls_and_failures_are_counted: "testing-stats" from testing::watch::stats;
            the_health_check_names_its_problems: "testing-health" from testing::watch::health;
            code_and_state_are_upgraded_in_one_receipt: "testing-upgrade" from testing::upgrade::upgrade;
            a_failed_upgrade_changes_neither_code_nor_state: "testing-upgrade-fails" from testing::upgrade::upgrade_fails;
            the_reasons_for_which_an_upgrade_fails: "testing-upgrade-reasons" from testing::upgrade::upgrade_reasons;
            new_code_on_the_old_state_fails_every_call: "testing-upgrade-without-migration" from testing::upgrade::without_migration;
            an_account_without_keys_is_upgraded_by_its_owner: "testing-upgrade-by-owner" from testing::upgrade::by_owner;
            a_deleted_key_cannot_deploy: "testing-key-gone" from testing::upgrade::key_gone;
            a_call_in_flight_completes_with_the_new_code: "testing-upgrade-under-way" from testing::upgrade::under_way;
            a_call_in_flight_cannot_read_the_state_without_a_migration: "testing-upgrade-under-way-fails" from testing::upgrade::under_way_fails;
            the_errors_that_developers_meet_first: "testing-errors" from testing::errors::errors;

            an_answer_before_the_payout_costs_the_first_token: "swap-early" from swap::early;
            a_swap_waits_for_its_payout: "swap" from swap::success;
            another_swap_lands_first_and_all_comes_back: "swap-min-out" from swap::min_out;
            a_payout_that_fails_returns_the_first_token: "swap-payout-fails" from swap::payout_fails;
            a_receiver_that_is_no_pool_keeps_the_tokens: "swap-forwarded" from swap::forwarded;
            a_copy_of_the_reserves_drains_the_pool: "swap-copy" from swap::copy;
            two_ways_to_take_a_swap_back_drain_the_pool: "swap-undone" from swap::undone;
            the_machine_finds_the_theft_by_a_difference: "swap-difference-report" from swap::difference_report;
            no_order_breaks_the_pool: "swap-orders" from swap::orders;

            a_market_that_believes_each_bill_pays_with_the_money_of_others: "market-believed" from market::believed;
            a_sale_pays_the_seller_and_two_royalties: "market-sale" from market::sale::sale;
            a_wrong_bill_gives_everything_to_the_seller: "market-bills" from market::bills;
            only_one_of_two_buyers_finds_the_listing: "market-two-buyers" from market::two_buyers;
            a_royalty_of_a_deleted_account_is_owed_and_claimed_later: "market-artist-gone" from market::artist_gone;
            a_collection_that_transfers_and_then_fails_gives_the_token_away: "market-transfer-then-fail" from market::transfer_then_fail;
            a_sale_attaches_gas_for_eleven_payments: "market-gas" from market::least_gas;
            a_stale_approval_sells_nothing_and_all_tokens_are_unused: "market-tokens-moved" from market::tokens::moved;
            a_sale_for_tokens_owes_a_royalty_without_an_account_at_the_token: "market-tokens-owed" from market::tokens::owed;
            a_transfer_that_buys_nothing_comes_back: "market-tokens-refused" from market::tokens::refused;
            a_sale_for_tokens_attaches_gas_for_eleven_payments: "market-tokens-gas" from market::tokens::least_gas;
            no_order_of_a_sale_for_tokens_loses_a_token: "market-tokens-orders" from market::orders::tokens::orders;
            no_order_of_a_sale_loses_money: "market-orders" from market::orders::orders;
            the_machine_finds_a_collection_that_transfers_and_then_fails: "market-collection-report" from market::orders::collection_report;

            two_executions_in_one_block_pay_twice: "council-executed-twice" from council::executed_twice;
            an_approved_proposal_is_executed_and_the_bond_is_paid_back: "council-executes" from council::executes;
            two_executions_in_one_block_pay_once: "council-one-block" from council::one_block;
            the_council_upgrades_a_contract_that_it_owns: "council-upgrades" from council::upgrades;
            a_proposal_that_failed_is_executed_after_a_new_vote: "council-repaired" from council::repaired;
            a_target_that_acts_and_then_fails_is_paid_once: "council-acts-then-fails" from council::acts_and_fails;
            a_target_that_acts_and_then_fails_is_paid_again: "council-executed-again" from council::executed_again;
            an_execution_with_too_little_gas_sends_nothing: "council-little-gas" from council::little_gas;
            the_council_names_the_gas_that_an_execution_needs: "council-gas" from council::refusals::gas;
            a_proposal_to_call_a_callback_of_the_council_is_refused: "council-against-itself" from council::refusals::against_itself;
            two_executions_of_an_approved_call_are_found: "council-theft-report" from council::orders::theft_report;
            no_order_executes_a_proposal_twice: "council-orders" from council::orders::orders;

            a_trade_without_a_journal_forgets_the_gold: "trade-forgotten" from trade::figures::forgotten;
            a_sword_and_gold_change_hands: "trade-exchange" from trade::exchange::exchange;
            a_sword_that_nobody_buys_goes_home: "trade-home" from trade::figures::home;
            gold_without_room_stays_in_the_journal: "trade-no-room" from trade::figures::no_room;
            anybody_resumes_and_the_gold_arrives: "trade-resumed" from trade::figures::resumed;
            with_little_gas_the_journal_says_where_the_trade_stands: "trade-little-gas" from trade::figures::little_gas;
            a_sword_that_does_not_leave_turns_the_trade_back: "trade-back" from trade::figures::back;
            a_lost_callback_leaves_the_sword_as_sent: "trade-lost-callback" from trade::figures::lost_callback;
            the_items_are_asked_who_owns_the_sword: "trade-asked" from trade::figures::asked;
            a_new_item_is_made_of_iron_and_gold: "trade-crafted" from trade::crafting::crafted;
            a_mint_that_is_refused_gives_iron_and_gold_back: "trade-not-minted" from trade::crafting::not_minted;
            a_mint_that_fails_after_it_has_acted_is_found_out: "trade-minted-and-failed" from trade::crafting::minted_and_failed;
            items_that_call_back_in_send_nothing_twice: "trade-calls-back" from trade::figures::calls_back;
            no_order_breaks_a_trade: "trade-explored" from trade::figures::explored;
        }
    };
}

macro_rules! runs {
    ($($statement:ident: $name:literal from $run:path;)*) => {
        /// The name and the run of each figure, in the order of the pages.
        const RUNS: &[(&str, Run)] = &[$(($name, || $run().into())),*];
    };
}

figures!(runs);

/// The run of a figure.
pub type Run = fn() -> Figure;

/// Returns the run of a figure, and its name.
pub fn run_of(name: &str) -> Option<(&'static str, Run)> {
    RUNS.iter().find(|(known, _)| *known == name).copied()
}
