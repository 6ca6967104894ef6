//! Properties of every program: tokens are conserved, nonces rise, every receipt has an outcome, no receipt
//! burns more gas than was bought, and the same transactions have the same results.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chain::{Chain, Outcome};
use near_crypto::PublicKey;
use near_parameters::ActionCosts;
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use near_primitives::transaction::ExecutionStatus;
use near_primitives::types::{Balance, Gas, Nonce};
use proptest::prelude::*;

use crate::programs::{CHILDREN, PROBES, Play, SIGNERS, plays, written};
use crate::test_chain::*;

/// The first balance of every account, in yoctoNEAR.
const START: u128 = 1_000 * 10_u128.pow(24);

/// A chain with the contracts and signers, to be forked.
static SCENE: LazyLock<Chain> = LazyLock::new(|| {
    let accounts = PROBES.iter().chain(&SIGNERS);
    let accounts: Vec<_> = accounts
        .map(|id| (*id, Balance::from_yoctonear(START)))
        .collect();
    let mut chain = chain(&accounts);
    for probe in PROBES {
        deploy(&mut chain, probe, PROBE);
    }
    chain
});

fn actions(play: &Play) -> Vec<Action> {
    let deposit = Balance::from_yoctonear(play.deposit);
    vec![program(written(&play.program), play.tgas, deposit)]
}

/// Runs transactions one after the other. Those that the chain refuses are left out.
fn play_all(chain: &mut Chain, plays: &[Play]) -> Vec<CryptoHash> {
    let mut taken = Vec::new();
    for play in plays {
        let signed = sign(chain, play.signer, play.receiver, actions(play));
        taken.extend(chain.submit(signed));
        chain.produce_blocks_until_idle();
    }
    taken
}

fn all_outcomes(chain: &Chain) -> Vec<Arc<Outcome>> {
    let heights = chain.first_block().height..=chain.head().height;
    let blocks = heights.filter_map(|height| chain.block_at(height));
    let ids = blocks.flat_map(|block| &block.outcomes);
    ids.map(|id| outcome(chain, id).clone()).collect()
}

fn is_refund(receipt: &Receipt) -> bool {
    receipt.predecessor_id() == "system"
}

/// Returns the deposits of a receipt.
fn carried(receipt: &Receipt) -> u128 {
    let VersionedReceiptEnum::Action(action_receipt) = receipt.versioned_receipt() else {
        return 0;
    };
    let actions = action_receipt.actions().iter();
    actions
        .map(|action| action.get_deposit_balance().as_yoctonear())
        .sum()
}

/// Returns the tokens burnt for gas and for new accounts, and those of refunds to missing accounts.
fn gone(chain: &Chain) -> u128 {
    let outcomes = all_outcomes(chain).into_iter();
    outcomes
        .map(|outcome| {
            let burnt = outcome.outcome.tokens_burnt.as_yoctonear();
            let failed = matches!(outcome.outcome.status, ExecutionStatus::Failure(_));
            let lost = chain
                .receipt(&outcome.id)
                .filter(|receipt| failed && is_refund(receipt))
                .map_or(0, |receipt| carried(receipt));
            burnt + lost
        })
        .sum()
}

fn held(chain: &Chain) -> u128 {
    let ids = PROBES.iter().chain(&SIGNERS).chain(&CHILDREN);
    let accounts = ids.filter_map(|id| chain.head().state.account(&account(id)));
    accounts
        .map(|account| account.amount().as_yoctonear() + account.locked().as_yoctonear())
        .sum()
}

fn nonces(chain: &Chain) -> BTreeMap<(&'static str, PublicKey), Nonce> {
    let ids = PROBES.iter().chain(&SIGNERS);
    ids.filter_map(|id| {
        let key = public_key(id);
        let found = chain.head().state.access_key(&account(id), &key)?;
        Some(((*id, key), found.nonce))
    })
    .collect()
}

/// Returns the gas that a transaction with one call buys: for sending, for executing, and for the call.
fn bought(chain: &Chain, play: &Play) -> Gas {
    let Action::FunctionCall(call) = &actions(play)[0] else {
        unreachable!("a play is a call")
    };
    let fees = &chain.runtime_config().fees;
    let bytes = (call.method_name.len() + call.args.len()) as u64;
    let fixed: u64 = [
        (ActionCosts::new_action_receipt, 1),
        (ActionCosts::function_call_base, 1),
        (ActionCosts::function_call_byte, bytes),
    ]
    .into_iter()
    .map(|(cost, times)| {
        let fee = fees.fee(cost);
        times * (fee.send_fee(false).gas.as_gas() + fee.exec_fee().gas.as_gas())
    })
    .sum();
    Gas::from_gas(fixed).saturating_add(call.gas)
}

proptest! {
    /// No contract here is poor enough for the yoctoNEAR that the protocol mints (`subsidized_amount`).
    #[test]
    fn no_token_appears_or_vanishes(plays in plays()) {
        let mut chain = SCENE.clone();
        let before = held(&chain) + gone(&chain);

        play_all(&mut chain, &plays);

        prop_assert_eq!(held(&chain) + gone(&chain), before);
    }

    #[test]
    fn the_total_supply_falls_by_burnt_and_lost_tokens(plays in plays()) {
        let mut chain = SCENE.clone();
        let before = chain.head().total_supply.as_yoctonear() + gone(&chain);

        play_all(&mut chain, &plays);

        prop_assert_eq!(chain.head().total_supply.as_yoctonear() + gone(&chain), before);
    }

    #[test]
    fn nonces_never_fall(plays in plays()) {
        let mut chain = SCENE.clone();
        for play in &plays {
            let before = nonces(&chain);

            let taken = play_all(&mut chain, std::slice::from_ref(play));

            let after = nonces(&chain);
            for (key, nonce) in &after {
                let signed = !taken.is_empty() && key.0 == play.signer;
                prop_assert_eq!(*nonce, before[key] + u64::from(signed));
            }
        }
    }

    #[test]
    fn every_receipt_in_an_outcome_has_an_outcome(plays in plays()) {
        let mut chain = SCENE.clone();

        play_all(&mut chain, &plays);

        for outcome in all_outcomes(&chain) {
            for receipt in &outcome.outcome.receipt_ids {
                prop_assert!(chain.outcome(receipt).is_some(), "{} of {}", receipt, outcome.id);
            }
        }
    }

    #[test]
    fn no_receipt_burns_more_gas_than_was_bought(plays in plays()) {
        let mut chain = SCENE.clone();
        for play in &plays {
            let taken = play_all(&mut chain, std::slice::from_ref(play));

            for hash in taken {
                let paid_for = tree(&chain, &hash).into_iter().filter(|outcome| {
                    chain.receipt(&outcome.id).is_some_and(|receipt| !is_refund(receipt))
                });
                let receipts: u64 = paid_for.map(|outcome| outcome.outcome.gas_burnt.as_gas()).sum();
                let burnt = receipts + outcome(&chain, &hash).outcome.gas_burnt.as_gas();
                prop_assert!(burnt <= bought(&chain, play).as_gas());
            }
        }
    }

    #[test]
    fn the_same_transactions_have_the_same_results(plays in plays()) {
        let (mut one, mut other) = (SCENE.clone(), SCENE.clone());

        let taken = play_all(&mut one, &plays);

        prop_assert_eq!(play_all(&mut other, &plays), taken);
        prop_assert_eq!(one.head().hash, other.head().hash);
        prop_assert!(one.head().state.iter().eq(other.head().state.iter()));
        let told = |chain: &Chain| {
            let outcomes = all_outcomes(chain).into_iter();
            outcomes.map(|outcome| (outcome.id, outcome.outcome.clone())).collect::<Vec<_>>()
        };
        prop_assert!(told(&one) == told(&other));
    }
}
