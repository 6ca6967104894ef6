// ANCHOR: all
//! A contract that forges promise results, for tests of callbacks.
//!
//! Anyone can wait for a promise of one's own, and name a method of another contract as its callback. So a callback
//! that is not private reads the result that another account has chosen.

use near_sdk::{AccountId, Gas, GasWeight, NearToken, Promise, env, near};

/// A call of a callback, and the promise result that it reads.
#[near(serializers = [borsh, json])]
pub struct Forgery {
    /// The account of the callback.
    pub contract: AccountId,
    /// The name of the callback.
    pub method: String,
    /// The arguments as a JSON text.
    pub args: String,
    /// The bytes of the result, as a text. `null` is a failure.
    pub result: Option<String>,
}

/// The whole state: the next forgery.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(Default)]
pub struct Forger {
    forgery: Option<Forgery>,
}

#[near]
impl Forger {
    /// Sets the forgery. Anyone may call this.
    pub fn behave(&mut self, behaviour: Forgery) {
        self.forgery = Some(behaviour);
    }

    /// Calls the callback, which waits for a promise of this contract.
    pub fn forge(&self) {
        let Some(forgery) = &self.forgery else {
            env::panic_str("Say first what to forge");
        };
        // A method that does not exist fails.
        let (method, bytes) = match &forgery.result {
            Some(result) => ("echo", result.as_bytes()),
            None => ("no_such_method", &b""[..]),
        };
        let call = |account: &AccountId, method: &str, args: &[u8]| {
            let (nothing, no_gas) = (NearToken::from_near(0), Gas::from_gas(0));
            Promise::new(account.clone()).function_call_weight(
                method,
                args,
                nothing,
                no_gas,
                GasWeight(1),
            )
        };
        call(&env::current_account_id(), method, bytes)
            .then(call(
                &forgery.contract,
                &forgery.method,
                forgery.args.as_bytes(),
            ))
            .detach();
    }

    /// Returns its input.
    pub fn echo(&self) {
        env::value_return(env::input().unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// Forges this result for a callback of `accounts(1)`, and returns the two calls: receiver, method and input.
    fn forged(result: Option<&str>) -> [(AccountId, String, String); 2] {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .build()
        );
        let mut forger = Forger::default();
        forger.behave(Forgery {
            contract: accounts(1),
            method: "pay_callback".to_owned(),
            args: "{}".to_owned(),
            result: result.map(str::to_owned),
        });
        forger.forge();
        let receipts = get_created_receipts();
        assert_eq!(receipts.len(), 2);
        assert_eq!(
            receipts[1].receipt_indices.len(),
            1,
            "it waits for the first"
        );
        [0, 1].map(|index| {
            let receipt = &receipts[index];
            let [
                MockAction::FunctionCallWeight {
                    method_name, args, ..
                },
            ] = &receipt.actions[..]
            else {
                panic!("not one call: {receipt:?}");
            };
            let [method, args] =
                [method_name, args].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
            (receipt.receiver_id.clone(), method, args)
        })
    }

    #[test]
    fn a_success_is_the_echo_of_its_bytes() {
        let [own, callback] = forged(Some("true"));

        assert_eq!(own, (accounts(0), "echo".into(), "true".into()));
        assert_eq!(callback, (accounts(1), "pay_callback".into(), "{}".into()));
    }

    #[test]
    fn a_failure_is_a_call_of_no_method() {
        let [own, _] = forged(None);

        assert_eq!(own, (accounts(0), "no_such_method".into(), String::new()));
    }

    #[test]
    #[should_panic(expected = "Say first what to forge")]
    fn nothing_is_forged_at_first() {
        testing_env!(VMContextBuilder::new().build());

        Forger::default().forge();
    }
}
// ANCHOR_END: all
