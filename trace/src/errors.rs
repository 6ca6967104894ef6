//! The errors of a chain in words.
//!
//! They are the words of near-primitives, by which readers search, but for three things: nothing is in Rust's debug
//! form, an amount has one unit and says that it is rounded, and an error that is of no action names none. Each kind
//! is named, so that a new one does not compile before it has words.

mod call;
mod validation;

use near_primitives::action::GlobalContractIdentifier;
use near_primitives::errors::{
    ActionErrorKind, DepositCostFailureReason, InvalidAccessKeyError, InvalidTxError, StorageError,
    TxExecutionError,
};
use near_primitives::types::Balance;

use crate::text::{self, JOINT, key};

/// Tells an error of a receipt or a transaction. The action that failed is named by its index, where there is one.
pub fn told(error: &TxExecutionError) -> String {
    match error {
        TxExecutionError::ActionError(error) => match error.index {
            Some(index) => format!("Action #{index}: {}", action(&error.kind)),
            None => action(&error.kind),
        },
        TxExecutionError::InvalidTxError(error) => transaction(error),
    }
}

/// Tells the error of an action.
pub fn action(error: &ActionErrorKind) -> String {
    use ActionErrorKind as Kind;
    match error {
        Kind::AccountAlreadyExists { account_id } => {
            format!("Can't create a new account {account_id}, because it already exists")
        }
        Kind::AccountDoesNotExist { account_id } => {
            format!("Can't complete the action because account {account_id} doesn't exist")
        }
        Kind::CreateAccountOnlyByRegistrar {
            account_id,
            registrar_account_id,
            predecessor_id,
        } => format!(
            "A top-level account ID {account_id} can't be created by {predecessor_id}, short top-level account IDs can only be created by {registrar_account_id}"
        ),
        Kind::CreateAccountNotAllowed {
            account_id,
            predecessor_id,
        } => format!("A sub-account ID {account_id} can't be created by account {predecessor_id}"),
        Kind::ActorNoPermission {
            account_id,
            actor_id,
        } => format!(
            "Actor {actor_id} doesn't have permission to account {account_id} to complete the action"
        ),
        Kind::DeleteKeyDoesNotExist {
            account_id,
            public_key,
        } => format!(
            "Account {account_id} tries to remove an access key that doesn't exist: {}",
            key(public_key)
        ),
        Kind::AddKeyAlreadyExists {
            account_id,
            public_key,
        } => format!(
            "The public key {} is already used for an existing access key of {account_id}",
            key(public_key)
        ),
        Kind::DeleteAccountStaking { account_id } => {
            format!("Account {account_id} is staking and can not be deleted")
        }
        Kind::LackBalanceForState { account_id, amount } => {
            lacks_for_storage(account_id.as_str(), *amount)
        }
        Kind::TriesToUnstake { account_id } => {
            format!("Account {account_id} is not yet staked, but tries to unstake")
        }
        Kind::TriesToStake {
            account_id,
            stake,
            locked,
            balance,
        } => format!(
            "Account {account_id} tries to stake {}, but has staked {} and only has {}",
            near(*stake),
            near(*locked),
            near(*balance)
        ),
        Kind::InsufficientStake {
            account_id,
            stake,
            minimum_stake,
        } => {
            let [stake, minimum_stake] = both(*stake, *minimum_stake);
            format!(
                "Account {account_id} tries to stake {stake} but minimum required stake is {minimum_stake}"
            )
        }
        Kind::FunctionCallError(error) => call::told(error),
        Kind::NewReceiptValidationError(error) => format!(
            "A new action receipt created during a FunctionCall is not valid: {}",
            validation::receipt(error)
        ),
        Kind::OnlyImplicitAccountCreationAllowed { account_id } => format!(
            "CreateAccount action is called on {account_id}: an account of such a name is created by a transfer to it"
        ),
        Kind::DeleteAccountWithLargeState { account_id } => {
            format!(
                "The state of account {account_id} is too large and therefore cannot be deleted"
            )
        }
        Kind::DelegateActionInvalidSignature => {
            "DelegateAction is not signed with the given public key".to_owned()
        }
        Kind::DelegateActionSenderDoesNotMatchTxReceiver {
            sender_id,
            receiver_id,
        } => format!(
            "Transaction receiver {receiver_id} doesn't match DelegateAction sender {sender_id}"
        ),
        Kind::DelegateActionExpired => "DelegateAction has expired".to_owned(),
        Kind::DelegateActionAccessKeyError(error) => {
            format!("DelegateAction is refused: {}", access_key(error))
        }
        Kind::DelegateActionInvalidNonce {
            delegate_nonce,
            ak_nonce,
        } => format!(
            "DelegateAction nonce {delegate_nonce} must be larger than nonce of the used access key {ak_nonce}"
        ),
        Kind::DelegateActionNonceTooLarge {
            delegate_nonce,
            upper_bound,
        } => format!(
            "DelegateAction nonce {delegate_nonce} must be smaller than the access key nonce upper bound {upper_bound}"
        ),
        Kind::GlobalContractDoesNotExist { identifier } => {
            format!(
                "There is no global contract {}",
                global_contract(identifier)
            )
        }
        Kind::GasKeyDoesNotExist {
            account_id,
            public_key,
        } => format!(
            "Gas key {} does not exist for account {account_id}",
            key(public_key)
        ),
        Kind::InsufficientGasKeyBalance {
            account_id,
            public_key,
            balance,
            required,
        } => {
            let [balance, required] = both(*balance, *required);
            format!(
                "Gas key {} for account {account_id} has insufficient balance: {balance} available, {required} required",
                key(public_key)
            )
        }
        Kind::GasKeyBalanceTooHigh {
            account_id,
            public_key: Some(public_key),
            balance,
        } => format!(
            "Gas key {} for account {account_id} has balance {} which is too high to burn on deletion",
            key(public_key),
            near(*balance)
        ),
        Kind::GasKeyBalanceTooHigh {
            account_id,
            public_key: None,
            balance,
        } => format!(
            "Account {account_id} has total gas key balance {} which is too high to burn on deletion",
            near(*balance)
        ),
        Kind::DelegateActionInvalidNonceIndex {
            nonce_index,
            num_nonces,
        } => format!(
            "DelegateAction nonce index {nonce_index} must be smaller than the gas key nonce count {num_nonces}"
        ),
        Kind::TotalPromiseInputSizeExceeded { size, limit } => format!(
            "The combined size of the receipt's promise inputs {size} exceeded the limit {limit}"
        ),
        Kind::ReceiptStorageProofSizeExceeded { limit } => {
            format!("Receipt exceeded the storage proof size limit of {limit} bytes")
        }
        Kind::MalformedUniversalStateInit => {
            "UniversalStateInit payload is not a valid state init".to_owned()
        }
        Kind::AccountNotInitialized { account_id } => {
            format!("Can't complete the action because account {account_id} is uninitialized")
        }
    }
}

/// Tells the reason for which a transaction was refused.
pub fn transaction(error: &InvalidTxError) -> String {
    use InvalidTxError as Kind;
    match error {
        Kind::InvalidAccessKeyError(error) => access_key(error),
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
            let [balance, cost] = both(*balance, *cost);
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
            validation::actions(error)
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
            let [balance, cost] = both(*balance, *cost);
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
            let [balance, cost] = both(*balance, *cost);
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
            let [balance, cost] = both(*balance, *cost);
            format!(
                "Sender {signer_id} with balance {balance} wouldn't have enough balance to cover storage after the deposit cost {cost}"
            )
        }
    }
}

fn access_key(error: &InvalidAccessKeyError) -> String {
    use InvalidAccessKeyError as Kind;
    match error {
        Kind::AccessKeyNotFound {
            account_id,
            public_key,
        } => format!(
            "Signer {account_id} doesn't have access key with the given public_key {}",
            key(public_key)
        ),
        Kind::ReceiverMismatch {
            tx_receiver,
            ak_receiver,
        } => format!(
            "Transaction receiver_id {tx_receiver} doesn't match the access key receiver_id {ak_receiver}"
        ),
        Kind::MethodNameMismatch { method_name } => {
            format!("Transaction method name {method_name} isn't allowed by the access key")
        }
        Kind::RequiresFullAccess => {
            "Invalid access key type. Full-access keys are required for transactions that have multiple or non-function-call actions".to_owned()
        }
        Kind::NotEnoughAllowance {
            account_id,
            public_key,
            allowance,
            cost,
        } => {
            let [allowance, cost] = both(*allowance, *cost);
            format!("Access Key {} of {account_id} does not have enough balance {allowance} for transaction costing {cost}", key(public_key))
            },
        Kind::DepositWithFunctionCall => {
            "Having a deposit with a function call action is not allowed with a function call access key.".to_owned()
        },
        Kind::DelegateActionRequiresNonGasKey => {
            "Gas keys can't sign a delegate action with a plain nonce; use a DelegateV2 with a gas key nonce".to_owned()
        }
        Kind::DelegateActionRequiresGasKey => {
            "Gas key delegate action requires a gas key".to_owned()
        }
    }
}

fn storage(error: &StorageError) -> String {
    match error {
        StorageError::StorageInternalError => "an internal error".to_owned(),
        StorageError::MissingTrieValue(value) => format!("the value {} is missing", value.hash),
        StorageError::UnexpectedTrieValue => "a value that was not expected".to_owned(),
        StorageError::StorageInconsistentState(why)
        | StorageError::FlatStorageBlockNotSupported(why)
        | StorageError::MemTrieLoadingError(why) => why.clone(),
    }
}

fn lacks_for_storage(account: &str, amount: Balance) -> String {
    format!(
        "The account {account} wouldn't have enough balance to cover storage, required to have {} more",
        near(amount)
    )
}

fn global_contract(identifier: &GlobalContractIdentifier) -> String {
    match identifier {
        GlobalContractIdentifier::CodeHash(hash) => format!("with the code hash {hash}"),
        GlobalContractIdentifier::AccountId(account) => format!("of {account}"),
    }
}

/// An amount to its last digit where that is near, else rounded, for it depends on gas. The message is a text for
/// everybody: its blanks are common ones.
fn near(amount: Balance) -> String {
    text::short_near(amount).replace(JOINT, " ")
}

/// Two amounts that do not read the same unless they are.
fn both(one: Balance, other: Balance) -> [String; 2] {
    match [near(one), near(other)] {
        [told, same] if told == same && one != other => {
            [one, other].map(|amount| text::near(amount).replace(JOINT, " "))
        }
        told => told,
    }
}
