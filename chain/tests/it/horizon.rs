//! Bounded memory: the chain keeps a number of blocks, and removes the contents of older ones.

use chain::testing::genesis;
use chain::{Chain, Clock, KEPT_BLOCKS, Vm};
use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;

use crate::test_chain::*;

/// Returns a chain with a transfer in the first block, and its receipt in the second.
fn with_a_transfer() -> (Chain, CryptoHash) {
    let mut chain = chain(&[("alice.near", near(10)), ("bob.near", near(10))]);
    let hash = run(
        &mut chain,
        "alice.near",
        "bob.near",
        vec![transfer(near(1))],
    );
    (chain, hash)
}

fn grow_to(chain: &mut Chain, height: u64) {
    while chain.head().height < height {
        chain.produce_block();
    }
}

#[test]
fn a_recent_transaction_is_kept() {
    let (mut chain, hash) = with_a_transfer();
    let made_at = outcome(&chain, &hash).block_height;
    let receipt = outcome(&chain, &hash).outcome.receipt_ids[0];

    grow_to(&mut chain, made_at + KEPT_BLOCKS as u64 - 1);

    assert!(chain.transaction(&hash).is_some());
    assert!(chain.outcome(&hash).is_some());
    assert!(chain.receipt(&receipt).is_some());
    assert!(chain.block_at(made_at).is_some());
}

#[test]
fn an_old_transaction_is_removed_completely() {
    let (mut chain, hash) = with_a_transfer();
    let (made_at, made_in) = (
        outcome(&chain, &hash).block_height,
        outcome(&chain, &hash).block_hash,
    );
    let receipts: Vec<_> = tree(&chain, &hash)
        .iter()
        .map(|outcome| outcome.id)
        .collect();

    grow_to(&mut chain, made_at + KEPT_BLOCKS as u64 + 3);

    assert!(chain.transaction(&hash).is_none());
    assert!(chain.outcome(&hash).is_none());
    assert!(chain.block_at(made_at).is_none());
    assert!(chain.block_by_hash(&made_in).is_none());
    for receipt in receipts {
        assert!(chain.receipt(&receipt).is_none() && chain.outcome(&receipt).is_none());
    }
}

#[test]
fn a_transaction_that_is_no_longer_kept_has_expired() {
    let mut chain = chain(&[("alice.near", near(10)), ("bob.near", near(10))]);
    let signed = sign(&chain, "alice.near", "bob.near", vec![transfer(near(1))]);
    chain
        .submit(signed.clone())
        .expect("the transaction is valid");
    let end = chain.head().height + KEPT_BLOCKS as u64 + 3;
    grow_to(&mut chain, end);

    assert_eq!(chain.submit(signed), Err(InvalidTxError::Expired));
}

#[test]
fn the_first_block_is_always_there() {
    let (mut chain, _) = with_a_transfer();
    let genesis = chain.first_block().clone();
    let end = chain.head().height + KEPT_BLOCKS as u64 + 3;
    grow_to(&mut chain, end);
    let found = [
        chain.block_at(genesis.height),
        chain.block_by_hash(&genesis.hash),
    ];
    for block in found {
        assert_eq!(block.map(|block| block.hash), Some(genesis.hash));
    }
    assert!(chain.first_block().height > genesis.height);
}

#[test]
fn a_transaction_may_name_a_block_for_the_whole_validity_period() {
    let accounts = [(account("alice.near"), near(10))];
    let mut genesis = genesis(accounts.iter().map(|(id, amount)| (id, *amount)));
    let period = KEPT_BLOCKS as u64 + 200;
    genesis.config.transaction_validity_period = period;
    let vm = Vm::new(None).expect("a cache in memory needs nothing");
    let mut chain = Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound");
    chain.produce_block();
    let gift = |amount| vec![transfer(Balance::from_yoctonear(amount))];
    let base = chain.head().height;
    let [first, second] = [1, 2].map(|amount| sign(&chain, "alice.near", "bob.near", gift(amount)));

    grow_to(&mut chain, base + period);
    assert!(chain.submit(first).is_ok());
    chain.produce_block();
    assert_eq!(chain.submit(second), Err(InvalidTxError::Expired));
}

#[test]
fn the_effects_of_a_transaction_outlive_its_outcome() {
    let (mut chain, _) = with_a_transfer();
    let end = chain.head().height + KEPT_BLOCKS as u64 + 3;

    grow_to(&mut chain, end);

    assert_eq!(balance(&chain, "bob.near"), near(11));
}
