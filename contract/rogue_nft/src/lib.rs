// ANCHOR: all
//! A collection of one token that misbehaves on request, for tests of markets.
//!
//! It checks nothing: whoever offers the token is its owner. A market that trusts no collection before it has read its
//! code never meets one like this.

use near_sdk::json_types::U128;
use near_sdk::serde_json::json;
use near_sdk::{AccountId, Gas, GasWeight, NearToken, Promise, env, near};

/// The behaviour of `nft_transfer_payout`. In JSON: `"panic"`, `{"return": "true"}`.
#[near(serializers = [borsh, json])]
#[serde(rename_all = "snake_case")]
#[derive(Default)]
pub enum Behaviour {
    /// It transfers the token, and its bill names the former owner.
    #[default]
    Well,
    /// It panics.
    Panic,
    /// It burns all its gas.
    BurnAllGas,
    /// It transfers the token, and returns this text as its bill.
    Return(String),
    /// It transfers the token, and returns a promise that fails.
    TransferThenFail,
    /// It transfers the token, and calls its caller back with all unused gas, once. The call waits for a promise that
    /// fails, so it looks like a callback.
    CallBack {
        /// The name of the method.
        method: String,
        /// The arguments as a JSON text.
        args: String,
        /// The deposit, from the contract's own balance. In JSON it is a text: `"0"`.
        deposit_yocto: NearToken,
    },
}

/// The whole state: the behaviour, and the owner of the token.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(Default)]
pub struct RogueNft {
    behaviour: Behaviour,
    owner_id: Option<AccountId>,
}

#[near]
impl RogueNft {
    /// Sets the behaviour. Anyone may call this.
    pub fn behave(&mut self, behaviour: Behaviour) {
        self.behaviour = behaviour;
    }

    /// Makes the caller the owner of the token, and approves `market` to sell it at `price`, in NEAR or in a fungible
    /// token.
    pub fn offer(
        &mut self,
        market: AccountId,
        token_id: String,
        price: U128,
        currency: Option<AccountId>,
    ) -> Promise {
        let owner_id = env::predecessor_account_id();
        self.owner_id = Some(owner_id.clone());
        let msg = json!({ "price": price, "currency": currency }).to_string();
        let args =
            json!({ "token_id": token_id, "owner_id": owner_id, "approval_id": 1, "msg": msg });
        call(
            market,
            "nft_on_approve",
            &args.to_string(),
            NearToken::default(),
        )
    }

    /// Returns the token with this id, which is always the same.
    pub fn nft_token(&self, token_id: String) -> near_sdk::serde_json::Value {
        json!({ "token_id": token_id, "owner_id": self.owner_id })
    }

    /// Transfers the token and returns a bill, if the contract behaves well.
    #[payable]
    pub fn nft_transfer_payout(&mut self, receiver_id: AccountId, balance: U128) {
        let former = self.owner_id.replace(receiver_id);
        match &self.behaviour {
            Behaviour::Well => {
                let payout = former.map(|former| (former, balance));
                let payout: std::collections::BTreeMap<_, _> = payout.into_iter().collect();
                env::value_return(json!({ "payout": payout }).to_string());
            }
            Behaviour::Panic => env::panic_str("I panic, as I was told to"),
            Behaviour::BurnAllGas => loop {
                env::keccak512_array([0; 1024]);
            },
            Behaviour::Return(bill) => env::value_return(bill),
            Behaviour::TransferThenFail => fails().as_return().detach(),
            Behaviour::CallBack {
                method,
                args,
                deposit_yocto,
            } => {
                let market = env::predecessor_account_id();
                fails()
                    .then(call(market, method, args, *deposit_yocto))
                    .as_return()
                    .detach();
                self.behaviour = Behaviour::Well;
            }
        }
    }
}

/// Returns a promise that fails.
fn fails() -> Promise {
    let this = env::current_account_id();
    call(this, "no_such_method", "", NearToken::default())
}

/// Calls a method with all unused gas.
fn call(receiver: AccountId, method: &str, args: &str, deposit: NearToken) -> Promise {
    Promise::new(receiver).function_call_weight(
        method,
        args.as_bytes(),
        deposit,
        Gas::from_gas(0),
        GasWeight(1),
    )
}

#[cfg(test)]
mod tests {
    use near_sdk::serde_json::{self, Value};
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// Returns a collection with this behaviour, in JSON, whose token `accounts(2)` has offered to a market on
    /// `accounts(1)`, which calls it now.
    fn told(behaviour: Value) -> RogueNft {
        let called_by = |caller| {
            testing_env!(
                VMContextBuilder::new()
                    .current_account_id(accounts(0))
                    .predecessor_account_id(accounts(caller))
                    .build()
            );
        };
        called_by(2);
        let mut rogue = RogueNft::default();
        rogue.behave(serde_json::from_value(behaviour).unwrap());
        let offer = rogue.offer(accounts(1), "lamp".to_string(), U128(1), None);
        offer.detach();
        called_by(1);
        rogue
    }

    fn owner(rogue: &RogueNft) -> Value {
        rogue.nft_token("lamp".to_string())["owner_id"].clone()
    }

    #[test]
    fn whoever_offers_the_token_owns_it() {
        assert_eq!(owner(&told(json!("well"))), "charlie");
    }

    #[test]
    fn it_transfers_the_token_before_it_fails() {
        let mut rogue = told(json!("transfer_then_fail"));
        rogue.nft_transfer_payout(accounts(3), U128(1));

        assert_eq!(owner(&rogue), "danny");
        let [receipt] = &get_created_receipts()[..] else {
            panic!("not one receipt");
        };
        assert_eq!(receipt.receiver_id, accounts(0));
    }

    #[test]
    fn it_calls_back_once() {
        let back = json!({ "method": "buy", "args": "{}", "deposit_yocto": "5" });
        let mut rogue = told(json!({ "call_back": back }));
        rogue.nft_transfer_payout(accounts(3), U128(1));
        let [_, back] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(back.receiver_id, accounts(1));
        assert_eq!(back.receipt_indices.len(), 1, "it looks like a callback");

        assert!(matches!(rogue.behaviour, Behaviour::Well));
    }

    #[test]
    #[should_panic(expected = "I panic, as I was told to")]
    fn it_panics() {
        told(json!("panic")).nft_transfer_payout(accounts(3), U128(1));
    }
}
// ANCHOR_END: all
