//! The end of time: no block stands after the year 2261.

use chain::testing::genesis;
use chain::{
    BLOCK_TIME, Chain, Clock, FastForwardError, GenesisError, SKIPPED_BLOCK_TIME, TIMESTAMP_LIMIT,
    TooLate, Vm,
};

use crate::test_chain::*;

fn chain_from(time: &str) -> Result<Chain, GenesisError> {
    let id = account("alice.near");
    let mut genesis = genesis([(&id, near(1))]);
    genesis.config.genesis_time = time.parse().unwrap();
    Chain::new(genesis, Clock::Manual, Vm::new(None).unwrap())
}

#[test]
fn a_genesis_may_begin_in_the_last_second_before_the_limit() {
    assert!(chain_from("2261-12-31T23:59:59.999999999Z").is_ok());
    assert!(chain_from("1970-01-01T00:00:00Z").is_ok());
}

#[test]
fn a_genesis_after_2261_is_refused() {
    for time in [
        "2262-01-01T00:00:00Z",
        "2262-04-11T23:47:16.854775808Z",
        "9999-01-01T00:00:00Z",
    ] {
        assert!(
            matches!(chain_from(time), Err(GenesisError::TooLate(_))),
            "{time}"
        );
    }
}

#[test]
fn a_genesis_before_1970_is_refused() {
    for time in ["1969-12-31T23:59:59.9Z", "0001-01-01T00:00:00Z"] {
        assert!(
            matches!(chain_from(time), Err(GenesisError::TooEarly)),
            "{time}"
        );
    }
}

#[test]
fn a_fast_forward_beyond_2261_is_refused_and_changes_nothing() {
    let mut chain = chain_from("2025-01-01T00:00:00Z").unwrap();
    let before = chain.head().hash;
    let left = TIMESTAMP_LIMIT - chain.head().timestamp - BLOCK_TIME.as_nanos() as u64;
    let most = (left - 1) / SKIPPED_BLOCK_TIME.as_nanos() as u64;

    let refused = chain.fast_forward(most + 1);

    assert_eq!(refused.err(), Some(FastForwardError::TooLate(TooLate)));
    assert_eq!(chain.head().hash, before);
    assert!(chain.fast_forward(most).is_ok());
    assert!(chain.head().timestamp < TIMESTAMP_LIMIT);
}
