// ANCHOR: all
//! Proposals: calls to one receiver, with a bond and a deadline.

use std::collections::BTreeMap;

use near_sdk::json_types::{Base58CryptoHash, Base64VecU8};
use near_sdk::{AccountId, BlockHeight, Gas, NearToken, Promise, borsh, env, near, require};

use crate::enter::enter;
use crate::money::owed::{GAS_FOR_PAYMENT, pay_back};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt, POLICY};

/// The gas of `execute` itself: 20 Tgas. It loads the longest proposal, stores it, and sends the
/// calls.
pub const GAS_FOR_EXECUTE: Gas = Gas::from_tgas(20);

/// The gas of the payment of a bond: that of a payment, and of a callback after it.
pub const GAS_FOR_BOND: Gas = Gas::from_gas(GAS_FOR_PAYMENT.as_gas() + GAS_FOR_CALLBACK.as_gas());

/// The static gas of the callback: 15 Tgas to load the longest proposal and to store or remove it,
/// and that of the payment of the bond.
pub const GAS_FOR_EXECUTE_CALLBACK: Gas =
    Gas::from_gas(Gas::from_tgas(15).as_gas() + GAS_FOR_BOND.as_gas());

/// The greatest number of actions.
pub const MAX_ACTIONS: usize = 10;

/// The greatest size of methods and arguments in bytes: 100,000. `execute` and its callback load
/// them, and have a constant gas for it.
pub const MAX_BYTES: usize = 100_000;

/// The least lifetime in blocks: 10,000, more than an hour and a half at 0.6 seconds a block. In
/// that time a majority can be against a proposal. Without it, a proposer would get every bond
/// back.
pub const MIN_LIFETIME: u32 = 10_000;

/// The greatest gas with which a proposal may have to be executed: 300 Tgas. It is less than what a
/// transaction may have, so an executor can always attach it.
pub const MAX_GAS: Gas = Gas::from_tgas(300);

/// The least bond, beside the storage of methods and arguments: 1 NEAR. It pays for the rest of the
/// entry, whose size has a limit.
pub const MIN_BOND: NearToken = NearToken::from_near(1);

/// The size of the longest boolean in JSON.
const MAX_BOOL: usize = "false".len();

// ANCHOR: proposal
/// One call of a proposal. All calls of a proposal are one receipt: either all run, or none.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug)]
pub struct Action {
    pub method: String,
    pub args: Base64VecU8,
    /// The deposit, from the treasury.
    pub deposit: NearToken,
    /// The static gas of the call. It gets no more, and no less.
    pub gas: Gas,
}

/// The state of a proposal that has not ended.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// The members vote.
    Open,
    /// A majority is for it. Anybody may execute it.
    Approved,
    /// The calls are under way since this block.
    Executing { since: BlockHeight },
    /// The last attempt has failed. The members vote again, on one more attempt.
    Failed,
}

/// Calls to one receiver, and the state of their decision.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug)]
pub struct Proposal {
    pub proposer: AccountId,
    pub receiver_id: AccountId,
    pub actions: Vec<Action>,
    /// The SHA-256 hash of the receiver and the actions, in Borsh. A vote names it.
    pub hash: Base58CryptoHash,
    /// The money of the proposer that stays here until the proposal ends.
    pub bond: NearToken,
    /// The part of the bond that pays for the storage of this entry, without the votes.
    pub storage: NearToken,
    /// The block from which on nobody can vote for it or execute it.
    pub deadline: BlockHeight,
    pub status: Status,
    /// The number of attempts that have failed.
    pub attempt: u32,
    /// The votes on the next attempt: `true` is for it.
    pub votes: BTreeMap<AccountId, bool>,
}
// ANCHOR_END: proposal

impl Proposal {
    /// Returns the gas that `execute` needs: that of the calls, of the callback, and of itself.
    pub fn gas(&self) -> Gas {
        let own = GAS_FOR_EXECUTE.saturating_add(GAS_FOR_EXECUTE_CALLBACK);
        let actions = self.actions.iter();
        actions.fold(own, |sum, action| sum.saturating_add(action.gas))
    }

    /// Returns what the calls take from the treasury.
    pub fn deposits(&self) -> NearToken {
        let deposits = self.actions.iter().map(|action| action.deposit);
        deposits.fold(NearToken::default(), NearToken::saturating_add)
    }

    /// Marks the attempt as failed, and forgets the votes for it.
    pub fn fail(&mut self) {
        self.status = Status::Failed;
        self.attempt += 1;
        self.votes.clear();
    }

    /// Returns the price of the storage of a proposal without votes, which has been open from the
    /// beginning.
    fn storage(&self) -> NearToken {
        // An entry has 40 bytes more than its key of 13 bytes and its value.
        let value = borsh::object_length(self).unwrap_or_else(|_| env::abort());
        env::storage_byte_cost().saturating_mul((40 + 13 + value) as u128)
    }

    fn check(&self) {
        let number = self.actions.len();
        require!(
            (1..=MAX_ACTIONS).contains(&number),
            format!("A proposal has 1 to {MAX_ACTIONS} actions")
        );
        require!(
            self.gas() <= MAX_GAS,
            format!("It would need more than {MAX_GAS}")
        );
        let is_policy = |action: &Action| POLICY.contains(&action.method.as_str());
        require!(
            self.receiver_id != env::current_account_id() || self.actions.iter().all(is_policy),
            format!("The council may call only these methods of its own: {POLICY:?}")
        );
        let bytes = |action: &Action| action.method.len() + action.args.0.len();
        let bytes: usize = self.actions.iter().map(bytes).sum();
        require!(
            bytes <= MAX_BYTES,
            format!("Methods and arguments have at most {MAX_BYTES} bytes")
        );
        let price = env::storage_byte_cost().saturating_mul(bytes as u128);
        let least = MIN_BOND.saturating_add(price);
        require!(
            self.bond >= least,
            format!("The bond is at least {}", least.exact_amount_display())
        );
    }
}

#[near]
impl Contract {
    // ANCHOR: propose
    /// Proposes calls to `receiver_id`. The deposit is the bond: it is paid back when the calls
    /// have succeeded or the proposal expires, and kept if a majority is against it. Returns the
    /// proposal's number.
    ///
    /// From `lifetime` blocks on, nobody can vote on it or execute it. It is at least
    /// [`MIN_LIFETIME`], so that the members have the time to be against it.
    #[payable]
    pub fn propose(&mut self, receiver_id: AccountId, actions: Vec<Action>, lifetime: u32) -> u32 {
        enter("propose");

        require!(
            lifetime >= MIN_LIFETIME,
            format!("A proposal lives for at least {MIN_LIFETIME} blocks")
        );
        let mut proposal = Proposal {
            proposer: env::predecessor_account_id(),
            hash: hash_of(&receiver_id, &actions),
            receiver_id,
            actions,
            bond: env::attached_deposit(),
            storage: NearToken::default(),
            deadline: env::block_height().saturating_add(lifetime.into()),
            status: Status::Open,
            attempt: 0,
            votes: BTreeMap::new(),
        };
        proposal.check();
        proposal.storage = proposal.storage();
        // The rest of the bond is locked by the storage.
        let rest = proposal.bond.saturating_sub(proposal.storage);
        self.money.hold(rest);
        let id = self.next_id;
        self.next_id += 1;
        self.proposals.insert(id, proposal);
        id
    }
    // ANCHOR_END: propose

    // ANCHOR: expire
    /// Ends a proposal whose deadline has passed, and pays the bond back. Anybody may call it.
    /// Returns whether the payment has arrived: if not, the bond is owed.
    pub fn expire(&mut self, id: u32) -> Promise {
        enter("expire");

        let proposal = self.proposal(id);
        require!(
            env::block_height() >= proposal.deadline,
            format!("It can be executed until block {}", proposal.deadline)
        );
        require!(
            !matches!(proposal.status, Status::Executing { .. }),
            "Its calls are under way"
        );
        let proposal = self.end(id);
        pay_bond(proposal)
    }
    // ANCHOR_END: expire

    // ANCHOR: bond
    /// Releases a bond that has been paid back, or is owed. Returns whether it has arrived.
    ///
    /// Until now the bond was not money of the treasury. So nobody can spend it while it comes back
    /// from an account that is gone, before the debt is recorded.
    #[private]
    pub fn bond_callback(&mut self, bond: NearToken) -> bool {
        enter("bond_callback");

        self.money.release(bond);
        env::promise_result_checked(0, MAX_BOOL).is_ok_and(|arrived| arrived == b"true")
    }
    // ANCHOR_END: bond

    /// Returns a proposal, or nothing if it has ended.
    pub fn get_proposal(&self, id: u32) -> Option<&Proposal> {
        self.proposals.get(&id)
    }

    /// Returns the gas that [`Contract::execute`] needs for a proposal.
    pub fn gas_to_execute(&self, id: u32) -> Option<Gas> {
        self.proposals.get(&id).map(Proposal::gas)
    }
}

impl Contract {
    /// Returns a proposal that has not ended. Panics if there is none.
    pub(crate) fn proposal(&mut self, id: u32) -> &mut Proposal {
        let proposal = self.proposals.get_mut(&id);
        proposal.unwrap_or_else(|| env::panic_str("There is no such proposal"))
    }

    /// Returns a proposal whose deadline has not passed. Panics if there is none.
    pub(crate) fn living_proposal(&mut self, id: u32) -> &mut Proposal {
        let proposal = self.proposal(id);
        let is_alive = env::block_height() < proposal.deadline;
        require!(
            is_alive,
            format!("It expired in block {}", proposal.deadline)
        );
        proposal
    }

    /// Removes a proposal. Its whole bond is held until the caller pays it back or releases it: now
    /// no storage locks a part of it.
    pub(crate) fn end(&mut self, id: u32) -> Proposal {
        let proposal = self.proposals.remove(&id);
        let proposal = proposal.unwrap_or_else(|| env::panic_str("There is no such proposal"));
        // A payment looks at the storage. Without this, the entry would count until the method
        // returns.
        self.proposals.flush();
        self.money.hold(proposal.storage);
        proposal
    }
}

/// Pays the bond of a proposal that has ended. The promise returns whether it has arrived: if not,
/// it is owed.
pub(crate) fn pay_bond(proposal: Proposal) -> Promise {
    pay_back(proposal.proposer, proposal.bond).then(
        Contract::ext_self()
            .with_static_gas(GAS_FOR_CALLBACK)
            .bond_callback(proposal.bond),
    )
}

/// Returns the hash of what the members decide on.
fn hash_of(receiver_id: &AccountId, actions: &[Action]) -> Base58CryptoHash {
    let content = borsh::to_vec(&(receiver_id, actions)).unwrap_or_else(|_| env::abort());
    env::sha256_array(content).into()
}
// ANCHOR_END: all
