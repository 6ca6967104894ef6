//! Yield and resume (NEP-519): a callback that runs when its contract resumes it, or after a time-out
//! (`SPEC.md` §2.1 and §5).
//!
//! The contract is `fixtures/yields.wat`: its callback returns the payload, or "timed out".

use chain::Chain;
use near_primitives::action::Action;
use near_primitives::errors::{ActionErrorKind, FunctionCallError, TxExecutionError};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::VersionedReceiptEnum;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{Balance, BlockHeight, Gas};
use near_primitives::utils::{
    create_action_hash_from_receipt_id, create_receipt_id_from_action_hash,
    create_receipt_id_from_receipt_id,
};
use near_primitives::views::FinalExecutionStatus;
use near_vm_runner::logic::HostError;
use serde_json::json;

use crate::test_chain::*;

const YIELDS: &[u8] = include_bytes!("../fixtures/yields.wasm");

const CALLER: &str = "caller.near";
/// The account of the contract that yields.
const WAITER: &str = "waiter.near";
/// Another account with the same code.
const OTHER: &str = "other.near";

const ID: [u8; 32] = [7; 32];

fn contracts() -> Chain {
    let mut chain = chain(&[
        (ALICE, near(100)),
        (BOB, near(100)),
        (CALLER, near(100)),
        (WAITER, near(100)),
        (OTHER, near(100)),
    ]);
    deploy(&mut chain, WAITER, YIELDS);
    deploy(&mut chain, OTHER, YIELDS);
    chain
}

fn yield_call(method: &str, args: impl Into<Vec<u8>>) -> Action {
    call(method, args, Gas::from_teragas(100), Balance::ZERO)
}

/// Calls a contract as Alice, and produces blocks until the chain is idle.
fn send(chain: &mut Chain, contract: &str, method: &str, args: impl Into<Vec<u8>>) -> CryptoHash {
    run(chain, ALICE, contract, vec![yield_call(method, args)])
}

/// A yield that waits: its receipt, its data id, and the height at which it was created.
struct Waiting {
    transaction: CryptoHash,
    receipt: CryptoHash,
    data_id: CryptoHash,
    height: BlockHeight,
}

fn waiting(chain: &Chain, transaction: CryptoHash) -> Waiting {
    let called = &tree(chain, &transaction)[0];
    let made = called.outcome.receipt_ids.iter();
    made.filter_map(|id| chain.receipt(id))
        .find_map(|receipt| match receipt.versioned_receipt() {
            VersionedReceiptEnum::PromiseYield(waits) => Some(Waiting {
                transaction,
                receipt: *receipt.receipt_id(),
                data_id: waits.input_data_ids()[0],
                height: called.block_height,
            }),
            _ => None,
        })
        .expect("the call has yielded")
}

fn wait(chain: &mut Chain) -> Waiting {
    let transaction = send(chain, WAITER, "wait", "the arguments");
    waiting(chain, transaction)
}

fn wait_with_id(chain: &mut Chain) -> Waiting {
    let transaction = send(chain, WAITER, "wait_with_id", ID);
    waiting(chain, transaction)
}

fn resumption(id: impl AsRef<[u8]>, payload: &str) -> Vec<u8> {
    [id.as_ref(), payload.as_bytes()].concat()
}

fn value(text: &str) -> FinalExecutionStatus {
    FinalExecutionStatus::SuccessValue(text.as_bytes().to_vec())
}

/// The values that the host function returns for a resume that finds its yield, and for one that does not.
const FOUND: &str = "1";
const NOT_FOUND: &str = "0";

fn timeout(chain: &Chain) -> u64 {
    let limits = &chain.runtime_config().wasm_config.limit_config;
    limits.yield_timeout_length_in_blocks
}

fn produce_until(chain: &mut Chain, height: BlockHeight) {
    while chain.head().height < height {
        chain.produce_block();
    }
}

/// Returns the number of times that a receipt was executed.
fn executions(chain: &Chain, receipt: &CryptoHash) -> usize {
    (chain.first_block().height..=chain.head().height)
        .filter_map(|height| chain.block_at(height))
        .flat_map(|block| &block.outcomes)
        .filter(|id| *id == receipt)
        .count()
}

#[test]
fn a_call_that_yields_returns_the_value_of_its_callback() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    send(
        &mut chain,
        WAITER,
        "resume",
        resumption(waiting.data_id, "the answer"),
    );
    assert_eq!(status(&chain, &waiting.transaction), value("the answer"));
}

#[test]
fn nothing_runs_before_the_resume() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let just_before = waiting.height + timeout(&chain);
    produce_until(&mut chain, just_before);
    assert!(chain.outcome(&waiting.receipt).is_none());
}

/// A yield is stored at once, while other receipts go to the next block.
#[test]
fn the_time_of_a_yield_starts_in_its_own_block() {
    let mut chain = contracts();
    let transaction = sign(&chain, ALICE, WAITER, vec![yield_call("wait", [])]);
    let hash = chain.submit(transaction).expect("it is valid");
    chain.produce_block();
    chain.produce_block();
    let Waiting {
        data_id, height, ..
    } = waiting(&chain, hash);
    assert_eq!(chain.head().height, height);
    let receiver_id = account(WAITER);
    let key = TrieKey::PromiseYieldReceipt {
        receiver_id,
        data_id,
    };
    assert!(chain.head().state.get(&key).is_some());
}

#[test]
fn the_callback_gets_the_arguments_of_the_yield() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    send(
        &mut chain,
        WAITER,
        "resume",
        resumption(waiting.data_id, "the answer"),
    );
    let callback = &outcome(&chain, &waiting.receipt).outcome;
    assert_eq!(callback.logs, ["the arguments"]);
}

#[test]
fn the_callback_runs_in_the_block_after_the_resume() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let args = resumption(waiting.data_id, "the answer");
    let resumed = send(&mut chain, WAITER, "resume", args);
    let resumed_at = tree(&chain, &resumed)[0].block_height;
    assert_eq!(
        outcome(&chain, &waiting.receipt).block_height,
        resumed_at + 1
    );
}

#[test]
fn a_call_can_resume_what_it_has_just_yielded() {
    let mut chain = contracts();
    let hash = send(&mut chain, WAITER, "wait_and_resume", "to myself");
    assert_eq!(status(&chain, &hash), value("to myself"));
}

#[test]
fn a_yield_can_be_resumed_in_its_own_block() {
    let mut chain = contracts();
    let waits = sign(&chain, ALICE, WAITER, vec![yield_call("wait_with_id", ID)]);
    let args = resumption(ID, "at once");
    let resumes = sign(
        &chain,
        BOB,
        WAITER,
        vec![yield_call("resume_with_id", args)],
    );
    let waits = chain.submit(waits).expect("it is valid");
    let resumes = chain.submit(resumes).expect("it is valid");
    chain.produce_blocks_until_idle();

    let block = |hash| tree(&chain, hash)[0].block_height;
    assert_eq!(block(&waits), block(&resumes));
    assert_eq!(status(&chain, &waits), value("at once"));
}

#[test]
fn the_caller_waits_for_the_value_of_the_callback() {
    let mut chain = contracts();
    deploy(&mut chain, CALLER, PROBE);
    let statements = json!([
        {"create": {"to": WAITER, "actions": [
            {"call": {"method": "wait", "args": "", "tgas": 50}}]}},
        {"then": {"after": 0, "to": CALLER, "actions": [
            {"run": {"program": ["return_results"], "tgas": 20}}]}},
        {"return_promise": {"of": 1}},
    ]);
    let asked = program(statements, 200, Balance::ZERO);
    let hash = run(&mut chain, ALICE, CALLER, vec![asked]);
    let data_id = tree(&chain, &hash)
        .iter()
        .flat_map(|outcome| outcome.outcome.receipt_ids.clone())
        .filter_map(|id| chain.receipt(&id))
        .find_map(|receipt| match receipt.versioned_receipt() {
            VersionedReceiptEnum::PromiseYield(waits) => Some(waits.input_data_ids()[0]),
            _ => None,
        })
        .expect("the call has yielded");
    send(&mut chain, WAITER, "resume", resumption(data_id, "answer"));
    assert_eq!(status(&chain, &hash), value(r#"["answer"]"#));
}

#[test]
fn a_yield_that_nobody_resumes_times_out() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let deadline = waiting.height + timeout(&chain);
    produce_until(&mut chain, deadline + 1);
    assert_eq!(status(&chain, &waiting.transaction), value("timed out"));
}

#[test]
fn a_fast_forward_over_the_deadline_times_a_yield_out() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let blocks = timeout(&chain);
    chain.fast_forward(blocks).unwrap();
    chain.produce_blocks_until_idle();
    assert_eq!(status(&chain, &waiting.transaction), value("timed out"));
}

/// nearcore counts the time-outs that it sends, not the yields that it checks
/// (`resolve_promise_yield_timeouts` of its runtime).
#[test]
fn the_id_of_a_time_out_counts_no_yield_that_was_resumed() {
    let mut chain = contracts();
    let resumed = wait(&mut chain);
    let forgotten = wait(&mut chain);
    let args = resumption(resumed.data_id, "the answer");
    send(&mut chain, WAITER, "resume", args);

    let block = chain.fast_forward(timeout(&chain)).unwrap();

    let first = create_receipt_id_from_receipt_id(&forgotten.data_id, block.height, 0);
    assert!(chain.receipt(&first).is_some());
}

#[test]
fn a_yield_that_was_resumed_does_not_time_out_as_well() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    send(
        &mut chain,
        WAITER,
        "resume",
        resumption(waiting.data_id, "the answer"),
    );
    let deadline = waiting.height + timeout(&chain);
    produce_until(&mut chain, deadline + 2);
    assert_eq!(executions(&chain, &waiting.receipt), 1);
}

/// The yield expires at the end of a block. A local receipt of the contract resumes it at the start of the
/// next block, before the time-out arrives.
#[test]
fn a_time_out_that_arrives_after_a_resume_is_ignored() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let deadline = waiting.height + timeout(&chain);
    produce_until(&mut chain, deadline);
    assert!(!chain.is_idle(), "the time-out is under way");
    let args = resumption(waiting.data_id, "in the nick of time");
    run(&mut chain, WAITER, WAITER, vec![yield_call("resume", args)]);
    assert_eq!(
        status(&chain, &waiting.transaction),
        value("in the nick of time")
    );
}

#[test]
fn another_account_cannot_resume() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let args = resumption(waiting.data_id, "a lie");
    let hash = send(&mut chain, OTHER, "resume", args);
    assert_eq!(status(&chain, &hash), value(NOT_FOUND));
}

#[test]
fn a_yield_still_waits_after_a_resume_by_another_account() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let lie = resumption(waiting.data_id, "a lie");
    send(&mut chain, OTHER, "resume", lie);
    let truth = resumption(waiting.data_id, "the truth");
    send(&mut chain, WAITER, "resume", truth);
    assert_eq!(status(&chain, &waiting.transaction), value("the truth"));
}

/// Both resumes find the yield, because its callback has not run yet. Only the first payload counts.
#[test]
fn the_first_of_two_resumes_in_a_block_counts() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let resume = |chain: &mut Chain, from, payload| {
        let args = resumption(waiting.data_id, payload);
        let transaction = sign(chain, from, WAITER, vec![yield_call("resume", args)]);
        chain.submit(transaction).expect("it is valid")
    };
    let first = resume(&mut chain, ALICE, "first");
    let second = resume(&mut chain, BOB, "second");
    chain.produce_blocks_until_idle();

    assert_eq!(status(&chain, &first), value(FOUND));
    assert_eq!(status(&chain, &second), value(FOUND));
    assert_eq!(status(&chain, &waiting.transaction), value("first"));
    assert_eq!(executions(&chain, &waiting.receipt), 1);
}

#[test]
fn a_resume_after_the_callback_finds_nothing() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let resume = resumption(waiting.data_id, "the answer");
    send(&mut chain, WAITER, "resume", resume.clone());
    let late = send(&mut chain, WAITER, "resume", resume);
    assert_eq!(status(&chain, &late), value(NOT_FOUND));
}

#[test]
fn a_resume_after_the_time_out_finds_nothing() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let deadline = waiting.height + timeout(&chain);
    produce_until(&mut chain, deadline + 1);
    let args = resumption(waiting.data_id, "too late");
    let late = send(&mut chain, WAITER, "resume", args);
    assert_eq!(status(&chain, &late), value(NOT_FOUND));
}

#[test]
fn a_call_that_fails_leaves_no_yield() {
    let mut chain = contracts();
    let hash = send(&mut chain, WAITER, "wait_and_panic", "");
    let called = &tree(&chain, &hash)[0];
    // The first data id of the only action (`SPEC.md` §1.3).
    let action = create_action_hash_from_receipt_id(&called.id, called.block_height, 0);
    let data_id = create_receipt_id_from_action_hash(&action, called.block_height, 0);
    let resumed = send(&mut chain, WAITER, "resume", resumption(data_id, "hello"));
    assert_eq!(status(&chain, &resumed), value(NOT_FOUND));
}

#[test]
fn a_payload_has_a_greatest_length() {
    let mut chain = contracts();
    let waiting = wait(&mut chain);
    let limits = &chain.runtime_config().wasm_config.limit_config;
    let limit = limits.max_yield_payload_size;
    let payload = |length: u64| "x".repeat(usize::try_from(length).expect("a small limit"));

    let args = resumption(waiting.data_id, &payload(limit + 1));
    let too_long = send(&mut chain, WAITER, "resume", args);
    let expected = HostError::YieldPayloadLength {
        length: limit + 1,
        limit,
    };
    match status(&chain, &too_long) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => assert_eq!(
            error.kind,
            ActionErrorKind::FunctionCallError(FunctionCallError::ExecutionError(
                expected.to_string()
            ))
        ),
        other => panic!("it was to fail, and ended with {other:?}"),
    }

    let longest = payload(limit);
    let args = resumption(waiting.data_id, &longest);
    send(&mut chain, WAITER, "resume", args);
    assert_eq!(status(&chain, &waiting.transaction), value(&longest));
}

#[test]
fn a_contract_can_choose_the_id_of_its_yield() {
    let mut chain = contracts();
    let waiting = wait_with_id(&mut chain);
    let args = resumption(ID, "by its name");
    send(&mut chain, WAITER, "resume_with_id", args);
    assert_eq!(status(&chain, &waiting.transaction), value("by its name"));
}

#[test]
fn an_id_cannot_be_used_twice_while_it_waits() {
    let mut chain = contracts();
    wait_with_id(&mut chain);
    let second = send(&mut chain, WAITER, "wait_with_id", ID);
    assert_eq!(status(&chain, &second), value("taken"));
}

#[test]
fn an_id_is_free_again_when_its_callback_has_run() {
    let mut chain = contracts();
    wait_with_id(&mut chain);
    send(
        &mut chain,
        WAITER,
        "resume_with_id",
        resumption(ID, "the first"),
    );
    let second = wait_with_id(&mut chain);
    send(
        &mut chain,
        WAITER,
        "resume_with_id",
        resumption(ID, "the second"),
    );
    assert_eq!(status(&chain, &second.transaction), value("the second"));
}

#[test]
fn an_id_is_free_again_after_its_time_out() {
    let mut chain = contracts();
    let first = wait_with_id(&mut chain);
    let deadline = first.height + timeout(&chain);
    produce_until(&mut chain, deadline + 1);
    assert_eq!(status(&chain, &first.transaction), value("timed out"));
    wait_with_id(&mut chain);
}

#[test]
fn an_unused_id_cannot_be_resumed() {
    let mut chain = contracts();
    let hash = send(&mut chain, WAITER, "resume_with_id", ID);
    assert_eq!(status(&chain, &hash), value(NOT_FOUND));
}

#[test]
fn each_account_has_ids_of_its_own() {
    let mut chain = contracts();
    wait_with_id(&mut chain);
    let hash = send(&mut chain, OTHER, "resume_with_id", ID);
    assert_eq!(status(&chain, &hash), value(NOT_FOUND));
}
