//! The life of a staking pool, from the first deposit to the last withdrawal. The contract is
//! `fixtures/pool.wat`.

use chain::{Chain, ViewResult};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, BlockHeight, Gas};
use near_primitives::views::FinalExecutionStatus;

use super::*;

const CODE: &[u8] = include_bytes!("../../fixtures/pool.wasm");
const EPOCH: BlockHeight = 60;
/// The deposit, in NEAR: enough for a seat.
const DEPOSIT: u128 = 10_000;

fn pool_chain() -> Chain {
    let mut chain = staking_chain(EPOCH);
    deploy(&mut chain, POOL, CODE);
    chain
}

/// Calls the pool as Alice, and produces blocks until the chain is idle.
fn send(chain: &mut Chain, method: &str, deposit: Balance) -> CryptoHash {
    let key = borsh::to_vec(&public_key(POOL)).expect("a key can be serialised");
    let action = call(method, key, Gas::from_teragas(100), deposit);
    run(chain, ALICE, POOL, vec![action])
}

fn succeed(chain: &mut Chain, method: &str, deposit: Balance) {
    let hash = send(chain, method, deposit);
    let status = status(chain, &hash);
    assert_eq!(status, FinalExecutionStatus::SuccessValue(Vec::new()));
}

/// Skips heights to the start of the epoch with a number of epochs before it.
fn skip_to_epoch(chain: &mut Chain, index: BlockHeight) {
    skip_to(chain, 1 + index * EPOCH);
}

fn view(chain: &Chain, method: &str) -> Vec<u8> {
    let called = chain.call_view(chain.head(), &account(POOL), method, POOL.as_bytes());
    let ViewResult { value, .. } = called.expect("the pool has this view");
    value
}

fn epoch_height(chain: &Chain) -> u64 {
    let value = view(chain, "epoch_height");
    u64::from_le_bytes(value.try_into().expect("eight bytes"))
}

fn amount(chain: &Chain, method: &str) -> Balance {
    let value = view(chain, method).try_into().expect("sixteen bytes");
    Balance::from_yoctonear(u128::from_le_bytes(value))
}

/// Returns the tokens that Alice has paid for gas, in all blocks.
fn paid_for_gas(chain: &Chain) -> Balance {
    let heights = 0..=chain.head().height;
    let blocks = heights.filter_map(|height| chain.block_at(height));
    let outcomes = blocks.flat_map(|block| &block.outcomes);
    outcomes
        .map(|id| outcome(chain, id).outcome.tokens_burnt)
        .fold(Balance::ZERO, Balance::saturating_add)
}

#[test]
fn a_staking_pool_pays_out_what_was_deposited_to_the_yoctonear() {
    let mut chain = pool_chain();
    let (before, gas_before) = (balance(&chain, ALICE), paid_for_gas(&chain));
    let pool_before = balance(&chain, POOL);
    let gas = |chain: &Chain| paid_for_gas(chain).saturating_sub(gas_before);

    succeed(&mut chain, "deposit_and_stake", near(DEPOSIT));
    assert_eq!(locked(&chain, POOL), near(DEPOSIT));
    assert_eq!(balance(&chain, POOL), pool_before);

    skip_to_epoch(&mut chain, 2);
    succeed(&mut chain, "ping", Balance::ZERO);
    assert_eq!(amount(&chain, "validator_stake"), near(DEPOSIT));

    skip_to_epoch(&mut chain, 3);
    succeed(&mut chain, "unstake_all", Balance::ZERO);
    assert_eq!(locked(&chain, POOL), near(DEPOSIT));
    let early = send(&mut chain, "withdraw_all", Balance::ZERO);
    assert!(matches!(
        status(&chain, &early),
        FinalExecutionStatus::Failure(_)
    ));

    let unstaked = chain.clone();
    skip_to_epoch(&mut chain, 7);
    assert_eq!(locked(&chain, POOL), Balance::ZERO);
    assert_eq!(
        balance(&chain, POOL),
        pool_before.saturating_add(near(DEPOSIT))
    );
    succeed(&mut chain, "withdraw_all", Balance::ZERO);
    assert_eq!(
        balance(&chain, ALICE),
        before.saturating_sub(gas(&chain)),
        "Alice has paid for gas, and nothing else"
    );
    assert_eq!(balance(&chain, POOL), pool_before);

    // The stake counts until the end of the fifth epoch, and the pool waits one more.
    for (index, still_locked) in [(4, near(DEPOSIT)), (5, near(DEPOSIT)), (6, Balance::ZERO)] {
        let mut chain = unstaked.clone();
        skip_to_epoch(&mut chain, index);
        assert_eq!(locked(&chain, POOL), still_locked, "epoch {index}");
    }
}

#[test]
fn contracts_see_the_validators_of_the_epoch() {
    let mut chain = pool_chain();
    succeed(&mut chain, "deposit_and_stake", near(DEPOSIT));
    for (index, stake) in [(0, 0), (1, 0), (2, DEPOSIT), (3, DEPOSIT)] {
        if index > 0 {
            skip_to_epoch(&mut chain, index);
        }
        assert_eq!(amount(&chain, "validator_stake"), near(stake));
        assert_eq!(
            amount(&chain, "validator_total_stake"),
            near(NODE_STAKE + stake)
        );
        let mut shown = stakes(&chain).into_iter();
        let shown = shown.find(|(id, _)| id == POOL);
        assert_eq!(shown.map_or(Balance::ZERO, |(_, stake)| stake), near(stake));
    }
}

#[test]
fn views_of_an_older_block_see_its_epoch() {
    let mut chain = pool_chain();
    succeed(&mut chain, "deposit_and_stake", near(DEPOSIT));
    let early = chain.head().clone();
    skip_to_epoch(&mut chain, 4);

    let pool = account(POOL);
    let read = |method| chain.call_view(&early, &pool, method, POOL.as_bytes());
    let stake = read("validator_stake").expect("the pool has this view");
    assert_eq!(stake.value, [0; 16]);
    let height = read("epoch_height").expect("the pool has this view");
    assert_eq!(height.value, 1_u64.to_le_bytes());
}

#[test]
fn contracts_count_the_first_two_epochs_as_one() {
    let mut chain = pool_chain();
    let expected = [
        (60, 1),
        (61, 1),
        (63, 1),
        (120, 1),
        (121, 2),
        (123, 2),
        (181, 3),
    ];
    for (height, epoch) in expected {
        skip_to(&mut chain, height);
        assert_eq!(epoch_height(&chain), epoch, "view at {height}");
        assert_eq!(chain.head().epoch_height, epoch, "block at {height}");
        assert_eq!(validators(&chain).epoch_height, epoch, "RPC at {height}");
    }
    let action = call("epoch_height", [], Gas::from_teragas(100), Balance::ZERO);
    let hash = run(&mut chain, ALICE, POOL, vec![action]);
    let seen = FinalExecutionStatus::SuccessValue(3_u64.to_le_bytes().to_vec());
    assert_eq!(status(&chain, &hash), seen);
}
