// ANCHOR: all
//! Crafting: the contract mints a new item for itself. Then the item is an asset of the trade, and
//! leaves like any other.

use near_sdk::{Gas, env, near};

use crate::assets::{MINT_DEPOSIT, TokenId, call};
use crate::journal::{Leg, Status};
use crate::legs::{GAS_FOR_MARK, has_means};
use crate::{Contract, ContractExt};

/// The gas of a mint: 20 Tgas. It grows with the number of items: near-contract-standards keeps their
/// owners in a tree.
pub const GAS_FOR_MINT: Gas = Gas::from_tgas(20);

/// The gas without which nothing is minted: the mint, its callback, and 5 Tgas to send them.
const GAS_FOR_MINT_LEG: Gas = Gas::from_tgas(35);

// ANCHOR: name
/// Returns the name of the item that a trade mints: the name of this account, and the number of the
/// trade. No other trade mints one of this name, and nobody else may.
pub fn new_item(id: u64) -> TokenId {
    format!("{}-{id}", env::current_account_id())
}
// ANCHOR_END: name

impl Contract {
    /// Returns true if an item has the name of a later crafting, or of one whose item has not left.
    pub(crate) fn may_be_minted(&self, token_id: &str) -> bool {
        let rest = token_id.strip_prefix(env::current_account_id().as_str());
        let number = rest.and_then(|rest| rest.strip_prefix('-'));
        number.and_then(|id| id.parse().ok()).is_some_and(|id| {
            let entry = self.journal.get(&id);
            let mut legs = entry.into_iter().flat_map(|entry| &entry.legs);
            let is_here = |leg: &Leg| leg.status != Status::Gone && leg.is_item(token_id);
            id >= self.next_trade || legs.any(is_here)
        })
    }

    // ANCHOR: mint
    /// Mints the new item of a trade for this contract. Nobody else can move or burn it before the
    /// journal says that it is here.
    ///
    /// The journal does not say that it was sent. If the callback is lost, the item can be minted
    /// again, because there is only one of its name.
    pub(crate) fn mint(&mut self, id: u64) {
        if !has_means(id, GAS_FOR_MINT_LEG, MINT_DEPOSIT) {
            return;
        }
        let mint = call(&self.items)
            .with_static_gas(GAS_FOR_MINT)
            .with_attached_deposit(MINT_DEPOSIT);
        let callback = Self::ext_self().with_static_gas(GAS_FOR_MARK);
        mint.nft_mint(new_item(id), env::current_account_id())
            .then(callback.mint_callback(id))
            .detach();
    }
}

#[near]
impl Contract {
    /// Asks the items for the new item. The mint has ended, and its answer is not read.
    #[private]
    pub fn mint_callback(&mut self, id: u64) {
        let first = self.journal.get_mut(&id).map(|entry| &mut entry.legs[0]);
        if let Some(leg) = first.filter(|leg| leg.status == Status::New) {
            leg.status = Status::Asked;
            self.ask(id);
        }
    }
    // ANCHOR_END: mint
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::serde_json::{self, Value};
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::{PromiseResult, testing_env};

    use super::*;
    use crate::assets::ONE_YOCTO;
    use crate::journal::Way;
    use crate::legs::tests::{after, answer, calls, statuses, success};
    use crate::tests::{callback_after, called_by, contract, crafting};

    /// Returns the contract after the exchange of a crafting has begun: the mint is under way.
    fn minting() -> Contract {
        let mut contract = crafting();
        called_by(0);
        contract.exchange_callback(0);
        contract
    }

    /// Returns the contract after the mint has ended with this result.
    fn minted(result: PromiseResult) -> Contract {
        let mut contract = minting();
        callback_after(0, vec![result]);
        contract.mint_callback(0);
        contract
    }

    /// Returns the contract after the items have said that the new item belongs to this account, or
    /// to nobody.
    fn answered(owner: Option<usize>) -> Contract {
        let mut contract = minted(success());
        answer(&mut contract, Status::Asked, owner);
        contract
    }

    #[test]
    fn a_new_item_is_minted_for_the_contract() {
        minting();

        let receipts = get_created_receipts();
        let Some(MockAction::FunctionCallWeight { args, .. }) = receipts[0].actions.first() else {
            panic!("not a call: {receipts:?}");
        };
        let args: Value = serde_json::from_slice(args).unwrap();
        assert_eq!(args["receiver_id"], accounts(0).as_str());
    }

    #[test]
    fn the_answer_of_a_mint_is_not_read_and_the_items_are_asked() {
        for result in [success(), PromiseResult::Failed] {
            let contract = minted(result);

            assert_eq!(calls(), [accounts(1)]);
            let rest = [Status::Held, Status::Held];
            assert_eq!(statuses(&contract), [&[Status::Asked], &rest[..]].concat());
        }
    }

    #[test]
    fn the_new_item_leaves_and_then_the_item_and_the_gold() {
        let mut contract = answered(Some(0));
        assert_eq!(
            statuses(&contract),
            [Status::Sent, Status::Held, Status::Held]
        );
        for leg in 0..3 {
            after(&mut contract, leg, success());
        }

        assert!(contract.get_trade(0).is_none());
    }

    #[test]
    fn without_a_new_item_the_gold_goes_back_and_then_the_item() {
        let mut contract = answered(None);
        assert_eq!(
            statuses(&contract),
            [Status::Gone, Status::Held, Status::Sent]
        );
        after(&mut contract, 2, success());
        after(&mut contract, 1, success());

        assert!(contract.get_trade(0).is_none());
    }

    #[test]
    fn an_item_of_the_same_name_that_belongs_to_another_is_not_the_new_one() {
        assert_eq!(statuses(&answered(Some(4)))[0], Status::Gone);
    }

    #[test]
    fn an_answer_from_before_the_item_was_sent_proves_nothing() {
        let mut contract = answered(Some(0));
        answer(&mut contract, Status::Asked, None);

        assert_eq!(statuses(&contract)[0], Status::Sent);
    }

    #[test]
    fn a_mint_whose_callback_was_lost_is_repeated() {
        let mut contract = minting();
        called_by(3);
        contract.resume(0);

        assert_eq!(calls(), [accounts(1)]);
        assert_eq!(statuses(&contract)[0], Status::New);
    }

    #[test]
    fn the_late_callback_of_a_mint_changes_nothing() {
        let mut contract = answered(Some(0));
        callback_after(0, vec![PromiseResult::Failed]);
        contract.mint_callback(0);

        assert_eq!(statuses(&contract)[0], Status::Sent);
        assert!(calls().is_empty());
    }

    #[test]
    fn with_too_little_gas_the_items_are_asked_later() {
        let mut contract = minted(success());
        testing_env!(
            VMContextBuilder::new()
                .prepaid_gas(Gas::from_tgas(20))
                .build()
        );
        contract.ask(0);

        assert!(calls().is_empty());
        assert_eq!(get_logs(), ["Trade 0 has too little gas: resume it"]);
    }

    #[test]
    fn without_near_for_its_storage_nothing_is_minted() {
        let mut contract = crafting();
        let little = MINT_DEPOSIT.saturating_sub(ONE_YOCTO);
        let mut context = VMContextBuilder::new();
        context.storage_usage(0).account_balance(little);
        testing_env!(context.build());
        contract.entry(0).way = Way::Forward;
        contract.send(0, Some(0));

        assert!(calls().is_empty());
        assert_eq!(get_logs(), ["Trade 0 has too little NEAR: resume it"]);
    }

    #[test]
    fn an_item_with_the_name_of_a_crafting_may_be_minted_until_its_item_has_left() {
        let may_be_minted = |contract: &Contract| contract.may_be_minted("alice-0");

        assert!(may_be_minted(&contract()), "by the next trade");
        assert!(may_be_minted(&crafting()));
        assert!(may_be_minted(&minted(success())));
        let mut sent = answered(Some(0));
        assert!(may_be_minted(&sent));
        after(&mut sent, 0, success());
        assert!(!may_be_minted(&sent));
    }

    #[test]
    fn an_item_without_such_a_name_is_not_minted() {
        for name in ["sword", "alice", "alice-", "alice-x", "alice-00", "bob-0"] {
            assert!(!crafting().may_be_minted(name), "{name}");
        }
    }

    #[test]
    fn with_too_little_gas_nothing_is_minted() {
        let mut contract = crafting();
        testing_env!(
            VMContextBuilder::new()
                .prepaid_gas(Gas::from_tgas(30))
                .build()
        );
        contract.entry(0).way = Way::Forward;
        contract.send(0, Some(0));

        assert!(calls().is_empty());
        assert_eq!(get_logs(), ["Trade 0 has too little gas: resume it"]);
    }
}
// ANCHOR_END: all
