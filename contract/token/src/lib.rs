// ANCHOR: all
//! A fungible token on near-contract-standards: NEP-141 (transfers), NEP-145 (storage management),
//! NEP-148 (metadata), with the events of NEP-141.
//!
//! All tokens are minted at the start and belong to the owner. No more can be minted.

use near_contract_standards::fungible_token::events::FtMint;
use near_contract_standards::fungible_token::metadata::{
    FT_METADATA_SPEC, FungibleTokenMetadata, FungibleTokenMetadataProvider,
};
use near_contract_standards::fungible_token::{
    FungibleToken, FungibleTokenCore, FungibleTokenResolver,
};
use near_contract_standards::storage_management::{
    StorageBalance, StorageBalanceBounds, StorageManagement,
};
use near_sdk::json_types::U128;
use near_sdk::{
    AccountId, BorshStorageKey, NearToken, PanicOnDefault, PromiseOrValue, log, near, require,
};

// ANCHOR: state
/// The whole state: the balances, as near-contract-standards keeps them.
#[near(
    contract_state,
    contract_metadata(
        standard(standard = "nep141", version = "1.0.0"),
        standard(standard = "nep145", version = "1.0.0"),
        standard(standard = "nep148", version = "1.0.0"),
        standard(standard = "nep330", version = "1.3.0")
    )
)]
#[derive(PanicOnDefault)]
pub struct Token {
    token: FungibleToken,
}

/// The prefixes of the storage keys.
#[near(serializers = [borsh])]
#[derive(BorshStorageKey)]
enum StorageKey {
    Balances,
}
// ANCHOR_END: state

// ANCHOR: init
#[near]
impl Token {
    /// Mints `total_supply` tokens, in the smallest unit, for `owner_id`. Call it in one transaction with the deployment.
    #[init]
    pub fn new(owner_id: AccountId, total_supply: U128) -> Self {
        require!(total_supply.0 > 0, "The total supply must be positive");

        let mut token = FungibleToken::new(StorageKey::Balances);
        token.internal_register_account(&owner_id);
        token.internal_deposit(&owner_id, total_supply.0);
        FtMint {
            owner_id: &owner_id,
            amount: total_supply,
            memo: Some("The whole supply"),
        }
        .emit();

        Self { token }
    }
}
// ANCHOR_END: init

// ANCHOR: transfers
/// The balances and transfers of NEP-141.
#[near]
impl FungibleTokenCore for Token {
    #[payable]
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128, memo: Option<String>) {
        self.token.ft_transfer(receiver_id, amount, memo);
    }

    #[payable]
    fn ft_transfer_call(
        &mut self,
        receiver_id: AccountId,
        amount: U128,
        memo: Option<String>,
        msg: String,
    ) -> PromiseOrValue<U128> {
        self.token.ft_transfer_call(receiver_id, amount, memo, msg)
    }

    fn ft_total_supply(&self) -> U128 {
        self.token.ft_total_supply()
    }

    fn ft_balance_of(&self, account_id: AccountId) -> U128 {
        self.token.ft_balance_of(account_id)
    }
}

/// The callback of `ft_transfer_call` (NEP-141), which returns the tokens that the receiver did not use.
#[near]
impl FungibleTokenResolver for Token {
    #[private]
    fn ft_resolve_transfer(
        &mut self,
        sender_id: AccountId,
        receiver_id: AccountId,
        amount: U128,
    ) -> U128 {
        let (used, burned) =
            self.token
                .internal_ft_resolve_transfer(&sender_id, receiver_id, amount);
        if burned > 0 {
            log!("{sender_id} has left the token: {burned} tokens are burned");
        }
        used.into()
    }
}
// ANCHOR_END: transfers

// ANCHOR: storage
/// The storage management of NEP-145: an account pays for its storage before it can hold tokens.
#[near]
impl StorageManagement for Token {
    #[payable]
    fn storage_deposit(
        &mut self,
        account_id: Option<AccountId>,
        registration_only: Option<bool>,
    ) -> StorageBalance {
        self.token.storage_deposit(account_id, registration_only)
    }

    #[payable]
    fn storage_withdraw(&mut self, amount: Option<NearToken>) -> StorageBalance {
        self.token.storage_withdraw(amount)
    }

    #[payable]
    fn storage_unregister(&mut self, force: Option<bool>) -> bool {
        let Some((account_id, balance)) = self.token.internal_storage_unregister(force) else {
            return false;
        };
        if balance > 0 {
            log!("{account_id} has left the token: {balance} tokens are burned");
        }
        true
    }

    fn storage_balance_bounds(&self) -> StorageBalanceBounds {
        self.token.storage_balance_bounds()
    }

    fn storage_balance_of(&self, account_id: AccountId) -> Option<StorageBalance> {
        self.token.storage_balance_of(account_id)
    }
}
// ANCHOR_END: storage

// ANCHOR: metadata
/// The metadata of NEP-148, for wallets.
#[near]
impl FungibleTokenMetadataProvider for Token {
    fn ft_metadata(&self) -> FungibleTokenMetadata {
        FungibleTokenMetadata {
            spec: FT_METADATA_SPEC.to_string(),
            name: "Cross-Contract Token".to_string(),
            symbol: "XCT".to_string(),
            icon: None,
            reference: None,
            reference_hash: None,
            decimals: 24,
        }
    }
}
// ANCHOR_END: metadata

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_logs};
    use near_sdk::{env, testing_env};

    use super::*;

    const SUPPLY: U128 = U128(1_000);

    /// Sets the context of a call by `accounts(caller)` with `deposit`.
    fn call_by(caller: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .predecessor_account_id(accounts(caller))
                .attached_deposit(deposit)
                .build()
        );
    }

    fn one_yocto() -> NearToken {
        NearToken::from_yoctonear(1)
    }

    /// Returns a token that belongs to `accounts(0)`.
    fn token() -> Token {
        call_by(0, NearToken::from_near(0));
        Token::new(accounts(0), SUPPLY)
    }

    #[test]
    fn the_owner_has_the_whole_supply_at_first() {
        let token = token();

        assert_eq!(token.ft_total_supply(), SUPPLY);
        assert_eq!(token.ft_balance_of(accounts(0)), SUPPLY);
        assert_eq!(
            get_logs(),
            [concat!(
                r#"EVENT_JSON:{"standard":"nep141","version":"1.0.0","event":"ft_mint","#,
                r#""data":[{"owner_id":"alice","amount":"1000","memo":"The whole supply"}]}"#
            )]
        );
    }

    #[test]
    #[should_panic(expected = "The total supply must be positive")]
    fn a_token_without_tokens_is_refused() {
        Token::new(accounts(0), U128(0));
    }

    #[test]
    fn tokens_move_to_a_registered_account() {
        let mut token = token();
        call_by(0, token.storage_balance_bounds().min);
        token.storage_deposit(Some(accounts(1)), None);
        call_by(0, one_yocto());
        token.ft_transfer(accounts(1), U128(400), None);

        assert_eq!(token.ft_balance_of(accounts(0)), U128(600));
        assert_eq!(token.ft_balance_of(accounts(1)), U128(400));
        assert_eq!(token.ft_total_supply(), SUPPLY);
    }

    #[test]
    #[should_panic(expected = "The account bob is not registered")]
    fn an_account_that_is_not_registered_receives_nothing() {
        let mut token = token();
        call_by(0, one_yocto());
        token.ft_transfer(accounts(1), U128(400), None);
    }

    #[test]
    #[should_panic(expected = "The account doesn't have enough balance")]
    fn nobody_can_send_more_than_their_balance() {
        let mut token = token();
        call_by(0, token.storage_balance_bounds().min);
        token.storage_deposit(Some(accounts(1)), None);
        call_by(0, one_yocto());
        token.ft_transfer(accounts(1), U128(1_001), None);
    }

    #[test]
    fn an_account_that_leaves_by_force_burns_its_tokens() {
        let mut token = token();
        call_by(0, one_yocto());

        assert!(token.storage_unregister(Some(true)));
        assert_eq!(token.ft_total_supply(), U128(0));
        assert_eq!(
            get_logs(),
            ["alice has left the token: 1000 tokens are burned"]
        );
    }

    #[test]
    fn the_storage_of_an_account_costs_125_bytes() {
        let bounds = token().storage_balance_bounds();

        assert_eq!(bounds.min, env::storage_byte_cost().saturating_mul(125));
        assert_eq!(bounds.max, Some(bounds.min));
    }

    #[test]
    fn the_metadata_follows_nep_148() {
        token().ft_metadata().assert_valid();
    }
}
// ANCHOR_END: all
