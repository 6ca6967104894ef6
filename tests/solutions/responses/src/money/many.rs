//! From the safe, several at once.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use super::books::{MAX_BOOKS, Signed, premium_message};
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::promise_results::{GAS_FOR_CALLBACK, calls_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Leaves the same premium message in several books, and pays from the caller's safe.
    ///
    /// Answers for each book whether it has the message. What was not spent is back in the safe.
    pub fn vault_spend_many(&mut self, books: Vec<AccountId>, text: String) -> Promise {
        enter("vault_spend_many");

        require!(
            books.len() <= MAX_BOOKS,
            format!("Give {MAX_BOOKS} books at most")
        );
        let owner = env::predecessor_account_id();
        let price = PREMIUM_PRICE.saturating_mul(books.len() as u128);
        self.money.take(&owner, price);

        let messages = books
            .iter()
            .map(|book| premium_message(book.clone(), text.clone(), PREMIUM_PRICE))
            .reduce(Promise::and);
        let Some(messages) = messages else {
            env::panic_str("Give at least one book");
        };
        messages.then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vault_spend_many_callback(owner, books, PREMIUM_PRICE),
        )
    }

    /// Each book has its message, or its `price` is back here and goes back into the safe.
    #[private]
    pub fn vault_spend_many_callback(
        &mut self,
        owner: AccountId,
        books: Vec<AccountId>,
        price: NearToken,
    ) -> Vec<Signed> {
        enter("vault_spend_many_callback");

        let books: Vec<Signed> = books
            .into_iter()
            .zip(calls_succeeded())
            .map(|(book, signed)| Signed { book, signed })
            .collect();

        let failed = books.iter().filter(|book| !book.signed).count();
        if failed > 0 {
            let rest = price.saturating_mul(failed as u128);
            self.money.put_back(owner, rest);
        }
        books
    }
}
// ANCHOR_END: code
