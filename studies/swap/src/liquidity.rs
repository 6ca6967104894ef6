// ANCHOR: all
//! Those who add liquidity: their shares, and the tokens that the pool owes them.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, NearToken, Promise, assert_one_yocto, env, near, require};

use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::token::send;
use crate::{Contract, ContractExt};

/// The price of an account: 0.00164 NEAR, the storage of the longest entry, which has 164 bytes.
pub const ACCOUNT_PRICE: NearToken = NearToken::from_micronear(1_640);

/// The part of the pool that belongs to one account.
#[near(serializers = [borsh])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    pub shares: u128,
    /// The tokens that wait for [`Contract::claim`], or for the other token. They are not in the
    /// reserves.
    pub owed: [u128; 2],
}

#[near]
impl Contract {
    /// Opens an account for the caller, who pays for its storage. A swap needs none.
    #[payable]
    pub fn register(&mut self) {
        let owner = env::predecessor_account_id();
        require!(
            env::attached_deposit() == ACCOUNT_PRICE,
            format!("Attach {}", ACCOUNT_PRICE.exact_amount_display())
        );
        let is_new = !self.accounts.contains_key(&owner);
        require!(is_new, format!("{owner} is registered already"));
        self.accounts.insert(owner, Account::default());
    }

    /// Removes shares of the caller, who attaches one yoctoNEAR. What they are worth is owed to the
    /// caller, at least `min_out` of each token. The last shares of the pool stay while a trade is
    /// under way.
    #[payable]
    pub fn remove(&mut self, shares: U128, min_out: [U128; 2]) {
        assert_one_yocto();
        let account = account_of(&mut self.accounts, &env::predecessor_account_id());
        let left = account.shares.checked_sub(shares.0);
        let left = left.unwrap_or_else(|| env::panic_str("You have fewer shares"));
        let worth = self.pool.remove(shares.0);
        let worth = worth.unwrap_or_else(|| {
            env::panic_str("The last shares can leave only when no trade is under way")
        });
        require!(
            are_enough(worth, min_out),
            format!("The shares are worth {worth:?}")
        );
        account.shares = left;
        account.owe(worth);
    }

    /// Pays what the pool owes the caller of one token. The entry is empty before the tokens are
    /// sent.
    pub fn claim(&mut self, token: AccountId) -> Promise {
        let side = self.side_of(&token);
        let owner = env::predecessor_account_id();
        let account = account_of(&mut self.accounts, &owner);
        let amount = U128(std::mem::take(&mut account.owed[side]));
        require!(amount.0 > 0, format!("{owner} is owed no {token}"));
        send(token, owner.clone(), amount).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .claim_callback(owner, side, amount),
        )
    }

    /// Owes the amount again if it has not arrived. Returns whether it has.
    #[private]
    pub fn claim_callback(&mut self, owner: AccountId, side: usize, amount: U128) -> bool {
        let is_paid = call_succeeded();
        if !is_paid {
            let mut owed = [0; 2];
            owed[side] = amount.0;
            account_of(&mut self.accounts, &owner).owe(owed);
        }
        is_paid
    }
}

impl Contract {
    /// Owes the tokens that have come to their sender, and adds to the pool as much of both tokens
    /// as gives shares. It takes all that is owed to the sender, also what `remove` has left there.
    pub(crate) fn add(
        &mut self,
        side: usize,
        owner: &AccountId,
        amount: U128,
        min_shares: U128,
        min_in: [U128; 2],
    ) {
        let account = account_of(&mut self.accounts, owner);
        account.owed[side] += amount.0;
        let added = self.pool.add(account.owed);
        let (shares, cost) = added.unwrap_or_else(|| env::panic_str("That is too much"));
        require!(
            shares >= min_shares.0,
            format!("That gives {shares} shares, and not {}", min_shares.0)
        );
        require!(
            are_enough(cost, min_in),
            format!("The shares cost {cost:?}")
        );
        account.shares += shares;
        for (owed, cost) in account.owed.iter_mut().zip(cost) {
            *owed -= cost;
        }
    }
}

impl Account {
    fn owe(&mut self, amounts: [u128; 2]) {
        for (owed, amount) in self.owed.iter_mut().zip(amounts) {
            *owed += amount;
        }
    }
}

/// Returns whether the amount of each token is at least what its owner accepts.
fn are_enough(amounts: [u128; 2], least: [U128; 2]) -> bool {
    let mut pairs = amounts.iter().zip(least);
    pairs.all(|(amount, least)| *amount >= least.0)
}

fn account_of<'a>(
    accounts: &'a mut LookupMap<AccountId, Account>,
    owner: &AccountId,
) -> &'a mut Account {
    match accounts.get_mut(owner) {
        Some(account) => account,
        None => env::panic_str(&format!("{owner} has no account: call `register`")),
    }
}

#[cfg(test)]
mod tests;
// ANCHOR_END: all
