// ANCHOR: all
//! Votes of the members, for one attempt at a time.

use near_sdk::json_types::Base58CryptoHash;
use near_sdk::{AccountId, env, log, near, require};

use crate::enter::enter;
use crate::proposal::Status;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: vote
    /// Votes for attempt number `attempt` of a proposal, or against it. A majority of the members
    /// approves it. A majority against it ends it, and the council keeps the bond. A member may
    /// change the vote until then.
    ///
    /// The voter names the hash of the calls, as [`Contract::get_proposal`] shows it. So a vote
    /// does not count for the calls of another proposal, which got the number that the voter
    /// expected. The voter names the attempt, too. So a vote that arrives late, after an attempt
    /// has failed, is no vote for a retry.
    pub fn vote(&mut self, id: u32, hash: Base58CryptoHash, attempt: u32, approve: bool) {
        enter("vote");
        let (voter, members) = (env::predecessor_account_id(), self.members.clone());
        require!(members.contains(&voter), "Only a member may vote");

        let proposal = self.living_proposal(id);
        require!(
            matches!(proposal.status, Status::Open | Status::Failed),
            "There is no vote on it now"
        );
        require!(proposal.hash == hash, "The vote is on other calls");
        require!(
            proposal.attempt == attempt,
            format!("The vote is on attempt {}", proposal.attempt)
        );
        proposal.votes.insert(voter, approve);

        // Votes of former members do not count.
        let agrees = |member: &&AccountId| proposal.votes.get(*member) == Some(&approve);
        let is_majority = 2 * members.iter().filter(agrees).count() > members.len();
        match (is_majority, approve) {
            (false, _) => {}
            (true, true) => proposal.status = Status::Approved,
            (true, false) => {
                let proposal = self.end(id);
                self.money.release(proposal.bond);
                log!("Proposal {id} is rejected, and the council keeps the bond");
            }
        }
    }
    // ANCHOR_END: vote
}
// ANCHOR_END: all
