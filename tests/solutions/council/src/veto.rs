//! Exercise 2: a veto.

use near_sdk::{env, near, require};

use crate::enter::enter;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: code
    /// Ends the lifetime of a proposal now: nobody can vote for it or execute it any more. Any
    /// member may call it.
    pub fn veto(&mut self, id: u32) {
        enter("veto");
        let caller = env::predecessor_account_id();
        require!(self.members.contains(&caller), "Only a member has a veto");

        self.living_proposal(id).deadline = env::block_height();
    }
    // ANCHOR_END: code
}

#[cfg(test)]
mod tests {
    use near_sdk::PromiseResult;

    use super::*;
    use crate::proposal::Status;
    use crate::tests::{
        approve, callback, called_by, status, with_proposal, with_proposal_executing,
    };

    // ANCHOR: test
    #[test]
    fn a_veto_under_way_stops_the_next_attempt() {
        let mut contract = with_proposal_executing();
        called_by(3);
        contract.veto(0);

        callback(&mut contract, 0, PromiseResult::Failed);

        assert_eq!(status(&contract), Some(Status::Failed));
        called_by(3);
        contract.expire(0).detach();
        assert_eq!(status(&contract), None);
    }
    // ANCHOR_END: test

    #[test]
    #[should_panic(expected = "It expired in block 0")]
    fn what_a_member_has_vetoed_is_not_executed() {
        let mut contract = with_proposal();
        approve(&mut contract, 0);
        called_by(3);
        contract.veto(0);
        contract.execute(0).detach();
    }

    #[test]
    #[should_panic(expected = "Only a member has a veto")]
    fn another_account_has_no_veto() {
        let mut contract = with_proposal();
        called_by(4);
        contract.veto(0);
    }
}
