//! Single methods that the owner stops, while the others go on.

use near_sdk::{log, near};

use super::gate::Gate;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: code
    /// Refuses calls of this method from now on. What is under way comes to its end.
    #[payable]
    pub fn stop_method(&mut self, method: String) {
        self.set_stopped(&method, true);
        log!("{method} is stopped");
    }

    /// Takes calls of this method again.
    #[payable]
    pub fn start_method(&mut self, method: String) {
        self.set_stopped(&method, false);
        log!("{method} runs again");
    }
    // ANCHOR_END: code

    /// Whether calls of this method are refused.
    pub fn is_stopped(&self, method: String) -> bool {
        Gate::load().stopped[Gate::place_of(&method)]
    }
}

impl Contract {
    fn set_stopped(&self, method: &str, stopped: bool) {
        self.require_owner();

        let mut gate = Gate::load();
        gate.set_stopped(method, stopped);
        gate.store();
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{NearToken, testing_env};

    use super::*;

    /// Our contract on `alice`, which owns itself.
    fn contract() -> Contract {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .signer_account_id(accounts(0))
                .attached_deposit(NearToken::from_yoctonear(1))
                .build()
        );
        Contract::new(None, None, None)
    }

    #[test]
    #[should_panic(expected = "withdraw_owed gives people back what is theirs")]
    fn what_pays_people_back_cannot_be_stopped() {
        contract().stop_method("withdraw_owed".to_string());
    }

    #[test]
    #[should_panic(expected = "The gate does not know query_greting")]
    fn a_method_that_there_is_not_cannot_be_stopped() {
        contract().stop_method("query_greting".to_string());
    }
}
