// ANCHOR: all
//! VULNERABLE ON PURPOSE. Do not deploy this contract, and do not copy from it.
//!
//! It is a small vault. Each method that spends money has a common mistake, and the book shows the
//! attacks. Chapter 4 has the same methods without the mistakes.

use near_sdk::store::LookupMap;
use near_sdk::{
    AccountId, Gas, NearToken, Promise, PromiseError, assert_one_yocto, env, ext_contract, near,
    require,
};

/// The method that it calls at a guestbook.
#[ext_contract(guestbook)]
pub trait Guestbook {
    /// Stores `text` and keeps the deposit.
    fn add_message(&mut self, text: String);
}

/// The price of a message: 0.1 NEAR.
pub const PREMIUM_PRICE: NearToken = NearToken::from_millinear(100);

const GAS_FOR_GUESTBOOK: Gas = Gas::from_tgas(5);

const GAS_FOR_CALLBACK: Gas = Gas::from_tgas(14);

/// The money of one account in the vault.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Safe {
    /// The amount in the safe, with the locked part.
    pub balance: NearToken,
    /// The part that nobody may spend until the callback has run.
    pub locked: NearToken,
}

/// The whole state: the safes, by account.
#[near(contract_state)]
pub struct Vault {
    safes: LookupMap<AccountId, Safe>,
}

impl Default for Vault {
    fn default() -> Self {
        Self {
            safes: LookupMap::new("safes".as_bytes()),
        }
    }
}

#[near]
impl Vault {
    /// Adds the deposit to the safe of the caller.
    #[payable]
    pub fn vault_deposit(&mut self) {
        let owner = env::predecessor_account_id();
        let safe = self.safes.entry(owner).or_default();
        safe.balance = safe.balance.saturating_add(env::attached_deposit());
    }

    /// Returns the safe of an account.
    pub fn get_safe(&self, account_id: AccountId) -> Option<&Safe> {
        self.safes.get(&account_id)
    }

    // ANCHOR: spend
    /// Checks the safe, sends the call, and subtracts the money in the callback.
    ///
    /// VULNERABLE: until the callback the safe still contains the money, and can be spent again.
    pub fn vulnerable_spend(&mut self, guestbook: AccountId, text: String) -> Promise {
        let owner = env::predecessor_account_id();
        let balance = self.safe_of(&owner).balance;
        require!(
            balance >= PREMIUM_PRICE,
            format!("{owner} can spend {}", balance.exact_amount_display())
        );

        premium_message(guestbook, text).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vulnerable_spend_callback(owner),
        )
    }

    /// Subtracts the price from the safe when it was spent.
    ///
    /// VULNERABLE: the safe may hold less now than when the call was sent.
    #[private]
    pub fn vulnerable_spend_callback(&mut self, owner: AccountId) -> bool {
        let spent = call_succeeded();
        if spent {
            let safe = self.safe_of(&owner);
            safe.balance = safe.balance.saturating_sub(PREMIUM_PRICE);
        }
        spent
    }
    // ANCHOR_END: spend

    // ANCHOR: lock
    /// Locks the price in the safe, and sends the call.
    ///
    /// VULNERABLE: the callback, which has to open the lock, gets too little gas for that.
    pub fn vulnerable_spend_locked(&mut self, guestbook: AccountId, text: String) -> Promise {
        let owner = env::predecessor_account_id();
        let safe = self.safe_of(&owner);
        require!(safe.locked.is_zero(), "The safe is locked");
        require!(
            safe.balance >= PREMIUM_PRICE,
            format!("{owner} can spend {}", safe.balance.exact_amount_display())
        );
        safe.locked = PREMIUM_PRICE;

        premium_message(guestbook, text).then(
            Self::ext_self()
                .with_static_gas(Gas::from_ggas(500))
                .with_unused_gas_weight(0)
                .vulnerable_spend_locked_callback(owner),
        )
    }

    /// Opens the lock. It is correct, but its gas is never enough to run it.
    #[private]
    pub fn vulnerable_spend_locked_callback(&mut self, owner: AccountId) -> bool {
        let spent = call_succeeded();
        self.unlock(&owner, spent);
        spent
    }

    /// Opens the lock of `owner` for an operator.
    ///
    /// VULNERABLE: the lock has no number. If it is opened before the callback runs, the owner can
    /// spend the same money again.
    #[private]
    #[payable]
    pub fn vulnerable_resolve(&mut self, owner: AccountId, spent: bool) {
        assert_one_yocto();
        self.unlock(&owner, spent);
    }
    // ANCHOR_END: lock

    // ANCHOR: sign
    /// Sends a message with the whole deposit of the caller.
    ///
    /// VULNERABLE: the callback concludes from the result of the guestbook's method whether the
    /// deposit was refunded.
    #[payable]
    pub fn vulnerable_sign(&mut self, guestbook: AccountId, text: String) -> Promise {
        let deposit = env::attached_deposit();
        guestbook::ext(guestbook)
            .with_attached_deposit(deposit)
            .with_static_gas(GAS_FOR_GUESTBOOK)
            .add_message(text)
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .vulnerable_sign_callback(env::predecessor_account_id(), deposit),
            )
    }

    /// Pays the deposit back when the message has failed.
    ///
    /// VULNERABLE: it is not private, so anyone can call it, with any payer and any deposit.
    pub fn vulnerable_sign_callback(&mut self, payer: AccountId, deposit: NearToken) -> bool {
        let signed = env::promise_results_count() > 0 && call_succeeded();
        if !signed {
            Promise::new(payer).transfer(deposit).detach();
        }
        signed
    }
    // ANCHOR_END: sign
}

impl Vault {
    fn safe_of(&mut self, owner: &AccountId) -> &mut Safe {
        match self.safes.get_mut(owner) {
            Some(safe) => safe,
            None => env::panic_str(&format!("{owner} has no safe")),
        }
    }

    fn unlock(&mut self, owner: &AccountId, spent: bool) {
        let safe = self.safe_of(owner);
        if spent {
            safe.balance = safe.balance.saturating_sub(safe.locked);
        }
        safe.locked = NearToken::default();
    }
}

/// Sends a message with 0.1 NEAR, and a transfer of 0 NEAR as the last action: chapter 2 explains
/// why.
///
/// VULNERABLE: the guestbook gets a share of the unused gas, which is enough to call back.
fn premium_message(guestbook: AccountId, text: String) -> Promise {
    guestbook::ext(guestbook)
        .with_attached_deposit(PREMIUM_PRICE)
        .with_static_gas(GAS_FOR_GUESTBOOK)
        .add_message(text)
        .transfer(NearToken::from_near(0))
}

fn call_succeeded() -> bool {
    !matches!(env::promise_result_checked(0, 0), Err(PromiseError::Failed))
}
// ANCHOR_END: all
