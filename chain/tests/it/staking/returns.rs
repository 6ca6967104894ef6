//! What is locked, and the block in which it returns.

use near_primitives::action::DeleteAccountAction;
use near_primitives::errors::{ActionErrorKind, TxExecutionError};
use near_primitives::types::{BlockHeight, Gas};
use near_primitives::views::{
    FinalExecutionStatus, StateChangeCauseView, StateChangeValueView, StateChangesRequestView,
};

use super::*;

const SEAT: u128 = 10_000;

/// Returns the height of the first block, until `end`, after which less is locked.
fn returned_at(chain: &mut Chain, id: &str, end: BlockHeight) -> BlockHeight {
    let before = locked(chain, id);
    while locked(chain, id) == before {
        assert!(chain.head().height < end, "nothing returned until {end}");
        chain.produce_block();
    }
    chain.head().height
}

fn failure(chain: &Chain, hash: &CryptoHash) -> ActionErrorKind {
    match status(chain, hash) {
        FinalExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error.kind,
        other => panic!("expected the failure of an action, got {other:?}"),
    }
}

/// The case of nearcore's `test_validator_stake_change`, with epochs of two blocks.
#[test]
fn a_smaller_stake_returns_at_the_start_of_the_third_epoch_after_it() {
    let mut chain = staking_chain(2);
    let less = near(NODE_STAKE / 3);
    assert_eq!(chain.head().height, 1);
    let mut early = chain.clone();
    // Block 2 makes the proposal, and block 3 carries it: the first one of the second epoch.
    stake(&mut chain, NODE, less);
    assert_eq!(locked(&chain, NODE), near(NODE_STAKE));
    assert_eq!(returned_at(&mut chain, NODE, 20), 9);
    assert_eq!(locked(&chain, NODE), less);

    // Blocks 5 and 6 are the third epoch.
    grow_to(&mut early, 4);
    stake(&mut early, NODE, less);
    assert_eq!(returned_at(&mut early, NODE, 20), 11);
}

#[test]
fn a_proposal_of_the_last_block_counts_for_the_next_epoch() {
    let mut last = staking_chain(10);
    let mut before = last.clone();
    grow_to(&mut before, 8);
    stake(&mut before, ALICE, near(SEAT));
    assert_eq!(before.head().height, 9);
    grow_to(&mut last, 9);
    stake(&mut last, ALICE, near(SEAT));
    assert_eq!(last.head().height, 10);

    for (chain, first_height) in [(&mut before, 21), (&mut last, 31)] {
        grow_to(chain, first_height - 1);
        assert_eq!(stakes(chain).len(), 1);
        grow_to(chain, first_height);
        assert_eq!(stakes(chain).len(), 2);
    }
}

/// Otherwise it would return at the end of the epoch in whose last block it was made.
#[test]
fn a_proposal_of_the_last_block_stays_locked() {
    let mut chain = staking_chain(10);
    stake(&mut chain, ALICE, near(SEAT));
    grow_to(&mut chain, 9);
    stake(&mut chain, ALICE, near(2 * SEAT));
    assert_eq!(chain.head().height, 10);

    grow_to(&mut chain, 60);
    assert_eq!(locked(&chain, ALICE), near(2 * SEAT));
}

#[test]
fn a_stake_without_a_seat_returns_when_its_epoch_ends() {
    let mut chain = staking_chain(10);
    let before = balance(&chain, ALICE);
    let hash = stake(&mut chain, ALICE, near(1_000));
    assert_eq!(locked(&chain, ALICE), near(1_000));

    assert_eq!(returned_at(&mut chain, ALICE, 20), 11);
    assert_eq!(locked(&chain, ALICE), Balance::ZERO);
    let burnt = outcome(&chain, &hash).outcome.tokens_burnt;
    let receipts = tree(&chain, &hash);
    let burnt = receipts.iter().fold(burnt, |sum, receipt| {
        sum.saturating_add(receipt.outcome.tokens_burnt)
    });
    assert_eq!(balance(&chain, ALICE), before.saturating_sub(burnt));
    grow_to(&mut chain, 31);
    assert_eq!(stakes(&chain), [(NODE.to_owned(), near(NODE_STAKE))]);
}

#[test]
fn the_least_stake_is_a_tenth_of_the_price_of_a_seat() {
    let mut chain = staking_chain(10);
    // ⌈50,000,000 NEAR / 6249⌉ / 10
    let least = Balance::from_yoctonear((50 * 10_u128.pow(30)).div_ceil(6_249) / 10);
    let less = least.saturating_sub(Balance::from_yoctonear(1));

    let refused = stake(&mut chain, ALICE, less);
    assert_eq!(
        failure(&chain, &refused),
        ActionErrorKind::InsufficientStake {
            account_id: account(ALICE),
            stake: less,
            minimum_stake: least,
        }
    );
    assert_eq!(locked(&chain, ALICE), Balance::ZERO);
    stake(&mut chain, ALICE, least);
    assert_eq!(locked(&chain, ALICE), least);
}

#[test]
fn a_receipt_that_fails_proposes_nothing() {
    let mut chain = staking_chain(10);
    let missing = call("nope", [], Gas::from_teragas(1), Balance::ZERO);
    let actions = vec![stake_action(ALICE, near(SEAT)), missing];
    run(&mut chain, ALICE, ALICE, actions);

    assert_eq!(locked(&chain, ALICE), Balance::ZERO);
    assert!(validators(&chain).current_proposals.is_empty());
}

#[test]
fn a_stake_returns_in_a_fast_forward_over_a_thousand_million_heights() {
    let mut chain = staking_chain(60);
    stake(&mut chain, ALICE, near(SEAT));
    skip_to(&mut chain, 200);
    stake(&mut chain, ALICE, Balance::ZERO);
    assert_eq!(locked(&chain, ALICE), near(SEAT));

    chain.fast_forward(1_000_000_000).expect("low enough");
    assert_eq!(locked(&chain, ALICE), Balance::ZERO);
    assert_eq!(chain.head().epoch_height, (chain.head().height - 1) / 60);
    assert_eq!(stakes(&chain), [(NODE.to_owned(), near(NODE_STAKE))]);
}

#[test]
fn an_account_can_be_deleted_when_its_stake_has_returned() {
    let mut chain = staking_chain(10);
    stake(&mut chain, ALICE, near(1_000));
    let delete = || {
        let beneficiary_id = account(BOB);
        vec![Action::DeleteAccount(DeleteAccountAction {
            beneficiary_id,
        })]
    };
    let refused = run(&mut chain, ALICE, ALICE, delete());
    let account_id = account(ALICE);
    assert_eq!(
        failure(&chain, &refused),
        ActionErrorKind::DeleteAccountStaking { account_id }
    );

    grow_to(&mut chain, 11);
    run(&mut chain, ALICE, ALICE, delete());
    assert!(chain.head().state.account(&account(ALICE)).is_none());
    assert!(balance(&chain, BOB) > near(2 * START - 1));
}

#[test]
fn a_returned_stake_is_a_change_of_its_own_cause() {
    let mut chain = staking_chain(10);
    stake(&mut chain, ALICE, near(1_000));
    grow_to(&mut chain, 11);

    let previous = chain::views::previous_state(&chain, chain.head()).expect("kept");
    let account_ids = vec![account(ALICE)];
    let request = StateChangesRequestView::AccountChanges { account_ids };
    let changes = chain::views::changes(&chain, chain.head(), &previous, &request);
    let [change] = changes.as_slice() else {
        panic!("one change, not {changes:?}");
    };
    assert!(matches!(
        change.cause,
        StateChangeCauseView::ValidatorAccountsUpdate
    ));
    assert!(matches!(
        &change.value,
        StateChangeValueView::AccountUpdate { account, .. } if account.locked.is_zero()
    ));
}
