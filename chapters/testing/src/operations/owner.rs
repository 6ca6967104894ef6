// ANCHOR: all
//! The change of the owner, in two steps.

use near_sdk::{AccountId, assert_one_yocto, env, near, require};

use crate::operations::events::Event;
use crate::operations::ownership::{Ownership, require_owner};
use crate::operations::record::Record;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    /// Returns the owner, who may configure the contract.
    pub fn get_owner(&self) -> AccountId {
        Ownership::now().owner
    }

    /// Returns the account that may call [`Contract::accept_owner`].
    pub fn get_proposed_owner(&self) -> Option<AccountId> {
        Ownership::now().proposed
    }

    // ANCHOR: propose_owner
    /// Proposes the next owner, or withdraws the proposal. The owner stays the owner until the next
    /// one has accepted. A proposal with a typing error is for nobody, or for somebody else:
    /// withdraw it at once.
    #[payable]
    pub fn propose_owner(&mut self, account_id: Option<AccountId>) {
        require_owner();

        let mut ownership = Ownership::now();
        ownership.proposed = account_id.clone();
        ownership.store();
        Event::OwnerProposed {
            owner: ownership.owner,
            proposed: account_id,
        }
        .emit();
    }

    /// Makes the caller the owner, if it was proposed.
    #[payable]
    pub fn accept_owner(&mut self) {
        assert_one_yocto();
        let caller = env::predecessor_account_id();
        let before = Ownership::now();
        require!(
            before.proposed.as_ref() == Some(&caller),
            "Nobody has proposed you as the owner"
        );

        Ownership::of(caller.clone()).store();
        Event::OwnerChanged {
            old_owner: before.owner,
            new_owner: caller,
        }
        .emit();
    }
    // ANCHOR_END: propose_owner
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_logs};
    use near_sdk::{NearToken, testing_env};

    use super::*;

    /// Returns our contract on `alice`, which owns itself.
    fn contract() -> Contract {
        called_by(0, 1);
        crate::tests::contract()
    }

    /// Sets the context of a call that its caller has signed.
    fn called_by(caller: usize, yocto: u128) {
        called_by_and_signed_by(caller, caller, yocto);
    }

    fn called_by_and_signed_by(caller: usize, signer: usize, yocto: u128) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(caller))
                .signer_account_id(accounts(signer))
                .attached_deposit(NearToken::from_yoctonear(yocto))
                .build()
        );
    }

    #[test]
    fn the_owner_of_a_new_contract_is_its_own_account() {
        let contract = contract();

        assert_eq!(contract.get_owner(), accounts(0));
        assert_eq!(contract.get_proposed_owner(), None);
    }

    #[test]
    fn the_owner_changes_in_two_steps() {
        let mut contract = contract();

        contract.propose_owner(Some(accounts(1)));
        assert_eq!(contract.get_owner(), accounts(0));

        called_by(1, 1);
        contract.accept_owner();
        assert_eq!(contract.get_owner(), accounts(1));
        assert_eq!(contract.get_proposed_owner(), None);
        assert!(get_logs()[0].contains(r#""old_owner":"alice","new_owner":"bob""#));
    }

    #[test]
    #[should_panic(expected = "Nobody has proposed you as the owner")]
    fn a_proposal_can_be_withdrawn() {
        let mut contract = contract();
        contract.propose_owner(Some(accounts(1)));
        contract.propose_owner(None);

        called_by(1, 1);
        contract.accept_owner();
    }

    #[test]
    #[should_panic(expected = "Nobody has proposed you as the owner")]
    fn nobody_else_can_accept() {
        let mut contract = contract();
        contract.propose_owner(Some(accounts(1)));

        called_by(2, 1);
        contract.accept_owner();
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_propose() {
        let mut contract = contract();

        called_by(2, 1);
        contract.propose_owner(Some(accounts(2)));
    }

    #[test]
    #[should_panic(expected = "Requires attached deposit of exactly 1 yoctoNEAR")]
    fn the_owner_needs_a_yoctonear() {
        let mut contract = contract();

        called_by(0, 0);
        contract.propose_owner(None);
    }

    #[test]
    #[should_panic(expected = "Requires attached deposit of exactly 1 yoctoNEAR")]
    fn the_next_owner_needs_a_yoctonear() {
        let mut contract = contract();
        contract.propose_owner(Some(accounts(1)));

        called_by(1, 0);
        contract.accept_owner();
    }

    // ANCHOR: test_contract_as_owner
    #[test]
    fn an_owner_that_is_a_contract_can_attach_a_yoctonear() {
        let mut contract = contract();
        contract.propose_owner(Some(accounts(1)));

        called_by_and_signed_by(1, 3, 1);
        contract.accept_owner();
        contract.propose_owner(Some(accounts(2)));

        assert_eq!(contract.get_proposed_owner(), Some(accounts(2)));
    }

    #[test]
    #[should_panic(expected = "Requires attached deposit of exactly 1 yoctoNEAR")]
    fn a_call_by_a_relayer_needs_a_yoctonear_too() {
        let mut contract = contract();

        called_by_and_signed_by(0, 3, 0);
        contract.propose_owner(None);
    }
    // ANCHOR_END: test_contract_as_owner
}
// ANCHOR_END: all
