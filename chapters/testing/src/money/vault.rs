// ANCHOR: all
//! A vault: users leave money here, and spend it later without a deposit.
//!
//! Between a call and its callback anybody may come in, the owner of the safe first of all. So the
//! money leaves the safe before it leaves the contract. A callback puts back what was not spent.

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
    /// Makes a safe where there is none. Returns what its storage costs, and zero where there is one.
    fn open_safe(&mut self, owner: &AccountId) -> NearToken {
        if self.safes.contains_key(owner) {
            return NearToken::default();
        }
        let before = env::storage_usage();
        self.safes.insert(owner.clone(), Safe::default());
        // A map keeps changes in memory until the method ends. Only what is written can be measured.
        self.safes.flush();
        price_of_storage_since(before)
    }

    /// Takes a safe away. Returns what its storage had cost.
    fn remove_safe(&mut self, owner: &AccountId) -> NearToken {
        let before = env::storage_usage();
        self.safes.remove(owner);
        self.safes.flush();
        price_of_storage_freed_since(before)
    }
    // ANCHOR_END: open

    /// The safe of `owner`. Panics when there is none.
    pub(crate) fn safe_of(&mut self, owner: &AccountId) -> &mut Safe {
        match self.safes.get_mut(owner) {
            Some(safe) => safe,
            None => env::panic_str(&format!("{owner} has no safe")),
        }
    }

    // ANCHOR: take
    /// Takes `amount` out of a safe. Panics when there is less that is not locked.
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

    /// Puts `amount` back into a safe. If it was closed in the meantime, `owner` is owed the amount.
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
    /// What an account has in the vault.
    pub fn get_safe(&self, account_id: AccountId) -> Option<&Safe> {
        self.money.safes.get(&account_id)
    }

    // ANCHOR: deposit
    /// Puts the deposit into the safe of `account_id`, or of the caller. Answers how much that was.
    ///
    /// The first deposit also pays for the storage that the safe takes up.
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
    /// Leaves a premium message in `guestbook`, and pays for it from the caller's safe.
    ///
    /// Answers whether the guestbook took the money. If not, it is back in the safe.
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

    /// The guestbook has the `price`, or it is back here and goes back into the safe.
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
    /// Pays `amount` from the caller's safe to the caller. Answers whether it has arrived.
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

    /// The owner has the money, or it is back here and goes back into the safe.
    #[private]
    pub fn vault_withdraw_callback(&mut self, owner: AccountId, amount: NearToken) -> bool {
        enter("vault_withdraw_callback");

        let paid = call_succeeded();
        if !paid {
            self.money.put_back(owner, amount);
        }
        paid
    }

    /// Closes the caller's safe, and pays out all that it holds and what its storage had cost.
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

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// `accounts(predecessor)` calls our contract on `alice`.
    fn call_by(predecessor: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// The context of a callback after a receipt that ended like this.
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

    /// The callback of bob's `vault_spend`, after a receipt that ended like this.
    fn callback_after(contract: &mut Contract, result: PromiseResult) -> bool {
        after(result);
        contract.vault_spend_callback(accounts(1), PREMIUM_PRICE)
    }

    /// A contract with a safe of `bob`, who has put in 1 NEAR and now calls again.
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

    /// What a safe of an account with a name of three letters costs, counted by hand: the prefix, the
    /// name with its length, two amounts of 16 bytes, the 12 bytes of a lock beside its amount, and 40
    /// bytes for the entry.
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
    fn the_second_deposit_is_all_for_the_safe() {
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
    fn a_deposit_may_be_for_another_account() {
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
    fn the_money_leaves_the_safe_before_the_call_leaves() {
        let mut contract = contract_of_bob();
        let before = balance_of_bob(&contract).unwrap();
        spend(&mut contract);

        assert_eq!(
            balance_of_bob(&contract),
            Some(before.saturating_sub(PREMIUM_PRICE))
        );
    }

    #[test]
    fn money_that_was_spent_stays_away() {
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
    fn money_that_was_not_spent_goes_back_into_the_safe() {
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
    fn a_withdrawal_that_does_not_arrive_goes_back_into_the_safe() {
        let mut contract = contract_of_bob();
        let before = balance_of_bob(&contract);
        contract.vault_withdraw(PREMIUM_PRICE).detach();
        assert_ne!(balance_of_bob(&contract), before);

        after(PromiseResult::Failed);
        assert!(!contract.vault_withdraw_callback(accounts(1), PREMIUM_PRICE));
        assert_eq!(balance_of_bob(&contract), before);
    }

    #[test]
    fn what_a_closed_safe_leaves_pays_for_the_entry_of_a_debt() {
        let mut contract = contract_of_bob();
        let before = env::storage_usage();
        contract.money.owe(accounts(1), PREMIUM_PRICE);
        contract.money.owed.flush();

        assert!(price_of_storage_since(before) < storage());
    }

    #[test]
    #[should_panic(expected = "bob can spend 0.09898 NEAR")]
    fn nobody_spends_more_than_they_have() {
        let mut contract = contract_of_bob();
        for _ in 0..10 {
            spend(&mut contract);
        }
    }

    #[test]
    #[should_panic(expected = "charlie has no safe")]
    fn nobody_spends_without_a_safe() {
        let mut contract = contract_of_bob();
        call_by(2, NearToken::default());
        spend(&mut contract);
    }

    #[test]
    fn closing_pays_out_the_safe_and_its_storage() {
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
