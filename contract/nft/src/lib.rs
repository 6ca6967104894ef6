// ANCHOR: all
//! A non-fungible token on near-contract-standards: NEP-171 (transfers), NEP-177 (metadata), NEP-178 (approvals),
//! NEP-181 (enumeration), with the events of NEP-171.
//!
//! Payouts (NEP-199) are not in near-contract-standards, so they are written here. Each royalty is a share of every
//! sale, the same for all tokens of the collection.

use std::collections::{BTreeMap, HashMap};

use near_contract_standards::non_fungible_token::approval::NonFungibleTokenApproval;
use near_contract_standards::non_fungible_token::core::{
    NonFungibleTokenCore, NonFungibleTokenResolver,
};
use near_contract_standards::non_fungible_token::enumeration::NonFungibleTokenEnumeration;
use near_contract_standards::non_fungible_token::metadata::{
    NFT_METADATA_SPEC, NFTContractMetadata, NonFungibleTokenMetadataProvider, TokenMetadata,
};
use near_contract_standards::non_fungible_token::{NonFungibleToken, Token, TokenId};
use near_sdk::json_types::U128;
use near_sdk::{
    AccountId, BorshStorageKey, PanicOnDefault, Promise, PromiseOrValue, assert_one_yocto, env,
    near, require,
};

// ANCHOR: state
/// The whole price, in basis points.
const WHOLE: u128 = 10_000;

/// The largest number of royalties: 9. With the owner of the token a payout has ten accounts, and NEP-199 asks a
/// marketplace for no more.
const MAX_ROYALTIES: usize = 9;

/// The whole state: the tokens, as near-contract-standards keeps them, and the royalties.
#[near(
    contract_state,
    contract_metadata(
        standard(standard = "nep171", version = "1.0.0"),
        standard(standard = "nep177", version = "2.0.0"),
        standard(standard = "nep178", version = "1.0.0"),
        standard(standard = "nep181", version = "1.0.0"),
        standard(standard = "nep199", version = "2.1.0"),
        standard(standard = "nep330", version = "1.3.0")
    )
)]
#[derive(PanicOnDefault)]
pub struct Nft {
    tokens: NonFungibleToken,
    /// The share of each account in every sale, in basis points.
    royalties: BTreeMap<AccountId, u16>,
}

/// The prefixes of the storage keys.
#[near(serializers = [borsh])]
#[derive(BorshStorageKey)]
enum StorageKey {
    Owners,
    Metadata,
    Enumeration,
    Approvals,
}

/// The accounts that a seller has to pay, and the amount for each in the unit of the price (NEP-199).
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Payout {
    pub payout: BTreeMap<AccountId, U128>,
}
// ANCHOR_END: state

// ANCHOR: init
#[near]
impl Nft {
    /// Creates the collection. `owner_id` mints its tokens. `royalties` are shares of every sale, in basis points.
    ///
    /// `#[private]` lets only this account call it, so that no other account can call it first.
    #[init]
    #[private]
    pub fn new(owner_id: AccountId, royalties: BTreeMap<AccountId, u16>) -> Self {
        require!(royalties.len() <= MAX_ROYALTIES, "Nine royalties at most");
        let shares: u128 = royalties.values().map(|share| u128::from(*share)).sum();
        require!(shares <= WHOLE, "The royalties are more than the whole");

        let tokens = NonFungibleToken::new(
            StorageKey::Owners,
            owner_id,
            Some(StorageKey::Metadata),
            Some(StorageKey::Enumeration),
            Some(StorageKey::Approvals),
        );
        Self { tokens, royalties }
    }

    /// Mints a token for `receiver_id`. Only the owner may call this. The deposit pays for the storage, and the rest
    /// is refunded.
    #[payable]
    pub fn nft_mint(&mut self, token_id: TokenId, receiver_id: AccountId) -> Token {
        require!(
            env::predecessor_account_id() == self.tokens.owner_id,
            "Only the owner mints"
        );
        let metadata = TokenMetadata {
            title: Some(token_id.clone()),
            ..TokenMetadata::default()
        };
        self.tokens
            .internal_mint(token_id, receiver_id, Some(metadata))
    }
}
// ANCHOR_END: init

// ANCHOR: payouts
/// The payouts of NEP-199.
#[near]
impl Nft {
    /// Returns the amount for each account that a sale of the token for `balance` has to pay. Panics if they are more
    /// than `max_len_payout`.
    ///
    /// The owner of the token gets what the royalties leave, so the sum is exactly `balance`.
    pub fn nft_payout(
        &self,
        token_id: TokenId,
        balance: U128,
        max_len_payout: Option<u32>,
    ) -> Payout {
        let Some(owner_id) = self.tokens.owner_by_id.get(&token_id) else {
            env::panic_str("Token not found");
        };
        let mut payout = BTreeMap::new();
        let mut rest = balance.0;
        for (account_id, share) in &self.royalties {
            // One product of the balance and the share could overflow.
            let share = u128::from(*share);
            let amount = balance.0 / WHOLE * share + balance.0 % WHOLE * share / WHOLE;
            rest -= amount;
            payout.insert(account_id.clone(), U128(amount));
        }
        let owners = payout.entry(owner_id).or_insert(U128(0));
        owners.0 += rest;

        let is_short = max_len_payout.is_none_or(|most| payout.len() <= most as usize);
        require!(is_short, "The payout is longer than max_len_payout");
        Payout { payout }
    }

    /// Transfers the token as `nft_transfer` does, and returns the payout of a sale for `balance`.
    #[payable]
    pub fn nft_transfer_payout(
        &mut self,
        receiver_id: AccountId,
        token_id: TokenId,
        approval_id: Option<u64>,
        memo: Option<String>,
        balance: U128,
        max_len_payout: Option<u32>,
    ) -> Payout {
        assert_one_yocto();
        let payout = self.nft_payout(token_id.clone(), balance, max_len_payout);
        self.nft_transfer(receiver_id, token_id, approval_id, memo);
        payout
    }
}
// ANCHOR_END: payouts

// ANCHOR: core
/// The transfers of NEP-171.
#[near]
impl NonFungibleTokenCore for Nft {
    #[payable]
    fn nft_transfer(
        &mut self,
        receiver_id: AccountId,
        token_id: TokenId,
        approval_id: Option<u64>,
        memo: Option<String>,
    ) {
        self.tokens
            .nft_transfer(receiver_id, token_id, approval_id, memo);
    }

    #[payable]
    fn nft_transfer_call(
        &mut self,
        receiver_id: AccountId,
        token_id: TokenId,
        approval_id: Option<u64>,
        memo: Option<String>,
        msg: String,
    ) -> PromiseOrValue<bool> {
        self.tokens
            .nft_transfer_call(receiver_id, token_id, approval_id, memo, msg)
    }

    fn nft_token(&self, token_id: TokenId) -> Option<Token> {
        self.tokens.nft_token(token_id)
    }
}

/// The callback of `nft_transfer_call` (NEP-171), which gives a token back that the receiver refuses.
#[near]
impl NonFungibleTokenResolver for Nft {
    #[private]
    fn nft_resolve_transfer(
        &mut self,
        previous_owner_id: AccountId,
        receiver_id: AccountId,
        token_id: TokenId,
        approved_account_ids: Option<HashMap<AccountId, u64>>,
    ) -> bool {
        self.tokens.nft_resolve_transfer(
            previous_owner_id,
            receiver_id,
            token_id,
            approved_account_ids,
        )
    }
}
// ANCHOR_END: core

// ANCHOR: approvals
/// The approvals of NEP-178: an account may transfer a token of another one. A transfer ends all approvals.
#[near]
impl NonFungibleTokenApproval for Nft {
    #[payable]
    fn nft_approve(
        &mut self,
        token_id: TokenId,
        account_id: AccountId,
        msg: Option<String>,
    ) -> Option<Promise> {
        self.tokens.nft_approve(token_id, account_id, msg)
    }

    #[payable]
    fn nft_revoke(&mut self, token_id: TokenId, account_id: AccountId) {
        self.tokens.nft_revoke(token_id, account_id);
    }

    #[payable]
    fn nft_revoke_all(&mut self, token_id: TokenId) {
        self.tokens.nft_revoke_all(token_id);
    }

    fn nft_is_approved(
        &self,
        token_id: TokenId,
        approved_account_id: AccountId,
        approval_id: Option<u64>,
    ) -> bool {
        self.tokens
            .nft_is_approved(token_id, approved_account_id, approval_id)
    }
}
// ANCHOR_END: approvals

// ANCHOR: views
/// The lists of NEP-181.
#[near]
impl NonFungibleTokenEnumeration for Nft {
    fn nft_total_supply(&self) -> U128 {
        self.tokens.nft_total_supply()
    }

    fn nft_tokens(&self, from_index: Option<U128>, limit: Option<u64>) -> Vec<Token> {
        self.tokens.nft_tokens(from_index, limit)
    }

    fn nft_supply_for_owner(&self, account_id: AccountId) -> U128 {
        self.tokens.nft_supply_for_owner(account_id)
    }

    fn nft_tokens_for_owner(
        &self,
        account_id: AccountId,
        from_index: Option<U128>,
        limit: Option<u64>,
    ) -> Vec<Token> {
        self.tokens
            .nft_tokens_for_owner(account_id, from_index, limit)
    }
}

/// The metadata of NEP-177, for wallets.
#[near]
impl NonFungibleTokenMetadataProvider for Nft {
    fn nft_metadata(&self) -> NFTContractMetadata {
        NFTContractMetadata {
            spec: NFT_METADATA_SPEC.to_string(),
            name: "Cross-Contract Collection".to_string(),
            symbol: "XCC".to_string(),
            icon: None,
            base_uri: None,
            reference: None,
            reference_hash: None,
        }
    }
}
// ANCHOR_END: views

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{NearToken, testing_env};

    use super::*;

    const LAMP: &str = "lamp";

    /// Sets the context of a call by `accounts(caller)` with `deposit` to the collection on `accounts(0)`.
    fn call_by(caller: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(caller))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// Returns a collection of `accounts(0)` with these royalties of `accounts(2)` and following ones, and one token,
    /// which belongs to `accounts(1)`.
    fn collection(royalties: &[u16]) -> Nft {
        call_by(0, NearToken::from_near(1));
        let royalties = (2..).map(accounts).zip(royalties.iter().copied()).collect();
        let mut nft = Nft::new(accounts(0), royalties);
        nft.nft_mint(LAMP.to_string(), accounts(1));
        nft
    }

    fn payout(nft: &Nft, balance: u128) -> Vec<(AccountId, u128)> {
        let payout = nft.nft_payout(LAMP.to_string(), U128(balance), Some(10));
        let amounts = payout.payout.into_iter();
        amounts
            .map(|(account, amount)| (account, amount.0))
            .collect()
    }

    #[test]
    fn the_owner_gets_what_the_royalties_leave() {
        let nft = collection(&[1_000, 250]);

        assert_eq!(
            payout(&nft, 1_001),
            [(accounts(1), 876), (accounts(2), 100), (accounts(3), 25)]
        );
    }

    #[test]
    fn the_sum_is_the_price_up_to_the_largest_one() {
        let nft = collection(&[3_333, 6_666]);

        for balance in [0, 1, 9_999, u128::MAX] {
            let sum: u128 = payout(&nft, balance).iter().map(|(_, amount)| amount).sum();
            assert_eq!(sum, balance);
        }
    }

    #[test]
    fn an_owner_with_a_royalty_gets_both() {
        let mut nft = collection(&[1_000]);
        call_by(1, NearToken::from_yoctonear(1));
        nft.nft_transfer(accounts(2), LAMP.to_string(), None, None);

        assert_eq!(payout(&nft, 100), [(accounts(2), 100)]);
    }

    #[test]
    #[should_panic(expected = "The payout is longer than max_len_payout")]
    fn a_payout_is_no_longer_than_the_caller_takes() {
        collection(&[1, 1]).nft_payout(LAMP.to_string(), U128(100), Some(2));
    }

    #[test]
    #[should_panic(expected = "The royalties are more than the whole")]
    fn royalties_are_no_more_than_the_whole() {
        collection(&[5_000, 5_001]);
    }

    /// Returns a collection with this number of royalties.
    fn collection_with(number: usize) -> Nft {
        call_by(0, NearToken::from_near(1));
        let artist = |index| format!("artist{index}.near").parse().unwrap();
        Nft::new(accounts(0), (0..number).map(artist).zip([1; 10]).collect())
    }

    #[test]
    fn nine_royalties_and_the_owner_are_ten_accounts() {
        let mut nft = collection_with(9);
        nft.nft_mint(LAMP.to_string(), accounts(1));

        assert_eq!(payout(&nft, 100_000).len(), 10);
    }

    #[test]
    #[should_panic(expected = "Nine royalties at most")]
    fn ten_royalties_are_refused() {
        collection_with(10);
    }

    #[test]
    #[should_panic(expected = "Only the owner mints")]
    fn nobody_else_mints() {
        let mut nft = collection(&[]);
        call_by(1, NearToken::from_near(1));
        nft.nft_mint("vase".to_string(), accounts(1));
    }

    #[test]
    fn an_approved_account_transfers_the_token_and_learns_the_payout() {
        let mut nft = collection(&[1_000]);
        call_by(1, NearToken::from_near(1));
        nft.nft_approve(LAMP.to_string(), accounts(5), None);
        call_by(5, NearToken::from_yoctonear(1));
        let payout = nft.nft_transfer_payout(
            accounts(4),
            LAMP.to_string(),
            Some(1),
            None,
            U128(100),
            Some(10),
        );

        assert_eq!(payout.payout[&accounts(1)], U128(90));
        let token = nft.nft_token(LAMP.to_string()).unwrap();
        assert_eq!(token.owner_id, accounts(4));
        assert!(!nft.nft_is_approved(LAMP.to_string(), accounts(5), None));
    }

    #[test]
    fn the_metadata_follows_nep_177() {
        collection(&[]).nft_metadata().assert_valid();
    }
}
// ANCHOR_END: all
