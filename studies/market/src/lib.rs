// ANCHOR: all
//! A market for non-fungible tokens. It sells what owners have approved it to sell ([`listings`]),
//! for NEAR ([`sale`]) or for fungible tokens ([`tokens`]), and pays those whom the collection
//! names ([`payout`]).

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
pub mod tokens;

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
    /// The collections whose tokens may be sold, and the fungible tokens that prices may be in.
    trusted: LookupSet<AccountId>,
    /// The tokens for sale.
    listings: LookupMap<TokenKey, Listing>,
    /// The money of others that is on this account.
    pub(crate) money: money::state::State,
}

#[near]
impl Contract {
    /// Creates the state, and trusts these contracts.
    ///
    /// `#[private]` lets only this account call it, so that no other account can call it first.
    #[init]
    #[private]
    pub fn new(trusted: Vec<AccountId>) -> Self {
        let mut contract = Self {
            trusted: LookupSet::new("trusted".as_bytes()),
            listings: LookupMap::new("listings".as_bytes()),
            money: money::state::State::default(),
        };
        contract.trusted.extend(trusted);
        contract
    }

    /// Begins or ends to trust a collection or a fungible token. Only this account may call this.
    ///
    /// A collection can hand over a token and still answer with a failure. Then the buyer has the
    /// token and gets the money back. A fungible token can say that it has moved tokens, and not do
    /// so. So read the code before you trust it.
    #[private]
    #[payable]
    pub fn trust(&mut self, contract_id: AccountId, is_trusted: bool) {
        assert_one_yocto();
        enter("trust");

        match is_trusted {
            true => self.trusted.insert(contract_id),
            false => self.trusted.remove(&contract_id),
        };
    }

    /// Returns whether tokens of this collection may be sold, or prices may be in this fungible
    /// token.
    pub fn is_trusted(&self, contract_id: &AccountId) -> bool {
        self.trusted.contains(contract_id)
    }

    /// Returns the part of this account's balance that belongs to others. Money in flight is not in
    /// the balance, and does not count.
    pub fn get_liabilities(&self) -> NearToken {
        self.money.liabilities()
    }
}

impl Contract {
    fn require_trusted(&self, contract_id: &AccountId) {
        require!(
            self.is_trusted(contract_id),
            format!("We do not trust {contract_id}")
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

    /// Returns our contract, which trusts the collection `bob` and the fungible token `fargo`.
    pub(crate) fn contract() -> Contract {
        Contract::new(vec![accounts(1), accounts(5)])
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

    /// The terms of 1 NEAR, and of 1,000 of the fungible token `fargo`.
    pub(crate) const FOR_NEAR: &str = r#"{"price":"1000000000000000000000000"}"#;
    pub(crate) const FOR_TOKENS: &str = r#"{"price":"1000","currency":"fargo"}"#;

    /// Lists the lamp of the collection `bob` for `seller`, on these terms.
    pub(crate) fn list(contract: &mut Contract, seller: usize, approval_id: u64, msg: &str) {
        called_by(1, NearToken::default());
        contract.nft_on_approve("lamp".into(), accounts(seller), approval_id, msg.into());
    }

    /// Returns our contract with a listing of `charlie` for 1 NEAR.
    pub(crate) fn contract_with_listing() -> Contract {
        called_by(2, LISTING_PRICE);
        let mut contract = contract();
        contract.add_storage_deposit();
        list(&mut contract, 2, 7, FOR_NEAR);
        contract
    }

    #[test]
    fn a_contract_is_trusted_until_it_no_longer_is() {
        called_by(0, NearToken::from_yoctonear(1));
        let mut contract = contract();

        contract.trust(accounts(3), true);
        assert!(contract.is_trusted(&accounts(3)));
        contract.trust(accounts(3), false);
        assert!(!contract.is_trusted(&accounts(3)));
    }
}
// ANCHOR_END: all
