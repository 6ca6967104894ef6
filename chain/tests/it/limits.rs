//! The limits that large payloads meet: the storage proof of a receipt and of a block (`SPEC.md` §3), and the
//! bandwidth of a link (§5).
//!
//! The contract is `fixtures/limits.wat`.

use chain::Chain;
use near_primitives::errors::{ActionErrorKind, FunctionCallError, TxExecutionError};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{Balance, Gas};
use near_primitives::universal_state_init::{UniversalStateInit, UniversalStateInitV1};
use near_primitives::views::FinalExecutionStatus;

use crate::test_chain::*;

const LIMITS: &[u8] = include_bytes!("../fixtures/limits.wasm");

const STORE: &str = "store.near";

/// The limit of a receipt and, once it is passed, that of a block, in bytes.
const LIMIT: usize = 4_000_000;
/// More bytes than the nodes on the way to one value take on these small chains.
const NODES: usize = 1_500;

/// Returns a chain whose contract stores values of these lengths, all different, under numbered keys.
fn stored(lengths: &[usize]) -> Chain {
    let mut chain = chain(&[(ALICE, near(1_000)), (STORE, near(1_000))]);
    deploy(&mut chain, STORE, LIMITS);
    store(&mut chain, lengths, |number| number as u8);
    chain
}

fn store(chain: &mut Chain, lengths: &[usize], byte: impl Fn(usize) -> u8) {
    let record = |(number, length): (usize, &usize)| StateRecord::Data {
        account_id: account(STORE),
        data_key: key(number).to_vec().into(),
        value: vec![byte(number); *length].into(),
    };
    let records = lengths.iter().enumerate().map(record).collect();
    chain.patch_state(records).expect("data can be patched");
    chain.produce_block();
}

fn key(number: usize) -> [u8; 2] {
    (number as u16).to_be_bytes()
}

fn call_store(chain: &mut Chain, method: &str, args: Vec<u8>) -> CryptoHash {
    let action = call(method, args, Gas::from_teragas(900), Balance::ZERO);
    run(chain, ALICE, STORE, vec![action])
}

/// Calls a method for these keys, and returns the error if there is one.
fn touch(
    chain: &mut Chain,
    method: &str,
    numbers: impl IntoIterator<Item = usize>,
) -> Option<String> {
    let keys: Vec<_> = numbers.into_iter().flat_map(key).collect();
    let hash = call_store(chain, method, keys);
    match status(chain, &hash) {
        FinalExecutionStatus::SuccessValue(_) => None,
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => match error.kind {
            ActionErrorKind::FunctionCallError(FunctionCallError::ExecutionError(text)) => {
                Some(text)
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn assert_exceeded(error: Option<String>) {
    let error = error.expect("the proof is too large");
    let words = "Size of the recorded trie storage proof has exceeded the allowed limit";
    assert!(error.contains(words), "{error}");
}

#[test]
fn a_receipt_that_reads_6_megabytes_exceeds_the_storage_proof() {
    let mut chain = stored(&[1_000_000; 6]);
    assert_exceeded(touch(&mut chain, "read", 0..6));
}

#[test]
fn a_receipt_that_reads_less_than_4_megabytes_does_not() {
    let mut chain = stored(&[990_000; 4]);
    assert_eq!(touch(&mut chain, "read", 0..4), None);
}

/// The nodes on the way to a value are counted, too: on a small chain they take some hundred bytes.
#[test]
fn the_edge_lies_within_the_nodes_of_the_limit() {
    let mut chain = stored(&[LIMIT, LIMIT - NODES]);
    assert_eq!(touch(&mut chain, "read", [1]), None);
    assert_exceeded(touch(&mut chain, "read", [0]));
}

#[test]
fn a_value_that_is_read_again_counts_once() {
    let mut chain = stored(&[1_000_000]);
    assert_eq!(touch(&mut chain, "read", [0; 10]), None);
}

/// A node records values by their hash.
#[test]
fn values_of_equal_bytes_count_once() {
    let mut chain = stored(&[]);
    store(&mut chain, &[1_000_000; 6], |_| 7);
    assert_eq!(touch(&mut chain, "read", 0..6), None);
}

#[test]
fn a_receipt_that_fails_for_its_proof_does_not_spoil_the_next() {
    let mut chain = stored(&[1_000_000; 6]);
    assert_exceeded(touch(&mut chain, "read", 0..6));
    assert_eq!(touch(&mut chain, "read", 0..3), None);
}

#[test]
fn a_removal_counts_2000_bytes() {
    let mut chain = stored(&[1]);
    assert_eq!(touch(&mut chain, "remove", 5_000..6_900), None);
    assert_exceeded(touch(&mut chain, "remove", 5_000..7_100));
}

/// Each of the nodes is counted once, so a thousand reads of small values stay far below the limit.
#[test]
fn a_thousand_reads_of_small_values_are_no_large_proof() {
    let mut chain = stored(&[100; 1_000]);
    assert_eq!(touch(&mut chain, "read", 0..1_000), None);
}

#[test]
fn a_view_has_no_storage_proof() {
    let chain = stored(&[1_000_000; 6]);
    let keys: Vec<_> = (0..6).flat_map(key).collect();
    let seen = chain.call_view(chain.head(), &account(STORE), "read", &keys);
    assert!(seen.is_ok(), "{seen:?}");
}

/// A node takes no more receipts into a block whose proof is above the limit.
#[test]
fn receipts_beyond_the_proof_of_a_block_wait_for_the_next() {
    let mut chain = stored(&[1_100_000; 8]);
    for number in 0..8 {
        let keys = key(number).to_vec();
        let action = call("read", keys, Gas::from_teragas(50), Balance::ZERO);
        let nonce = chain.signed(
            &chain::testing::signer(&account(ALICE)),
            &account(STORE),
            vec![],
        );
        let nonce = nonce.transaction.nonce().nonce() + number as u64;
        let signer = chain::testing::signer(&account(ALICE));
        let signed = chain.signed_with_nonce(&signer, &account(STORE), nonce, vec![action]);
        chain.submit(signed).expect("the transaction is valid");
    }
    chain.produce_block();
    let run_in_blocks = [(); 2].map(|()| {
        let block = chain.produce_block();
        let executed = block.outcomes.iter().filter(|id| {
            let outcome = chain.outcome(id).expect("it was executed");
            outcome.outcome.executor_id == account(STORE)
        });
        executed.count()
    });
    assert_eq!(run_in_blocks, [4, 4]);
}

/// Returns the number of receipts with actions on the store in each of the next blocks.
fn executed_per_block(chain: &mut Chain) -> Vec<usize> {
    let mut counts = Vec::new();
    while !chain.is_idle() {
        let block = chain.produce_block();
        let outcomes = block.outcomes.iter();
        let on_store =
            outcomes.filter(|id| outcome(chain, id).outcome.executor_id == account(STORE));
        counts.push(on_store.count());
    }
    counts
}

/// Two receipts of 2 MB fit into the 4.5 MB of a link.
#[test]
fn eight_promises_of_2_megabytes_are_sent_two_in_a_block() {
    let mut chain = stored(&[]);
    let action = call("spread", STORE, Gas::from_teragas(900), Balance::ZERO);
    let signed = sign(&chain, ALICE, STORE, vec![action]);
    chain.submit(signed).expect("the transaction is valid");
    let counts = executed_per_block(&mut chain);
    // Conversion; the call; the small promise with the first two; and then two by two.
    assert_eq!(counts, [0, 1, 3, 2, 2, 2, 0]);
}

#[test]
fn a_small_receipt_overtakes_those_that_wait_for_bandwidth() {
    let mut chain = stored(&[]);
    let hash = call_store(&mut chain, "spread", STORE.into());
    let receipts = tree(&chain, &hash);
    let promises: Vec<_> = receipts[0].outcome.receipt_ids[..9]
        .iter()
        .map(|id| outcome(&chain, id).block_height)
        .collect();
    let first = promises[0];
    assert_eq!(promises[7], first + 3);
    assert_eq!(promises[8], first);
}

fn derived(chain: &mut Chain, state_init: Vec<u8>) -> u8 {
    let hash = call_store(chain, "derive", state_init);
    match status(chain, &hash) {
        FinalExecutionStatus::SuccessValue(value) => value[0],
        other => panic!("{other:?}"),
    }
}

/// The host function says whether the bytes are the canonical form of a state init.
#[test]
fn malformed_bytes_have_no_universal_account() {
    let mut chain = stored(&[]);
    let state_init = UniversalStateInit::V1(UniversalStateInitV1 {
        code: None,
        data: Default::default(),
        access_keys: [public_key(ALICE).into(), public_key(STORE).into()].into(),
    });
    let canonical = state_init.to_raw().0;
    let keys = canonical.len() - 66;
    let swapped = [
        &canonical[..keys],
        &canonical[keys + 33..],
        &canonical[keys..keys + 33],
    ]
    .concat();
    assert_eq!(derived(&mut chain, canonical), 0);
    assert_eq!(derived(&mut chain, b"no state init".to_vec()), 1);
    assert_eq!(derived(&mut chain, swapped), 2);
}
