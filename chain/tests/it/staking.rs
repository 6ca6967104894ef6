//! Stakes and epochs (`SPEC.md` §5.1): proposals, the validators that follow from them, and the return of
//! stakes.

mod epochs;
mod pool;
mod properties;
mod returns;

use chain::testing::{genesis, signer};
use chain::{Chain, Clock, Vm};
use near_primitives::account::{Account, AccountContract};
use near_primitives::action::{Action, StakeAction};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{AccountInfo, Balance, BlockHeight};
use near_primitives::views::EpochValidatorInfo;

use crate::test_chain::*;

/// The validator of the genesis.
const NODE: &str = "node.near";
/// Its stake, in NEAR. The price of a seat is then some 8,001 NEAR, and the least stake a tenth of it.
const NODE_STAKE: u128 = 50_000_000;
const POOL: &str = "pool.near";
/// The first balance of the others, in NEAR.
const START: u128 = 100_000;

/// Returns a chain with one validator, whose epochs begin at 1, 1 + `epoch_length` and so on.
fn staking_chain(epoch_length: BlockHeight) -> Chain {
    let accounts = [NODE, ALICE, BOB, POOL].map(account);
    let mut genesis = genesis(accounts.iter().map(|id| (id, near(START))));
    let stake = near(NODE_STAKE);
    for record in &mut genesis.records {
        if let StateRecord::Account {
            account_id,
            account,
        } = record
            && account_id == NODE
        {
            *account = Account::new(account.amount(), stake, AccountContract::None, 0);
        }
    }
    let config = &mut genesis.config;
    config.genesis_height = 0;
    config.epoch_length = epoch_length;
    config.total_supply = config.total_supply.saturating_add(stake);
    config.validators = vec![AccountInfo {
        account_id: account(NODE),
        public_key: public_key(NODE),
        amount: stake,
    }];
    genesis.check_sums().expect("the stake is locked");
    let vm = Vm::new(None).expect("a cache in memory needs nothing");
    let mut chain = Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound");
    chain.produce_block();
    chain
}

fn stake_action(id: &str, stake: Balance) -> Action {
    Action::Stake(Box::new(StakeAction {
        stake,
        public_key: public_key(id),
    }))
}

/// Stakes with a transaction that the next block runs, and produces that block.
fn stake(chain: &mut Chain, id: &str, stake: Balance) -> CryptoHash {
    let signed = chain.signed(
        &signer(&account(id)),
        &account(id),
        vec![stake_action(id, stake)],
    );
    let hash = chain.submit(signed).expect("the transaction is valid");
    chain.produce_block();
    hash
}

fn locked(chain: &Chain, id: &str) -> Balance {
    let found = chain.head().state.account(&account(id));
    found.expect("the account exists").locked()
}

/// Produces all blocks until a height.
fn grow_to(chain: &mut Chain, height: BlockHeight) {
    while chain.head().height < height {
        chain.produce_block();
    }
}

/// Skips heights until the head is there.
fn skip_to(chain: &mut Chain, height: BlockHeight) {
    let delta = height - chain.head().height;
    chain.fast_forward(delta).expect("the height is low enough");
}

/// Returns the validators as RPC shows them at the head.
fn validators(chain: &Chain) -> EpochValidatorInfo {
    chain::views::validator_info(chain, chain.head())
}

/// Returns the stakes of the current validators.
fn stakes(chain: &Chain) -> Vec<(String, Balance)> {
    let validators = validators(chain).current_validators.into_iter();
    validators
        .map(|validator| (validator.account_id.to_string(), validator.stake))
        .collect()
}
