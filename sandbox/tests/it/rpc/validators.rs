//! `validators` and `EXPERIMENTAL_validators_ordered`.

use near_primitives::action::StakeAction;
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use near_primitives::views::validator_stake_view::ValidatorStakeView;
use near_primitives::views::{BlockView, EpochValidatorInfo};
use serde_json::{Value, json};

use super::transfer;
use crate::node::Sandbox;

/// The stake of the validator that `init` makes.
const STAKE: Balance = Balance::from_near(50_000_000);

/// Starts a sandbox with some blocks.
fn with_blocks() -> Sandbox {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    sandbox.commit(&root, &"near".parse().unwrap(), vec![transfer(1)]);
    sandbox
}

fn head(sandbox: &mut Sandbox) -> BlockView {
    sandbox.call("block", json!({"finality": "final"}))
}

/// Fast-forwards to the second epoch. Returns the last block of the first one, and the first one after it.
fn end_of_the_first_epoch(sandbox: &mut Sandbox) -> (BlockView, BlockView) {
    let _: Value = sandbox.call("sandbox_fast_forward", json!({"delta_height": 60}));
    let mut next = head(sandbox);
    assert_ne!(next.header.epoch_id, CryptoHash::default());
    loop {
        let block: BlockView = sandbox.call("block", json!({"block_id": next.header.prev_hash}));
        if block.header.epoch_id == CryptoHash::default() {
            return (block, next);
        }
        next = block;
    }
}

fn cause(sandbox: &mut Sandbox, params: Value) -> Value {
    let (status, error) = sandbox.refusal("validators", params);
    assert_eq!(status, 200);
    error["cause"]["name"].clone()
}

#[test]
fn the_validators_of_the_current_epoch_are_shown_in_every_form() {
    let mut sandbox = with_blocks();
    let head = head(&mut sandbox);
    for params in [
        json!([null]),
        json!("latest"),
        json!({"latest": null}),
        json!({"epoch_id": head.header.epoch_id}),
    ] {
        let info: EpochValidatorInfo = sandbox.call("validators", params);
        assert_eq!(info.current_validators[0].account_id, "test.near");
        assert_eq!(info.current_validators[0].stake, STAKE);
        assert_eq!((info.epoch_height, info.epoch_start_height), (1, 1));
    }
    for params in [
        json!({"block_id": null}),
        json!({"block_id": head.header.hash}),
    ] {
        let stakes: Vec<ValidatorStakeView> =
            sandbox.call("EXPERIMENTAL_validators_ordered", params);
        assert_eq!(stakes[0].account_id(), "test.near");
    }
}

#[test]
fn a_block_names_the_epoch_that_it_ends() {
    let mut sandbox = with_blocks();
    let (last, next) = end_of_the_first_epoch(&mut sandbox);
    for params in [
        json!([last.header.hash]),
        json!([last.header.height]),
        json!({"block_id": last.header.height}),
        json!({"epoch_id": last.header.epoch_id}),
    ] {
        let info: EpochValidatorInfo = sandbox.call("validators", params);
        assert_eq!((info.epoch_height, info.epoch_start_height), (1, 1));
    }
    let id = json!({"epoch_id": next.header.epoch_id});
    let info: EpochValidatorInfo = sandbox.call("validators", id);
    assert_eq!((info.epoch_height, info.epoch_start_height), (1, 61));
}

#[test]
fn a_block_within_an_epoch_names_none() {
    let mut sandbox = with_blocks();
    let (last, _) = end_of_the_first_epoch(&mut sandbox);
    for params in [
        json!([last.header.prev_hash]),
        json!({"block_id": last.header.prev_hash}),
        json!({"block_id": last.header.prev_height}),
    ] {
        let cause = cause(&mut sandbox, params);
        assert_eq!(cause, "VALIDATOR_INFO_UNAVAILABLE");
    }
}

#[test]
fn an_epoch_that_has_not_begun_is_unknown() {
    let mut sandbox = with_blocks();
    let head = head(&mut sandbox);
    // The id of an epoch begins with its number.
    let mut far_ahead = [0; 32];
    far_ahead[4] = 1;
    for params in [
        json!({"epoch_id": head.header.next_epoch_id}),
        json!({"epoch_id": CryptoHash(far_ahead)}),
        json!({"epoch_id": CryptoHash([7; 32])}),
        json!({"block_id": 10_u64.pow(15)}),
    ] {
        assert_eq!(cause(&mut sandbox, params), "UNKNOWN_EPOCH");
    }
}

#[test]
fn a_proposal_is_shown_and_becomes_a_stake() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let less = STAKE.saturating_div(2);
    let action = StakeAction {
        stake: less,
        public_key: root.public_key(),
    };
    let staking = vec![action.into()];
    sandbox.commit(&root, &root.get_account_id(), staking);

    let info: EpochValidatorInfo = sandbox.call("validators", json!([null]));
    let proposals = info.current_proposals.into_iter();
    let proposals: Vec<_> = proposals
        .map(|proposal| proposal.into_validator_stake().account_and_stake())
        .collect();
    assert_eq!(proposals, [(root.get_account_id(), less)]);
    assert_eq!(info.current_validators[0].stake, STAKE);

    let _: Value = sandbox.call("sandbox_fast_forward", json!({"delta_height": 180}));
    let info: EpochValidatorInfo = sandbox.call("validators", json!([null]));
    assert_eq!(info.current_validators[0].stake, less);
    let account: Value = sandbox.call(
        "query",
        json!({"request_type": "view_account", "finality": "final", "account_id": "test.near"}),
    );
    assert_eq!(account["locked"], less.as_yoctonear().to_string());
}
