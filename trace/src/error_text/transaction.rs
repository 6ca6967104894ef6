//! The errors of transactions that are not valid.

use near_primitives::errors::{DepositCostFailureReason, InvalidTxError, StorageError};

use super::access_key::access_key_error;
use super::balance::{lacks_for_storage, near_pair};
use super::validation::actions_error;

/// Describes the reason for which a transaction is not valid.
pub fn invalid_tx_error(error: &InvalidTxError) -> String {
    use InvalidTxError as Kind;
    match error {
        Kind::InvalidAccessKeyError(error) => access_key_error(error),
        Kind::InvalidSignerId { signer_id } => {
            format!("Invalid signer account ID \"{signer_id}\" according to requirements")
        }
        Kind::SignerDoesNotExist { signer_id } => format!("Signer {signer_id} does not exist"),
        Kind::InvalidNonce { tx_nonce, ak_nonce } => format!(
            "Transaction nonce {tx_nonce} must be larger than nonce of the used access key {ak_nonce}"
        ),
        Kind::NonceTooLarge {
            tx_nonce,
            upper_bound,
        } => format!(
            "Transaction nonce {tx_nonce} must be smaller than the access key nonce upper bound {upper_bound}"
        ),
        Kind::InvalidReceiverId { receiver_id } => {
            format!("Invalid receiver account ID \"{receiver_id}\" according to requirements")
        }
        Kind::InvalidSignature => "Transaction is not signed with the given public key".to_owned(),
        Kind::NotEnoughBalance {
            signer_id,
            balance,
            cost,
        } => {
            let [balance, cost] = near_pair(*balance, *cost);
            format!(
                "Sender {signer_id} does not have enough balance {balance} for operation costing {cost}"
            )
        }
        Kind::LackBalanceForState { signer_id, amount } => {
            lacks_for_storage(signer_id.as_str(), *amount)
        }
        Kind::CostOverflow => "Transaction gas or balance cost is too high".to_owned(),
        Kind::InvalidChain => {
            "Transaction parent block hash doesn't belong to the current chain".to_owned()
        }
        Kind::Expired => "Transaction has expired".to_owned(),
        Kind::ActionsValidation(error) => format!(
            "Transaction actions validation error: {}",
            actions_error(error)
        ),
        Kind::TransactionSizeExceeded { size, limit } => {
            format!("Size of serialized transaction {size} exceeded the limit {limit}")
        }
        Kind::InvalidTransactionVersion => "Transaction version is invalid".to_owned(),
        Kind::StorageError(error) => format!("Storage error: {}", storage(error)),
        Kind::ShardCongested {
            shard_id,
            congestion_level,
        } => format!(
            "Shard {shard_id} is currently at congestion level {congestion_level:.3} and rejects new transactions."
        ),
        Kind::ShardStuck {
            shard_id,
            missed_chunks,
        } => {
            format!("Shard {shard_id} missed {missed_chunks} chunks and rejects new transactions.")
        }
        Kind::InvalidNonceIndex {
            tx_nonce_index: Some(index),
            num_nonces,
        } => format!("Invalid nonce_index {index} for key with {num_nonces} nonces"),
        Kind::InvalidNonceIndex {
            tx_nonce_index: None,
            num_nonces,
        } => format!("No nonce_index for key with {num_nonces} nonces"),
        Kind::NotEnoughGasKeyBalance {
            signer_id,
            balance,
            cost,
        } => {
            let [balance, cost] = near_pair(*balance, *cost);
            format!(
                "Gas key for {signer_id} does not have enough balance {balance} for gas cost {cost}"
            )
        }
        Kind::NotEnoughBalanceForDeposit {
            signer_id,
            balance,
            cost,
            reason: DepositCostFailureReason::NotEnoughBalance,
        } => {
            let [balance, cost] = near_pair(*balance, *cost);
            format!(
                "Sender {signer_id} does not have enough balance {balance} to cover deposit cost {cost}"
            )
        }
        Kind::NotEnoughBalanceForDeposit {
            signer_id,
            balance,
            cost,
            reason: DepositCostFailureReason::LackBalanceForState,
        } => {
            let [balance, cost] = near_pair(*balance, *cost);
            format!(
                "Sender {signer_id} with balance {balance} wouldn't have enough balance to cover storage after the deposit cost {cost}"
            )
        }
    }
}

fn storage(error: &StorageError) -> String {
    match error {
        StorageError::StorageInternalError => "an internal error".to_owned(),
        StorageError::MissingTrieValue(value) => format!("the value {} is missing", value.hash),
        StorageError::UnexpectedTrieValue => "a value that was not expected".to_owned(),
        StorageError::StorageInconsistentState(message)
        | StorageError::FlatStorageBlockNotSupported(message)
        | StorageError::MemTrieLoadingError(message) => message.clone(),
    }
}
