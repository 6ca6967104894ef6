// ANCHOR: all
//! The execution of an approved proposal: one receipt with all its calls, and a callback that
//! records how it ends.

use near_sdk::{Promise, env, log, near, require};

use crate::enter::enter;
use crate::money::overdue::require_overdue;
use crate::promise_results::call_succeeded;
use crate::proposal::{Action, GAS_FOR_EXECUTE_CALLBACK, Proposal, Status, pay_bond};
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: execute
    /// Sends the calls of an approved proposal. Anybody may call it. Returns whether they have
    /// succeeded.
    ///
    /// Whoever calls it chooses the moment, and a call may fail at one moment and not at another.
    /// He does not choose the gas of the calls: with less than all of them need, nothing is sent.
    pub fn execute(&mut self, id: u32) -> Promise {
        enter("execute");
        let treasury = self.get_treasury();

        let proposal = self.living_proposal(id);
        require!(
            proposal.status == Status::Approved,
            format!("Proposal {id} is not approved")
        );
        let gas = proposal.gas();
        require!(env::prepaid_gas() >= gas, format!("Attach {gas}"));
        require!(
            proposal.deposits() <= treasury,
            format!("The treasury has {}", treasury.exact_amount_display())
        );
        proposal.status = Status::Executing {
            since: env::block_height(),
        };

        proposal.calls().then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_EXECUTE_CALLBACK)
                .execute_callback(id, proposal.attempt),
        )
    }

    /// Ends the proposal and pays the bond back if the calls have succeeded, and else lets the
    /// members vote on one more attempt. Does nothing for an attempt that is over.
    #[private]
    pub fn execute_callback(&mut self, id: u32, attempt: u32) -> bool {
        enter("execute_callback");

        let succeeded = call_succeeded();
        let is_this = |proposal: &Proposal| {
            proposal.attempt == attempt && matches!(proposal.status, Status::Executing { .. })
        };
        match self.proposals.get_mut(&id) {
            Some(proposal) if is_this(proposal) => {
                if succeeded {
                    let proposal = self.end(id);
                    pay_bond(proposal).detach();
                } else {
                    proposal.fail();
                }
            }
            _ => log!("Attempt {attempt} of proposal {id} is over"),
        }
        succeeded
    }
    // ANCHOR_END: execute

    // ANCHOR: give_up
    /// Does the work of a lost callback: marks the attempt as failed. Only a member may call it,
    /// when the callback is overdue.
    ///
    /// The receipts say whether the calls have succeeded, and whether all of them have run. People
    /// can read them, contracts cannot. A target that yields again and again is not done when its
    /// callback is overdue: members who approve one more attempt then may pay twice.
    pub fn give_up(&mut self, id: u32) {
        enter("give_up");
        let caller = env::predecessor_account_id();
        require!(self.members.contains(&caller), "Only a member may give up");

        let proposal = self.proposal(id);
        let Status::Executing { since } = proposal.status else {
            env::panic_str("Nothing is under way");
        };
        require_overdue(since);
        proposal.fail();
    }
    // ANCHOR_END: give_up
}

impl Proposal {
    // ANCHOR: calls
    /// Returns the promise of all calls, in one receipt. Its result is that of the last call, with
    /// all that this call promises: an upgrade that fails later is a failure here, too.
    fn calls(&self) -> Promise {
        let add = |batch: Promise, action: &Action| {
            let (method, args) = (action.method.clone(), action.args.0.clone());
            batch.function_call(method, args, action.deposit, action.gas)
        };
        let batch = Promise::new(self.receiver_id.clone());
        self.actions.iter().fold(batch, add)
    }
    // ANCHOR_END: calls
}
// ANCHOR_END: all
