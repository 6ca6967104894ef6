//! One block at a time (`SPEC.md` §5): the contents of a block, transactions between a call and its
//! callback, and equal runs and forks.

use std::sync::LazyLock;
use std::time::Duration;

use chain::testing::{genesis, signer};
use chain::{BLOCK_TIME, Chain, Clock, MAX_HEIGHT, SKIPPED_BLOCK_TIME, TooHigh, Vm};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, BlockHeight, Gas};
use near_primitives::views::FinalExecutionStatus;
use serde_json::{Value, json};

use crate::test_chain::*;

const MALLORY: &str = "mallory.near";
/// The contract that calls another one and gets a callback.
const DOOR: &str = "door.near";
/// The contract that it calls.
const BELL: &str = "bell.near";

const ACCOUNTS: [&str; 5] = [ALICE, BOB, MALLORY, DOOR, BELL];

/// The machine, with compiled contracts that all tests share.
static COMPILED: LazyLock<Vm> = LazyLock::new(in_memory);

fn in_memory() -> Vm {
    Vm::new(None).expect("a cache in memory needs nothing")
}

fn fresh(vm: &Vm) -> Chain {
    let accounts = ACCOUNTS.map(account);
    let genesis = genesis(accounts.iter().map(|id| (id, near(100))));
    Chain::new(genesis, Clock::Manual, vm.clone()).expect("the genesis is sound")
}

/// Returns a chain whose first block stands this far below the greatest height.
fn below_the_top(heights: BlockHeight) -> Chain {
    let accounts = ACCOUNTS.map(account);
    let mut genesis = genesis(accounts.iter().map(|id| (id, near(100))));
    genesis.config.genesis_height = MAX_HEIGHT - heights;
    Chain::new(genesis, Clock::Manual, COMPILED.clone()).expect("the genesis is sound")
}

fn contracts() -> Chain {
    let mut chain = fresh(&COMPILED);
    deploy(&mut chain, DOOR, PROBE);
    deploy(&mut chain, BELL, PROBE);
    chain
}

/// Submits a program for the next block.
fn submit(chain: &mut Chain, from: &str, to: &str, statements: Value) -> CryptoHash {
    let action = program(statements, 200, Balance::ZERO);
    let transaction = sign(chain, from, to, vec![action]);
    chain.submit(transaction).expect("it is valid")
}

fn produce(chain: &mut Chain, blocks: usize) {
    for _ in 0..blocks {
        chain.produce_block();
    }
}

/// Returns a call of the door: it logs `name`, calls the bell, and gets a callback.
fn opening(name: &str, before: Value, callback: Value) -> Value {
    let said = |what: &str| json!({"log": {"text": format!("{name} {what}")}});
    json!([
        said("starts"),
        before,
        {"create": {"to": BELL, "actions": [
            {"run": {"program": [said("rings")], "tgas": 20}}]}},
        {"then": {"after": 0, "to": DOOR, "actions": [
            {"run": {"program": [callback, said("ends")], "tgas": 20}}]}},
        {"return_promise": {"of": 1}},
    ])
}

fn write_lock(value: &str) -> Value {
    json!({"write": {"key": "lock", "value": value}})
}

fn read_lock() -> Value {
    json!({"read": {"key": "lock"}})
}

/// Returns a call that first locks the door, and reads the lock in its callback.
fn careful_opening() -> Value {
    opening("Alice", write_lock("held"), read_lock())
}

/// Returns a call that reads the lock and takes it.
fn theft() -> Value {
    json!([read_lock(), write_lock("stolen")])
}

fn found_lock(value: &str) -> String {
    format!("read lock=Some({value:?})")
}

/// Returns the logs of a transaction's receipts, parents before children.
fn logs(chain: &Chain, hash: &CryptoHash) -> Vec<String> {
    tree(chain, hash)
        .iter()
        .flat_map(|receipt| receipt.outcome.logs.clone())
        .collect()
}

/// Returns the logs above a height, in the order of execution.
fn logs_after(chain: &Chain, height: BlockHeight) -> Vec<String> {
    (height + 1..=chain.head().height)
        .filter_map(|height| chain.block_at(height))
        .flat_map(|block| &block.outcomes)
        .flat_map(|id| outcome(chain, id).outcome.logs.clone())
        .collect()
}

fn done() -> FinalExecutionStatus {
    FinalExecutionStatus::SuccessValue(Vec::new())
}

#[test]
fn nothing_happens_before_a_block_is_produced() {
    let mut chain = contracts();
    let height = chain.head().height;
    let hash = submit(&mut chain, ALICE, DOOR, json!([]));
    assert!(chain.is_pending(&hash));
    assert_eq!(chain.head().height, height);
}

#[test]
fn a_block_takes_all_transactions_in_the_order_of_arrival() {
    let mut chain = contracts();
    let submitted: Vec<_> = [MALLORY, ALICE, BOB]
        .map(|from| submit(&mut chain, from, DOOR, json!([])))
        .into();
    let block = chain.produce_block();
    let taken: Vec<_> = block
        .transactions
        .iter()
        .map(|transaction| *transaction.hash())
        .collect();
    assert_eq!(taken, submitted);
}

#[test]
fn the_transactions_of_one_key_run_in_the_order_of_their_nonces() {
    let mut chain = contracts();
    let alice = signer(&account(ALICE));
    let key = chain
        .head()
        .state
        .access_key(&account(ALICE), &alice.public_key());
    let used = key.expect("the key is there").nonce;
    let hashes = [used + 3, used + 1, used + 2].map(|nonce| {
        let gift = vec![transfer(near(1))];
        let transaction = chain.signed_with_nonce(&alice, &account(BOB), nonce, gift);
        chain.submit(transaction).expect("it is valid")
    });
    chain.produce_blocks_until_idle();
    for hash in hashes {
        assert_eq!(status(&chain, &hash), done());
    }
}

#[test]
fn each_hop_of_a_call_takes_a_block() {
    let mut chain = contracts();
    let height = chain.head().height;
    let hash = submit(&mut chain, ALICE, DOOR, careful_opening());
    chain.produce_blocks_until_idle();

    let height_of = |text: &str| {
        let receipts = tree(&chain, &hash);
        let found = receipts
            .iter()
            .find(|receipt| receipt.outcome.logs.iter().any(|log| log == text));
        found.expect("it was logged").block_height - height
    };
    assert_eq!(outcome(&chain, &hash).block_height - height, 1);
    assert_eq!(height_of("Alice starts"), 2);
    assert_eq!(height_of("Alice rings"), 3);
    assert_eq!(height_of("Alice ends"), 4);
}

#[test]
fn a_local_receipt_runs_in_the_block_of_its_transaction() {
    let mut chain = contracts();
    let hash = submit(&mut chain, DOOR, DOOR, json!([]));
    chain.produce_block();
    let receipts = tree(&chain, &hash);
    assert_eq!(receipts[0].block_height, chain.head().height);
}

#[test]
fn two_calls_of_one_block_are_interleaved() {
    let mut chain = contracts();
    let height = chain.head().height;
    for (from, name) in [(ALICE, "Alice"), (BOB, "Bob")] {
        let statements = opening(name, json!({"remove": {"key": "lock"}}), read_lock());
        submit(&mut chain, from, DOOR, statements);
    }
    chain.produce_blocks_until_idle();
    let without_reads: Vec<_> = logs_after(&chain, height)
        .into_iter()
        .filter(|log| !log.starts_with("read"))
        .collect();
    assert_eq!(
        without_reads,
        [
            "Alice starts",
            "Bob starts",
            "Alice rings",
            "Bob rings",
            "Alice ends",
            "Bob ends"
        ]
    );
}

/// Returns a chain on which the door is locked and its callback has not run yet.
fn locked() -> (Chain, CryptoHash) {
    let mut chain = contracts();
    let hash = submit(&mut chain, ALICE, DOOR, careful_opening());
    produce(&mut chain, 2);
    (chain, hash)
}

#[test]
fn a_transaction_between_a_call_and_its_callback_sees_the_state_of_the_call() {
    let (mut chain, _) = locked();
    let theft = submit(&mut chain, MALLORY, DOOR, theft());
    chain.produce_blocks_until_idle();
    assert_eq!(logs(&chain, &theft), [found_lock("held")]);
}

#[test]
fn a_transaction_between_a_call_and_its_callback_changes_the_state_of_the_callback() {
    let (mut chain, opening) = locked();
    submit(&mut chain, MALLORY, DOOR, theft());
    chain.produce_blocks_until_idle();
    assert!(logs(&chain, &opening).contains(&found_lock("stolen")));
}

#[test]
fn a_transaction_that_comes_one_block_later_does_not_reach_the_callback() {
    let (mut chain, opening) = locked();
    produce(&mut chain, 1);
    submit(&mut chain, MALLORY, DOOR, theft());
    chain.produce_blocks_until_idle();
    assert!(logs(&chain, &opening).contains(&found_lock("held")));
}

/// Runs a mixture: successes, failures, new accounts, skipped heights.
fn play(chain: &mut Chain) {
    deploy(chain, DOOR, PROBE);
    deploy(chain, BELL, PROBE);
    for (from, statements) in [
        (ALICE, careful_opening()),
        (MALLORY, theft()),
        (BOB, json!([{"panic": {"text": "no"}}])),
    ] {
        submit(chain, from, DOOR, statements);
    }
    produce(chain, 2);
    create(chain, BOB, "child.bob.near", near(2));
    chain.fast_forward(10).unwrap();
    let failing = vec![
        transfer(near(1)),
        call("run", [], Gas::from_gas(1), near(1)),
    ];
    run(chain, ALICE, "child.bob.near", failing);
}

/// Returns the contents of a chain, block by block: hashes, outcomes, and the state.
fn history(chain: &Chain) -> Vec<String> {
    (chain.first_block().height..=chain.head().height)
        .filter_map(|height| chain.block_at(height))
        .map(|block| {
            let ids = block.outcomes.iter();
            let outcomes: Vec<_> = ids.map(|id| outcome(chain, id)).collect();
            let entries = block.state.iter();
            let state: Vec<_> = entries.map(|(key, value)| (key, &value[..])).collect();
            let state = CryptoHash::hash_borsh(state);
            let (height, hash, root) = (block.height, block.hash, block.state_root);
            format!("{height} {hash} {root} {state} {outcomes:?}")
        })
        .collect()
}

#[track_caller]
fn assert_equal(one: &[String], two: &[String]) {
    for (one, two) in one.iter().zip(two) {
        assert_eq!(one, two);
    }
    assert_eq!(one.len(), two.len());
}

fn played(vm: &Vm) -> Vec<String> {
    let mut chain = fresh(vm);
    play(&mut chain);
    history(&chain)
}

#[test]
fn two_runs_have_equal_hashes() {
    assert_equal(&played(&in_memory()), &played(&in_memory()));
}

/// nearcore puts local receipts that find no room behind those that are already delayed
/// (`process_local_receipts` of its runtime).
#[test]
fn delayed_receipts_run_in_the_order_of_arrival() {
    let accounts = ACCOUNTS.map(account);
    let mut genesis = genesis(accounts.iter().map(|id| (id, near(100))));
    genesis.config.gas_limit = Gas::from_gas(1);
    let mut chain = Chain::new(genesis, Clock::Manual, COMPILED.clone()).unwrap();
    let mut sent = Vec::new();
    for senders in [&[ALICE, BOB, MALLORY][..], &[DOOR, BELL]] {
        for sender in senders {
            let to_itself = sign(&chain, sender, sender, vec![transfer(near(1))]);
            sent.push(chain.submit(to_itself).unwrap());
        }
        chain.produce_block();
    }
    chain.produce_blocks_until_idle();

    let heights: Vec<_> = sent
        .iter()
        .map(|hash| {
            let receipt = chain.outcome(hash).unwrap().outcome.receipt_ids[0];
            chain.outcome(&receipt).unwrap().block_height
        })
        .collect();
    let [.., mallory, _, bell] = heights[..] else {
        panic!("not five heights: {heights:?}");
    };
    assert!(mallory < bell, "{heights:?}");
}

#[test]
fn a_fast_forward_takes_time_for_each_height() {
    let mut chain = fresh(&COMPILED);
    let before = chain.head().timestamp;

    let after = chain.fast_forward(10).unwrap().timestamp;

    let passed = Duration::from_nanos(after - before);
    assert_eq!(passed, BLOCK_TIME + SKIPPED_BLOCK_TIME * 10);
}

#[test]
fn a_fast_forward_cannot_exceed_the_greatest_height() {
    let mut chain = below_the_top(1_000);
    let too_high = Some(TooHigh.into());
    assert_eq!(chain.fast_forward(1_001).err(), too_high);

    chain.fast_forward(1_000).unwrap();

    assert_eq!(chain.fast_forward(1).err(), too_high);
}

#[test]
fn a_new_key_can_be_added_at_the_highest_block() {
    let mut chain = below_the_top(0);

    create(&mut chain, BOB, "child.bob.near", near(2));

    assert!(
        chain
            .head()
            .state
            .account(&account("child.bob.near"))
            .is_some()
    );
}

#[test]
fn a_cache_of_compiled_contracts_changes_nothing() {
    let vm = in_memory();
    assert_equal(&played(&vm), &played(&vm));
}

#[test]
fn a_different_transaction_changes_all_later_hashes() {
    let [one, two] = [1, 2].map(|amount| {
        let mut chain = fresh(&COMPILED);
        let gift = vec![transfer(Balance::from_yoctonear(amount))];
        run(&mut chain, ALICE, BOB, gift);
        chain
    });
    assert_eq!(one.first_block().hash, two.first_block().hash);
    assert_ne!(one.head().hash, two.head().hash);
}

#[test]
fn a_fork_does_not_change_the_original() {
    let (chain, _) = locked();
    let before = history(&chain);
    let mut fork = chain.clone();
    submit(&mut fork, MALLORY, DOOR, theft());
    fork.produce_blocks_until_idle();
    assert_equal(&history(&chain), &before);
}

#[test]
fn the_original_continues_as_without_a_fork() {
    let (mut chain, _) = locked();
    let mut twin = locked().0;
    let mut fork = chain.clone();
    submit(&mut fork, MALLORY, DOOR, theft());
    fork.produce_blocks_until_idle();
    chain.produce_blocks_until_idle();
    twin.produce_blocks_until_idle();
    assert_equal(&history(&chain), &history(&twin));
}

#[test]
fn both_sides_of_a_fork_finish_pending_receipts() {
    let (mut chain, opening) = locked();
    let mut fork = chain.clone();
    submit(&mut fork, MALLORY, DOOR, theft());
    fork.produce_blocks_until_idle();
    chain.produce_blocks_until_idle();
    assert!(logs(&chain, &opening).contains(&found_lock("held")));
    assert!(logs(&fork, &opening).contains(&found_lock("stolen")));
}

#[test]
fn a_fork_has_the_transactions_that_wait_for_the_next_block() {
    let mut chain = contracts();
    let hash = submit(&mut chain, ALICE, DOOR, json!([]));
    let mut fork = chain.clone();
    fork.produce_blocks_until_idle();
    assert_eq!(status(&fork, &hash), done());
    assert!(chain.is_pending(&hash));
}
