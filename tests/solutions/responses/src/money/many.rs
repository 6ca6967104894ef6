//! Several messages in parallel, paid from a safe.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::money::guestbooks::{MAX_GUESTBOOKS, Signed, premium_message};
use crate::promise_results::{GAS_FOR_CALLBACK, calls_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Sends the same premium message to several guestbooks, and pays from the caller's safe.
    ///
    /// Returns for each guestbook whether it has accepted the message. What was not spent is in the
    /// safe again.
    pub fn vault_spend_many(&mut self, guestbooks: Vec<AccountId>, text: String) -> Promise {
        enter("vault_spend_many");

        require!(
            guestbooks.len() <= MAX_GUESTBOOKS,
            format!("Give {MAX_GUESTBOOKS} guestbooks at most")
        );
        let owner = env::predecessor_account_id();
        let price = PREMIUM_PRICE.saturating_mul(guestbooks.len() as u128);
        self.money.take(&owner, price);

        let messages = guestbooks
            .iter()
            .map(|guestbook| premium_message(guestbook.clone(), text.clone(), PREMIUM_PRICE))
            .reduce(Promise::and);
        let Some(messages) = messages else {
            env::panic_str("Give at least one guestbook");
        };
        messages.then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vault_spend_many_callback(owner, guestbooks, PREMIUM_PRICE),
        )
    }

    /// Adds the `price` of each message that has failed to the safe again. Returns the results.
    #[private]
    pub fn vault_spend_many_callback(
        &mut self,
        owner: AccountId,
        guestbooks: Vec<AccountId>,
        price: NearToken,
    ) -> Vec<Signed> {
        enter("vault_spend_many_callback");

        let guestbooks: Vec<Signed> = guestbooks
            .into_iter()
            .zip(calls_succeeded())
            .map(|(guestbook, signed)| Signed { guestbook, signed })
            .collect();

        let failed = guestbooks
            .iter()
            .filter(|guestbook| !guestbook.signed)
            .count();
        if failed > 0 {
            let rest = price.saturating_mul(failed as u128);
            self.money.put_back(owner, rest);
        }
        guestbooks
    }
}
// ANCHOR_END: code
