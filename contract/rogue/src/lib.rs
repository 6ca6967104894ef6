// ANCHOR: all
//! A contract that misbehaves on request, for tests of its callers.
//!
//! It has some methods of other partners, and each behaves as set with `behave`. No method reads its arguments,
//! refuses a deposit or stores anything, because a caller cannot rely on that in a contract that nobody vouches for.

use near_sdk::json_types::U128;
use near_sdk::serde_json::json;
use near_sdk::{AccountId, Gas, GasWeight, NearToken, Promise, env, near, require};

/// The behaviour of the contract. In JSON: `"panic"`, `{"return_bytes": 5000}`.
#[near(serializers = [borsh, json])]
#[serde(rename_all = "snake_case")]
#[derive(Default)]
pub enum Behaviour {
    /// It returns what its callers expect: the value of a contract in its initial state.
    #[default]
    Well,
    /// It panics.
    Panic,
    /// It burns all its gas.
    BurnAllGas,
    /// It returns bytes that are not JSON.
    ReturnGarbage,
    /// It returns JSON of a type that no caller expects: `true`.
    ReturnOtherType,
    /// It returns no bytes.
    ReturnNothing,
    /// It returns a text of this many bytes in JSON, with its two quotes.
    ReturnBytes(u32),
    /// It sends received tokens to this account at once, and returns that it has used none of them.
    ForwardTokens(AccountId),
    /// It calls its caller back with all unused gas, and returns the promise of that call.
    ///
    /// It does so once, and behaves well after that. Otherwise a call back that leads here again would continue
    /// until the gas is used up.
    CallBack {
        /// The name of the method.
        method: String,
        /// The arguments as a JSON text.
        args: String,
        /// The deposit, from the contract's own balance. In JSON it is a text: `"0"`.
        deposit_yocto: NearToken,
    },
}

/// Bytes that are not JSON.
const GARBAGE: &[u8] = &[0xff, 0xfe, 0xfd];

/// The whole state: the behaviour.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(Default)]
pub struct Rogue {
    behaviour: Behaviour,
}

#[near]
impl Rogue {
    /// Sets the behaviour. Anyone may call this.
    pub fn behave(&mut self, behaviour: Behaviour) {
        if let Behaviour::ReturnBytes(length) = behaviour {
            require!(length >= 2, "A text in JSON has two quotes");
        }
        self.behaviour = behaviour;
    }

    // ---- As hello ----

    pub fn get_greeting(&self) {
        self.respond(r#""Hello""#);
    }

    pub fn set_greeting(&self) {
        self.respond("");
    }

    // ---- As the counter ----

    pub fn get_num(&self) {
        self.respond("0");
    }

    pub fn increment(&self) {
        self.respond("");
    }

    // ---- As the guestbook ----

    pub fn get_messages(&self) {
        self.respond("[]");
    }

    pub fn total_messages(&self) {
        self.respond("0");
    }

    pub fn add_message(&self) {
        self.respond("");
    }

    // ---- As a receiver of tokens ----

    /// Returns that all tokens are used, if the contract behaves well.
    pub fn ft_on_transfer(&self, amount: U128) {
        match &self.behaviour {
            Behaviour::ForwardTokens(accomplice) => forward_tokens(accomplice, amount),
            _ => self.respond(r#""0""#),
        }
    }

    /// Returns that no tokens were used, after they were sent on.
    pub fn all_unused(&self, amount: U128) -> U128 {
        amount
    }

    // ---- As lending and staking ----

    pub fn get_position(&self) {
        self.respond(r#"{"supplied":"0","borrowed":"0"}"#);
    }

    pub fn get_rewards(&self) {
        self.respond(r#""0""#);
    }
}

impl Rogue {
    /// Returns `well`, or misbehaves.
    fn respond(&self, well: &str) {
        let value = self.choose(well);
        // An empty value would replace the promise that a call back returns.
        if !value.is_empty() {
            env::value_return(value);
        }
    }

    fn choose(&self, well: &str) -> Vec<u8> {
        match &self.behaviour {
            // Only a receiver of tokens has some to forward.
            Behaviour::Well | Behaviour::ForwardTokens(_) => well.as_bytes().to_vec(),
            Behaviour::Panic => env::panic_str("I panic, as I was told to"),
            Behaviour::BurnAllGas => burn_all_gas(),
            Behaviour::ReturnGarbage => GARBAGE.to_vec(),
            Behaviour::ReturnOtherType => b"true".to_vec(),
            Behaviour::ReturnNothing => Vec::new(),
            Behaviour::ReturnBytes(length) => text_of(*length),
            Behaviour::CallBack {
                method,
                args,
                deposit_yocto,
            } => {
                // The methods take `&self`, so near-sdk does not write the state.
                env::state_write(&Self::default());
                call_back(method, args, *deposit_yocto);
                Vec::new()
            }
        }
    }
}

/// Hashes until the gas is used up. An empty loop would do the same in more time.
fn burn_all_gas() -> ! {
    loop {
        env::keccak512_array([0; 1024]);
    }
}

/// Returns a JSON text of `length` bytes.
fn text_of(length: u32) -> Vec<u8> {
    let mut text = vec![b'x'; length as usize];
    if let [first, .., last] = &mut text[..] {
        (*first, *last) = (b'"', b'"');
    }
    text
}

/// Calls the caller of this contract back, and returns the promise of that call.
fn call_back(method: &str, args: &str, deposit: NearToken) {
    Promise::new(env::predecessor_account_id())
        .function_call_weight(
            method,
            args.as_bytes(),
            deposit,
            Gas::from_gas(0),
            GasWeight(1),
        )
        .as_return()
        .detach();
}

/// Sends tokens of the caller, which is a token, to `accomplice`, and then returns the same amount.
fn forward_tokens(accomplice: &AccountId, amount: U128) {
    let transfer = json!({ "receiver_id": accomplice, "amount": amount });
    let one_yocto = NearToken::from_yoctonear(1);
    let gas = Gas::from_tgas(5);
    let unused = json!({ "amount": amount }).to_string();
    Promise::new(env::predecessor_account_id())
        .function_call("ft_transfer", transfer.to_string(), one_yocto, gas)
        .then(Promise::new(env::current_account_id()).function_call(
            "all_unused",
            unused,
            NearToken::from_near(0),
            gas,
        ))
        .as_return()
        .detach();
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::serde_json::{self, Value};
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// Returns a contract with this behaviour, in JSON.
    fn told(behaviour: Value) -> Rogue {
        let mut rogue = Rogue::default();
        rogue.behave(serde_json::from_value(behaviour).unwrap());
        rogue
    }

    #[test]
    fn it_behaves_well_at_first() {
        assert_eq!(Rogue::default().choose("[]"), b"[]");
    }

    #[test]
    fn its_behaviour_can_be_changed_back() {
        let mut rogue = told(json!("panic"));
        rogue.behave(Behaviour::Well);

        assert_eq!(rogue.choose("[]"), b"[]");
    }

    #[test]
    #[should_panic(expected = "I panic, as I was told to")]
    fn it_panics() {
        told(json!("panic")).get_num();
    }

    #[test]
    #[should_panic(expected = "HostError(GasExceeded)")]
    fn it_burns_all_its_gas() {
        let little = VMContextBuilder::new()
            .prepaid_gas(Gas::from_tgas(1))
            .build();
        testing_env!(little);
        told(json!("burn_all_gas")).get_num();
    }

    #[test]
    fn garbage_is_no_json() {
        let value = told(json!("return_garbage")).choose("0");

        assert!(serde_json::from_slice::<Value>(&value).is_err());
    }

    #[test]
    fn the_other_type_is_json() {
        let value = told(json!("return_other_type")).choose("0");

        assert_eq!(
            serde_json::from_slice::<Value>(&value).unwrap(),
            json!(true)
        );
    }

    #[test]
    fn nothing_has_no_bytes() {
        assert!(
            told(json!("return_nothing"))
                .choose(r#""Hello""#)
                .is_empty()
        );
    }

    #[test]
    fn a_long_value_is_a_text_of_that_many_bytes() {
        let value = told(json!({ "return_bytes": 5000 })).choose("0");

        assert_eq!(value.len(), 5000);
        let text: String = serde_json::from_slice(&value).unwrap();
        assert_eq!(text, "x".repeat(4998));
    }

    #[test]
    fn the_shortest_value_is_an_empty_text() {
        assert_eq!(told(json!({ "return_bytes": 2 })).choose("0"), br#""""#);
    }

    #[test]
    #[should_panic(expected = "A text in JSON has two quotes")]
    fn a_text_of_one_byte_is_refused() {
        told(json!({ "return_bytes": 1 }));
    }

    /// Returns a contract that calls back, after a call by `accounts(1)`.
    fn call_by_bob() -> Rogue {
        testing_env!(
            VMContextBuilder::new()
                .predecessor_account_id(accounts(1))
                .build()
        );
        let rogue = told(json!({
            "call_back": { "method": "withdraw", "args": "{\"amount\":1}", "deposit_yocto": "5" }
        }));
        rogue.get_greeting();
        rogue
    }

    #[test]
    fn it_calls_its_caller_back_with_the_unused_gas() {
        call_by_bob();

        let [receipt] = &get_created_receipts()[..] else {
            panic!("not one receipt");
        };
        assert_eq!(receipt.receiver_id, accounts(1));
        let [
            MockAction::FunctionCallWeight {
                method_name,
                args,
                attached_deposit,
                gas_weight,
                ..
            },
        ] = &receipt.actions[..]
        else {
            panic!("not one call: {receipt:?}");
        };
        assert_eq!(method_name, b"withdraw");
        assert_eq!(args, br#"{"amount":1}"#);
        assert_eq!(*attached_deposit, NearToken::from_yoctonear(5));
        assert_eq!(gas_weight.0, 1);
    }

    #[test]
    fn it_sends_tokens_on_and_returns_that_it_used_none() {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .build()
        );
        told(json!({ "forward_tokens": accounts(2) })).ft_on_transfer(U128(7));

        let [transfer, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(transfer.receiver_id, accounts(1));
        assert_eq!(callback.receiver_id, accounts(0));
        assert_eq!(
            callback.receipt_indices.len(),
            1,
            "it waits for the transfer"
        );
    }

    #[test]
    fn it_calls_back_once() {
        call_by_bob();

        let rogue: Rogue = env::state_read().unwrap();
        assert_eq!(rogue.choose("0"), b"0");
    }
}
// ANCHOR_END: all
