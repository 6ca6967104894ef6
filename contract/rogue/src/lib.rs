// ANCHOR: all
//! A contract that misbehaves on request, so that its callers can see how they get on with that.
//!
//! It has some methods of other partners, and each answers as `behave` said last. None of them
//! looks at its arguments, refuses a deposit or keeps what it is told: whoever calls a stranger has
//! no right to expect any of that.

use near_sdk::json_types::U128;
use near_sdk::serde_json::json;
use near_sdk::{AccountId, Gas, GasWeight, NearToken, Promise, env, near, require};

/// How the contract answers. In JSON: `"panic"`, `{"return_bytes": 5000}`.
#[near(serializers = [borsh, json])]
#[serde(rename_all = "snake_case")]
#[derive(Default)]
pub enum Behaviour {
    /// As its callers expect, with the answer of a contract that nobody has changed yet.
    #[default]
    Well,
    /// It panics.
    Panic,
    /// It works until its gas is gone.
    BurnAllGas,
    /// It answers bytes that are no JSON.
    ReturnGarbage,
    /// It answers JSON of a type that no caller expects: `true`.
    ReturnOtherType,
    /// It answers no bytes at all.
    ReturnNothing,
    /// It answers a text of this many bytes in JSON, the two quotes among them.
    ReturnBytes(u32),
    /// It sends tokens that it receives on to this account at once, and answers that it used none of them.
    ForwardTokens(AccountId),
    /// It calls its caller, with all the gas that it has left, and answers what that answers.
    ///
    /// It does so once, and behaves well from then on. A call back that leads here again would else
    /// go on until the gas is gone.
    CallBack {
        /// The method to call.
        method: String,
        /// Its arguments, as a JSON text.
        args: String,
        /// What to attach, from the contract's own balance. In JSON a text: `"0"`.
        deposit_yocto: NearToken,
    },
}

/// Bytes that no JSON begins with.
const GARBAGE: &[u8] = &[0xff, 0xfe, 0xfd];

/// The whole state: how it answers.
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
    /// Sets how the contract answers from now on. Anyone may do that.
    pub fn behave(&mut self, behaviour: Behaviour) {
        if let Behaviour::ReturnBytes(length) = behaviour {
            require!(length >= 2, "A text in JSON has two quotes");
        }
        self.behaviour = behaviour;
    }

    // ---- As hello ----

    pub fn get_greeting(&self) {
        self.answer(r#""Hello""#);
    }

    pub fn set_greeting(&self) {
        self.answer("");
    }

    // ---- As the counter ----

    pub fn get_num(&self) {
        self.answer("0");
    }

    pub fn increment(&self) {
        self.answer("");
    }

    // ---- As the guestbook ----

    pub fn get_messages(&self) {
        self.answer("[]");
    }

    pub fn total_messages(&self) {
        self.answer("0");
    }

    pub fn add_message(&self) {
        self.answer("");
    }

    // ---- As a receiver of tokens ----

    /// Zero tokens come back: all of them are used.
    pub fn ft_on_transfer(&self, amount: U128) {
        match &self.behaviour {
            Behaviour::ForwardTokens(accomplice) => forward_tokens(accomplice, amount),
            _ => self.answer(r#""0""#),
        }
    }

    /// After the tokens are gone: says that none of them were used.
    pub fn all_unused(&self, amount: U128) -> U128 {
        amount
    }

    // ---- As lending and staking ----

    pub fn get_position(&self) {
        self.answer(r#"{"supplied":"0","borrowed":"0"}"#);
    }

    pub fn get_rewards(&self) {
        self.answer(r#""0""#);
    }
}

impl Rogue {
    /// Answers `well`, unless the contract was told to behave otherwise.
    fn answer(&self, well: &str) {
        let answer = self.choose(well);
        // An answer of no bytes would take the place of the promise that a call back returns.
        if !answer.is_empty() {
            env::value_return(answer);
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
                // Written by hand, for no method here changes the state otherwise.
                env::state_write(&Self::default());
                call_back(method, args, *deposit_yocto);
                Vec::new()
            }
        }
    }
}

/// Hashes until the gas is gone. An empty loop would do as well, but it takes the machine longer.
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

/// Calls the account that called this contract, and makes its answer the answer of this call.
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

/// Sends tokens of the caller, which is a token, to `accomplice`, and answers with the same amount when they
/// are there.
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

    /// Returns a contract that was told so, in JSON.
    fn told(behaviour: Value) -> Rogue {
        let mut rogue = Rogue::default();
        rogue.behave(serde_json::from_value(behaviour).unwrap());
        rogue
    }

    #[test]
    fn it_behaves_well_until_it_is_told_otherwise() {
        assert_eq!(Rogue::default().choose("[]"), b"[]");
    }

    #[test]
    fn it_behaves_well_again_when_it_is_told_so() {
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
    fn it_works_until_its_gas_is_gone() {
        let little = VMContextBuilder::new()
            .prepaid_gas(Gas::from_tgas(1))
            .build();
        testing_env!(little);
        told(json!("burn_all_gas")).get_num();
    }

    #[test]
    fn garbage_is_no_json() {
        let answer = told(json!("return_garbage")).choose("0");

        assert!(serde_json::from_slice::<Value>(&answer).is_err());
    }

    #[test]
    fn the_other_type_is_json() {
        let answer = told(json!("return_other_type")).choose("0");

        assert_eq!(
            serde_json::from_slice::<Value>(&answer).unwrap(),
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
    fn a_long_answer_is_a_text_of_that_many_bytes() {
        let answer = told(json!({ "return_bytes": 5000 })).choose("0");

        assert_eq!(answer.len(), 5000);
        let text: String = serde_json::from_slice(&answer).unwrap();
        assert_eq!(text, "x".repeat(4998));
    }

    #[test]
    fn the_shortest_answer_is_an_empty_text() {
        assert_eq!(told(json!({ "return_bytes": 2 })).choose("0"), br#""""#);
    }

    #[test]
    #[should_panic(expected = "A text in JSON has two quotes")]
    fn a_text_of_one_byte_is_refused() {
        told(json!({ "return_bytes": 1 }));
    }

    /// Returns a contract that was told to call back, and was then called by `accounts(1)`.
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
    fn it_calls_its_caller_with_the_gas_that_is_left() {
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
    fn it_sends_tokens_on_and_says_that_it_used_none() {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .build()
        );
        told(json!({ "forward_tokens": accounts(2) })).ft_on_transfer(U128(7));

        let [transfer, answer] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(transfer.receiver_id, accounts(1));
        assert_eq!(answer.receiver_id, accounts(0));
        assert_eq!(answer.receipt_indices.len(), 1, "it waits for the transfer");
    }

    #[test]
    fn it_calls_back_once() {
        call_by_bob();

        let rogue: Rogue = env::state_read().unwrap();
        assert_eq!(rogue.choose("0"), b"0");
    }
}
// ANCHOR_END: all
