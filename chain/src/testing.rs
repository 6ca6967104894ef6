//! Helpers for tests on a [`Chain`]: a genesis with accounts, keys derived from their names, and signed
//! transactions.

use near_chain_configs::GenesisConfig;
use near_crypto::{InMemorySigner, KeyType, Signer};
use near_primitives::account::{AccessKey, Account, AccountContract};
use near_primitives::action::Action;
use near_primitives::shard_layout::ShardLayout;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::{SignedTransaction, Transaction, TransactionV0};
use near_primitives::types::{AccountId, Balance, Gas, Nonce};

use crate::chain::Chain;
use crate::genesis::{Genesis, SUPPORTED_PROTOCOL_VERSIONS};

/// Returns a genesis at the newest supported protocol with these accounts, each with the full-access key of
/// [`signer`]. The rest is as after neard's `init --fast`, except for a fixed time: two chains that start
/// with the same accounts have equal hashes.
pub fn genesis<'a>(accounts: impl IntoIterator<Item = (&'a AccountId, Balance)>) -> Genesis {
    let mut records = Vec::new();
    let mut total_supply = Balance::ZERO;
    for (account_id, amount) in accounts {
        total_supply = total_supply.saturating_add(amount);
        records.push(StateRecord::Account {
            account_id: account_id.clone(),
            account: Account::new(amount, Balance::ZERO, AccountContract::None, 0),
        });
        records.push(StateRecord::AccessKey {
            account_id: account_id.clone(),
            public_key: signer(account_id).public_key().into(),
            access_key: AccessKey::full_access(),
        });
    }
    let config = GenesisConfig {
        protocol_version: *SUPPORTED_PROTOCOL_VERSIONS.end(),
        genesis_time: "2025-01-01T00:00:00Z".parse().expect("a valid time"),
        chain_id: "embedded".to_owned(),
        genesis_height: 1,
        num_block_producer_seats: 50,
        epoch_length: 60,
        gas_limit: Gas::from_teragas(1000),
        min_gas_price: Balance::from_yoctonear(100_000_000),
        transaction_validity_period: 100,
        total_supply,
        shard_layout: ShardLayout::single_shard(),
        ..GenesisConfig::default()
    };
    Genesis { config, records }
}

/// Returns the signer with the ed25519 key whose seed is the account's name.
pub fn signer(account_id: &AccountId) -> Signer {
    InMemorySigner::from_seed(account_id.clone(), KeyType::ED25519, account_id.as_str())
}

impl Chain {
    /// Signs a transaction on top of the head, with [`Chain::next_nonce`].
    pub fn signed(
        &self,
        signer: &Signer,
        receiver_id: &AccountId,
        actions: Vec<Action>,
    ) -> SignedTransaction {
        let nonce = self.next_nonce(&signer.get_account_id(), &signer.public_key());
        self.signed_with_nonce(signer, receiver_id, nonce, actions)
    }

    /// Signs a transaction on top of the head with a given nonce.
    pub fn signed_with_nonce(
        &self,
        signer: &Signer,
        receiver_id: &AccountId,
        nonce: Nonce,
        actions: Vec<Action>,
    ) -> SignedTransaction {
        let transaction = Transaction::V0(TransactionV0 {
            signer_id: signer.get_account_id(),
            public_key: signer.public_key(),
            nonce,
            receiver_id: receiver_id.clone(),
            block_hash: self.head().hash,
            actions,
        });
        let signature = signer.sign(transaction.get_hash_and_size().0.as_ref());
        SignedTransaction::new(signature, transaction)
    }
}
