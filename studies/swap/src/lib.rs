// ANCHOR: all
//! A pool that exchanges two fungible tokens at the price of their reserves.
//!
//! The other token may not arrive: then the trade ends as if it had not begun, and the sender gets
//! the first token back. [`pool`] says why nobody gains by what happens in between.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, PanicOnDefault, env, near, require};

pub mod liquidity;
pub mod math;
pub mod orders;
pub mod pool;
pub mod promise_results;
pub mod swap;
pub mod token;

use liquidity::Account;
use pool::Pool;

// ANCHOR: state
/// The whole state. The index of a token, 0 or 1, is its `side` everywhere.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(PanicOnDefault)]
pub struct Contract {
    pub(crate) tokens: [AccountId; 2],
    pub(crate) pool: Pool,
    pub(crate) accounts: LookupMap<AccountId, Account>,
}
// ANCHOR_END: state

#[near]
impl Contract {
    /// Initializes an empty pool of two tokens. The pool trusts both: a token says how much has
    /// arrived.
    ///
    /// `#[private]` lets only this account itself call it, so nobody else can choose the tokens.
    #[init]
    #[private]
    pub fn new(tokens: [AccountId; 2]) -> Self {
        require!(tokens[0] != tokens[1], "Name two tokens");
        require!(
            !tokens.contains(&env::current_account_id()),
            "The pool cannot be its own token"
        );
        Self {
            tokens,
            pool: Pool::default(),
            accounts: LookupMap::new("accounts".as_bytes()),
        }
    }

    /// Returns the two tokens.
    pub fn get_tokens(&self) -> &[AccountId; 2] {
        &self.tokens
    }

    /// Returns for each token the least and the most that is in the pool. They are equal if no
    /// trade is under way.
    pub fn get_reserves(&self) -> [[U128; 2]; 2] {
        let reserves = self.pool.reserves;
        reserves.map(|reserve| [U128(reserve.at_least), U128(reserve.at_most)])
    }

    /// Returns the sum of all shares.
    pub fn get_total_shares(&self) -> U128 {
        U128(self.pool.shares)
    }

    /// Returns the shares of an account.
    pub fn get_shares(&self, account_id: AccountId) -> U128 {
        let account = self.accounts.get(&account_id);
        U128(account.map_or(0, |account| account.shares))
    }

    /// Returns what the pool owes an account, of each token.
    pub fn get_owed(&self, account_id: AccountId) -> [U128; 2] {
        let account = self.accounts.get(&account_id);
        account.map_or([0; 2], |account| account.owed).map(U128)
    }

    /// Returns the amount that goes out for `amount_in` of a token now, or `null` if there is no
    /// price.
    pub fn quote(&self, token_in: AccountId, amount_in: U128) -> Option<U128> {
        let amount_out = self.pool.quote(self.side_of(&token_in), amount_in.0);
        amount_out.map(U128)
    }
}

impl Contract {
    /// Returns the index of a token. Panics if it is not one of the pair.
    pub(crate) fn side_of(&self, token: &AccountId) -> usize {
        let side = self.tokens.iter().position(|known| known == token);
        side.unwrap_or_else(|| env::panic_str(&format!("{token} is no token of this pool")))
    }
}

#[cfg(test)]
mod test_utils;
// ANCHOR_END: all
