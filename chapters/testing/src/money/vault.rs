// ANCHOR: all
//! A vault: users deposit money here, and spend it later without a deposit.
//!
//! Between a call and its callback anyone can call this contract, and the owner of the safe too
//! (re-entrancy). So the money is subtracted from the safe before it is sent. The callback puts it
//! back when it was not spent.

use near_sdk::{AccountId, NearToken, Promise, env, log, near, require};

use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::money::guestbooks::premium_message;
use crate::money::owed::pay_back;
use crate::money::state::{Safe, State};
use crate::money::storage::{price_of_storage_freed_since, price_of_storage_since};
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::{Contract, ContractExt};

impl State {
    // ANCHOR: open
    /// Adds a safe if there is none. Returns the price of its storage, or zero if there was a safe.
    fn open_safe(&mut self, owner: &AccountId) -> NearToken {
        if self.safes.contains_key(owner) {
            return NearToken::default();
        }
        let before = env::storage_usage();
        self.safes.insert(owner.clone(), Safe::default());
        // A map keeps changes in memory until the method ends. Only written entries can be
        // measured.
        self.safes.flush();
        price_of_storage_since(before)
    }

    /// Removes a safe. Returns the price of its storage.
    fn remove_safe(&mut self, owner: &AccountId) -> NearToken {
        let before = env::storage_usage();
        self.safes.remove(owner);
        self.safes.flush();
        price_of_storage_freed_since(before)
    }
    // ANCHOR_END: open

    /// Returns the safe of `owner`. Panics when there is none.
    pub(crate) fn safe_of(&mut self, owner: &AccountId) -> &mut Safe {
        match self.safes.get_mut(owner) {
            Some(safe) => safe,
            None => env::panic_str(&format!("{owner} has no safe")),
        }
    }

    // ANCHOR: take
    /// Subtracts `amount` from a safe. Panics when less is free, which is what is not locked.
    pub(crate) fn take(&mut self, owner: &AccountId, amount: NearToken) {
        let safe = self.safe_of(owner);
        let free = safe.balance.saturating_sub(safe.lock.amount);
        require!(
            free >= amount,
            format!("{owner} can spend {}", free.exact_amount_display())
        );
        safe.balance = safe.balance.saturating_sub(amount);
        self.release(amount);
    }

    /// Adds `amount` to a safe again. If the safe was closed in between, the amount is owed to
    /// `owner`.
    pub(crate) fn put_back(&mut self, owner: AccountId, amount: NearToken) {
        match self.safes.get_mut(&owner) {
            Some(safe) => {
                safe.balance = safe.balance.saturating_add(amount);
                self.hold(amount);
            }
            None => self.owe(owner, amount),
        }
    }
    // ANCHOR_END: take
}

#[near]
impl Contract {
    /// Returns the safe of an account.
    pub fn get_safe(&self, account_id: AccountId) -> Option<&Safe> {
        self.money.safes.get(&account_id)
    }

    // ANCHOR: deposit
    /// Adds the deposit to the safe of `account_id`, or to that of the caller. Returns the amount
    /// that was added.
    ///
    /// The first deposit also pays for the storage of the safe.
    #[payable]
    pub fn vault_deposit(&mut self, account_id: Option<AccountId>) -> NearToken {
        enter("vault_deposit");

        let owner = account_id.unwrap_or_else(env::predecessor_account_id);
        let storage = self.money.open_safe(&owner);
        let amount = env::attached_deposit().saturating_sub(storage);
        require!(
            !amount.is_zero(),
            format!("Attach more than {}", storage.exact_amount_display())
        );

        log!(
            "{owner} pays {} for storage and has {} more",
            storage.exact_amount_display(),
            amount.exact_amount_display()
        );
        self.money.put_back(owner, amount);
        amount
    }
    // ANCHOR_END: deposit

    // ANCHOR: spend
    /// Sends a premium message to `guestbook`, and pays for it from the caller's safe.
    ///
    /// Returns whether the guestbook has accepted the money. If not, it is in the safe again.
    pub fn vault_spend(&mut self, guestbook: AccountId, text: String) -> Promise {
        enter("vault_spend");

        let owner = env::predecessor_account_id();
        self.money.take(&owner, PREMIUM_PRICE);

        premium_message(guestbook, text, PREMIUM_PRICE).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vault_spend_callback(owner, PREMIUM_PRICE),
        )
    }

    /// Adds the `price` to the safe again when the message has failed. Returns whether it was
    /// spent.
    #[private]
    pub fn vault_spend_callback(&mut self, owner: AccountId, price: NearToken) -> bool {
        enter("vault_spend_callback");

        let spent = call_succeeded();
        if !spent {
            self.money.put_back(owner, price);
        }
        spent
    }
    // ANCHOR_END: spend

    // ANCHOR: withdraw
    /// Pays `amount` from the caller's safe to the caller. Returns whether the payment has arrived.
    pub fn vault_withdraw(&mut self, amount: NearToken) -> Promise {
        enter("vault_withdraw");

        let owner = env::predecessor_account_id();
        self.money.take(&owner, amount);

        Promise::new(owner.clone()).transfer(amount).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vault_withdraw_callback(owner, amount),
        )
    }

    /// Adds the amount to the safe again when the payment has failed. Returns whether it has
    /// arrived.
    #[private]
    pub fn vault_withdraw_callback(&mut self, owner: AccountId, amount: NearToken) -> bool {
        enter("vault_withdraw_callback");

        let paid = call_succeeded();
        if !paid {
            self.money.put_back(owner, amount);
        }
        paid
    }

    /// Closes the caller's safe, and pays out its balance and the price of its storage.
    pub fn vault_close(&mut self) -> Promise {
        enter("vault_close");

        let owner = env::predecessor_account_id();
        let safe = self.money.safe_of(&owner).clone();
        require!(safe.lock.amount.is_zero(), "The safe is locked");

        let storage = self.money.remove_safe(&owner);
        self.money.release(safe.balance);
        log!(
            "{owner} gets {} for storage back",
            storage.exact_amount_display()
        );
        pay_back(owner, safe.balance.saturating_add(storage))
    }
    // ANCHOR_END: withdraw
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::money::test_utils::call_by;

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// Sets the context of a callback that sees this promise result.
    fn after(result: PromiseResult) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    /// Runs the callback of bob's `vault_spend`, with this promise result.
    fn callback_after(contract: &mut Contract, result: PromiseResult) -> bool {
        after(result);
        contract.vault_spend_callback(accounts(1), PREMIUM_PRICE)
    }

    /// Returns a contract with a safe of `bob`, who has deposited 1 NEAR and is the next caller.
    fn contract_of_bob() -> Contract {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract.vault_deposit(None);
        call_by(1, NearToken::default());
        contract
    }

    fn spend(contract: &mut Contract) {
        contract
            .vault_spend(accounts(2), "Hello".to_string())
            .detach();
    }

    fn balance_of_bob(contract: &Contract) -> Option<NearToken> {
        Some(contract.get_safe(accounts(1))?.balance)
    }

    /// Returns the storage price of a safe of an account with a name of three letters, by its
    /// parts: the prefix, the name with its length, two amounts of 16 bytes, the other 12 bytes of
    /// a lock, and 40 bytes for the entry.
    fn storage() -> NearToken {
        let bytes = "money.safes".len() + (4 + "bob".len()) + 2 * 16 + 12 + 40;
        env::storage_byte_cost().saturating_mul(bytes as u128)
    }

    #[test]
    fn the_first_deposit_pays_for_the_storage() {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);

        let amount = contract.vault_deposit(None);

        assert_eq!(amount, ONE_NEAR.saturating_sub(storage()));
        assert_eq!(balance_of_bob(&contract), Some(amount));
        assert_eq!(
            get_logs()[1],
            "bob pays 0.00102 NEAR for storage and has 0.99898 NEAR more"
        );
    }

    #[test]
    fn the_second_deposit_pays_for_no_storage() {
        let mut contract = contract_of_bob();
        let before = balance_of_bob(&contract).unwrap();
        call_by(1, ONE_NEAR);

        assert_eq!(contract.vault_deposit(None), ONE_NEAR);
        assert_eq!(
            balance_of_bob(&contract),
            Some(before.saturating_add(ONE_NEAR))
        );
    }

    #[test]
    fn a_deposit_can_be_for_another_account() {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract.vault_deposit(Some(accounts(2)));

        assert!(contract.get_safe(accounts(1)).is_none());
        assert!(contract.get_safe(accounts(2)).is_some());
    }

    #[test]
    #[should_panic(expected = "Attach more than 0.00102 NEAR")]
    fn a_deposit_for_the_storage_alone_is_refused() {
        call_by(1, storage());
        Contract::new(None, None, None).vault_deposit(None);
    }

    #[test]
    fn the_money_leaves_the_safe_before_the_call_is_sent() {
        let mut contract = contract_of_bob();
        let before = balance_of_bob(&contract).unwrap();
        spend(&mut contract);

        assert_eq!(
            balance_of_bob(&contract),
            Some(before.saturating_sub(PREMIUM_PRICE))
        );
    }

    #[test]
    fn money_that_was_spent_is_not_put_back() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        let spent = balance_of_bob(&contract);

        assert!(callback_after(
            &mut contract,
            PromiseResult::Successful(Vec::new())
        ));
        assert_eq!(balance_of_bob(&contract), spent);
    }

    #[test]
    fn money_that_was_not_spent_is_put_back() {
        let mut contract = contract_of_bob();
        let before = balance_of_bob(&contract);
        spend(&mut contract);

        assert!(!callback_after(&mut contract, PromiseResult::Failed));
        assert_eq!(balance_of_bob(&contract), before);
    }

    #[test]
    fn money_for_a_safe_that_was_closed_is_owed() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        contract.vault_close().detach();
        callback_after(&mut contract, PromiseResult::Failed);

        assert_eq!(balance_of_bob(&contract), None);
        assert_eq!(contract.get_owed(accounts(1)), PREMIUM_PRICE);
    }

    #[test]
    fn a_withdrawal_that_fails_is_put_back() {
        let mut contract = contract_of_bob();
        let before = balance_of_bob(&contract);
        contract.vault_withdraw(PREMIUM_PRICE).detach();
        assert_ne!(balance_of_bob(&contract), before);

        after(PromiseResult::Failed);
        assert!(!contract.vault_withdraw_callback(accounts(1), PREMIUM_PRICE));
        assert_eq!(balance_of_bob(&contract), before);
    }

    #[test]
    fn the_storage_price_of_a_safe_covers_the_entry_of_a_debt() {
        let mut contract = contract_of_bob();
        let before = env::storage_usage();
        contract.money.owe(accounts(1), PREMIUM_PRICE);
        contract.money.owed.flush();

        assert!(price_of_storage_since(before) < storage());
    }

    #[test]
    #[should_panic(expected = "bob can spend 0.09898 NEAR")]
    fn nobody_can_spend_more_than_the_safe_holds() {
        let mut contract = contract_of_bob();
        for _ in 0..10 {
            spend(&mut contract);
        }
    }

    #[test]
    #[should_panic(expected = "charlie has no safe")]
    fn nobody_can_spend_without_a_safe() {
        let mut contract = contract_of_bob();
        call_by(2, NearToken::default());
        spend(&mut contract);
    }

    #[test]
    fn closing_a_safe_pays_out_its_balance_and_its_storage() {
        let mut contract = contract_of_bob();
        contract.vault_close().detach();

        assert_eq!(balance_of_bob(&contract), None);
        let [transfer, _callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert!(matches!(
            transfer.actions[..],
            [MockAction::Transfer { deposit, .. }] if deposit == ONE_NEAR
        ));
    }
}
// ANCHOR_END: all
