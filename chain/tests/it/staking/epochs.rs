//! The validators of an epoch, and what RPC shows of them.

use near_primitives::types::{EpochId, ValidatorKickoutReason};
use near_primitives::views::ValidatorKickoutView;

use super::*;

const SEAT: u128 = 10_000;

fn proposals(chain: &Chain) -> Vec<(String, Balance)> {
    let proposals = validators(chain).current_proposals.into_iter();
    proposals
        .map(|proposal| proposal.into_validator_stake().account_and_stake())
        .map(|(id, stake)| (id.to_string(), stake))
        .collect()
}

#[test]
fn a_proposal_is_shown_from_the_next_block_to_the_end_of_the_epoch() {
    let mut chain = staking_chain(10);
    stake(&mut chain, ALICE, near(SEAT));
    assert!(proposals(&chain).is_empty());

    chain.produce_block();
    assert_eq!(proposals(&chain), [(ALICE.to_owned(), near(SEAT))]);
    let header = chain::views::block_view(&chain, chain.head());
    assert_eq!(header.header.validator_proposals.len(), 1);
    assert_eq!(header.chunks[0].validator_proposals.len(), 1);

    chain.produce_block();
    let header = chain::views::block_view(&chain, chain.head());
    assert!(header.header.validator_proposals.is_empty());
    grow_to(&mut chain, 10);
    assert_eq!(proposals(&chain).len(), 1);
    grow_to(&mut chain, 11);
    assert!(proposals(&chain).is_empty());
}

#[test]
fn the_last_proposal_of_an_account_counts() {
    let mut chain = staking_chain(10);
    let actions = [2 * SEAT, SEAT].map(|stake| stake_action(ALICE, near(stake)));
    run(&mut chain, ALICE, ALICE, actions.to_vec());
    assert_eq!(proposals(&chain), [(ALICE.to_owned(), near(SEAT))]);
    assert_eq!(locked(&chain, ALICE), near(2 * SEAT));

    stake(&mut chain, ALICE, near(3 * SEAT));
    chain.produce_block();
    assert_eq!(proposals(&chain), [(ALICE.to_owned(), near(3 * SEAT))]);
    grow_to(&mut chain, 21);
    let expected = [
        (NODE.to_owned(), near(NODE_STAKE)),
        (ALICE.to_owned(), near(3 * SEAT)),
    ];
    assert_eq!(stakes(&chain), expected);
}

#[test]
fn a_withdrawn_stake_counts_for_two_epochs_more() {
    let mut chain = staking_chain(10);
    stake(&mut chain, ALICE, near(SEAT));
    grow_to(&mut chain, 22);
    assert_eq!(stakes(&chain).len(), 2);
    stake(&mut chain, ALICE, Balance::ZERO);
    grow_to(&mut chain, 31);

    let kickout = ValidatorKickoutView {
        account_id: account(ALICE),
        reason: ValidatorKickoutReason::Unstaked,
    };
    let info = validators(&chain);
    assert_eq!(info.current_validators.len(), 2);
    assert_eq!(info.next_validators.len(), 1);
    assert_eq!(info.prev_epoch_kickout, [kickout]);
    grow_to(&mut chain, 41);
    let info = validators(&chain);
    assert_eq!(info.current_validators.len(), 1);
    assert!(info.prev_epoch_kickout.is_empty());
}

#[test]
fn a_validator_below_the_price_of_a_seat_is_kicked_out() {
    let mut chain = staking_chain(10);
    stake(&mut chain, ALICE, near(SEAT));
    grow_to(&mut chain, 22);
    stake(&mut chain, ALICE, near(SEAT / 10));
    grow_to(&mut chain, 31);

    let kickouts = validators(&chain).prev_epoch_kickout;
    let [kickout] = kickouts.as_slice() else {
        panic!("one kickout, not {kickouts:?}");
    };
    let ValidatorKickoutReason::NotEnoughStake { stake, threshold } = kickout.reason else {
        panic!("not {:?}", kickout.reason);
    };
    assert_eq!(stake, near(SEAT / 10));
    let seat = (50 * 10_u128.pow(30)).div_ceil(6_249);
    assert_eq!(threshold, Balance::from_yoctonear(seat));
}

#[test]
fn the_last_validators_stay_when_all_withdraw() {
    let mut chain = staking_chain(10);
    stake(&mut chain, NODE, Balance::ZERO);
    grow_to(&mut chain, 100);
    assert_eq!(stakes(&chain), [(NODE.to_owned(), near(NODE_STAKE))]);
    assert_eq!(locked(&chain, NODE), near(NODE_STAKE));
}

/// nearcore keeps them locked, because it forgets the proposals of such an epoch.
#[test]
fn tokens_return_to_others_when_all_validators_withdraw() {
    let mut chain = staking_chain(10);
    stake(&mut chain, NODE, Balance::ZERO);
    stake(&mut chain, ALICE, near(SEAT));
    stake(&mut chain, ALICE, Balance::ZERO);
    grow_to(&mut chain, 31);
    assert_eq!(stakes(&chain), [(NODE.to_owned(), near(NODE_STAKE))]);
    assert_eq!(locked(&chain, ALICE), Balance::ZERO);
}

#[test]
fn more_candidates_than_seats_leave_the_smallest_without_one() {
    let mut genesis = genesis(
        [ALICE, BOB, POOL]
            .map(account)
            .iter()
            .map(|id| (id, near(START))),
    );
    genesis.config.epoch_length = 10;
    genesis.config.num_block_producer_seats = 1;
    genesis.config.num_chunk_producer_seats = 2;
    genesis.config.num_chunk_validator_seats = 2;
    let vm = Vm::new(None).expect("a cache in memory needs nothing");
    let mut chain = Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound");
    for (id, amount) in [(ALICE, 30), (BOB, 10), (POOL, 20)] {
        stake(&mut chain, id, near(amount));
    }
    grow_to(&mut chain, 40);

    let expected = [(ALICE.to_owned(), near(30)), (POOL.to_owned(), near(20))];
    assert_eq!(stakes(&chain), expected);
    assert_eq!(chain.head().epoch_info().block_producers().len(), 1);
    assert_eq!(locked(&chain, BOB), Balance::ZERO);
}

#[test]
fn the_id_of_an_epoch_leads_back_to_it() {
    let mut chain = staking_chain(10);
    let first = chain::views::epoch_id(chain.head());
    assert_eq!(first, EpochId::default());
    let next = chain::views::next_epoch_id(chain.head());
    assert!(chain::views::latest_of_epoch(&chain, &next).is_none());
    grow_to(&mut chain, 25);

    let height = |id| chain::views::latest_of_epoch(&chain, id).map(|block| block.height);
    assert_eq!(height(&first), Some(10));
    assert_eq!(height(&next), Some(20));
    assert_eq!(height(&chain::views::epoch_id(chain.head())), Some(25));
}
