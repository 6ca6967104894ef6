// ANCHOR: all
//! A market for non-fungible tokens. It sells what owners have approved it to sell ([`listings`]), and pays those whom
//! the collection names ([`sale`], [`payout`]).

use near_sdk::store::{LookupMap, LookupSet};
use near_sdk::{AccountId, NearToken, PanicOnDefault, assert_one_yocto, near, require};

pub mod enter;
pub mod listings;
pub mod money;
pub mod nft;
pub mod payout;
pub mod promise_results;
pub mod room;
pub mod sale;

use enter::enter;
use listings::{Listing, TokenKey};

/// The state.
///
/// There is no default, so no method works before [`Contract::new`] was called.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(PanicOnDefault)]
pub struct Contract {
    /// The collections whose tokens may be sold.
    collections: LookupSet<AccountId>,
    /// The tokens for sale.
    listings: LookupMap<TokenKey, Listing>,
    /// The deposits for storage that no listing uses, by account.
    storage_deposits: LookupMap<AccountId, NearToken>,
    /// The money of others that is on this account.
    pub(crate) money: money::state::State,
}

#[near]
impl Contract {
    /// Creates the state, and trusts these collections.
    ///
    /// `#[private]` lets only this account call it, so that no other account can call it first.
    #[init]
    #[private]
    pub fn new(collections: Vec<AccountId>) -> Self {
        let mut contract = Self {
            collections: LookupSet::new("collections".as_bytes()),
            listings: LookupMap::new("listings".as_bytes()),
            storage_deposits: LookupMap::new("room".as_bytes()),
            money: money::state::State::default(),
        };
        contract.collections.extend(collections);
        contract
    }

    /// Begins or ends to trust a collection. Only this account may call this.
    ///
    /// A collection can hand over a token and still answer with a failure. Then the buyer has the token and gets the
    /// money back. So read its code before you trust it.
    #[private]
    #[payable]
    pub fn trust_collection(&mut self, collection: AccountId, is_trusted: bool) {
        assert_one_yocto();
        enter("trust_collection");

        match is_trusted {
            true => self.collections.insert(collection),
            false => self.collections.remove(&collection),
        };
    }

    /// Returns whether tokens of this collection may be sold.
    pub fn is_trusted(&self, collection: &AccountId) -> bool {
        self.collections.contains(collection)
    }

    /// Returns the part of this account's balance that belongs to others. Money in flight is not in the balance,
    /// and does not count.
    pub fn get_liabilities(&self) -> NearToken {
        self.money.liabilities()
    }
}

impl Contract {
    fn require_trusted(&self, collection: &AccountId) {
        require!(
            self.is_trusted(collection),
            format!("{collection} is no collection that we trust")
        );
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::room::LISTING_PRICE;

    pub(crate) const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// Returns our contract, which trusts the collection `bob`.
    pub(crate) fn contract() -> Contract {
        Contract::new(vec![accounts(1)])
    }

    /// Sets the context of a call to our contract on `alice`.
    pub(crate) fn called_by(predecessor: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// Sets the context of a callback that sees this promise result.
    pub(crate) fn in_callback_after(result: PromiseResult) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    /// Lists the lamp of the collection `bob` for `seller`, who wants 1 NEAR.
    pub(crate) fn list(contract: &mut Contract, seller: usize, approval_id: u64) {
        called_by(1, NearToken::default());
        let msg = r#"{"price":"1000000000000000000000000"}"#;
        contract.nft_on_approve("lamp".into(), accounts(seller), approval_id, msg.into());
    }

    /// Returns our contract with a listing of `charlie`.
    pub(crate) fn contract_with_listing() -> Contract {
        called_by(2, LISTING_PRICE);
        let mut contract = contract();
        contract.add_storage_deposit();
        list(&mut contract, 2, 7);
        contract
    }

    #[test]
    fn a_collection_is_trusted_until_it_no_longer_is() {
        called_by(0, NearToken::from_yoctonear(1));
        let mut contract = contract();

        contract.trust_collection(accounts(3), true);
        assert!(contract.is_trusted(&accounts(3)));
        contract.trust_collection(accounts(3), false);
        assert!(!contract.is_trusted(&accounts(3)));
    }
}
// ANCHOR_END: all
