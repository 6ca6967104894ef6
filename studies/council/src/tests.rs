//! The states of a proposal, in a mocked environment.

use near_sdk::json_types::Base64VecU8;
use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
use near_sdk::{Gas, PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

use super::*;
use crate::money::overdue::OVERDUE;
use crate::proposal::{
    Action, GAS_FOR_EXECUTE, MAX_ACTIONS, MAX_BYTES, MAX_GAS, MIN_BOND, MIN_LIFETIME, Status,
};

const COUNCIL: usize = 0;
const TARGET: usize = 1;
const PROPOSER: usize = 5;
const LIFETIME: u32 = MIN_LIFETIME;
const BOND: NearToken = NearToken::from_near(2);

/// Returns a council on `alice` with the members `bob`, `charlie` and `danny`.
pub(crate) fn contract() -> Contract {
    Contract::new((1..=3).map(accounts).collect())
}

fn context(caller: usize, height: u64) -> VMContextBuilder {
    let mut context = VMContextBuilder::new();
    context
        .current_account_id(accounts(COUNCIL))
        .predecessor_account_id(accounts(caller))
        .account_balance(NearToken::from_near(100))
        .prepaid_gas(Gas::from_tgas(300))
        .block_height(height);
    context
}

pub(crate) fn called_by(caller: usize) {
    testing_env!(context(caller, 0).build());
}

fn in_block(height: u64, caller: usize) {
    testing_env!(context(caller, height).build());
}

fn action(method: &str) -> Action {
    Action {
        method: method.to_string(),
        args: Base64VecU8(b"{}".to_vec()),
        deposit: NearToken::from_near(2),
        gas: Gas::from_tgas(10),
    }
}

fn propose_to(
    contract: &mut Contract,
    receiver: usize,
    actions: Vec<Action>,
    bond: NearToken,
) -> u32 {
    testing_env!(context(PROPOSER, 0).attached_deposit(bond).build());
    contract.propose(accounts(receiver), actions, LIFETIME)
}

/// Returns a council with proposal 0.
pub(crate) fn with_proposal() -> Contract {
    called_by(COUNCIL);
    let mut contract = contract();
    propose_to(&mut contract, TARGET, vec![action("act")], BOND);
    contract
}

fn vote(contract: &mut Contract, member: usize, attempt: u32, approve: bool) {
    let hash = contract.get_proposal(0).unwrap().hash;
    called_by(member);
    contract.vote(0, hash, attempt, approve);
}

/// Approves the next attempt of proposal 0.
pub(crate) fn approve(contract: &mut Contract, attempt: u32) {
    vote(contract, 1, attempt, true);
    vote(contract, 2, attempt, true);
}

/// Executes proposal 0.
fn execute(contract: &mut Contract) {
    called_by(PROPOSER);
    contract.execute(0).detach();
}

pub(crate) fn with_proposal_executing() -> Contract {
    let mut contract = with_proposal();
    approve(&mut contract, 0);
    execute(&mut contract);
    contract
}

/// Runs the callback of an attempt, in block 0.
pub(crate) fn callback(contract: &mut Contract, attempt: u32, result: PromiseResult) -> bool {
    after(result);
    contract.execute_callback(0, attempt)
}

/// Sets the context of a callback that sees this promise result, in block 0.
fn after(result: PromiseResult) {
    testing_env!(
        context(COUNCIL, 0).build(),
        test_vm_config(),
        RuntimeFeesConfig::test(),
        Default::default(),
        vec![result]
    );
}

const SUCCESS: fn() -> PromiseResult = || PromiseResult::Successful(Vec::new());

pub(crate) fn status(contract: &Contract) -> Option<Status> {
    contract
        .get_proposal(0)
        .map(|proposal| proposal.status.clone())
}

// ---- Proposals ----

#[test]
#[should_panic(expected = "A council has 1 to 20 members")]
fn a_council_without_members_is_refused() {
    called_by(COUNCIL);
    Contract::new(BTreeSet::new());
}

#[test]
#[should_panic(expected = "A proposal has 1 to 10 actions")]
fn a_proposal_without_actions_is_refused() {
    called_by(COUNCIL);
    propose_to(&mut contract(), TARGET, Vec::new(), MIN_BOND);
}

#[test]
#[should_panic(expected = "It would need more than 300.0 Tgas")]
fn a_proposal_that_no_transaction_can_execute_is_refused() {
    called_by(COUNCIL);
    let mut greedy = action("act");
    greedy.gas = MAX_GAS.saturating_sub(GAS_FOR_EXECUTE);
    propose_to(
        &mut contract(),
        TARGET,
        vec![greedy],
        NearToken::from_near(2),
    );
}

#[test]
#[should_panic(expected = "The bond is at least 1.0107 NEAR")]
fn the_bond_pays_for_the_arguments() {
    called_by(COUNCIL);
    let mut long = action("act");
    long.args = Base64VecU8(vec![0; 1_067]);
    propose_to(&mut contract(), TARGET, vec![long], MIN_BOND);
}

#[test]
#[should_panic(expected = "Methods and arguments have at most 100000 bytes")]
fn arguments_that_the_callback_could_not_load_are_refused() {
    called_by(COUNCIL);
    let mut long = action("act");
    long.args = Base64VecU8(vec![0; MAX_BYTES - 2]);
    propose_to(&mut contract(), TARGET, vec![long], BOND);
}

#[test]
#[should_panic(expected = "A proposal lives for at least 10000 blocks")]
fn a_lifetime_in_which_nobody_can_be_against_it_is_refused() {
    testing_env!(context(PROPOSER, 0).attached_deposit(BOND).build());
    contract().propose(accounts(TARGET), vec![action("act")], MIN_LIFETIME - 1);
}

#[test]
fn an_open_proposal_leaves_the_treasury_as_it_was() {
    called_by(COUNCIL);
    let mut contract = contract();
    let mut long = action("act");
    long.args = Base64VecU8(vec![0; 50_000]);
    let before = contract.get_treasury();
    let balance = env::account_balance().saturating_add(BOND);
    let storage = env::storage_usage();

    propose_to(&mut contract, TARGET, vec![long], BOND);
    contract.proposals.flush();
    let storage = context(PROPOSER, 0).build().storage_usage + env::storage_usage() - storage;
    let after = context(PROPOSER, 0)
        .account_balance(balance)
        .storage_usage(storage)
        .build();
    testing_env!(after);

    assert_eq!(contract.get_treasury(), before);
}

#[test]
#[should_panic(expected = "The council may call only these methods of its own")]
fn a_call_to_a_callback_of_the_council_is_refused() {
    called_by(COUNCIL);
    let actions = vec![action("set_members"), action("pay_callback")];
    propose_to(&mut contract(), COUNCIL, actions, NearToken::from_near(2));
}

#[test]
fn a_call_to_a_policy_method_of_the_council_can_be_proposed() {
    called_by(COUNCIL);
    let actions = vec![action("set_members"); MAX_ACTIONS];
    let id = propose_to(&mut contract(), COUNCIL, actions, NearToken::from_near(2));

    assert_eq!(id, 0);
}

// ---- Votes ----

#[test]
fn a_majority_approves() {
    let mut contract = with_proposal();
    vote(&mut contract, 1, 0, true);
    vote(&mut contract, 2, 0, false);
    assert_eq!(status(&contract), Some(Status::Open));

    vote(&mut contract, 3, 0, true);
    assert_eq!(status(&contract), Some(Status::Approved));
}

#[test]
fn a_member_who_votes_twice_counts_once() {
    let mut contract = with_proposal();
    vote(&mut contract, 1, 0, true);
    vote(&mut contract, 1, 0, true);

    assert_eq!(status(&contract), Some(Status::Open));
}

#[test]
fn a_majority_against_it_ends_it_and_the_bond_belongs_to_the_treasury() {
    let mut contract = with_proposal();
    vote(&mut contract, 1, 0, false);
    vote(&mut contract, 2, 0, false);

    assert_eq!(status(&contract), None);
    assert!(contract.money.liabilities.is_zero());
    assert!(get_created_receipts().is_empty());
}

#[test]
fn the_vote_of_a_former_member_does_not_count() {
    let mut contract = with_proposal();
    vote(&mut contract, 1, 0, true);
    called_by(COUNCIL);
    contract.set_members((2..=4).map(accounts).collect());
    vote(&mut contract, 2, 0, true);

    assert_eq!(status(&contract), Some(Status::Open));
}

#[test]
#[should_panic(expected = "Only a member may vote")]
fn a_vote_of_another_account_is_refused() {
    vote(&mut with_proposal(), PROPOSER, 0, true);
}

#[test]
#[should_panic(expected = "The vote is on other calls")]
fn a_vote_on_other_calls_is_refused() {
    let mut contract = with_proposal();
    propose_to(&mut contract, TARGET, vec![action("steal")], BOND);
    let other = contract.get_proposal(1).unwrap().hash;
    called_by(1);
    contract.vote(0, other, 0, true);
}

#[test]
#[should_panic(expected = "There is no vote on it now")]
fn a_vote_after_the_decision_is_refused() {
    let mut contract = with_proposal();
    approve(&mut contract, 0);
    vote(&mut contract, 3, 0, false);
}

#[test]
#[should_panic(expected = "The vote is on attempt 1")]
fn a_late_vote_on_the_attempt_before_is_refused() {
    let mut contract = with_proposal_executing();
    callback(&mut contract, 0, PromiseResult::Failed);
    vote(&mut contract, 3, 0, true);
}

#[test]
#[should_panic(expected = "It expired in block 10000")]
fn a_vote_after_the_deadline_is_refused() {
    let mut contract = with_proposal();
    let hash = contract.get_proposal(0).unwrap().hash;
    in_block(LIFETIME.into(), 1);
    contract.vote(0, hash, 0, true);
}

// ---- Execution ----

#[test]
fn the_calls_are_one_receipt_and_the_callback_waits_for_it() {
    with_proposal_executing();

    let [calls, callback] = &get_created_receipts()[..] else {
        panic!("not two receipts");
    };
    assert_eq!(calls.receiver_id, accounts(TARGET));
    assert_eq!(callback.receiver_id, accounts(COUNCIL));
    assert_eq!(callback.receipt_indices, [0]);
}

#[test]
#[should_panic(expected = "Proposal 0 is not approved")]
fn what_is_under_way_cannot_be_executed() {
    execute(&mut with_proposal_executing());
}

#[test]
#[should_panic(expected = "Proposal 0 is not approved")]
fn what_has_failed_cannot_be_executed_without_a_vote() {
    let mut contract = with_proposal_executing();
    callback(&mut contract, 0, PromiseResult::Failed);
    execute(&mut contract);
}

#[test]
#[should_panic(expected = "Attach ")]
fn an_execution_with_too_little_gas_is_refused() {
    let mut contract = with_proposal();
    approve(&mut contract, 0);
    let gas = contract.gas_to_execute(0).unwrap();
    let too_little = gas.saturating_sub(Gas::from_gas(1));
    testing_env!(context(PROPOSER, 0).prepaid_gas(too_little).build());
    contract.execute(0).detach();
}

#[test]
#[should_panic(expected = "The treasury has ")]
fn bonds_are_not_spent() {
    let mut contract = with_proposal();
    approve(&mut contract, 0);
    // Beside the price of the storage, it is 2 NEAR for the deposit, and less than the bond.
    let almost = NearToken::from_millinear(3_999);
    testing_env!(context(PROPOSER, 0).account_balance(almost).build());
    contract.execute(0).detach();
}

#[test]
#[should_panic(expected = "It expired in block 10000")]
fn an_execution_after_the_deadline_is_refused() {
    let mut contract = with_proposal();
    approve(&mut contract, 0);
    in_block(LIFETIME.into(), PROPOSER);
    contract.execute(0).detach();
}

#[test]
fn a_success_ends_it_and_pays_the_bond_back() {
    let mut contract = with_proposal_executing();

    assert!(callback(&mut contract, 0, SUCCESS()));
    assert_eq!(status(&contract), None);
    assert_eq!(get_created_receipts()[0].receiver_id, accounts(PROPOSER));
}

#[test]
fn a_failure_needs_a_new_vote_and_holds_the_bond() {
    let mut contract = with_proposal_executing();
    let held = contract.money.liabilities;

    assert!(!callback(&mut contract, 0, PromiseResult::Failed));
    assert_eq!(status(&contract), Some(Status::Failed));
    assert_eq!(contract.money.liabilities, held);

    approve(&mut contract, 1);
    execute(&mut contract);
    assert!(callback(&mut contract, 1, SUCCESS()));
    assert_eq!(status(&contract), None);
}

#[test]
fn a_late_callback_of_an_older_attempt_changes_nothing() {
    let mut contract = with_proposal_executing();
    in_block(OVERDUE, 1);
    contract.give_up(0);
    approve(&mut contract, 1);
    execute(&mut contract);
    let before = status(&contract);
    let held = contract.money.liabilities;

    for late in [SUCCESS(), PromiseResult::Failed] {
        callback(&mut contract, 0, late);
        assert_eq!(status(&contract), before);
    }
    assert_eq!(contract.money.liabilities, held);
}

#[test]
#[should_panic(expected = "Wait until block 1000: the callback may still run")]
fn an_attempt_whose_callback_may_still_run_is_not_given_up() {
    let mut contract = with_proposal_executing();
    in_block(OVERDUE - 1, 1);
    contract.give_up(0);
}

#[test]
#[should_panic(expected = "Only a member may give up")]
fn another_account_does_not_give_up() {
    let mut contract = with_proposal_executing();
    in_block(OVERDUE, PROPOSER);
    contract.give_up(0);
}

#[test]
#[should_panic(expected = "Nothing is under way")]
fn what_is_not_under_way_is_not_given_up() {
    let mut contract = with_proposal();
    in_block(OVERDUE, 1);
    contract.give_up(0);
}

// ---- The deadline ----

#[test]
fn an_expired_proposal_ends_and_its_bond_is_paid_back() {
    let mut contract = with_proposal();
    in_block(LIFETIME.into(), 4);
    contract.expire(0).detach();

    assert_eq!(status(&contract), None);
    assert_eq!(get_created_receipts()[0].receiver_id, accounts(PROPOSER));
}

#[test]
fn a_bond_is_held_until_its_payment_has_arrived_or_is_owed() {
    for (result, arrived) in [("true", true), ("false", false)] {
        let mut contract = with_proposal();
        in_block(LIFETIME.into(), 4);
        contract.expire(0).detach();
        assert_eq!(contract.money.liabilities, BOND);

        after(PromiseResult::Successful(result.as_bytes().to_vec()));
        assert_eq!(contract.bond_callback(BOND), arrived);
        assert!(contract.money.liabilities.is_zero());
    }
}

#[test]
fn the_storage_of_what_has_ended_does_not_keep_its_bond_from_being_paid() {
    let mut contract = with_proposal();
    contract.proposals.flush();
    let before = env::storage_usage();
    contract.end(0);

    assert!(env::storage_usage() < before);
}

#[test]
#[should_panic(expected = "It can be executed until block 10000")]
fn a_proposal_does_not_expire_before_its_deadline() {
    let mut contract = with_proposal();
    in_block(u64::from(LIFETIME) - 1, 4);
    contract.expire(0).detach();
}

#[test]
#[should_panic(expected = "Its calls are under way")]
fn a_proposal_does_not_expire_while_its_calls_are_under_way() {
    let mut contract = with_proposal_executing();
    in_block(LIFETIME.into(), 4);
    contract.expire(0).detach();
}
