// ANCHOR: all
//! Items that call back in on request, for tests of escrows: a transfer or a mint has more to do before it answers.
//!
//! They keep to NEP-171. Each item has one owner, and only its owner sends it. Anybody mints.

use std::collections::BTreeMap;

use near_sdk::serde_json::json;
use near_sdk::{AccountId, Gas, GasWeight, NearToken, Promise, env, near, require};

/// The gas of the callback of `nft_transfer_call`: 5 Tgas.
const GAS_FOR_RESOLVE: Gas = Gas::from_tgas(5);

/// A call that the items make. In JSON: `{"method": "resume", "args": "{\"id\":0}"}`.
#[near(serializers = [borsh, json])]
pub struct CallBack {
    /// The name of the method.
    pub method: String,
    /// The arguments as a JSON text.
    pub args: String,
}

/// The whole state: the call, and the owner of each item.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(Default)]
pub struct RogueItems {
    call_back: Option<CallBack>,
    owners: BTreeMap<String, AccountId>,
}

#[near]
impl RogueItems {
    /// Lets `nft_transfer` and `nft_mint` call their caller after the item has moved, and answer when that has answered.
    /// Anyone may call this.
    pub fn behave(&mut self, call_back: CallBack) {
        self.call_back = Some(call_back);
    }

    /// Returns an item with its owner.
    pub fn nft_token(&self, token_id: String) -> Option<near_sdk::serde_json::Value> {
        let owner_id = self.owners.get(&token_id)?;
        Some(json!({ "token_id": token_id, "owner_id": owner_id }))
    }

    /// Makes an item, and calls back.
    #[payable]
    pub fn nft_mint(&mut self, token_id: String, receiver_id: AccountId) {
        require!(!self.owners.contains_key(&token_id), "There is this item");
        self.owners.insert(token_id, receiver_id);
        self.call_back();
    }

    /// Moves an item of the caller, and calls back.
    #[payable]
    pub fn nft_transfer(&mut self, receiver_id: AccountId, token_id: String) {
        self.transfer(receiver_id, &token_id);
        self.call_back();
    }

    /// Moves an item of the caller, and tells the receiver.
    #[payable]
    pub fn nft_transfer_call(
        &mut self,
        receiver_id: AccountId,
        token_id: String,
        msg: String,
    ) -> Promise {
        self.transfer(receiver_id.clone(), &token_id);
        let owner = env::predecessor_account_id();
        let args = json!({
            "sender_id": owner, "previous_owner_id": owner, "token_id": token_id, "msg": msg,
        });
        let resolve = Self::ext_self()
            .with_static_gas(GAS_FOR_RESOLVE)
            .with_unused_gas_weight(0)
            .nft_resolve_transfer(owner, receiver_id.clone(), token_id);
        call(receiver_id, "nft_on_transfer", &args.to_string()).then(resolve)
    }

    /// Gives an item back that the receiver refuses. Returns true if the receiver keeps it.
    #[private]
    pub fn nft_resolve_transfer(
        &mut self,
        previous_owner_id: AccountId,
        receiver_id: AccountId,
        token_id: String,
        #[callback_result] returned: Result<bool, near_sdk::PromiseError>,
    ) -> bool {
        let goes_back = returned.unwrap_or(true);
        if goes_back && self.owners.get(&token_id) == Some(&receiver_id) {
            self.owners.insert(token_id, previous_owner_id);
            return false;
        }
        true
    }
}

impl RogueItems {
    /// Moves an item of the caller.
    fn transfer(&mut self, receiver: AccountId, token_id: &str) {
        let owner = env::predecessor_account_id();
        let is_owner = self.owners.get(token_id) == Some(&owner);
        require!(is_owner, "The item belongs to somebody else");
        self.owners.insert(token_id.to_string(), receiver);
    }

    fn call_back(&self) {
        if let Some(CallBack { method, args }) = &self.call_back {
            call(env::predecessor_account_id(), method, args)
                .as_return()
                .detach();
        }
    }
}

/// Calls a method with all unused gas.
fn call(receiver: AccountId, method: &str, args: &str) -> Promise {
    let (deposit, gas) = (NearToken::default(), Gas::default());
    Promise::new(receiver).function_call_weight(method, args.as_bytes(), deposit, gas, GasWeight(1))
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// Returns items that call back, of which an escrow on `accounts(1)` has a sword. It is the caller.
    fn told() -> RogueItems {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .build()
        );
        let mut items = RogueItems::default();
        items.nft_mint("sword".to_string(), accounts(1));
        items.behave(CallBack {
            method: "resume".to_string(),
            args: "{}".to_string(),
        });
        items
    }

    #[test]
    fn an_item_moves_and_its_sender_is_called() {
        let mut items = told();
        items.nft_transfer(accounts(2), "sword".to_string());

        let [call] = &get_created_receipts()[..] else {
            panic!("not one receipt");
        };
        assert_eq!(call.receiver_id, accounts(1));
        assert_eq!(items.owners["sword"], accounts(2));
    }

    #[test]
    #[should_panic(expected = "The item belongs to somebody else")]
    fn only_its_owner_sends_an_item() {
        let mut items = told();
        items.nft_transfer(accounts(2), "sword".to_string());
        items.nft_transfer(accounts(2), "sword".to_string());
    }

    #[test]
    #[should_panic(expected = "There is this item")]
    fn an_item_is_minted_once() {
        told().nft_mint("sword".to_string(), accounts(2));
    }
}
// ANCHOR_END: all
