//! Properties of every sequence of stakes and epochs.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const EPOCH: BlockHeight = 10;
const IDS: [&str; 4] = [NODE, ALICE, BOB, POOL];

/// A step of a test: somebody stakes, or heights pass.
#[derive(Clone, Debug)]
enum Step {
    Stake { id: &'static str, near: u128 },
    Pass { heights: BlockHeight },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amounts = prop_oneof![Just(0), 1_u128..90_000, Just(NODE_STAKE / 2)];
    let stake = (select(&IDS), amounts).prop_map(|(id, near)| Step::Stake { id, near });
    let pass = (1..3 * EPOCH).prop_map(|heights| Step::Pass { heights });
    vec(prop_oneof![stake, pass], 1..12)
}

fn play(chain: &mut Chain, step: &Step, pass: impl Fn(&mut Chain, BlockHeight)) {
    match step {
        Step::Stake { id, near: amount } => {
            stake(chain, id, near(*amount));
        }
        Step::Pass { heights } => pass(chain, chain.head().height + heights),
    }
}

fn held(chain: &Chain) -> u128 {
    let accounts = IDS.map(|id| chain.head().state.account(&account(id)));
    let accounts = accounts.into_iter().flatten();
    accounts
        .map(|account| account.amount().as_yoctonear() + account.locked().as_yoctonear())
        .sum()
}

/// Returns what each account has, and has locked.
fn accounts(chain: &Chain) -> Vec<(Balance, Balance)> {
    let ids = IDS.into_iter();
    ids.map(|id| (balance(chain, id), locked(chain, id)))
        .collect()
}

proptest! {
    #[test]
    fn stakes_and_epochs_neither_make_nor_lose_tokens(steps in steps()) {
        let mut chain = staking_chain(EPOCH);
        for step in &steps {
            play(&mut chain, step, skip_to);
            chain.produce_blocks_until_idle();
            prop_assert_eq!(held(&chain), chain.head().total_supply.as_yoctonear());
        }
    }

    #[test]
    fn no_more_is_locked_than_was_staked(steps in steps()) {
        let mut chain = staking_chain(EPOCH);
        let mut greatest = IDS.map(|id| locked(&chain, id));
        for step in &steps {
            play(&mut chain, step, skip_to);
            for (id, greatest) in IDS.iter().zip(&mut greatest) {
                if let Step::Stake { id: staking, near: amount } = step
                    && staking == id
                {
                    *greatest = (*greatest).max(near(*amount));
                }
                prop_assert!(locked(&chain, id) <= *greatest);
            }
        }
    }

    /// nearcore calls this the staking invariant.
    #[test]
    fn the_stake_of_a_validator_is_locked(steps in steps()) {
        let mut chain = staking_chain(EPOCH);
        for step in &steps {
            play(&mut chain, step, skip_to);
            let info = validators(&chain);
            let current = info.current_validators.iter().map(|v| (&v.account_id, v.stake));
            let next = info.next_validators.iter().map(|v| (&v.account_id, v.stake));
            for (id, stake) in current.chain(next) {
                prop_assert!(locked(&chain, id.as_str()) >= stake);
            }
        }
    }

    #[test]
    fn what_nobody_stakes_returns_within_four_epochs(steps in steps()) {
        let mut chain = staking_chain(EPOCH);
        for step in &steps {
            play(&mut chain, step, skip_to);
        }
        let end = chain.head().height + 4 * EPOCH;
        skip_to(&mut chain, end);

        let stakes = stakes(&chain);
        for id in IDS {
            let stake = stakes.iter().find(|(validator, _)| validator == id);
            let stake = stake.map_or(Balance::ZERO, |(_, stake)| *stake);
            prop_assert_eq!(locked(&chain, id), stake);
        }
    }

    #[test]
    fn skipped_epochs_are_as_those_with_empty_blocks(steps in steps()) {
        let (mut one_by_one, mut skipping) = (staking_chain(EPOCH), staking_chain(EPOCH));
        for step in &steps {
            for (chain, pass) in [
                (&mut one_by_one, grow_to as fn(&mut Chain, BlockHeight)),
                (&mut skipping, skip_to),
            ] {
                play(chain, step, pass);
            }
            let heights = [&one_by_one, &skipping].map(|chain| chain.head().height);
            prop_assert_eq!(heights[0], heights[1]);
            prop_assert_eq!(one_by_one.head().epoch_height, skipping.head().epoch_height);
            prop_assert_eq!(one_by_one.head().epoch_info(), skipping.head().epoch_info());
            let locked_by = |chain: &Chain| IDS.map(|id| locked(chain, id));
            prop_assert_eq!(locked_by(&one_by_one), locked_by(&skipping));
        }
        one_by_one.produce_blocks_until_idle();
        skipping.produce_blocks_until_idle();
        prop_assert_eq!(accounts(&one_by_one), accounts(&skipping));
    }
}
